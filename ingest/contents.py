"""Tables of contents: recognised and left out, so that no § is found twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.types import Block, BlockKind
from ingest.headings import read_heading

SHORTEST_RUN = 3  # that many § in a row without text, and again below, are a table of contents
LONGEST_ENTRY = 250

_CONTENTS_TITLE = re.compile(r"(Inhalt|Inhaltsverzeichnis|Inhaltsübersicht|Gliederung)\s*:?")
_BULLET = re.compile(r"[-–—•*·]\s+")
_LEADER = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,}\.?|_{4,})[\s.]*(?:S\.\s*)?\d*$")
_PAGE = re.compile(r"(?<=\S)\s+(?:S\.\s*)?\d{1,3}$")
_JOINED_ENTRY = re.compile(r"§\s?(\d+)[a-z]?\s+(?=[A-ZÄÖÜ])")


@dataclass(frozen=True, slots=True)
class _Line:
    """A block as an entry of a table of contents would be read. `key` is the number or the words
    by which the entry and what it points to are the same."""

    key: str
    is_heading: bool
    is_provision: bool
    is_listed: bool  # a bullet in front, or dots and a page number behind


def drop_contents(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without tables of contents: those below a title such as "Inhaltsverzeichnis", and
    runs of § lines (one to a block, or all in one) whose § come again further down."""
    lines = [_read_line(block) for block in blocks]
    last_place = {line.key: place for place, line in enumerate(lines) if line.is_provision}
    kept: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        if _CONTENTS_TITLE.fullmatch(block.text):
            end = _end_of_titled(blocks, lines, place)
            kept.extend(blocks[place:end] if end == place + 1 else [])
        elif entries := _joined_entries(block.text):
            end = place + 1
            if any(last_place.get(key, 0) < end for key in entries):
                kept.append(block)
        elif lines[place].is_heading:
            end = _end_of_run(lines, place)
            keys = [line.key for line in lines[place:end] if line.is_provision]
            comes_again = all(last_place[key] >= end for key in keys)
            if len(keys) < SHORTEST_RUN or not comes_again:
                kept.extend(blocks[place:end])
        else:
            end = place + 1
            kept.append(block)
        place = end
    return kept


def _end_of_titled(blocks: Sequence[Block], lines: Sequence[_Line], title: int) -> int:
    """Where the entries below the title of a table of contents end."""
    seen: set[str] = set()
    for place in range(title + 1, len(blocks)):
        block, line = blocks[place], lines[place]
        is_entry = line.is_listed or line.is_provision or _is_bare_heading(block)
        if not is_entry or line.key in seen:
            return place
        seen.add(line.key)
    return len(blocks) if seen and len(blocks) - title > SHORTEST_RUN else title + 1


def _end_of_run(lines: Sequence[_Line], start: int) -> int:
    """Where a run of headings without text between them ends, at the latest where a § comes
    again."""
    seen: set[str] = set()
    for place in range(start, len(lines)):
        line = lines[place]
        if not line.is_heading or (line.is_provision and line.key in seen):
            return place
        seen.add(line.key)
    return len(lines)


def _joined_entries(text: str) -> list[str]:
    """The § of a whole table of contents in one block, empty where the block is no such thing."""
    numbers = [int(number) for number in _JOINED_ENTRY.findall(text)]
    if len(numbers) < SHORTEST_RUN or not text.startswith("§"):
        return []
    is_counting = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return [f"§ {number}" for number in numbers] if is_counting else []


def _is_bare_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.level == 0


def _read_line(block: Block) -> _Line:
    if len(block.text) > LONGEST_ENTRY:
        return _Line(block.text, False, False, False)
    text = _BULLET.sub("", block.text, count=1) if _BULLET.match(block.text) else block.text
    without_leader = _LEADER.sub("", text).rstrip()
    without_page = _PAGE.sub("", without_leader)
    if without_page.count(" ") < 2:  # "§ 1", "Anlage 2": their own number
        without_page = without_leader
    heading = read_heading(replace(block, text=without_page)) if without_page else None
    return _Line(
        key=heading.number if heading and heading.number else without_page.casefold(),
        is_heading=heading is not None,
        is_provision=heading is not None and heading.is_provision,
        is_listed=without_page != block.text,
    )
