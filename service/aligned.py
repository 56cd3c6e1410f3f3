"""Which sentences of the cited passages a statement speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Hit, Vector
from service.evidence import evidence_of, marks_of
from service.extract import Pick
from service.sentences import vectors_of

NEAR = 0.015  # a sentence so near the nearest one may be the proof as well
MARK = 0.05  # of cosine, that a mark is worth which stands in one sentence alone
AROUND = 0.2  # of it, where the mark stands in another part of the statement
MARKS = 3  # that count at most


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence; its cosine with the statement; and that with what both hold to the letter, as
    figures and German words, which tells better than meaning which of two like sentences it is."""

    pick: Pick
    cosine: float
    score: float
    held: frozenset[str]


def find_near(
    text: str, language: str, vector: Vector, cited: Sequence[Hit], around: str = ""
) -> list[Near]:
    """The sentences that a statement with its vector is nearest to, the nearest first. `around`:
    where it is a part of a longer one, that."""
    own = marks_of(text, language)
    said = own | marks_of(around, language)
    every = [
        (hit, number, float(cosine), held & said)
        for hit in cited
        if hit.sentence_vectors is not None
        for number, (cosine, held) in enumerate(
            zip(vectors_of(hit) @ vector, evidence_of(hit).marks, strict=True)
        )
    ]
    counts = Counter(mark for *_, held in every for mark in held)

    def worth(mark: str) -> float:
        return (1.0 if mark in own else AROUND) / counts[mark]

    near = [
        (hit, number, cosine, cosine + MARK * min(MARKS, sum(map(worth, held))), held & own)
        for hit, number, cosine, held in every
    ]
    best = max((score for *_, score, _ in near), default=0.0)
    found = [
        Near(Pick(hit, number, best - score), cosine, score, held)
        for hit, number, cosine, score, held in near
        if best - score <= NEAR
    ]
    return sorted(found, key=lambda one: -one.score)
