"""The learned selector: how likely each sentence of the hits is a part of the answer.

A small network reads the sentences of a passage in their order: cosines, signs of form (a list, an
amount, an address), and what question and sentence have in common in a few learned directions of
the vector space. `python -m eval.selector` trains it; data/models/README.md says on what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.types import Hit, Vector
from service.retrieve import Query

SELECTOR = Path(__file__).parent.parent / "data/models/selector.npz"

DILATIONS = (1, 2, 4)  # of the convolutions over sentences, each of width 3
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
FEATURES = 16 + len(_FORMS)


@dataclass(frozen=True, slots=True)
class Selector:
    """Several trained networks, whose probabilities are averaged, and what a sentence's must reach
    (`least`)."""

    networks: tuple[dict[str, Vector], ...]
    least: float

    def probabilities(self, query: Query, hits: Sequence[Hit]) -> list[Vector]:
        """For each hit the probability of each of its sentences; shape (sentences,)."""
        return [
            np.mean([_run(net, form, own, query.vector) for net in self.networks], axis=0)
            for form, own in zip(describe(query, hits), map(vectors_of, hits), strict=True)
        ]


@cache
def load_selector(model_id: str) -> Selector | None:
    """The selector trained for an embedding model; None where there is none."""
    if not SELECTOR.is_file():
        return None
    with np.load(SELECTOR) as file:
        if str(file["model"]) != model_id:
            return None
        networks: dict[str, dict[str, Vector]] = {}
        for name in file.files:
            number, _, part = name.partition(".")
            if part:
                networks.setdefault(number, {})[part] = file[name].astype(np.float32)
        return Selector(tuple(networks.values()), float(file["least"]))


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
    described, start = [], 0
    for hit, own in zip(hits, cosines, strict=True):
        count = len(own)
        rank = order[start : start + count]
        place = np.arange(count)
        start += count
        passage = hit.passage
        quotes = [passage.quote(sentence) for sentence in passage.sentences[:count]]
        titles = {hit.document.title, passage.heading}
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
        ]
        described.append(np.array(columns, np.float32).T.reshape(count, FEATURES))
    return described


def _run(net: dict[str, Vector], form: Vector, own: Vector, question: Vector) -> Vector:
    """One network on the sentences of one passage; `eval.selector` has the same in torch."""
    if not len(form):
        return np.zeros(0, np.float32)
    seen = own @ net["sentence"].T
    asked = question @ net["question"].T
    shared = (own * question) @ net["shared"].T
    states = _gelu(np.hstack([form, seen, seen * asked, shared]) @ net["in"].T + net["in_bias"])
    for number, dilation in enumerate(DILATIONS):
        padded = np.pad(states, ((dilation, dilation), (0, 0)))
        taps = (padded[k * dilation : k * dilation + len(states)] for k in range(3))
        kernel = net[f"mix{number}"]  # (out, in, 3)
        mixed = sum(tap @ kernel[:, :, k].T for k, tap in enumerate(taps))
        states = states + _gelu(mixed + net[f"mix{number}_bias"])
    whole = np.broadcast_to(states.max(axis=0), states.shape)
    logits = np.hstack([states, whole]) @ net["out"].T + net["out_bias"]
    probabilities: Vector = 1 / (1 + np.exp(-logits[:, 0]))
    return probabilities


def _gelu(values: Vector) -> Vector:
    """The tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    inner = np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)
    result: Vector = 0.5 * values * (1 + np.tanh(inner))
    return result
