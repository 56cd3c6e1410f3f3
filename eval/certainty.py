"""Fits the calibrated no (`service.certainty`) to what the selector says of questions."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits

from core.languages import SUPPORTED
from core.model import MODEL_ID
from core.types import Vector
from eval.reading import Example
from service.certainty import CERTAINTY, Certainty, read_signs

REFUSED = 0.03  # of answerable questions, about
STEPS, DECAY = 200, 1e-3


def fit_certainty(
    examples: Sequence[Example], probabilities: Sequence[Sequence[Vector]]
) -> Certainty:
    """Fitted to examples with what networks said that had not seen them; enough is what few of a
    language's answerable questions stay below."""
    signs = np.array([read_signs(e.forms, p) for e, p in zip(examples, probabilities, strict=True)])
    weights = _regress(signs, np.array([e.is_answered for e in examples], np.float32))
    measured: dict[str, list[float]] = {}
    for example, found in zip(examples, signs @ weights[:-1] + weights[-1], strict=True):
        if example.is_answered:
            measured.setdefault(example.question.language, []).append(float(found))
    enough = {
        language: round(float(np.quantile(measured[language], REFUSED)), 3)
        for language in SUPPORTED
        if language in measured
    }
    unknown = float(np.mean([value for language, value in enough.items() if language != "de"]))
    return Certainty(weights, enough, round(unknown, 3))


def save_certainty(certainty: Certainty) -> None:
    """Writes data/models/certainty.json."""
    fitted = {
        "model": MODEL_ID,
        "weights": [round(float(weight), 4) for weight in certainty.weights],
        "enough": certainty.enough,
        "unknown": certainty.unknown,
    }
    CERTAINTY.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")


def _regress(signs: NDArray[np.float32], answered: Vector) -> Vector:
    """Logistic regression on the signs, standardised meanwhile; the last weight is that of 1."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    inputs = torch.from_numpy((signs - mean) / spread)
    wanted = torch.from_numpy(answered)
    weights = torch.zeros(signs.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=STEPS)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        found = binary_cross_entropy_with_logits(inputs @ weights + bias, wanted)
        found = found + DECAY * weights.square().sum()
        found.backward()  # type: ignore[no-untyped-call]  # torch types it not
        return found

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    raw: Vector = weights.detach().numpy() / spread
    return np.append(raw, bias.item() - float(raw @ mean)).astype(np.float32)
