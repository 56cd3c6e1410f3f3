"""Approved answers: a threshold fitted on one half of the pairs, measured on the other."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from encoders import WordEncoder
from sets import write_rows

from core.settings import load_settings
from eval import faq
from eval.faq import (
    Pair,
    fit_faq_threshold,
    fit_threshold,
    load_pairs,
    measure_faq,
    score_pairs,
    write_faqs,
)

SHARED = Path(__file__).parent.parent.parent / "shared/data/gov-covid-faq"
ENTRIES = {
    "Wie melde ich mich um?": "Kommen Sie ins Rathaus. Bringen Sie den Ausweis mit.",
    "Was kostet ein Reisepass?": "70 Euro.",
    "*Wann* ist geöffnet?": "Von 8 bis 12 Uhr.",
}
PAIRS = [
    ("Wie melde ich mich um?", "Wie melde ich mich um???", 1),
    ("*Wann* ist geöffnet?", "Wann ist geöffnet?", 1),
    ("Was kostet ein Reisepass?", "Wie melde ich mich um??", 1),  # wrong on purpose
    ("Was kostet ein Reisepass?", "Wann ist morgen geöffnet?", 1),
    ("Was kostet ein Reisepass?", "Wer wohnt hier?", 0),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = [
        {"_id": f"cf-{number}", "text": answer, "lang": "de"}
        for number, answer in enumerate(ENTRIES.values())
    ]
    queries = [
        {"_id": f"q-cf-{number}", "text": question, "lang": "de"}
        for number, question in enumerate(ENTRIES)
    ]
    write_rows(tmp_path / "corpus.jsonl", [*corpus, {"_id": "x", "text": "Tak.", "lang": "pl"}])
    write_rows(tmp_path / "queries.jsonl", [*queries, {"_id": "q-x", "text": "Czy?", "lang": "pl"}])
    for language, pairs in (("de", PAIRS), ("en", [])):
        path = tmp_path / f"question_pairs_{language}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("question_1", "question_2", "similar"), *pairs])
    return tmp_path


def labelled(*labels: bool) -> list[Pair]:
    return [Pair(str(number), "?", "de", label) for number, label in enumerate(labels)]


def test_the_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    pairs = labelled(True, True, False, True)
    assert fit_threshold(pairs, [0.9, 0.95, 0.8, 0.7]) == 0.9
    assert fit_threshold(pairs, [0.9, 0.95, 0.6, 0.7]) == 0.7
    assert fit_threshold(pairs, [0.8, 0.7, 0.9, 0.6]) == 1.0


def test_pairs_are_scored_at_a_threshold() -> None:
    pairs = labelled(True, True, False, True)
    assert score_pairs(pairs, [0.9, 0.95, 0.92, 0.7], 0.9) == (2 / 3, 2 / 3)
    assert score_pairs(pairs, [0.1, 0.1, 0.1, 0.1], 0.9) == (0, 0)


def test_pairs_are_read_and_split_in_halves(folder: Path) -> None:
    pairs = load_pairs(folder)
    assert [(pair.entry, pair.asked, int(pair.is_same)) for pair in pairs] == PAIRS
    many = [Pair("Wie?", str(number), "de", True) for number in range(400)]
    assert 150 < sum(pair.is_held_out for pair in many) < 250


def test_the_faq_has_the_entries_of_our_languages(folder: Path, tmp_path: Path) -> None:
    entries = write_faqs(folder, tmp_path / "documents")
    assert entries == {(question, "de") for question in ENTRIES}
    assert "## Wie melde ich mich um?" in (tmp_path / "documents/faq-de.md").read_text("utf-8")


def test_entries_answer_rightly_wrongly_or_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    scores = measure_faq(folder, load_settings())
    assert scores.threshold == 0.99
    assert scores.entries["de"].questions == 4
    assert scores.entries["de"].right == 0.5
    assert scores.entries["de"].wrong == 0.25


def test_the_fitted_threshold_is_kept_with_its_model(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "same_question.json"
    monkeypatch.setattr(faq, "SAME_QUESTION", kept)
    monkeypatch.setattr(faq, "load_encoder", lambda _: WordEncoder())
    threshold = fit_faq_threshold(folder, load_settings())
    assert json.loads(kept.read_text("utf-8")) == {"model": "words", "cosine": threshold}


@pytest.mark.shared_data
def test_the_labelled_pairs_can_be_read() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is missing")
    pairs = load_pairs(SHARED)
    assert len(pairs) == 1112
    assert sum(pair.is_same for pair in pairs) == 556
