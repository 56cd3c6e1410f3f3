"""Which other by-laws a by-law repeals, as its closing words say, and which of them stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.registry import Registry
from core.timeline import begin
from core.types import Document, Kind, Section
from core.versions import Version
from ingest.dates import DAY, days_in, texts_of, to_day

SHORTEST_WORD = 5  # letters of a word that tells one by-law from another
LONGEST_WAIT = timedelta(days=366)  # from the day of a by-law to its entry into force

_FLAGS = re.IGNORECASE | re.DOTALL
_CLAUSE = re.compile(
    r"\b(?:tritt|treten|trat|traten)\s+(?P<what>(?:(?!kraft\b).){5,400}?)\s+außer\s+kraft", _FLAGS
)
_NAMED = re.compile(rf"(?P<name>.{{5,200}}?)\s+vom\s+(?P<day>{DAY})", _FLAGS)
_WORDING = re.compile(r"fassung|änder|kraft", re.I)  # the day of a change, not of a by-law
_ENDING = re.compile(r"(?:s|en)?(?:satzung|verordnung|ordnung)(?:en)?$|s$")
# what many names of by-laws hold
_GENERAL = {
    "allen", "benutzung", "bisherige", "dieser", "erhebung", "frühere", "gebühren", "gemeinde",
    "landkreis", "leistungen", "regelung", "seitherige", "spätere", "stadt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repeal:
    """A by-law that another one repeals: the words that tell its name from others, and its day."""

    words: frozenset[str]
    day: date


def find_repeals(document: Document, sections: Sequence[Section]) -> list[Repeal]:
    """The by-laws that a by-law says it repeals, where it gives their day; one without a name of
    its own ("die Satzung vom 23.5.2017") has that of the by-law itself."""
    if document.kind is not Kind.STATUTE:
        return []
    return [
        Repeal(words, day)
        for text in texts_of(sections)
        for clause in _CLAUSE.finditer(text)
        for named in _NAMED.finditer(clause["what"])
        if not _WORDING.search(named["name"])
        and (words := _words(document, named["name"]) or _words(document, document.title))
        and (day := to_day(named["day"]))
    ]


def warn_of_repealed(
    registry: Registry, document: Document, repeals: Sequence[Repeal]
) -> Iterator[str]:
    """A sentence for each by-law of the same place that the document repeals and that goes on
    answering; none where name and day leave a doubt."""
    standing = {v.document.id: v for v in registry.standing()} if repeals else {}
    for old in standing.values():
        if any(_is_repealed(registry, old, document, repeal) for repeal in repeals):
            first = document.valid_from
            until = f" (to {first - timedelta(days=1)})" if first else ""
            yield (
                f"It repeals “{old.document.title}” ({old.document.id}), which goes on answering; "
                f"set valid_to there{until}, or withdraw it once it is repealed."
            )


def _is_repealed(registry: Registry, old: Version, document: Document, repeal: Repeal) -> bool:
    """Whether a version has the name and the day of what is repealed, and outlives it."""
    found, begins = old.document, document.valid_from or date.today()
    if (
        found.id == document.id
        or found.kind is not Kind.STATUTE
        or _place(found) != _place(document)
        or begin(found) > begins
        or (found.valid_to and found.valid_to < begins)
    ):
        return False
    title = _words(found, found.title)
    if not repeal.words <= title:
        return False
    began = found.valid_from
    if title == repeal.words and began and repeal.day <= began <= repeal.day + LONGEST_WAIT:
        return True
    return repeal.day in {*_own_days(registry, old), began, found.as_of}


def _own_days(registry: Registry, version: Version) -> set[date]:
    """The days in the title, opening and closing words of a version, without those of what it
    repeals itself."""
    sections = registry.sections(version.document.id, version.number) or ()
    ends = texts_of([*sections[:1], *sections[-1:]])
    return days_in([version.document.title, *(_CLAUSE.sub("", text) for text in ends)])


def _words(document: Document, name: str) -> frozenset[str]:
    """What tells a name from others of its place: long words, without "Satzung" and days."""
    place = _letters(document.jurisdiction.name) if document.jurisdiction else set()
    return frozenset(_letters(re.sub(DAY, "", name, flags=_FLAGS)) - place - _GENERAL)


def _letters(name: str) -> set[str]:
    words = (_ENDING.sub("", word) for word in re.findall(r"\w+", name.casefold()))
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _place(document: Document) -> str | None:
    return document.jurisdiction.scope if document.jurisdiction else None
