"""The concern that a question's vector tells of, where no phrase of the guard names it.

A linear classifier over the question's vector, trained by `python -m eval.misgivings`;
data/models/README.md says on what.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.types import Vector
from service.concerns import Concern

MISGIVINGS = Path(__file__).parent.parent / "data/models/misgivings.npz"


@dataclass(frozen=True, slots=True)
class Misgivings:
    """Weights, shape (n + 1, d), and biases, shape (n + 1,), of n concerns and, last, of none; and
    the probability that each concern must reach, shape (n,)."""

    concerns: tuple[Concern, ...]
    weights: Vector
    biases: Vector
    least: Vector

    def tell(self, question: Vector) -> Concern | None:
        """The likeliest concern of a question, by its vector of shape (d,), if it is certain."""
        probabilities = self.probabilities(question)[:-1]
        surest = int(np.argmax(probabilities - self.least))
        return self.concerns[surest] if probabilities[surest] >= self.least[surest] else None

    def probabilities(self, question: Vector) -> Vector:
        """That of each concern and, last, of none: shape (n + 1,)."""
        scores = self.weights @ question + self.biases
        powers = np.exp(scores - scores.max())
        shares: Vector = powers / powers.sum()
        return shares


@cache
def load_misgivings(model_id: str) -> Misgivings | None:
    """Those trained for a model; None where they were trained for another."""
    with np.load(MISGIVINGS) as kept:
        if str(kept["model"]) != model_id:
            return None
        concerns = tuple(Concern(name) for name in kept["concerns"])
        return Misgivings(concerns, kept["weights"], kept["biases"], kept["least"])
