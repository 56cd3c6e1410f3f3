"""The calibrated no: whether the passages that were found answer the question at all, and surely.

A logistic regression over what the selector sees and says and how the passages bear on the
question; what its result must reach is fitted for every language, as cosines differ between them.
`python -m eval.certainty` fits all of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.types import Hit, Vector
from service.overlap import has_like, share_of_matter
from service.retrieve import Query
from service.sentences import AROUND, COSINE, FOREIGN, KNOWN, SIMILARITY, WORDING

CERTAINTY = Path(__file__).parent.parent / "data/models/certainty.json"
HITS = 6  # that tell whether there is an answer, as many as that was fitted to
BEARING = 5
SIGNS = 13 + BEARING
UNKNOWN = "unknown"  # any language that nothing was fitted for
_TOP = 3  # sentences whose mean is looked at


@dataclass(frozen=True, slots=True)
class Certainty:
    """The weights of the signs and of 1; and by the question's language what the sum must reach
    where there is an answer (`enough`), and where that is not in doubt (`sure`)."""

    weights: Vector
    enough: Mapping[str, float]
    sure: Mapping[str, float]

    def margin(self, language: str, signs: Vector) -> float:
        """How far the log-odds of an answer being there lie above what is enough, by the signs of
        the hits; below 0 they do not answer."""
        total = float(signs @ self.weights[:-1] + self.weights[-1])
        return total - _of(self.enough, language)

    def is_sure(self, language: str, margin: float) -> bool:
        """Whether an answer with that margin is not in doubt."""
        return margin >= _of(self.sure, language) - _of(self.enough, language)


def _of(fitted: Mapping[str, float], language: str) -> float:
    return fitted.get(language, fitted[UNKNOWN])


@cache
def load_certainty(model_id: str) -> Certainty | None:
    """What was fitted for an embedding model; None where nothing was."""
    if not CERTAINTY.is_file():
        return None
    fitted = json.loads(CERTAINTY.read_text("utf-8"))
    if fitted["model"] != model_id:
        return None
    weights = np.array(fitted["weights"], np.float32)
    return Certainty(weights, fitted["enough"], fitted["sure"])


def read_bearing(query: Query, hits: Sequence[Hit]) -> Vector:
    """How hits bear on a question, shape (BEARING,): how much of the words that say what it is
    about stands in them (the best known word, all by their length, those of the best hit), where
    they are in its language, else 0; and how far the best lies before the next and the last."""
    if not hits:
        return np.zeros(BEARING, np.float32)
    scores = [hit.score for hit in hits]
    apart = [scores[0] - scores[min(1, len(scores) - 1)], scores[0] - scores[-1]]
    words = [0.0, 0.0, 0.0]
    if _speak_alike(query, hits):
        texts = _texts(hits)
        every, lengths = share_of_matter(query.text, query.language, " ".join(texts))
        each = [share_of_matter(query.text, query.language, text)[0].mean() for text in texts]
        words = [every.max(), float(every @ lengths / lengths.sum()), max(each)]
    return np.array([*words, *apart], np.float32)


def is_unheard_of(query: Query, hits: Sequence[Hit]) -> bool:
    """Whether hits in the question's language have none of the words that say what it is about,
    nor one that is spelt nearly so."""
    if not hits or not _speak_alike(query, hits):
        return False
    text = " ".join(_texts(hits))
    shares, _ = share_of_matter(query.text, query.language, text)
    return bool(shares.max() < 1) and not has_like(query.text, query.language, text)


def _speak_alike(query: Query, hits: Sequence[Hit]) -> bool:
    return all(hit.passage.language == query.language for hit in hits)


def _texts(hits: Sequence[Hit]) -> list[str]:
    return [f"{h.document.title} {h.passage.context} {h.passage.text}" for h in hits]


def read_signs(forms: Sequence[Vector], probabilities: Sequence[Vector], bearing: Vector) -> Vector:
    """What tells whether there is an answer, shape (SIGNS,), from the descriptions (sentences,
    FEATURES) of the sentences of every hit, their probabilities, and how the hits bear on it."""
    if not sum(map(len, forms)):
        return np.zeros(SIGNS, np.float32)
    every = np.concatenate(forms)
    chances = np.concatenate(probabilities)
    odds = np.log(np.clip(chances, 1e-4, 0.999) / (1 - np.clip(chances, 1e-4, 0.999)))
    best = int(np.argmax(chances))
    is_same = 1 - every[0, FOREIGN]
    signs = [
        every[:, COSINE].max(),
        np.sort(every[:, COSINE])[-_TOP:].mean(),
        every[best, COSINE],
        every[:, SIMILARITY].max(),
        odds.max(),
        np.sort(odds)[-_TOP:].mean(),
        min(chances.sum(), 5) / 5,
        is_same,
        is_same * every[best, WORDING],
        is_same * every[best, WORDING + 1],
        is_same * every[:, WORDING + 1].max(),
        is_same * every[:, AROUND + 1].max(),
        is_same * every[0, KNOWN],
    ]
    return np.array([*signs, *bearing], np.float32)
