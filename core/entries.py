"""The approved answers in the sections of an FAQ: their keys, languages and sources.

All wordings of an entry share its heading in their paths (see `ingest.readers.faq`):

    ("Wohnen", "Wie melde ich mich um? {#ummelden}")
    ("Wohnen", "Wie melde ich mich um? {#ummelden}", "tr: İkametimi nasıl bildiririm?")
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from core.languages import SUPPORTED
from core.types import BlockKind, Passage, Section

LONGEST_KEY = 200

_SECTION = re.compile(r"(?:§|Art|Anlage|Anhang)")
_NOT_OF_ID = re.compile(r"[^\w./-]+")  # written as in an address: "satzung%202024"
_SLUG = re.compile(r"\s*\{#([\w-]+)\}\s*$")
_TRANSLATION = re.compile(r"([a-z]{2,3}):\s+(.+)")
_SOURCES = re.compile(r"Quellen?:\s*(\S.*?)[\s.]*", re.DOTALL)
_SOURCE = re.compile(
    r"([\w./%-]+)(?:\s+(?:((?:§|Art|Anlage|Anhang).{0,200})|[„“\"](.{1,200})[“”\"]))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """What an entry rests on: a document's section by its number or heading, "" for all of it."""

    document_id: str
    section: str

    def __str__(self) -> str:
        return f"{self.section} {self.document_id}".lstrip()

    def names(self, passage: Passage) -> bool:
        """Whether a passage of the document belongs to it."""
        return _fold(self.section) in ("", _fold(passage.section), _fold(passage.heading))


@dataclass(frozen=True, slots=True)
class Entry:
    """An approved answer. `key`: its slug, else its question; `wording`: the digest of what was
    approved: question, answer in the document's own language, and sources; `questions`: the
    question in each language, None for the document's own."""

    key: str
    wording: str
    questions: tuple[tuple[str | None, str], ...]
    sources: tuple[Source, ...]


def is_source(text: str) -> bool:
    """Whether a paragraph names what an entry rests on: it begins with "Quelle:"."""
    return _SOURCES.fullmatch(text.strip()) is not None


def source_names(text: str) -> list[str]:
    """What a paragraph names as sources, each as it is written."""
    named = _SOURCES.fullmatch(text.strip())
    return [" ".join(name.split()) for name in named[1].split(";")] if named else []


def read_source(name: str) -> Source | None:
    """The source that an id with a section names, such as "hundesteuersatzung § 5" or
    "oeffnungszeiten „Bürgerbüro“"; None where it is anything else ("Statistisches Bundesamt")."""
    match = _SOURCE.fullmatch(name)
    return Source(unquote(match[1]), (match[2] or match[3] or "").strip()) if match else None


def read_sources(text: str) -> tuple[Source, ...]:
    """The sources that a paragraph such as "Quelle: hundesteuersatzung § 5; wohngeld" names by
    their ids."""
    return tuple(source for name in source_names(text) if (source := read_source(name)))


def name_source(source: Source) -> str:
    """A source as `read_source` reads it back: "hundesteuersatzung § 5"."""
    document_id = _NOT_OF_ID.sub(lambda found: quote(found[0]), source.document_id)
    if not source.section:
        return document_id
    is_number = _SECTION.match(source.section)
    return f"{document_id} " + (source.section if is_number else f"„{source.section}“")


def entries_of(sections: Sequence[Section]) -> list[Entry]:
    """The entries of an FAQ, in its order."""
    wordings: dict[str, list[Section]] = {}
    for section in sections:
        wordings.setdefault(entry_key(section.path), []).append(section)
    return [_entry(key, found) for key, found in wordings.items() if key]


def entry_key(path: Sequence[str]) -> str:
    """What an entry is called: its slug, else its question in the document's own language."""
    own = path[:-1] if entry_language(path) else path
    return entry_slug(path) or (plain_path(own)[-1][:LONGEST_KEY] if own else "")


def entry_language(path: Sequence[str]) -> str | None:
    """The language that a path names, None for the document's own."""
    for heading in reversed(path):
        if (match := _TRANSLATION.fullmatch(heading)) and match[1] in SUPPORTED:
            return match[1]
    return None


def entry_slug(path: Sequence[str]) -> str | None:
    """The slug that all wordings of an entry share, None where the file gives none."""
    return next((match[1] for heading in path if (match := _SLUG.search(heading))), None)


def plain_path(path: Sequence[str]) -> tuple[str, ...]:
    """The path as people read it, without slugs and language codes."""
    plain = (_SLUG.sub("", heading) for heading in path)
    return tuple(
        match[2] if (match := _TRANSLATION.fullmatch(heading)) else heading for heading in plain
    )


def _entry(key: str, wordings: Sequence[Section]) -> Entry:
    named = [
        paragraph.text
        for section in wordings
        for paragraph in section.paragraphs
        if paragraph.kind is BlockKind.SOURCE
    ]
    sources = tuple(sorted({source for text in named for source in read_sources(text)}))
    own = wordings[0]
    said = [p.text for p in own.paragraphs if p.kind is not BlockKind.SOURCE]
    approved = json.dumps([own.heading, said, [str(source) for source in sources]])
    return Entry(
        key=key,
        wording=hashlib.sha256(approved.encode()).hexdigest(),
        questions=tuple((entry_language(section.path), section.heading) for section in wordings),
        sources=sources,
    )


def _fold(name: str) -> str:
    return "".join(name.casefold().split())
