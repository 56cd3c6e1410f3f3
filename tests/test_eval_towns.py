"""The set of towns' questions is sound, and what counts as right is what a citizen needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.languages import SUPPORTED
from core.settings import load_settings
from eval.dataset import read_rows
from eval.towns import TownQuestion, check_towns, holds_value, ingest_towns, measure_towns

QUESTIONS = Path(__file__).parent.parent / "data" / "questions" / "towns.jsonl"
LAWS = Path(__file__).parents[2] / "shared" / "data" / "ortsrecht-bw" / "towns.jsonl"


def law(town: str, ars: str, amount: str, **fields: Any) -> dict[str, Any]:
    return {
        "_id": f"hund-{town}".casefold(),
        "title": f"Hundesteuersatzung der Gemeinde {town}",
        "text": f"### § 5 Steuersatz\n\nDie Steuer für einen Hund beträgt {amount} im Jahr.",
        "lang": "de",
        "town": town,
        "ars": ars,
        "valid_from": "2025-01-01",
        "status": "published",
        **fields,
    }


AICHELBERG = law("Aichelberg", "081175009002", "150,00\u00a0€")
BAD_BOLL = law("Bad Boll", "081175009012", "165,00 €")
REPEALED = law("Eschenbach", "081175011020", "90,00 €", status="ausser_kraft")
COMING = law("Hattenhofen", "081175009029", "140,00 €", valid_from="2027-01-01")


def question(**fields: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "text": "Wie hoch ist die Hundesteuer in Aichelberg?",
        "lang": "de",
        "town": None,
        "place": "Aichelberg",
        "document_id": "hund-aichelberg",
        "section": "§ 5",
        "values": ["150,00 €", "150 Euro"],
        **fields,
    }


def absent(**fields: Any) -> dict[str, Any]:
    text = "Wie hoch ist die Hundesteuer in Husum?"
    none: dict[str, Any] = {"document_id": None, "section": None, "values": []}
    return question(**{"id": "a1", "text": text, "place": "Husum", **none, **fields})


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    return write(tmp_path / "laws.jsonl", AICHELBERG, BAD_BOLL, REPEALED, COMING)


def test_a_sound_set_has_no_faults(tmp_path: Path, laws: Path) -> None:
    rows = [
        question(),
        question(id="q2", text="Hundesteuer?", town="Aichelberg"),
        question(id="q3", text="Hundesteuer?", town="081175009002", section=None),
        absent(),
        absent(id="a2", town="Bad Boll"),
    ]
    assert check_towns(write(tmp_path / "questions.jsonl", *rows), laws) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (question(lang="nl"), "The language nl is not supported."),
        (question(document_id="katze"), "There is no document katze."),
        (question(place="Bad Boll"), "The document is of Aichelberg, not of Bad Boll."),
        (question(town="Bad Boll"), "The town Bad Boll is not the document's, Aichelberg."),
        (question(town="081175009012"), "The town 081175009012 is not the document's, Aichelberg."),
        (question(section="§ 7"), "The document has no § 7."),
        (question(values=["50,00 €"]), "None of ['50,00 €'] stands in the document."),
        (question(values=[]), "None of [] stands in the document."),
        (
            question(place="Eschenbach", document_id="hund-eschenbach", values=["90,00 €"]),
            "The document is not in force on 2026-11-22.",
        ),
        (
            question(place="Hattenhofen", document_id="hund-hattenhofen", values=["140,00 €"]),
            "The document is not in force on 2026-11-22.",
        ),
        (absent(place="Bad Boll"), "There are documents of Bad Boll, but none is named."),
        (absent(town="Husum"), "The town Husum has no documents to ask in."),
        (absent(values=["9 €"]), "Without a document there is no value or section."),
    ],
)
def test_a_fault_is_named(row: dict[str, Any], fault: str, tmp_path: Path, laws: Path) -> None:
    found = check_towns(write(tmp_path / "questions.jsonl", row), laws)
    assert found == [f"{row['id']}: {fault}"]


def test_an_id_and_a_question_stand_once(tmp_path: Path, laws: Path) -> None:
    rows = [question(), question(town="Aichelberg"), question(id="q2")]
    found = check_towns(write(tmp_path / "questions.jsonl", *rows), laws)
    assert found == [
        "q1 stands there 2 times.",
        "“Wie hoch ist die Hundesteuer in Aichelberg?” asked in None stands there 2 times.",
    ]


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("beträgt 150,00 € im Jahr", True),
        ("beträgt 150,00\n€.", True),
        ("beträgt 150,00€", True),
        ("beträgt 1.150,00 €", False),
        ("beträgt 2150,00 €", False),
        ("beträgt 50,00 €", False),
    ],
)
def test_a_value_is_found_whatever_the_white_space_but_not_in_a_longer_number(
    text: str, is_there: bool
) -> None:
    assert holds_value(text, ["150,00 €"]) is is_there


def test_the_neighbours_amount_is_not_right(tmp_path: Path, laws: Path) -> None:
    rows = [
        question(),
        question(id="q2", text="Wie hoch ist die Hundesteuer?", town="Bad Boll"),
        question(id="q3", lang="en", text="How much is the dog tax?", town="081175009002"),
        absent(),
        absent(id="a2", text="Was kostet ein Hund in Aichelberg?"),
    ]
    settings = load_settings()
    ingest_towns(laws, tmp_path / "state", settings)
    questions = write(tmp_path / "questions.jsonl", *rows)
    scores = measure_towns(questions, laws, settings, tmp_path / "state")
    assert (scores.questions, scores.absent) == (5, 2)
    assert scores.right_value == pytest.approx(2 / 3)
    assert scores.per_language == {"de": 0.5, "en": 1.0}
    assert scores.absent_refused == 0.5
    assert scores.other_town == 2  # Bad Boll's for Aichelberg's, and Aichelberg's for Husum's
    assert [row["id"] for row in scores.wrong] == ["q2", "a2"]
    assert scores.wrong[0]["cited"][0].startswith("hund-bad boll § 5: ")


def test_the_questions_ask_many_towns_in_every_language() -> None:
    questions = [TownQuestion(**row) for row in read_rows(QUESTIONS)]
    present = [question for question in questions if question.document_id]
    missing = [question for question in questions if not question.document_id]
    assert len({question.id for question in questions}) == len(questions)
    assert len(present) >= 150
    assert len(missing) >= 40
    assert len({question.place for question in present}) >= 8
    assert {question.lang for question in present} == set(SUPPORTED)
    assert {question.lang for question in missing} == set(SUPPORTED)
    named = sum(question.town is None for question in present) / len(present)
    assert 0.4 <= named <= 0.6


@pytest.mark.shared_data
def test_every_value_stands_in_its_towns_by_law() -> None:
    if not LAWS.exists():
        pytest.skip(f"{LAWS} is missing")
    assert check_towns(QUESTIONS, LAWS) == []
