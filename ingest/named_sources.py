"""The sources of FAQ entries as people name them, found among the documents.

"Quelle: § 5 Abs. 1 der Hundesteuersatzung" becomes "Quelle: hundesteuersatzung § 5", which
`core.entries` reads; what is an id stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.entries import Source, is_source, name_source, read_source, source_names
from core.labels import short_title
from core.timeline import is_in_force
from core.types import BlockKind, Document, Jurisdiction, Kind, Paragraph, Reading, Section

_NUMBER = re.compile(r"(§|Art|Anlage|Anhang)(?:ikel\b|\.)?\s*(\d+[a-z]{0,2})\b")
_NUMBERS = re.compile(rf"§?{_NUMBER.pattern}")
_BEFORE_TITLE = re.compile(
    r"(?:(?:§§?|Art(?:ikel\b|\.)?|Anlage\b|Anhang\b|Abs(?:atz\b|\.)?|Satz\b|Nr\.|und\b|bis\b"
    r"|d(?:er|es|ie|as)\b|\d+[a-z]{0,2}\b|[-–,„“\"])\s*)*"
)
_BORDER = re.compile(r",\s*|\s(?:und|sowie)\s")  # after which another title may begin


def name_sources(faq: Document, reading: Reading, known: Sequence[Document]) -> Reading:
    """The reading of an FAQ with its sources named by the ids of known documents, and a warning for
    each that is none of them, or may be several; of any other document as it is."""
    if faq.kind is not Kind.FAQ:
        return reading
    titles = _Titles(faq, known)
    warnings: list[str] = []
    sections = tuple(_name_in(section, titles, warnings) for section in reading.sections)
    return replace(reading, sections=sections, warnings=(*reading.warnings, *warnings))


def _name_in(section: Section, titles: _Titles, warnings: list[str]) -> Section:
    """The wording of an entry with its sources by their ids; adds what cannot be found."""
    if all(is_source(paragraph.text) for paragraph in section.paragraphs):
        return section  # no answer that could rest on something
    paragraphs: list[Paragraph] = []
    for paragraph in section.paragraphs:
        if not is_source(paragraph.text):
            paragraphs.append(paragraph)
            continue
        found: list[Source] = []
        for name in source_names(paragraph.text):
            sources, problem = titles.find(name)
            found += sources
            if problem:
                warnings.append(
                    f"{problem}: nothing stops the approved answer to “{section.heading}” when it "
                    "changes."
                )
        text = f"Quelle: {'; '.join(map(name_source, found))}" if found else paragraph.text
        paragraphs.append(replace(paragraph, text=text, kind=BlockKind.SOURCE))
    return replace(section, paragraphs=tuple(paragraphs))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a title stands in a text, and the documents that have it."""

    start: int  # of what belongs to it: "§ 5 der" before it too
    end: int
    document_ids: tuple[str, ...]


class _Titles:
    """What the documents are called that an FAQ may rest on, by titles and addresses: those of its
    place, of the places around it and in it."""

    def __init__(self, faq: Document, known: Sequence[Document]) -> None:
        self._ids = {d.id.lower(): d.id for d in known} | {d.id: d.id for d in known}
        self._titles = [
            (title.lower(), document)
            for document in known
            if document.id != faq.id and _meet(document.jurisdiction, faq.jurisdiction)
            for title in {document.title, _short(document), document.url or ""}
            if title
        ]

    def find(self, name: str) -> tuple[list[Source], str]:
        """The sources that a person names, and what is wrong with a name that leaves a doubt. An id
        of a document that is yet to come is none."""
        own = read_source(name)
        if own and (own_id := self._id_of(own.document_id)):
            is_one = _NUMBER.fullmatch(own.section) or not _NUMBERS.match(own.section)
            sections = [own.section] if is_one else _sections(own.section)
            return [Source(own_id, section) for section in sections], ""
        places = list(self._places(name))
        for place in places:
            if len(place.document_ids) > 1:
                return [], f"“{name}” may be any of {', '.join(place.document_ids)}"
        if not places:
            return ([own], "") if own else ([], f"“{name}” is no document's id or title")
        ends = [place.start for place in places[1:]] + [len(name)]
        return [
            Source(place.document_ids[0], section)
            for place, end in zip(places, ends, strict=True)
            for section in _sections(name[place.start : end])
        ], ""

    def _id_of(self, name: str) -> str | None:
        """The id that a name is, whatever its capitals."""
        return self._ids.get(name) or self._ids.get(name.lower())

    def _places(self, name: str) -> Iterator[_Place]:
        """The titles in a name, each at its start or after a comma or an "und"."""
        lower, end = name.lower(), 0
        for start in [0, *(border.end() for border in _BORDER.finditer(name))]:
            before = _BEFORE_TITLE.match(name, start)
            if before and start >= end and (found := self._longest(lower, before.end())):
                end = found.end
                yield replace(found, start=start)

    def _longest(self, text: str, start: int) -> _Place | None:
        """The longest title that a text has from a place on; of several documents that have it, the
        one that is in force today, where there is one."""
        fits = [
            (len(title), document)
            for title, document in self._titles
            if text.startswith(title, start) and not text[start + len(title) :][:1].isalnum()
        ]
        longest = max((length for length, _ in fits), default=0)
        documents = [document for length, document in fits if length == longest]
        ids = {document.id for document in documents}
        today = {d.id for d in documents if is_in_force(d, date.today())}
        named = today if len(ids) > 1 and len(today) == 1 else ids
        return _Place(start, start + longest, tuple(sorted(named))) if longest else None


def _sections(words: str) -> list[str]:
    """The sections that stand beside a title; "", which is the whole document, where there is none
    or a range of them."""
    numbers = _NUMBER.findall(words)
    if not numbers or "§§" in words:
        return [""]
    return [f"{kind}{'.' if kind == 'Art' else ''} {number}" for kind, number in numbers]


def _short(document: Document) -> str:
    return document.short_title or short_title(document.title)


def _meet(place: Jurisdiction | None, other: Jurisdiction | None) -> bool:
    """Whether one of two places lies in the other; none is everywhere."""
    if place is None or other is None:
        return True
    return place.scope.startswith(other.scope) or other.scope.startswith(place.scope)
