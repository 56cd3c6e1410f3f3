"""`python -m eval.selector FOLDER`: trains the selector of answer sentences.

FOLDER is a set of questions with the lines of the page that answer them, such as omos-qa. The
networks see the train split; what a probability must reach is chosen on the dev split.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from eval.answers import (
    NOWHERE,
    Lines,
    PageQuestion,
    load_page_questions,
    locate_sentences,
    score_lines,
)
from eval.dataset import follow, open_set, read_rows
from service.retrieve import Query, retrieve
from service.selector import DILATIONS, FEATURES, SELECTOR, describe, vectors_of

NETWORKS = 3
EPOCHS = 12
BATCH = 32  # questions
WIDTH, SHARED, DROPPED = 48, 16, 0.25
RATE, DECAY = 2e-3, 0.03
NEARLY = 0.01  # of F1: so much is given for shorter answers


@dataclass(frozen=True, slots=True)
class Page:
    """A question and the passages of its page: what the networks see of the sentences (n,
    FEATURES), their vectors (n, d), and the lines that each overlaps."""

    question: PageQuestion
    vector: Vector
    forms: list[Vector]
    vectors: list[Vector]
    lines: list[list[Lines]]

    @property
    def answers(self) -> list[Vector]:
        """For each passage, 1 for the sentences that answer."""
        marked = self.question.lines
        return [np.array([bool(own & marked) for own in p], np.float32) for p in self.lines]


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


def load_pages(folder: Path, settings: Settings, state: Path | None) -> dict[str, list[Page]]:
    """The questions of the train and the dev split with their pages."""
    texts = {row["_id"]: row["text"].split("\n") for row in read_rows(folder / "corpus.jsonl")}
    splits: dict[str, list[Page]] = {}
    with open_set(folder, settings, state) as store:
        generation = store.registry.generation()
        for split in ("train", "dev"):
            splits[split] = []
            for asked in follow(load_page_questions(folder, texts, split), f"Reading {split}"):
                passages = store.index.fetch(asked.page, generation)
                places = locate_sentences(texts[asked.page], passages)
                vector = store.encoder.encode_question(asked.text, asked.language)
                query = Query(
                    asked.text, asked.language, vector, None, date.today(), generation, asked.page
                )
                hits = retrieve(store, query, len(passages))
                lines = [
                    [places.get((h.passage.id, n), NOWHERE) for n in range(len(vectors_of(h)))]
                    for h in hits
                ]
                forms, vectors = describe(query, hits), [vectors_of(hit) for hit in hits]
                splits[split].append(Page(asked, vector, forms, vectors, lines))
    return splits


def train_network(pages: Sequence[Page], seed: int) -> Network:
    """A network trained on all pages."""
    torch.manual_seed(seed)
    shuffled = random.Random(seed)
    network = Network(len(pages[0].vector))
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(pages) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    network.train()
    for _ in range(EPOCHS):
        order = shuffled.sample(range(len(pages)), len(pages))
        for start in range(0, len(order), BATCH):
            batch = [pages[number] for number in order[start : start + BATCH]]
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


def _stack(pages: Sequence[Page]) -> tuple[Tensor, ...]:
    """Forms, vectors, questions, mask, answers and weights of all passages, padded. A page's weight
    is the root of its number of sentences, so that long ones do not decide alone."""
    rows = [
        (form, own, page.vector, answers, sum(map(len, page.forms)) ** -0.5)
        for page in pages
        for form, own, answers in zip(page.forms, page.vectors, page.answers, strict=True)
    ]
    longest = max(len(form) for form, *_ in rows)
    forms = np.zeros((len(rows), longest, FEATURES), np.float32)
    vectors = np.zeros((len(rows), longest, len(pages[0].vector)), np.float32)
    mask, answers, weights = (np.zeros((len(rows), longest), np.float32) for _ in range(3))
    for number, (form, own, _, marked, weight) in enumerate(rows):
        there = slice(0, len(form))
        forms[number, there], vectors[number, there] = form, own
        mask[number, there], answers[number, there], weights[number, there] = 1, marked, weight
    questions = np.array([question for _, _, question, *_ in rows], np.float32)
    return tuple(map(torch.from_numpy, (forms, vectors, questions, mask, answers, weights)))


def predict(networks: Sequence[Network], pages: Sequence[Page]) -> list[list[Vector]]:
    """The mean probabilities of every passage of every page."""
    found = []
    with torch.no_grad():
        for page in pages:
            forms, vectors, questions, mask, *_ = _stack([page])
            logits = [network(forms, vectors, questions, mask) for network in networks]
            mean = torch.stack(logits).sigmoid().mean(0).numpy()
            found.append([row[: len(form)] for row, form in zip(mean, page.forms, strict=True)])
    return found


def find_lines(page: Page, probabilities: Sequence[Vector], least: float) -> tuple[Lines, Lines]:
    """The lines that are marked, and those of the sentences that are likely enough."""
    chosen: set[int] = set()
    for row, lines in zip(probabilities, page.lines, strict=True):
        chosen.update(*(own for p, own in zip(row, lines, strict=True) if p >= least))
    return page.question.lines, frozenset(chosen)


def choose_least(pages: Sequence[Page], probabilities: Sequence[Sequence[Vector]]) -> float:
    """The highest probability that gives nearly the best F1, so that answers are short."""
    f1 = {}
    for least in np.arange(0.1, 0.6, 0.02):
        found = [find_lines(page, p, least) for page, p in zip(pages, probabilities, strict=True)]
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


def main() -> None:
    """Trains, writes data/models/selector.npz, and prints the scores on the dev split."""
    parser = argparse.ArgumentParser(prog="python -m eval.selector", description=__doc__)
    parser.add_argument("folder", type=Path, help="such as ../shared/data/omos-qa")
    parser.add_argument("--state", type=Path, help="where the set is or will be ingested")
    options = parser.parse_args()
    settings = load_settings()
    splits = load_pages(options.folder, settings, options.state)
    networks = [train_network(splits["train"], seed) for seed in range(NETWORKS)]
    dev = splits["dev"]
    probabilities = predict(networks, dev)
    least = choose_least(dev, probabilities)
    arrays: dict[str, NDArray[Any]] = {
        f"{number}.{name}": values
        for number, network in enumerate(networks)
        for name, values in to_arrays(network).items()
    }
    arrays |= {"model": np.array(MODEL_ID), "least": np.array(least)}
    np.savez_compressed(SELECTOR, allow_pickle=False, **arrays)
    console = Console()
    console.print(f"least {least:.2f}")
    for language in sorted({page.question.language for page in dev}):
        rows = [
            find_lines(page, p, least)
            for page, p in zip(dev, probabilities, strict=True)
            if page.question.language == language
        ]
        console.print(language, score_lines(rows))


if __name__ == "__main__":
    main()
