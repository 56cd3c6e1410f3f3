"""Lines of prose to paragraphs and headings, where a format marks neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.types import Block, BlockKind

SHORTEST_WRAPPED = 60  # a line that was wrapped at a margin is at least this long
LONGEST_HEADING = 80

_OPENS_PARAGRAPH = re.compile(
    r"\(\d+[a-z]?\)|\d{1,2}[.)]\s|[a-z]{1,2}\)\s|[-–—•*]\s|§\s*\d|Art(ikel|\.)\s*\d|Anlage\b"
)
_SENTENCE_END = re.compile(r"[.!?:;…؟。！？]['\"“”»)]*$")
_CONTACT = re.compile(r"@|www\.|https?:|\d{4}|\d[\d:.]* ?(Uhr|-|–)")


def join_lines(lines: Iterable[str]) -> list[str]:
    """Lines to paragraphs: a line goes on with the next where it was only wrapped, that is where
    it is long or the next begins small, and the next does not open an item of its own."""
    paragraphs: list[str] = []
    previous = ""
    for raw in lines:
        line = " ".join(raw.split())
        if not line:
            previous = ""
            continue
        is_wrapped = len(previous) >= SHORTEST_WRAPPED or line[0].islower()
        if previous and is_wrapped and not _OPENS_PARAGRAPH.match(line):
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        else:
            paragraphs.append(line)
        previous = line
    return paragraphs


def promote_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a text without any heading, short lines above longer ones made headings:
    single questions, and lines without a full stop above a sentence. A first line that is said
    twice (title and heading of a page) is kept once."""
    is_said_twice = len(blocks) > 1 and blocks[0].text == blocks[1].text
    unique = blocks[1:] if is_said_twice else blocks
    texts = ["", *(block.text for block in unique), ""]
    return [
        replace(block, kind=BlockKind.HEADING)
        if block.kind is BlockKind.TEXT and _is_heading(*texts[index : index + 3])
        else block
        for index, block in enumerate(unique)
    ]


def _is_heading(previous: str, line: str, following: str) -> bool:
    if len(line) > LONGEST_HEADING or not following or _OPENS_PARAGRAPH.match(line):
        return False
    if line.endswith(("?", "؟", "？")):
        return following[-1] not in "?؟？" and not previous.endswith(("?", ":"))
    if _SENTENCE_END.search(line) or line.endswith(",") or _CONTACT.search(line):
        return False
    is_sentence = len(following) > max(len(line), 40) and _SENTENCE_END.search(following)
    is_in_list = previous and (previous[-1] in ",:" or not _SENTENCE_END.search(previous))
    return bool(is_sentence) and not is_in_list
