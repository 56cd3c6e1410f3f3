"""`python -m eval.selector DATA`: trains the selector of answer sentences.

DATA holds `omos-qa`, whose questions have the lines of the page that answer them marked, and
`ortsrecht-bw`. The networks see the train split and our own questions about pages and by-laws
(data/questions); what a probability must reach is chosen on the dev split. `python -m
eval.certainty` comes next.
"""

from __future__ import annotations

import argparse
import itertools
import random
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, gelu

from core.model import MODEL_ID
from core.settings import Settings, load_settings
from core.types import Vector
from eval.answers import Lines, score_lines
from eval.dataset import open_set
from eval.reading import Example, read_own_laws, read_own_pages, read_split
from service.selector import DILATIONS, SELECTOR
from service.sentences import FEATURES

NETWORKS = 3
EPOCHS = 4
BATCH = 32  # questions
WIDTH, SHARED, DROPPED = 48, 16, 0.25
RATE, DECAY = 2e-3, 0.03
NEARLY = 0.01  # of F1: so much is given for shorter answers


class Network(nn.Module):
    """What `service.selector._run` computes, to be trained."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.sentence = nn.Linear(dimensions, SHARED, bias=False)
        self.question = nn.Linear(dimensions, SHARED, bias=False)
        self.shared = nn.Linear(dimensions, SHARED, bias=False)
        for layer, spread in ((self.sentence, 0.5), (self.question, 0.5), (self.shared, 3.0)):
            nn.init.normal_(layer.weight, std=spread)
        self.enter = nn.Linear(FEATURES + 3 * SHARED, WIDTH)
        self.mix = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation)
            for dilation in DILATIONS
        )
        self.leave = nn.Linear(2 * WIDTH, 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, forms: Tensor, vectors: Tensor, questions: Tensor, mask: Tensor) -> Tensor:
        """Logits (passages, sentences); `mask` is 0 where there is no sentence."""
        there = mask[:, :, None]
        seen = self.sentence(vectors)
        asked = self.question(questions)[:, None]
        shared = self.shared(vectors * questions[:, None])
        entered = torch.cat([forms, seen, seen * asked, shared], -1)
        states = self.drop(gelu(self.enter(self.drop(entered)), approximate="tanh")) * there
        for mix in self.mix:
            mixed = gelu(mix(states.transpose(1, 2)).transpose(1, 2), approximate="tanh")
            states = (states + self.drop(mixed)) * there
        whole = (states - 1e4 * (1 - there)).amax(1, keepdim=True).expand_as(states)
        logits: Tensor = self.leave(torch.cat([states, whole], -1))[..., 0]
        return logits


def fold_of(example: Example) -> int:
    """The network that does not see an example: all questions about a page belong together."""
    return zlib.crc32(example.question.page.encode()) % NETWORKS


def train_network(examples: Sequence[Example], seed: int) -> Network:
    """A network trained on all examples."""
    torch.manual_seed(seed)
    shuffled = random.Random(seed)
    network = Network(len(examples[0].vector))
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    network.train()
    for _ in range(EPOCHS):
        order = shuffled.sample(range(len(examples)), len(examples))
        for start in range(0, len(order), BATCH):
            batch = [examples[number] for number in order[start : start + BATCH]]
            *inputs, mask, answers, weights = _stack(batch)
            logits = network(*inputs, mask)
            losses = binary_cross_entropy_with_logits(logits, answers, reduction="none")
            loss = (losses * weights).sum() / weights.sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch types it not
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _stack(examples: Sequence[Example]) -> tuple[Tensor, ...]:
    """Forms, vectors, questions, mask, answers and weights of all passages, padded. An example's
    weight is the root of its number of sentences, so that long ones do not decide alone."""
    rows = [
        (form, own, example.vector, answers, max(1, sum(map(len, example.forms))) ** -0.5)
        for example in examples
        for form, own, answers in zip(example.forms, example.vectors, example.answers, strict=True)
    ]
    longest = max(len(form) for form, *_ in rows)
    forms = np.zeros((len(rows), longest, FEATURES), np.float32)
    vectors = np.zeros((len(rows), longest, len(examples[0].vector)), np.float32)
    mask, answers, weights = (np.zeros((len(rows), longest), np.float32) for _ in range(3))
    for number, (form, own, _, marked, weight) in enumerate(rows):
        there = slice(0, len(form))
        forms[number, there], vectors[number, there] = form, own
        mask[number, there], answers[number, there], weights[number, there] = 1, marked, weight
    questions = np.array([question for _, _, question, *_ in rows], np.float32)
    return tuple(map(torch.from_numpy, (forms, vectors, questions, mask, answers, weights)))


def predict(networks: Sequence[Network], examples: Sequence[Example]) -> list[list[Vector]]:
    """The mean probabilities of every passage of every example."""
    found = []
    with torch.no_grad():
        for example in examples:
            forms, vectors, questions, mask, *_ = _stack([example])
            logits = [network(forms, vectors, questions, mask) for network in networks]
            mean = torch.stack(logits).sigmoid().mean(0).numpy()
            found.append([row[: len(form)] for row, form in zip(mean, example.forms, strict=True)])
    return found


def find_lines(
    example: Example, probabilities: Sequence[Vector], least: float
) -> tuple[Lines, Lines]:
    """The lines that are marked, and those of the sentences that are likely enough."""
    chosen: set[int] = set()
    for row, lines in zip(probabilities, example.lines, strict=True):
        chosen.update(*(own for p, own in zip(row, lines, strict=True) if p >= least))
    return example.question.lines, frozenset(chosen)


def choose_least(examples: Sequence[Example], probabilities: Sequence[Sequence[Vector]]) -> float:
    """The highest probability that gives nearly the best F1, so that answers are short."""
    f1 = {}
    for least in np.arange(0.1, 0.6, 0.02):
        found = [find_lines(e, p, least) for e, p in zip(examples, probabilities, strict=True)]
        f1[float(least)] = score_lines(found).f1_answerable
    return max(least for least, value in f1.items() if value >= max(f1.values()) - NEARLY)


def to_arrays(network: Network) -> dict[str, Vector]:
    """The network's parameters, under the names that `service.selector` reads."""
    named: dict[str, Tensor] = {
        "sentence": network.sentence.weight,
        "question": network.question.weight,
        "shared": network.shared.weight,
        "in": network.enter.weight,
        "in_bias": network.enter.bias,
        "out": network.leave.weight,
        "out_bias": network.leave.bias,
    }
    for name, tensor in network.mix.named_parameters():  # "0.weight", "0.bias", "1.weight" …
        number, _, kind = name.partition(".")
        named[f"mix{number}" if kind == "weight" else f"mix{number}_bias"] = tensor
    return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in named.items()}


def load_examples(
    data: Path, settings: Settings, states: Path | None
) -> tuple[list[Example], list[Example]]:
    """What is trained on; and the dev split, asked of its pages."""
    pages, laws = data / "omos-qa", data / "ortsrecht-bw"
    with open_set(pages, settings, states and states / "pages") as store:
        train = [
            *itertools.chain(*read_split(store, pages, "train"), *read_own_pages(store, pages))
        ]
        dev, _ = read_split(store, pages, "dev")
    with open_set(laws, settings, states and states / "laws", "towns.jsonl") as store:
        train += read_own_laws(store, laws / "towns.jsonl")
    return [example for example in train if example.forms], dev


def main() -> None:
    """Trains, writes data/models/selector.npz, and prints the scores on the dev split."""
    parser = argparse.ArgumentParser(prog="python -m eval.selector", description=__doc__)
    parser.add_argument("data", type=Path, help="the measuring data, such as ../shared/data")
    parser.add_argument("--states", type=Path, help="where the sets are or will be ingested")
    options = parser.parse_args()
    train, dev = load_examples(options.data, load_settings(), options.states)
    networks = [
        train_network([e for e in train if fold_of(e) != number], number)
        for number in range(NETWORKS)
    ]
    probabilities = predict(networks, dev)
    least = choose_least(dev, probabilities)
    save_selector(networks, least)
    console = Console()
    console.print(f"{len(train)} examples, least {least:.2f}")
    for language in sorted({example.question.language for example in dev}):
        rows = [
            find_lines(example, p, least)
            for example, p in zip(dev, probabilities, strict=True)
            if example.question.language == language
        ]
        console.print(language, score_lines(rows))


def save_selector(networks: Sequence[Network], least: float) -> None:
    """Writes data/models/selector.npz."""
    arrays: dict[str, NDArray[Any]] = {
        f"{number}.{name}": values
        for number, network in enumerate(networks)
        for name, values in to_arrays(network).items()
    }
    arrays |= {"model": np.array(MODEL_ID), "least": np.array(least)}
    np.savez_compressed(SELECTOR, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
