"""`python -m eval.adapter DATA`: trains the question adapter, on two processor cores.

DATA holds `parallel-sentences` and the sets of `eval.pages.SHARES`; only their train parts are
used, and our own data/questions/parallel.jsonl without every fifth line. The model that reads
passages stays as it is; what reads questions gets low-rank additions (LoRA) so that a question in
another language lies near its German translation, nearer than others (InfoNCE), and nearer to the
page that answers it than to any other page of its town (InfoNCE; the nearest wrong passages are its
hard negatives). German questions take part, held near where the frozen model puts them; served,
they are read without the adapter.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize
from transformers import BertModel

from core.adapter import ADAPTER
from core.languages import SUPPORTED
from core.model import QUESTION_PROMPT, provide_bundled_model
from core.openvino_encoder import load_openvino_encoder
from core.settings import load_settings
from eval.dataset import Question, follow, load_questions
from eval.pages import SHARES, embed_pages, page_loss

PARALLEL = Path(__file__).parent.parent / "data/questions/parallel.jsonl"
HELD_OUT = 5  # every so manieth of our own questions

RANK, FIRST_LAYER = 32, 4
PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
STEPS = 410  # more fitted the questions trained on, and lost on dev
RATE, WARM_UP = 6e-4, 100
STRENGTH = 0.7  # of what is added, once trained: chosen on dev
QUESTIONS, TRANSLATIONS = 32, 24  # of a step
SPOKEN = 0.75  # of translations in the supported languages, the others in any
BLUNT = 0.03  # temperature of translations
TOKENS = 44  # of a question that is trained on
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe"})

Translations = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A text in another language and in German; a question, or a sentence of the news."""

    text: str
    language: str
    german: str
    is_question: bool


class Adapted(nn.Module):
    """A linear layer that stays as it is, and its addition B·A."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer.to(torch.bfloat16)
        self.a = nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: Tensor) -> Tensor:
        """The layer's output with the addition."""
        output: Tensor = self.layer(states) + states @ self.a.T @ self.b.T
        return output


class Student:
    """The model that learns to read questions."""

    def __init__(self, folder: Path) -> None:
        self.model = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager"
        )
        self.model.train(mode=False)
        self.model.requires_grad_(requires_grad=False)
        self.adapted: dict[str, Adapted] = {}
        for number, layer in enumerate(self.model.encoder.layer[FIRST_LAYER:], FIRST_LAYER):
            for part in PARTS:
                parent = layer.get_submodule(part.rpartition(".")[0])
                name = part.rpartition(".")[2]
                addition = Adapted(getattr(parent, name))
                setattr(parent, name, addition)
                self.adapted[f"encoder.layer.{number}.{part}.weight"] = addition
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    def encode(self, questions: Sequence[str]) -> Tensor:
        """Their vectors, (questions, d), those of like length together."""
        rows = [self.tokenizer.encode(QUESTION_PROMPT + q).ids[:TOKENS] for q in questions]
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        vectors: list[Tensor] = [torch.empty(0)] * len(rows)
        for batch in np.array_split(order, -(-len(order) // 24)):
            longest = max(len(rows[number]) for number in batch)
            tokens = torch.ones(len(batch), longest, dtype=torch.long)
            mask = torch.zeros(len(batch), longest, dtype=torch.long)
            for row, number in enumerate(batch):
                tokens[row, : len(rows[number])] = torch.tensor(rows[number])
                mask[row, : len(rows[number])] = 1
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = self.model(input_ids=tokens, attention_mask=mask).last_hidden_state
            there = mask[:, :, None].float()
            for number, vector in zip(batch, (states.float() * there).sum(1), strict=True):
                vectors[number] = vector  # the mean but for its length
        return normalize(torch.stack(vectors), dim=-1)

    def save(self, path: Path) -> str:
        """Writes the additions; returns the file's SHA-256."""
        arrays = {}
        for name, addition in self.adapted.items():
            arrays[f"{name}.a"] = addition.a.detach().numpy().astype(np.float16)
            strong = STRENGTH * addition.b.detach()
            arrays[f"{name}.b"] = strong.numpy().astype(np.float16)
        np.savez(path, allow_pickle=False, **arrays)
        return hashlib.sha256(path.read_bytes()).hexdigest()


def translation_loss(student: Student, rows: Sequence[Row], german: Mapping[str, Tensor]) -> Tensor:
    """How far questions lie from their German translations, and these from where the frozen model
    puts them. Of news only the frozen model's vector of the German sentence counts."""
    asked = student.encode([misspell(row.text, row.language) for row in rows])
    frozen = torch.stack([german[row.german] for row in rows])
    places = [place for place, row in enumerate(rows) if row.is_question]
    wanted, anchor = frozen.clone(), torch.zeros(())
    if places:
        own = student.encode([misspell(rows[place].german, "de") for place in places])
        wanted[places] = own.detach()
        anchor = (1 - (own * frozen[places]).sum(1)).mean()
    contrast = cross_entropy(asked @ wanted.T / BLUNT, torch.arange(len(rows)))
    distance = (1 - (asked * wanted).sum(1)).mean()
    return 0.5 * contrast + 10 * distance + 5 * anchor


def misspell(text: str, language: str) -> str:
    """The text as it is typed in a hurry, in half of the cases."""
    chance = random.random
    if chance() < 0.45:
        return text
    if chance() < 0.5:
        text = text.lower()
    if chance() < 0.4:
        text = text.rstrip("?!. ")
    if language == "de" and chance() < 0.35:
        text = text.translate(_UMLAUTS)
    if chance() < 0.3 and len(text) > 12:
        place = random.randrange(1, len(text) - 2)
        first, second = text[place], text[place + 1]
        typed = random.choice((second + first, second, first + first + second))
        text = text[:place] + typed + text[place + 2 :]
    return text


def load_translations(data: Path) -> tuple[list[list[Translations]], tuple[float, ...]]:
    """News, our own questions, and those of omos-qa and xquad that may be trained on; and how often
    each kind comes."""
    texts = {
        path.stem: path.read_text("utf-8").splitlines()
        for path in (data / "parallel-sentences").glob("*.txt")
    }
    count = len(texts["de"])
    news = [{language: lines[n] for language, lines in texts.items()} for n in range(count)]
    own = [json.loads(line) for line in PARALLEL.read_text("utf-8").splitlines()]
    kept = [row for number, row in enumerate(own) if row.pop("id") and number % HELD_OUT]
    asked = []
    for name in ("omos-qa", "xquad"):
        rows: dict[str, Translations] = {}
        for question in load_questions(data / name, "train"):
            rows.setdefault(question.id.rpartition("-")[0], {})[question.language] = question.text
        asked.append([row for row in rows.values() if len(row) > 1 and "de" in row])
    return [news, kept, *asked], (3.0, 3.0, 1.5, 0.7)


def draw(translations: Sequence[Sequence[Translations]], weights: Sequence[float]) -> Row:
    """One text with its German translation."""
    (kind,) = random.choices(range(len(translations)), weights)
    row = random.choice(translations[kind])
    others = [language for language in row if language != "de"]
    spoken = [language for language in others if language in SUPPORTED]
    language = random.choice(spoken if spoken and random.random() < SPOKEN else others)
    return Row(row[language], language, row["de"], is_question=kind > 0)


def main() -> None:
    """Trains, writes the adapter, and prints its SHA-256."""
    parser = argparse.ArgumentParser(prog="python -m eval.adapter", description=__doc__)
    parser.add_argument("data", type=Path, help="the measuring data, such as ../shared/data")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--output", type=Path, default=ADAPTER)
    options = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)
    folder = provide_bundled_model(load_settings().cache_dir)
    encoder = load_openvino_encoder(folder)
    pages = {name: embed_pages(options.data / name, encoder) for name in SHARES}
    questions: dict[str, list[Question]] = {
        name: [q for q in load_questions(options.data / name, "train") if q.relevant]
        for name in SHARES
    }
    shares = [SHARES[name] * math.sqrt(len(questions[name])) for name in SHARES]
    translations, weights = load_translations(options.data)
    sentences = {row["de"] for rows in translations for row in rows}
    german = {
        text: torch.from_numpy(encoder.encode_question(text, "de"))
        for text in follow(sorted(sentences), "German questions")
    }
    student = Student(folder)
    optimiser = torch.optim.AdamW(student.parameters, RATE, weight_decay=0.01)
    console = Console()
    for step in range(options.steps):
        cosine = 0.5 * (1 + math.cos(math.pi * step / options.steps))
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, step / WARM_UP) * cosine
        names = random.choices(list(SHARES), shares, k=QUESTIONS)
        drawn = [random.choice(questions[name]) for name in names]
        vectors = student.encode([misspell(question.text, question.language) for question in drawn])
        losses = [
            page_loss(question, vector, pages[name])
            for name, question, vector in zip(names, drawn, vectors, strict=True)
        ]
        rows = [draw(translations, weights) for _ in range(TRANSLATIONS)]
        loss = torch.stack(losses).mean() + translation_loss(student, rows, german)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch types it not
        nn.utils.clip_grad_norm_(student.parameters, 1.0)
        optimiser.step()
        if step % 50 == 0:
            console.print(f"step {step}, loss {loss.item():.3f}")
    console.print("ADAPTER_SHA256 of core/adapter.py:", student.save(options.output))


if __name__ == "__main__":
    main()
