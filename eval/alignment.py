"""`python -m eval.alignment`: makes the language offsets of questions, or measures them."""

from __future__ import annotations

import argparse
import textwrap
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from core.encoder import LANGUAGE_OFFSETS, PassageInput, load_language_offsets
from core.model import provide_bundled_model
from core.openvino_encoder import OpenVinoEncoder, load_openvino_encoder
from core.settings import load_settings
from core.types import Vector
from eval.dataset import load_questions, read_rows

GERMAN = "de"
PASSAGE_LENGTH = 700  # characters


def main() -> None:
    """Makes the offsets of a folder of parallel sentences, or measures those that there are."""
    parser = argparse.ArgumentParser(prog="python -m eval.alignment", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds LANGUAGE.txt, line by line parallel")
    parser.add_argument("--measure", action="store_true", help="folder is a retrieval set instead")
    parser.add_argument("--output", type=Path, default=LANGUAGE_OFFSETS)
    options = parser.parse_args()
    model = provide_bundled_model(load_settings().cache_dir)
    encoder = load_openvino_encoder(model, {})
    if not options.measure:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        offsets = make_offsets(encoder, options.folder)
        np.savez(options.output, allow_pickle=False, **offsets)
        return
    before = measure_recall(encoder, options.folder)
    aligned = load_openvino_encoder(model, load_language_offsets(options.output))
    after = measure_recall(aligned, options.folder)
    table = Table("language", "without", "with", title="recall@5 of the right document")
    for language in before:
        table.add_row(language, f"{before[language]:.3f}", f"{after[language]:.3f}")
    Console().print(table)


def make_offsets(encoder: OpenVinoEncoder, folder: Path) -> Mapping[str, Vector]:
    """By language, mean of the German vectors minus mean of the language's; shape (d,), float32.

    `encoder` must not align by itself. Every file must hold the same sentences in the same order.
    """
    means = {
        path.stem: mean_vector(encoder, path.read_text("utf-8").splitlines())
        for path in track(sorted(folder.glob("*.txt")), "Encoding", transient=True)
    }
    german = means.pop(GERMAN)
    return {language: german - mean for language, mean in means.items()}


def mean_vector(encoder: OpenVinoEncoder, sentences: list[str]) -> Vector:
    """The mean of the sentences' vectors as questions; shape (d,)."""
    total = np.zeros(encoder.dimensions, np.float64)
    for sentence in sentences:
        total += encoder.encode_question(sentence, GERMAN)
    mean: Vector = (total / len(sentences)).astype(np.float32)
    return mean


def measure_recall(encoder: OpenVinoEncoder, folder: Path) -> dict[str, float]:
    """By language, how often the right document is among the first five: by vectors alone, over
    passages of 700 characters, without knowing the town."""
    documents: list[str] = []
    passages: list[PassageInput] = []
    for row in read_rows(folder / "corpus.jsonl"):
        for text in textwrap.wrap(row["text"], PASSAGE_LENGTH):
            documents.append(row["_id"])
            passages.append(PassageInput(row["title"], text, ()))
    matrix = np.array([vectors.passage for vectors in encoder.encode_passages(passages)])
    found: dict[str, list[bool]] = defaultdict(list)
    for question in load_questions(folder):
        if question.relevant:
            scores = matrix @ encoder.encode_question(question.text, question.language)
            ranked = dict.fromkeys(documents[place] for place in np.argsort(-scores))
            first = list(ranked)[:5]
            found[question.language].append(not question.relevant.isdisjoint(first))
    return {language: float(np.mean(hits)) for language, hits in found.items()}


if __name__ == "__main__":
    main()
