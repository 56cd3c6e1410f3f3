"""FAQ files: entries, their slugs, and their translations.

An entry is a heading with its answer below, "## Wie melde ich mich um? {#ummelden}"; its
translations stand below it as "### tr: İkametimi nasıl bildiririm?". Each wording becomes a section
whose heading is the bare question, and whose path keeps the headings as they are written:

    ("Wohnen", "Wie melde ich mich um? {#ummelden}")
    ("Wohnen", "Wie melde ich mich um? {#ummelden}", "tr: İkametimi nasıl bildiririm?")

So all wordings of an entry share its heading in their paths; `core.entries` reads a path back. A
paragraph that begins with "Quelle:" names what the entry rests on and is no part of its answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.entries import entry_language, is_source, plain_path
from core.languages import SUPPORTED
from core.types import Block, BlockKind, Paragraph, Section

_TRANSLATION = re.compile(r"([a-z]{2,3}):\s+(.+)")


def read_entries(blocks: Sequence[Block]) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The wordings of all entries, and a warning for each translation that had to be left out
    because its language is not known, or its entry has no answer in the document's own."""
    sections: list[Section] = []
    warnings: list[str] = []
    open_headings: list[Block] = []
    answer: list[Paragraph] = []
    sources: list[Paragraph] = []
    answered: set[tuple[str, ...]] = set()

    def close() -> None:
        path = tuple(heading.text for heading in open_headings)
        if answer and (code := _unknown_language(path)):
            warnings.append(f"“{path[-1]}” was left out: the language {code} is not known.")
        elif answer and entry_language(path) and path[:-1] not in answered:
            warnings.append(f"“{path[-1]}” was left out: its entry has no answer to translate.")
        elif answer:
            answered.add(path)
            sections.append(
                Section(path, "", plain_path(path)[-1] if path else "", (*answer, *sources))
            )
        answer.clear()
        sources.clear()

    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            is_named = is_source(block.text)
            kind = BlockKind.SOURCE if is_named else block.kind
            (sources if is_named else answer).append(Paragraph(block.text, block.page, kind=kind))
            continue
        close()
        while open_headings and open_headings[-1].level >= block.level:
            open_headings.pop()
        open_headings.append(block)
    close()
    return tuple(sections), tuple(warnings)


def _unknown_language(path: Sequence[str]) -> str | None:
    for heading in path[1:]:
        if (match := _TRANSLATION.fullmatch(heading)) and match[1] not in SUPPORTED:
            return match[1]
    return None
