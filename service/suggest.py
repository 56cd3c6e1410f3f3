"""Suggestions while somebody types: approved questions and titles that hold the typed words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from core.entries import entries_of, plain_path
from core.registry import Registry
from core.timeline import on_day
from core.types import Document, Kind
from core.versions import Version
from service.spelling import fold

SHOWN = 8
LONGEST = 100  # characters that are looked at
MOST_WORDS = 12
ENOUGH = 0.6  # of what the typed words weigh
ONE_SLIP, TWO_SLIPS = 5, 8  # letters from which on a word may hold a slip of the finger, or two
WITHIN = 0.8  # what a word counts inside of another: "steuer" in "Hundesteuer"
PER_SLIP = 0.2  # what a slip costs

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to ask: an approved question, or a document's title. `scope`: where it applies, ""
    everywhere."""

    text: str
    language: str
    scope: str = ""
    is_title: bool = False


class Suggestions:
    """The suggestions of a day, ready to be searched."""

    def __init__(self, known: Iterable[Suggestion]) -> None:
        self._known = tuple(one for one in dict.fromkeys(known) if words_of(one.text))
        words: dict[str, int] = {}
        rows = [
            sorted({words.setdefault(word, len(words)) for word in words_of(one.text)})
            for one in self._known
        ]
        self._words = list(words)
        self._text = "\n" + "\n".join(words)  # all words, each after a line's end
        self._starts = np.cumsum([0, *(len(word) + 1 for word in self._words)])
        self._word_of = np.array([word for row in rows for word in row], np.intp)
        self._begins = np.cumsum([0, *(len(row) for row in rows[:-1])])

    def find(
        self, typed: str, language: str, scopes: Collection[str] | None = None
    ) -> list[Suggestion]:
        """At most SHOWN suggestions for what was typed so far: those in the asker's language first,
        then the nearest, and questions before titles. `scopes`: of the asker's town, None for all.
        """
        asked = words_of(typed[:LONGEST])[:MOST_WORDS]
        if not asked or not self._known:
            return []
        near = np.stack([self._nearness(word) for word in asked])
        weights = np.log1p(len(self._known) / (1 + np.count_nonzero(near, axis=1)))
        scores = weights @ near / weights.sum()
        rows = [
            row
            for row in np.flatnonzero(scores >= ENOUGH).tolist()
            if scopes is None or self._known[row].scope in scopes
        ]

        def order(row: int) -> tuple[bool, float, bool, str]:
            one = self._known[row]
            return one.language != language, -round(scores[row], 2), one.is_title, one.text

        unlike: dict[str, Suggestion] = {}  # two towns may ask the same
        for row in sorted(rows, key=order):
            unlike.setdefault(self._known[row].text, self._known[row])
        return list(unlike.values())[:SHOWN]

    def _nearness(self, word: str) -> NDArray[np.float64]:
        """How near each suggestion comes to a typed word, shape (suggestions,), from 0 to 1."""
        near = np.zeros(len(self._words))
        near[self._holding(word)] = WITHIN
        begun = self._holding(f"\n{word}")
        near[begun] = 1
        slips = (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)
        if slips and not begun:  # nothing begins so: a slip of the finger, or an ending
            beginnings = [known[: len(word)] for known in self._words]
            apart = cdist([word], beginnings, scorer=OSA.distance, score_cutoff=slips)[0]
            near = np.maximum(near, np.where(apart <= slips, 1 - PER_SLIP * apart, 0))
        return np.maximum.reduceat(near[self._word_of], self._begins)

    def _holding(self, letters: str) -> list[int]:
        """Which of all words hold letters, a line's end before them being the word's beginning."""
        places = []
        place = self._text.find(letters)
        while place >= 0:
            places.append(place)
            place = self._text.find(letters, place + 1)
        words: list[int] = (np.searchsorted(self._starts, places, side="right") - 1).tolist()
        return words


class Suggester:
    """The suggestions of what stands, read anew when that moves, and every day."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._current: tuple[tuple[int, date], Suggestions] | None = None

    def find(
        self, typed: str, language: str, scopes: Collection[str] | None = None
    ) -> list[Suggestion]:
        """As `Suggestions.find`."""
        return self._suggestions().find(typed, language, scopes)

    def _suggestions(self) -> Suggestions:
        state = self._registry.generation(), date.today()
        if self._current is None or self._current[0] != state:
            self._current = state, Suggestions(read_suggestions(self._registry, state[1]))
        return self._current[1]


def read_suggestions(registry: Registry, day: date) -> Iterator[Suggestion]:
    """The questions of every FAQ and the titles of all else that is in force on a day."""
    versions: dict[str, list[tuple[Document, Version]]] = {}
    for version in registry.standing():
        versions.setdefault(version.document.id, []).append((version.document, version))
    for standing in versions.values():
        current = on_day(standing, day)
        if current is None:
            continue
        document = current.document
        scope = document.jurisdiction.scope if document.jurisdiction else ""
        if document.kind is not Kind.FAQ:
            yield Suggestion(document.title, document.language, scope, is_title=True)
            continue
        for entry in entries_of(registry.sections(document.id, current.number) or ()):
            for language, question in entry.questions:
                yield Suggestion(plain_path([question])[0], language or document.language, scope)


def words_of(text: str) -> Sequence[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))
