"""Which section, and which sentence, of one version became which of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cdist

from core.entries import entry_language
from core.sentences import split_sentences
from core.types import BlockKind, Section
from ingest.difference_words import topic_words

Pair = tuple[int | None, int | None]  # places before and after; None: new, or gone

ALIKE = 0.5  # of the words of two sentences that are wordings of one
CONTAINED = 0.8  # of the shorter one's words, where a sentence was much lengthened
FEWEST_CONTAINED = 5  # words, as "Satz 1 gilt nicht" stands in many a sentence
LONG = 80  # characters of a section that stands elsewhere before its own place is looked at
SECTION_ALIKE = 0.7  # of two sections' words, where neither number nor heading is the same
FIRST_LETTER = 0xE000  # behind the code points that stand for no letter of their own
SAME_NAME = 0.5  # what the same number is worth of that, and the same heading


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or table row, space made even, with its Absatz and page."""

    text: str
    mark: str
    page: int | None


def section_lines(section: Section, language: str) -> list[Line]:
    """The sentences and table rows of a section."""
    language = entry_language(section.path) or language
    lines: list[Line] = []
    for paragraph in section.paragraphs:
        text = " ".join(paragraph.text.split())
        is_row = paragraph.kind is BlockKind.ROW
        spans = [(0, len(text))] if is_row else split_sentences(text, language)
        lines.extend(Line(text[a:b], paragraph.mark, paragraph.page) for a, b in spans)
    return [line for line in lines if line.text]


def pair_lines(before: Sequence[Line], after: Sequence[Line]) -> list[Pair]:
    """Each sentence of both versions once, in reading order: the same ones, wherever they stand,
    then those most alike but for their values."""
    pairs = _Pairs(len(before), len(after))
    pairs.match(lambda i: before[i].text, lambda j: after[j].text)
    old, new = pairs.left()
    likeness, contained = _compare(
        [topic_words(before[i].text) for i in old], [topic_words(after[j].text) for j in new]
    )
    pairs.take_best(np.where((likeness > ALIKE) | contained, likeness, 0.0), old, new)
    return pairs.in_order()


def pair_sections(
    before: Sequence[Section],
    after: Sequence[Section],
    before_lines: Sequence[Sequence[Line]],
    after_lines: Sequence[Sequence[Line]],
) -> list[Pair]:
    """Each section of both versions once, in reading order.

    The same text under the same path comes first, then the same text elsewhere, unless it is short
    ("kostenlos" is no proof), then the same path, the same number and heading, and of what is left
    the sections with most words in common.
    """
    pairs = _Pairs(len(before), len(after))

    def match(key: Callable[[Section, str], Hashable]) -> None:
        pairs.match(
            lambda i: key(before[i], _text(before_lines[i])),
            lambda j: key(after[j], _text(after_lines[j])),
        )

    match(lambda section, text: (section.path, text))
    match(lambda section, text: len(text) >= LONG and (section.heading, text))
    match(lambda _, text: len(text) >= LONG and text)
    match(lambda section, _: section.path)
    match(lambda section, _: section.number and (section.number, section.heading))
    match(lambda _, text: text)
    old, new = pairs.left()
    likeness, _ = _compare(
        [topic_words(_text(before_lines[i])) for i in old],
        [topic_words(_text(after_lines[j])) for j in new],
    )
    names = [[_name_likeness(before[i], after[j]) for j in new] for i in old]
    score = likeness + np.array(names).reshape(likeness.shape)
    pairs.take_best(np.where(score >= SECTION_ALIKE, score, 0.0), old, new)
    return pairs.in_order()


class _Pairs:
    """Places before and after, and which of them belong together."""

    def __init__(self, before: int, after: int) -> None:
        self.to: list[int | None] = [None] * before
        self.back: list[int | None] = [None] * after

    def left(self) -> tuple[list[int], list[int]]:
        """The places without a partner."""
        old = [i for i, partner in enumerate(self.to) if partner is None]
        return old, [j for j, partner in enumerate(self.back) if partner is None]

    def match(self, old_key: Callable[[int], Hashable], new_key: Callable[[int], Hashable]) -> None:
        """Pairs the first of each key with the first, the second with the second; an empty key
        has no partner."""
        old, new = self.left()
        places: dict[Hashable, list[int]] = defaultdict(list)
        for j in reversed(new):
            if key := new_key(j):
                places[key].append(j)
        for i in old:
            if waiting := places.get(old_key(i)):
                self._join(i, waiting.pop())

    def take_best(self, score: NDArray[np.float64], old: Sequence[int], new: Sequence[int]) -> None:
        """Pairs the best scores above 0 first; among equals, those nearest to each other."""
        rows, columns = np.nonzero(score)
        order = np.lexsort((np.abs(rows - columns), -score[rows, columns]))
        for row, column in zip(rows[order], columns[order], strict=True):
            if self.to[old[row]] is None and self.back[new[column]] is None:
                self._join(old[row], new[column])

    def in_order(self) -> list[Pair]:
        """All places in the order of the new version, what is gone behind what it followed."""
        gone: dict[int | None, list[Pair]] = defaultdict(list)
        previous: int | None = None
        for i, partner in enumerate(self.to):
            if partner is None:
                gone[previous].append((i, None))
            else:
                previous = partner
        ordered = gone[None]
        for j, partner in enumerate(self.back):
            ordered.append((partner, j))
            ordered.extend(gone[j])
        return ordered

    def _join(self, i: int, j: int) -> None:
        self.to[i], self.back[j] = j, i


def _compare(
    before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each pair of word lists, shape (before, after): the share of words in common and in the
    same order, from 0 to 1; and whether nearly all words of the shorter one stand in the longer."""
    if not before or not after:
        shape = (len(before), len(after))
        return np.zeros(shape), np.zeros(shape, np.bool_)
    letters: dict[str, str] = {}
    old, new = ([_spell(words, letters) for words in side] for side in (before, after))
    common = cdist(old, new, scorer=LCSseq.similarity, dtype=np.int32)
    sizes = np.array([len(words) for words in before])[:, None]
    others = np.array([len(words) for words in after])[None, :]
    shorter = np.minimum(sizes, others)
    contained = (common >= CONTAINED * shorter) & (shorter >= FEWEST_CONTAINED)
    likeness = np.where(sizes + others, 2 * common / np.maximum(sizes + others, 1), 1.0)
    return likeness, contained  # two rows of nothing but values are alike


def _spell(words: Sequence[str], letters: dict[str, str]) -> str:
    """A letter for each word: texts are compared a hundred times as fast as lists."""
    return "".join(letters.setdefault(word, chr(FIRST_LETTER + len(letters))) for word in words)


def _name_likeness(before: Section, after: Section) -> float:
    same_number = before.number != "" and before.number == after.number
    same_heading = before.heading != "" and before.heading == after.heading
    return SAME_NAME * same_number + SAME_NAME * same_heading


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)
