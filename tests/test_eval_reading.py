"""What the selector is taught from: our own questions, and the sentences that answer them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sets import open_words, write_rows, write_set

from core.languages import SUPPORTED
from eval.dataset import QUESTIONS, read_rows
from eval.reading import read_own_pages, read_split


@pytest.mark.parametrize(("name", "languages"), [("pages", 6), ("laws", 4)])
def test_our_own_questions_are_whole(name: str, languages: int) -> None:
    rows = list(read_rows(QUESTIONS / f"{name}.jsonl"))
    assert len({row["id"] for row in rows}) == len(rows) > 700
    for row in rows:
        spoken = [language for language in SUPPORTED if language in row]
        assert {"de", "en"} < set(spoken)
        assert len(spoken) == languages
        assert all(row[language].strip() for language in spoken)
        assert row["document_id"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = {
        "hund": "Hundesteuer\nEin Hund kostet 96 Euro im Jahr.\nDie Marke ist zu tragen.",
        "rathaus": "Rathaus\nGeöffnet ist es von 8 bis 12 Uhr.",
    }
    queries = [{"_id": "q1", "text": "Was kostet ein Hund im Jahr?", "split": "train"}]
    answers = [{"query_id": "q1", "sentences": [1], "doc_id": "hund"}]
    made = write_set(tmp_path / "set", pages, queries, answers)
    corpus = made / "corpus.jsonl"
    rows = [json.loads(line) for line in corpus.read_text("utf-8").splitlines()]
    write_rows(corpus, [{**row, "city": row.get("city") or "Auental"} for row in rows])
    return made


def test_a_question_is_read_on_its_page_and_in_its_town(folder: Path, tmp_path: Path) -> None:
    with open_words(folder, tmp_path / "state") as store:
        [given], [found] = read_split(store, folder, "train")
    assert {line for passage in given.lines for own in passage for line in own} == {0, 1, 2}
    assert sum(marked.sum() for marked in given.answers) == 1
    assert given.is_answered
    assert found.is_answered
    assert len(found.forms) > len(given.forms)


def test_our_own_questions_are_asked_in_several_languages(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"de": "Was kostet ein Hund?", "en": "dog price", "tr": "köpek", "uk": "собака"}
    rows = [
        {"id": "p1", "document_id": "hund", "lines": [1], **own},
        {"id": "p2", "document_id": "rathaus", "lines": [], **own},
    ]
    write_rows(tmp_path / "pages.jsonl", rows)
    monkeypatch.setattr("eval.reading.QUESTIONS", tmp_path)
    with open_words(folder, tmp_path / "state") as store:
        given, found = read_own_pages(store, folder)
    assert len(given) == len(found) == 6
    assert [e.question.language for e in given].count("de") == 2
    assert [e.is_answered for e in given] == [True] * 3 + [False] * 3
