"""The peers' figures stand beside ours: the same questions, and cuts fitted on train only."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from encoders import WordEncoder
from rich.console import Console
from sets import write_rows, write_set

from core.settings import load_settings
from core.types import Vector
from eval.answers import AnswerScores, PageQuestion
from eval.beside import (
    Cut,
    ScoredPage,
    beside_rows,
    beside_table,
    fit_cuts,
    measure_peers_answers,
    measure_peers_retrieval,
    pick_lines,
    score_sentences,
)
from eval.peers import PEERS, Chunk, Peer, bm25_peer, dense_peer
from eval.retrieval import Scores, measure_retrieval

HALF = Scores(2, 0.5, 1.0, 0.75)


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that knows words only, in microseconds."""
    for module in ("core.store", "eval.peers"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda _: WordEncoder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pages of a town and one of another, with questions of which one has no answer."""
    pages = {
        "hund": "Hund\nHund\nDie Hundesteuer beträgt 96 Euro. Sie ist im Juli fällig.\nEnde.",
        "pass": "Pass\nPass\nEin Reisepass kostet 70 Euro.\nEr gilt zehn Jahre.",
    }
    queries = [
        {"_id": "q1", "text": "Wie viel Hundesteuer?", "split": "dev", "relevant": "hund"},
        {"_id": "q2", "text": "Hundesteuer Euro", "split": "dev", "relevant": "pass"},  # wrong
        {"_id": "q3", "text": "Was kostet ein Reisepass?", "split": "train", "relevant": "pass"},
        {"_id": "q4", "text": "Wo ist Strom?", "split": "dev"},
    ]
    answers = [
        {"query_id": "q1", "sentences": [2], "doc_id": "hund"},
        {"query_id": "q3", "sentences": [2], "doc_id": "pass"},
        {"query_id": "q4", "sentences": [], "doc_id": "pass"},
    ]
    asked = [{**query, "city": "auental"} for query in queries]
    return write_set(tmp_path / "set", pages, asked, answers)


def add_page(folder: Path, name: str, text: str, city: str) -> None:
    rows = [{"_id": name, "title": name, "text": text, "lang": "de", "city": city}]
    before = (folder / "corpus.jsonl").read_text("utf-8")
    write_rows(folder / "corpus.jsonl", rows)
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(before)


def page(lines: Sequence[int], scores: Sequence[float], right: Sequence[int] = ()) -> ScoredPage:
    question = PageQuestion("q", "?", "de", "p", frozenset(right))
    return ScoredPage(question, lines, np.array(scores, np.float32))


def test_the_peers_are_asked_the_questions_that_we_are_asked(folder: Path) -> None:
    ours = measure_retrieval(folder, load_settings(), "dev")
    peers = measure_peers_retrieval(folder, load_settings(), "dev", ["BM25"], "a-model")
    assert list(peers) == ["BM25", "a-model"]
    for scores in (ours, *peers.values()):
        assert scores["de"].questions == 2
    assert peers["BM25"]["de"].recall_1 == 0.5
    (case,) = peers["BM25"]["de"].wrong
    assert case.wanted == ("pass: pass",)
    assert case.came[0].startswith("hund: title: hund Hund Hund Die Hundesteuer")


def test_of_a_document_the_best_chunk_counts_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(_: object, questions: Sequence[object]) -> Iterator[list[Chunk]]:
        found = [*(Chunk("hund", "", str(n)) for n in range(9)), Chunk("pass", "", "p")]
        return iter([found for _ in questions])

    monkeypatch.setitem(PEERS, "BM25", lambda _: Peer(search, bm25_peer().score))
    scores = measure_peers_retrieval(folder, load_settings(), "dev", ["BM25"])["BM25"]["de"]
    assert (scores.recall_1, scores.recall_5, scores.reciprocal_rank) == (0.5, 1.0, 0.75)


def test_other_towns_are_looked_at_only_without_the_town(folder: Path) -> None:
    add_page(folder, "fremd", "Wie viel Hundesteuer? Hundesteuer Euro!", "bergtal")

    def first(with_town: bool) -> float:
        settings = load_settings()
        scores = measure_peers_retrieval(folder, settings, "dev", ["BM25"], None, with_town)
        ours = measure_retrieval(folder, settings, "dev", with_town=with_town)
        assert ours["de"].recall_1 == scores["BM25"]["de"].recall_1
        return scores["BM25"]["de"].recall_1

    assert first(with_town=True) == 0.5
    assert first(with_town=False) == 0.0


def test_a_peers_answer_is_scored_like_ours_and_cut_as_train_says(folder: Path) -> None:
    scores = measure_peers_answers(folder, load_settings(), "dev", ["BM25"], "a-model")
    assert list(scores) == ["BM25", "a-model"]
    of_bm25 = scores["BM25"]["de"]
    assert of_bm25.questions == 2
    assert (of_bm25.recall, of_bm25.no_answer_seen, of_bm25.answered) == (1.0, 1.0, 1.0)


def test_what_is_measured_does_not_move_the_cut(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[str] = []

    def fit(rows: Sequence[ScoredPage]) -> dict[str, Cut]:
        fitted.extend(row.question.id for row in rows)
        return {}

    monkeypatch.setattr("eval.beside.fit_cuts", fit)
    measure_peers_answers(folder, load_settings(), "dev", ["BM25"])
    assert fitted == ["q3"]


def test_a_set_without_such_questions_has_no_figures(folder: Path) -> None:
    for name in ("queries", "answers"):
        (folder / f"{name}.jsonl").write_text("", "utf-8")
    assert measure_peers_retrieval(folder, load_settings()) == {}
    assert measure_peers_answers(folder, load_settings()) == {}


def test_sentences_are_scored_alone_on_the_line_they_are_on() -> None:
    heard: list[str] = []

    def score(texts: Sequence[str], questions: Sequence[str]) -> Iterator[Vector]:
        heard.extend(texts)
        return iter([np.arange(len(texts), dtype=np.float32) for _ in questions])

    pages = {"a": ["Titel", "Titel", "Eins. Zwei.", "***", "Drei."], "b": ["Vier."], "c": ["Nie"]}
    questions = [PageQuestion(name, "?", "de", name, frozenset()) for name in ("b", "a")]
    peer = Peer(dense_peer(WordEncoder()).search, score)
    on_b, on_a = score_sentences(peer, pages, questions)
    assert heard == ["Titel", "Eins.", "Zwei.", "Drei.", "Vier."]
    assert (list(on_a.lines), list(on_a.scores)) == ([1, 2, 2, 4], [0, 1, 2, 3])
    assert (list(on_b.lines), list(on_b.scores)) == ([0], [4])


def test_an_answer_is_the_best_and_what_is_hardly_less() -> None:
    row = page([0, 1, 1, 3], [0.9, 0.5, 0.8, 0.85])
    assert pick_lines(row, Cut()) == {0}
    assert pick_lines(row, Cut(margin=0.06)) == {0, 3}
    assert pick_lines(row, Cut(margin=0.2)) == {0, 1, 3}
    assert pick_lines(row, Cut(floor=0.91, margin=0.2)) == set()
    assert pick_lines(page([0, 1], [-0.2, -0.5]), Cut(margin=0.1)) == {0}


def test_what_shares_nothing_is_no_answer() -> None:
    assert pick_lines(page([0, 1], [-np.inf, -np.inf]), Cut(margin=0.7)) == set()
    assert pick_lines(page([], []), Cut()) == set()


def test_a_cut_withholds_where_train_has_no_answers() -> None:
    answered = [page([0, 1, 2], [0.9, 0.85, 0.3], [0, 1]) for _ in range(6)]
    unanswered = [page([0, 1], [0.5, 0.4]) for _ in range(4)]
    cut = fit_cuts([*answered, *unanswered])["de"]
    assert pick_lines(answered[0], cut) == {0, 1}
    assert pick_lines(unanswered[0], cut) == set()
    assert fit_cuts(answered)["de"].floor == -np.inf
    assert fit_cuts([page([0], [-np.inf], [0])])["de"] == Cut()
    assert fit_cuts([]) == {}


def test_one_table_holds_every_way_by_language() -> None:
    sides = {"Auskunft": {"de": HALF, "en": HALF}, "BM25": {"de": Scores(2, 0.0, 0.125, 0.1)}}
    assert beside_rows(sides) == [
        ("language", "way", "questions", "recall@1", "recall@5", "MRR@10"),
        ("de", "Auskunft", "2", "0.500", "1.000", "0.750"),
        ("de", "BM25", "2", "0.000", "0.125", "0.100"),
        ("en", "Auskunft", "2", "0.500", "1.000", "0.750"),
    ]
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(beside_table("a set", sides, "What is to be known."))
    shown = console.export_text()
    assert [
        line.split()[:2] for line in shown.splitlines() if "0.750" in line or "BM25" in line
    ] == [
        ["de", "Auskunft"],
        ["BM25", "2"],
        ["en", "Auskunft"],
    ]
    assert "What is to be known." in shown


def test_what_was_not_asked_is_a_dash() -> None:
    sides = {"BM25": {"de": AnswerScores(1, 1.0, 1.0, 1.0, 1.0, None, 1.0)}}
    head, row = beside_rows(sides)
    assert head[3:7] == ("precision", "recall", "F1", "F1, answer there")
    assert row[head.index("no answer seen")] == "–"
