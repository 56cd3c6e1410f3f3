"""The calibrated no: whether the passages that were found answer the question at all.

A logistic regression over what the selector sees and says; what its result must reach is fitted for
every language, as cosines differ between them. `python -m eval.selector` fits both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.types import Vector
from service.sentences import AROUND, COSINE, FOREIGN, KNOWN, SIMILARITY, WORDING

CERTAINTY = Path(__file__).parent.parent / "data/models/certainty.json"
SIGNS = 13
_TOP = 3  # sentences whose mean is looked at


@dataclass(frozen=True, slots=True)
class Certainty:
    """The weights of the signs and of 1, and what the sum must reach by the question's language
    (`unknown`: in any other)."""

    weights: Vector
    enough: Mapping[str, float]
    unknown: float

    def margin(
        self, language: str, forms: Sequence[Vector], probabilities: Sequence[Vector]
    ) -> float:
        """How far the log-odds lie above what is enough, for hits of which these are the
        descriptions and probabilities of their sentences; below 0 they do not answer."""
        return self.measure(forms, probabilities) - self.enough.get(language, self.unknown)

    def measure(self, forms: Sequence[Vector], probabilities: Sequence[Vector]) -> float:
        """The log-odds of an answer being there."""
        return float(read_signs(forms, probabilities) @ self.weights[:-1] + self.weights[-1])


@cache
def load_certainty(model_id: str) -> Certainty | None:
    """What was fitted for an embedding model; None where nothing was."""
    if not CERTAINTY.is_file():
        return None
    fitted = json.loads(CERTAINTY.read_text("utf-8"))
    if fitted["model"] != model_id:
        return None
    weights = np.array(fitted["weights"], np.float32)
    return Certainty(weights, fitted["enough"], fitted["unknown"])


def read_signs(forms: Sequence[Vector], probabilities: Sequence[Vector]) -> Vector:
    """What tells whether there is an answer, shape (SIGNS,), from the descriptions (sentences,
    FEATURES) of the sentences of every hit and their probabilities."""
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
    return np.array(signs, np.float32)
