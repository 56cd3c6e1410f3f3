"""`python -m eval.certainty DATA`: fits the calibrated no (`service.certainty`).

DATA is that of `python -m eval.selector`, whose networks must be trained before. Some of its
questions are asked as they are, of their page and of their town, and of their town without the page
that answers: what is left is near the subject and does not.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch.nn.functional import binary_cross_entropy_with_logits

from core.errors import UsageError
from core.languages import SUPPORTED
from core.model import MODEL_ID
from core.settings import Settings, load_settings
from core.types import Vector
from eval.dataset import open_set
from eval.reading import Example, read_hidden_laws, read_hidden_pages
from service.certainty import CERTAINTY, UNKNOWN, Certainty, read_signs
from service.selector import Selector, load_selector

REFUSED = 0.008  # of answerable questions, about: chosen on dev, where more are refused
REFUSED_IN_GERMAN = 0.04  # where words tell more
DOUBTED = 0.12  # of answerable questions, whose answers are given with a doubt: chosen on dev
DOUBTED_IN_GERMAN = 0.2
EVERY = 3  # question is read
STEPS, DECAY = 200, 1e-3


@dataclass(frozen=True, slots=True)
class Told:
    """What tells whether a question is answered, shape (SIGNS,), and whether it is."""

    language: str
    signs: Vector
    is_answered: bool


def fit_certainty(told: Sequence[Told]) -> Certainty:
    """Fitted to signs of questions; enough is what few of a language's answerable ones stay below,
    sure what some do."""
    signs = np.array([one.signs for one in told])
    weights = _regress(signs, np.array([one.is_answered for one in told], np.float32))
    measured: dict[str, list[float]] = {}
    for one, found in zip(told, signs @ weights[:-1] + weights[-1], strict=True):
        if one.is_answered:
            measured.setdefault(one.language, []).append(float(found))
    return Certainty(weights, _below(measured, _refused), _below(measured, _doubted))


def _below(
    measured: Mapping[str, Sequence[float]], share: Callable[[str], float]
) -> dict[str, float]:
    """What a share of each language's values stays below, and of an unknown language's."""
    of = {
        language: round(float(np.quantile(measured[language], share(language))), 3)
        for language in SUPPORTED
        if language in measured
    }
    others = [value for language, value in of.items() if language != "de"]
    return {**of, UNKNOWN: round(float(np.mean(others)), 3)}


def _refused(language: str) -> float:
    return REFUSED_IN_GERMAN if language == "de" else REFUSED


def _doubted(language: str) -> float:
    return DOUBTED_IN_GERMAN if language == "de" else DOUBTED


def save_certainty(certainty: Certainty) -> None:
    """Writes data/models/certainty.json."""
    fitted = {
        "model": MODEL_ID,
        "weights": [round(float(weight), 4) for weight in certainty.weights],
        "enough": certainty.enough,
        "sure": certainty.sure,
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


def tell(example: Example, selector: Selector) -> Told:
    """What tells whether an example is answered, by the network that has not seen its page."""
    number = zlib.crc32(example.question.page.encode()) % len(selector.networks)
    unseen = replace(selector, networks=(selector.networks[number],))
    probabilities = unseen.probabilities(example.vector, example.forms, example.vectors)
    signs = read_signs(example.forms, probabilities, example.bearing)
    return Told(example.question.language, signs, example.is_answered)


def read_all(data: Path, settings: Settings, states: Path | None) -> Iterator[Example]:
    """What is fitted to."""
    pages, laws = data / "omos-qa", data / "ortsrecht-bw"
    with open_set(pages, settings, states and states / "pages") as store:
        yield from read_hidden_pages(store, pages, EVERY)
    with open_set(laws, settings, states and states / "laws", "towns.jsonl") as store:
        yield from read_hidden_laws(store, laws / "towns.jsonl", EVERY)


def main() -> None:
    """Fits, writes data/models/certainty.json, and prints what it does with what it was fitted
    to."""
    parser = argparse.ArgumentParser(prog="python -m eval.certainty", description=__doc__)
    parser.add_argument("data", type=Path, help="the measuring data, such as ../shared/data")
    parser.add_argument("--states", type=Path, help="where the sets are or will be ingested")
    options = parser.parse_args()
    selector = load_selector(MODEL_ID)
    if selector is None:
        raise UsageError("No selector was trained; please run python -m eval.selector first.")
    read = read_all(options.data, load_settings(), options.states)
    told = [tell(example, selector) for example in read if example.forms]
    certainty = fit_certainty(told)
    save_certainty(certainty)
    console = Console()
    console.print(f"{len(told)} examples")
    for language in SUPPORTED:
        own = [one for one in told if one.language == language]
        for label, is_answered in (("answerable", True), ("not", False)):
            of = [one for one in own if one.is_answered is is_answered]
            margins = [certainty.margin(language, one.signs) for one in of]
            refused = np.mean([margin < 0 for margin in margins])
            unsure = 1 - np.mean([certainty.is_sure(language, margin) for margin in margins])
            shares = f"refused {refused:.3f}, refused or in doubt {unsure:.3f}"
            console.print(f"{language} {label} {len(of)} {shares}")


if __name__ == "__main__":
    main()
