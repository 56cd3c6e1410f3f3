"""The learned selector: how likely each sentence of the hits is a part of the answer.

A small network reads the sentences of a passage in their order: cosines, signs of form (a list, an
amount, an address), and what question and sentence have in common in a few learned directions of
the vector space. `python -m eval.selector` trains it; data/models/README.md says on what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.types import Hit, Vector
from service.certainty import (
    HITS,
    Certainty,
    is_unheard_of,
    load_certainty,
    read_bearing,
    read_signs,
)
from service.retrieve import Query
from service.sentences import FEATURES, describe, vectors_of

SELECTOR = Path(__file__).parent.parent / "data/models/selector.npz"

UNHEARD_OF = 2.5  # of log-odds, lost by what is short and new ("Hallenbad"): no such training data
DILATIONS = (1, 2, 4)  # of the convolutions over sentences, each of width 3


@dataclass(frozen=True, slots=True)
class Selector:
    """Several trained networks, whose probabilities are averaged; what a sentence's must reach
    (`least`); and what tells whether there is an answer at all."""

    networks: tuple[dict[str, Vector], ...]
    least: float
    certainty: Certainty

    def read(self, query: Query, hits: Sequence[Hit]) -> tuple[list[Vector], float]:
        """For each hit the probability of each of its sentences, shape (sentences,); and how far it
        is more than certain enough that the hits answer, below 0 if it is not."""
        forms = describe(query, hits)
        probabilities = self.probabilities(query.vector, forms, [vectors_of(hit) for hit in hits])
        first = hits[:HITS]
        signs = read_signs(forms[:HITS], probabilities[:HITS], read_bearing(query, first))
        margin = self.certainty.margin(query.language, signs)
        return probabilities, margin - UNHEARD_OF * is_unheard_of(query, first)

    def probabilities(
        self, question: Vector, forms: Sequence[Vector], vectors: Sequence[Vector]
    ) -> list[Vector]:
        """The mean of what the networks say, all hits at once, padded to the longest."""
        longest = max(map(len, forms), default=0)
        if not longest:
            return [np.zeros(0, np.float32) for _ in forms]
        padded = np.zeros((len(forms), longest, FEATURES), np.float32)
        own = np.zeros((len(forms), longest, len(question)), np.float32)
        there = np.zeros((len(forms), longest, 1), np.float32)
        for number, (form, rows) in enumerate(zip(forms, vectors, strict=True)):
            if len(form):
                padded[number, : len(form)], own[number, : len(form)] = form, rows
                there[number, : len(form)] = 1
        mean = np.mean([_run(net, padded, own, question, there) for net in self.networks], axis=0)
        return [row[: len(form)] for row, form in zip(mean, forms, strict=True)]


@cache
def load_selector(model_id: str) -> Selector | None:
    """The selector trained for an embedding model; None where there is none."""
    certainty = load_certainty(model_id)
    if certainty is None or not SELECTOR.is_file():
        return None
    with np.load(SELECTOR) as file:
        if str(file["model"]) != model_id:
            return None
        networks: dict[str, dict[str, Vector]] = {}
        for name in file.files:
            number, _, part = name.partition(".")
            if part:
                networks.setdefault(number, {})[part] = file[name].astype(np.float32)
        return Selector(tuple(networks.values()), float(file["least"]), certainty)


def _run(
    net: dict[str, Vector], form: Vector, own: Vector, question: Vector, there: Vector
) -> Vector:
    """One network on the sentences of all hits, (hits, sentences, …), where `there` is 1;
    `eval.selector` has the same in torch."""
    seen = own @ net["sentence"].T
    asked = question @ net["question"].T
    shared = (own * question) @ net["shared"].T
    entered = np.concatenate([form, seen, seen * asked, shared], axis=-1)
    states = _gelu(entered @ net["in"].T + net["in_bias"]) * there
    hits, count, width = states.shape
    for number, dilation in enumerate(DILATIONS):
        padded = np.zeros((hits, count + 2 * dilation, width), np.float32)
        padded[:, dilation:-dilation] = states
        taps = (padded[:, k * dilation : k * dilation + count] for k in range(3))
        kernel = net[f"mix{number}"]  # (out, in, 3)
        mixed = sum(tap @ kernel[:, :, k].T for k, tap in enumerate(taps))
        states = (states + _gelu(mixed + net[f"mix{number}_bias"])) * there
    whole = (states - 1e4 * (1 - there)).max(axis=1, keepdims=True)
    outs = net["out"][0]
    logits = states @ outs[:width] + whole @ outs[width:] + net["out_bias"]
    probabilities: Vector = 1 / (1 + np.exp(-logits))
    return probabilities


def _gelu(values: Vector) -> Vector:
    """The tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    inner = np.sqrt(2 / np.pi) * (values + 0.044715 * values * values * values)
    result: Vector = 0.5 * values * (1 + np.tanh(inner))
    return result
