"""Two wordings of a sentence: which words were put in, and which were taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from ingest.values import Value, ValueKind, find_values

_WORD = re.compile(r"\w+(?:[-.’'/:]\w+)*")
_TOKEN = re.compile(rf"{_WORD.pattern}|[^\w\s]")
_SPACE = re.compile(r"\s*")


class RunKind(StrEnum):
    """Whether words stand in both wordings or in one of them."""

    EQUAL = "equal"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row of one kind, with the space behind them."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class ValuePair:
    """An amount, date or period as the two wordings have it; None where one has nothing there."""

    kind: ValueKind
    before: Value | None
    after: Value | None

    @property
    def is_replaced(self) -> bool:
        """Whether the one value took the other's place."""
        return self.before is not None and self.after is not None

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.before.text} → {self.after.text}"
        return (
            f"new: {self.after.text}" if self.after else f"gone: {self.before and self.before.text}"
        )


@dataclass(frozen=True, slots=True)
class WordDifference:
    """What became of a sentence: its words in order, and the values that differ."""

    runs: tuple[Run, ...]
    values: tuple[ValuePair, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    space: str
    value: Value | None = None

    @property
    def key(self) -> str:
        return self.value.meaning if self.value else self.text

    def is_a(self, kind: ValueKind) -> bool:
        return self.value is not None and self.value.kind is kind


def compare_words(before: str, after: str) -> WordDifference:
    """The runs that lead from one wording to the other, and the values that differ.

    The equal and deleted runs together are `before`, the equal and inserted ones `after`, except
    for space and for another way to write the same value. A value is one word: "96,00 Euro" is
    taken out whole.
    """
    if not (before and after):
        return _compare_with_nothing(before, after)
    old, new = list(_tokens(before)), list(_tokens(after))
    matcher = SequenceMatcher(None, [t.key for t in old], [t.key for t in new], autojunk=False)
    kept = {t.key for t in old} & {t.key for t in new}
    runs: list[Run] = []
    values: list[ValuePair] = []
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            runs.append(Run(RunKind.EQUAL, _text(new[j1:j2])))
            continue
        if i1 < i2:
            runs.append(Run(RunKind.DELETED, _text(old[i1:i2])))
        if j1 < j2:
            runs.append(Run(RunKind.INSERTED, _text(new[j1:j2])))
        values.extend(_pair_values(old[i1:i2], new[j1:j2], kept))
    return WordDifference(tuple(runs), tuple(_join_lone(values)))


def topic_words(text: str) -> list[str]:
    """What a sentence is about: its words in small letters without its values, so that a fee is
    known again whatever it costs."""
    words: list[str] = []
    place = 0
    for value in find_values(text):
        words.extend(_WORD.findall(text[place : value.start].casefold()))
        place = value.end
    return words + _WORD.findall(text[place:].casefold())


def _compare_with_nothing(before: str, after: str) -> WordDifference:
    text, kind = (before, RunKind.DELETED) if before else (after, RunKind.INSERTED)
    values = find_values(text)
    pairs = (ValuePair(v.kind, *((v, None) if before else (None, v))) for v in values)
    return WordDifference((Run(kind, text),) if text else (), tuple(pairs))


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    for value in find_values(text):
        yield from _words(text, place, value.start)
        place = _skip_space(text, value.end)
        yield _Token(value.text, text[value.end : place], value)
    yield from _words(text, place, len(text))


def _words(text: str, start: int, end: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text, start, end):
        yield _Token(match[0], text[match.end() : _skip_space(text, match.end())])


def _skip_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _pair_values(
    old: Sequence[_Token], new: Sequence[_Token], kept: set[str]
) -> Iterator[ValuePair]:
    """The values of words that took each other's place, first with first; those that the sentence
    still has elsewhere are left out."""
    for kind in ValueKind:
        gone = [t.value for t in old if t.is_a(kind) and t.key not in kept]
        come = [t.value for t in new if t.is_a(kind) and t.key not in kept]
        yield from (ValuePair(kind, *pair) for pair in zip_longest(gone, come))


def _join_lone(values: Sequence[ValuePair]) -> Iterator[ValuePair]:
    """The values; where a sentence lost one of a kind and gained one, in another place, they are a
    pair."""
    for kind in ValueKind:
        own = [value for value in values if value.kind is kind]
        gone = [value for value in own if not value.after]
        come = [value for value in own if not value.before]
        if len(own) == 2 and len(gone) == len(come) == 1:
            yield ValuePair(kind, gone[0].before, come[0].after)
        else:
            yield from own


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(token.text + token.space for token in tokens)
