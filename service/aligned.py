"""Which sentences of the cited passages a statement speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.encoder import Encoder
from core.types import Hit, Vector
from service.evidence import evidence_of, marks_of
from service.extract import Pick

NEAR = 0.03  # a sentence so near the nearest one may be the proof as well
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


def read_alone(hit: Hit, encoder: Encoder) -> Vector:
    """The vectors of a hit's sentences, each read by itself, as a statement is: (sentences, d). The
    index has them read within their passage, where all are like each other and what a passage
    does not say lies as near as what it says."""
    passage = hit.passage
    quotes = map(passage.quote, passage.sentences)
    return np.array([_read(encoder.encode_question, quote, passage.language) for quote in quotes])


def read_ahead(hits: Iterable[Hit], encoder: Encoder) -> None:
    """Reads what statements will be held against, while a model still writes them."""
    for hit in hits:
        read_alone(hit, encoder)


@lru_cache(maxsize=4096)  # what is cited once is cited again
def _read(read: Callable[[str, str], Vector], quote: str, language: str) -> Vector:
    return read(quote, language)


def find_near(
    text: str,
    language: str,
    vector: Vector,
    cited: Sequence[Hit],
    encoder: Encoder,
    around: str = "",
) -> list[Near]:
    """The sentences that a statement with its vector is nearest to, the nearest first. `around`:
    where it is a part of a longer one, that."""
    own = marks_of(text, language)
    said = own | marks_of(around, language)
    every = [
        (hit, number, float(cosine), held & said)
        for hit in cited
        if hit.passage.sentences
        for number, (cosine, held) in enumerate(
            zip(read_alone(hit, encoder) @ vector, evidence_of(hit).marks, strict=True)
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
