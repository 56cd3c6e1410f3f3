"""The sentences picked on a page are told from those that people marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sets import open_words, write_set

from core.types import Passage, Sentence
from eval.answers import (
    NOWHERE,
    AnswerScores,
    PageQuestion,
    find_lines,
    load_page_questions,
    locate_sentences,
    score_lines,
    wrong_cases,
)
from eval.cases import Case

DOG = """Hundesteuer
Hundesteuer
Die Steuer beträgt 96 Euro im Jahr. Sie ist im Juli fällig.
***
Blindenhunde sind von ihr befreit."""
CAT = "Katzen\nKatzen\nEine Katze kostet keine Steuer. Die Steuer im Jahr beträgt für sie 0 Euro."
PAGES = {"hund": DOG.split("\n"), "katze": CAT.split("\n")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    queries = [
        {"_id": "q1", "text": "Wie viel Euro beträgt die Steuer im Jahr?", "split": "dev"},
        {"_id": "q2", "text": "Wo ist das Rathaus?", "split": "dev"},
        {"_id": "q3", "text": "Wer ist befreit?", "split": "train"},
        {"_id": "q4", "text": "Niemand hat auf einer Seite gesucht.", "split": "dev"},
    ]
    answers = [
        {"query_id": "q1", "sentences": [2, 3], "doc_id": "hund"},
        {"query_id": "q2", "sentences": [], "doc_id": "katze"},
        {"query_id": "q3", "sentences": [4], "doc_id": "hund"},
        {"query_id": "q4", "answer_text": "nichts"},
    ]
    return write_set(tmp_path / "set", {"hund": DOG, "katze": CAT}, queries, answers)


def passage(name: str, *quotes: str) -> Passage:
    text = "\n".join(quotes)
    starts = [text.index(quote) for quote in quotes]
    sentences = tuple(
        Sentence(start, start + len(quote)) for start, quote in zip(starts, quotes, strict=True)
    )
    return Passage(name, "p", "", "", "", text, None, sentences, "de", "d")


def test_marked_lines_count_from_0_and_markers_are_none(folder: Path) -> None:
    questions = load_page_questions(folder, PAGES, "dev")
    assert [(q.id, q.page, set(q.lines)) for q in questions] == [
        ("q1", "hund", {2}),
        ("q2", "katze", set()),
    ]


def test_a_sentence_lies_on_every_line_that_it_overlaps() -> None:
    lines = ["* Wer einen Hund hat,", "zahlt **96 Euro**. Im Juli.", "***", "Ende"]
    places = locate_sentences(
        lines,
        [passage("a", "Wer einen Hund hat, zahlt 96 Euro.", "Im Juli."), passage("b", "Ende")],
    )
    assert places == {("a", 0): {0, 1}, ("a", 1): {1}, ("b", 0): {3}}


def test_a_repeated_line_is_told_from_its_first_occurrence() -> None:
    lines = ["Montag", "8 bis 12 Uhr", "Dienstag", "8 bis 12 Uhr"]
    hours = "8 bis 12 Uhr"
    places = locate_sentences(
        lines, [passage("a", "Montag", hours), passage("b", "Dienstag", hours)]
    )
    assert places["a", 1] == {1}
    assert places["b", 1] == {3}


def test_of_a_title_that_is_said_twice_the_second_is_read() -> None:
    places = locate_sentences(["Katzen", "Katzen", "Ende"], [passage("a", "Katzen", "Ende")])
    assert places == {("a", 0): {1}, ("a", 1): {2}}


def test_a_sentence_that_is_not_on_the_page_has_no_place() -> None:
    places = locate_sentences(["Montag", "Dienstag"], [passage("a", "Sonntag", "Dienstag")])
    assert places == {("a", 1): {1}}


def test_only_the_given_page_is_looked_at(folder: Path, tmp_path: Path) -> None:
    text = "Wie viel Euro beträgt die Steuer im Jahr?"
    questions = [PageQuestion(page, text, "de", page, frozenset()) for page in PAGES]
    with open_words(folder, tmp_path / "state") as store:
        on_dog, on_cat = find_lines(store, PAGES, questions)
    assert 2 in on_dog
    assert on_dog <= {2, 4}
    assert on_cat == {2}


def test_lines_of_all_questions_count_together() -> None:
    rows = [
        (frozenset({1, 2, 3}), frozenset({1, 2, 9})),
        (frozenset({5}), frozenset[int]()),
        (frozenset[int](), frozenset({7})),
        (frozenset[int](), frozenset[int]()),
    ]
    assert score_lines(rows) == AnswerScores(
        questions=4,
        precision=2 / 4,
        recall=2 / 4,
        f1=4 / 8,
        f1_answerable=4 / 7,
        no_answer_seen=1 / 2,
        answered=1 / 2,
    )


def test_a_sentence_from_nowhere_is_a_false_one() -> None:
    assert score_lines([(frozenset({0}), NOWHERE | {0})]).precision == 0.5


def test_what_was_not_asked_has_no_share() -> None:
    scores = score_lines([(frozenset({1}), frozenset[int]())])
    assert (scores.precision, scores.f1, scores.answered) == (0, 0, 0)
    assert scores.no_answer_seen is None


def test_wrong_is_what_got_no_marked_line_or_any_where_none_is() -> None:
    def asked(text: str, *lines: int) -> PageQuestion:
        return PageQuestion(text, text, "de", "hund", frozenset(lines))

    rows = [
        (asked("right", 2, 4), frozenset({1, 2})),
        (asked("rightly none"), frozenset[int]()),
        (asked("none", 2, 4), frozenset[int]()),
        (asked("some", 4), frozenset({2}) | NOWHERE),
        (asked("some where none is"), NOWHERE),
    ]
    steuer = "Die Steuer beträgt 96 Euro im Jahr. Sie ist im Juli fällig."
    frei = "Blindenhunde sind von ihr befreit."
    assert wrong_cases(rows, PAGES) == (
        Case("none", (f"hund, 2, 4: {steuer} {frei}",), ("hund: no answer",)),
        Case("some", (f"hund, 4: {frei}",), (f"hund, 2: {steuer}",)),
        Case(
            "some where none is",
            ("hund: no answer",),
            ("hund: a sentence that is not in its lines",),
        ),
    )
