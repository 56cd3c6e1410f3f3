"""What the selector and the calibrated no see of the sentences of hits beside their vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.types import Hit, Vector
from service.expected import KINDS, kinds_asked, kinds_held
from service.overlap import MEASURES, share_known, shared_wording
from service.retrieve import Query

_TYPICAL = 0.82  # cosine: where those of multilingual-e5-small lie
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[.!?]$",
        r":$",
        r"^(?:[-–•]|\d+[.)])",
        r"\d",
        r"€|\d\s?Euro",
        r"\+?\d[\d /-]{6,}|@|www\.|http",
        r"\d{1,2}[.:]\d\d|Uhr",
        r"\d{5} [A-ZÄÖÜ]|[Ss]tr(?:aße|\.)|platz",
    )
)
# Where things stand in a sentence's description.
COSINE, SIMILARITY, FOREIGN = 0, 5, 12
KNOWN = 16 + len(_FORMS) + 2 * KINDS
WORDING = KNOWN + 1
AROUND = WORDING + MEASURES
FEATURES = AROUND + MEASURES


def vectors_of(hit: Hit) -> Vector:
    """The vectors of a hit's sentences: (sentences, d); without the question of an FAQ entry."""
    count = len(hit.passage.sentences)
    if hit.sentence_vectors is None:
        return np.zeros((0, 0), np.float32)
    return hit.sentence_vectors[:count]


def describe(query: Query, hits: Sequence[Hit]) -> list[Vector]:
    """What the networks see of every sentence beside its vector: for each hit (sentences,
    FEATURES). Cosines are told in tenths, apart from a typical one or from the best of all hits."""
    cosines = [vectors_of(hit) @ query.vector for hit in hits]
    every = np.concatenate([*cosines, np.zeros(0, np.float32)])
    top, mean, spread = (every.max(), every.mean(), every.std() + 1e-3) if len(every) else (0, 0, 1)
    best_passage = max((hit.similarity for hit in hits), default=0.0)
    order = np.argsort(np.argsort(-every))
    asked = np.array(kinds_asked(query.text), np.float32)
    texts = [_quotes(hit, len(own)) for hit, own in zip(hits, cosines, strict=True)]
    wording = shared_wording(query.text, [quote for quotes in texts for quote in quotes])
    known = share_known(query.text, " ".join(quote for quotes in texts for quote in quotes))
    around = shared_wording(query.text, [f"{h.document.title} {h.passage.context}" for h in hits])
    described, start = [], 0
    for number, (hit, own) in enumerate(zip(hits, cosines, strict=True)):
        count = len(own)
        rank = order[start : start + count]
        place = np.arange(count)
        words = wording[start : start + count].T
        start += count
        passage, quotes = hit.passage, texts[number]
        titles = {hit.document.title, passage.heading}
        held = np.array([kinds_held(quote) for quote in quotes]).reshape(count, KINDS).T
        columns = [
            (own - _TYPICAL) * 10,
            (own - top) * 10,
            (own - mean) / spread,
            1 / (1 + rank),
            np.minimum(rank, 10) / 10,
            np.full(count, (hit.similarity - _TYPICAL) * 10),
            np.full(count, (hit.similarity - best_passage) * 10),
            np.full(count, (top - _TYPICAL) * 10),
            place / max(1, count),
            np.minimum(place, 10) / 10,
            place == 0,
            np.full(count, min(count, 40) / 40),
            np.full(count, query.language != passage.language),
            [min(len(quote), 300) / 150 - 1 for quote in quotes],
            [len(quote) < 45 for quote in quotes],
            [quote in titles for quote in quotes],
            *([bool(form.search(quote)) for quote in quotes] for form in _FORMS),
            *np.repeat(asked[:, None], count, axis=1),
            *(asked[:, None] * held),
            np.full(count, known),
            *words,
            *np.repeat(around[number][:, None], count, axis=1),
        ]
        described.append(np.array(columns, np.float32).T.reshape(count, FEATURES))
    return described


def _quotes(hit: Hit, count: int) -> list[str]:
    return [hit.passage.quote(sentence) for sentence in hit.passage.sentences[:count]]
