"""Retrieval is measured through the same path as the API's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sets import write_set

from core.settings import load_settings
from eval.dataset import held_out, load_questions, open_set
from eval.load import percentiles
from eval.retrieval import measure_retrieval


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = {
        "hund": "Die Hundesteuer beträgt 96 Euro im Jahr.",
        "pass": "Ein Reisepass kostet 70 Euro und ist zehn Jahre gültig.",
        "ehe": "Die Eheschließung melden Sie beim Standesamt an.",
    }
    questions = [
        ("q1", "Wie hoch ist die Steuer für meinen Hund?", "de", "dev", "hund"),
        ("q2", "How much is a passport?", "en", "dev", "pass"),
        ("q3", "Wo melde ich die Heirat an?", "de", "train", "hund"),  # wrong on purpose
        ("q4", "Was kostet Strom?", "de", "dev", None),
    ]
    rows = [
        {"_id": name, "title": name, "text": text, "lang": "de", "city": "auental"}
        for name, text in pages.items()
    ]
    asked = [
        {"_id": i, "text": t, "lang": lang, "split": s, "city": "auental"}
        for i, t, lang, s, _ in questions
    ]
    for name, lines in (("corpus", rows), ("queries", asked)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    pairs = [f"{i}\t{found}\t1" for i, _, _, _, found in questions if found]
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(pairs), "utf-8")
    return tmp_path


def test_recall_is_by_language_and_counts_questions_with_an_answer(folder: Path) -> None:
    scores = measure_retrieval(folder, load_settings())
    assert {language: row.questions for language, row in scores.items()} == {"de": 2, "en": 1}
    assert scores["en"].recall_1 == 1.0
    assert scores["de"].recall_1 == 0.5
    assert scores["de"].recall_5 == 1.0
    assert 0.5 < scores["de"].reciprocal_rank < 1.0


def test_a_split_leaves_out_the_others(folder: Path) -> None:
    assert {question.id for question in load_questions(folder, "dev")} == {"q1", "q2", "q4"}


def test_a_state_that_holds_a_set_is_not_filled_again(folder: Path, tmp_path: Path) -> None:
    def generation() -> int:
        with open_set(folder, load_settings(), tmp_path / "state") as store:
            assert len(store.registry.standing()) == 3
            return store.registry.generation()

    assert generation() == generation()


@pytest.mark.parametrize(
    ("folder", "document", "is_held_out"),
    [
        ("xquad", "xq-00-01", False),
        ("xquad", "xq-01-00", True),
        ("xquad", "xq-12-03", False),
        ("sachsen-buergerportal", "sn-abfindungen", True),
        ("sachsen-buergerportal", "sn-abmahnung", False),
        ("ortsrecht-bw", "or-baugb-kap-1-teil-1-bauleitplanung", False),
        ("omos-qa", "omos-muenchen-278154", True),
    ],
)
def test_what_training_may_see_depends_on_the_document(
    folder: str, document: str, is_held_out: bool
) -> None:
    assert held_out(folder, document) is is_held_out


def test_a_set_without_splits_is_split_by_its_first_document(tmp_path: Path) -> None:
    queries = [
        {"_id": "q1", "text": "?", "relevant": "xq-01-00"},
        {"_id": "q2", "text": "?", "relevant": "xq-02-00"},
        {"_id": "q3", "text": "?"},
    ]
    folder = write_set(tmp_path / "xquad", {}, queries)
    with (folder / "qrels.tsv").open("a") as file:
        file.write("q1\txq-00-00\t1\n")
    assert [question.id for question in load_questions(folder, "dev")] == ["q3"]
    assert [question.id for question in load_questions(folder, "train")] == ["q1", "q2"]
    assert len(load_questions(folder)) == 3


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([0.001, 0.002, 0.003]) == pytest.approx({"p50": 2.0, "p95": 2.9})
