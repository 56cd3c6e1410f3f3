"""What is not answered, and what should have been."""

from __future__ import annotations

from pathlib import Path

from sets import open_words, write_rows, write_set

from core.settings import load_settings
from core.types import Status
from eval.cases import Case
from eval.scope import ANSWERABLE, Ending, ScopeScores, ask, score_endings, wrong_cases
from service.answerer import Answerer


def ending(kind: str, status: Status) -> Ending:
    return Ending("q", "?", "de", kind, status)


def test_shares_are_of_the_questions_that_they_are_about() -> None:
    endings = [
        ending("chitchat", Status.OUT_OF_SCOPE),
        ending("general-knowledge", Status.ANSWERED),
        ending("emergency", Status.EMERGENCY),
        ending("emergency", Status.NOT_IN_DOCUMENTS),
        ending(ANSWERABLE, Status.ANSWERED),
        ending(ANSWERABLE, Status.ANSWERED),
        ending(ANSWERABLE, Status.OTHER_TOWN),
        ending(ANSWERABLE, Status.EMERGENCY),
    ]
    assert score_endings(endings) == ScopeScores(
        questions=4, not_answered=0.75, emergencies=0.5, answerable=4, wrongly_refused=0.5
    )


def test_what_was_not_asked_has_no_share() -> None:
    scores = score_endings([ending("chitchat", Status.ANSWERED)])
    assert (scores.not_answered, scores.emergencies, scores.wrongly_refused) == (0.0, None, None)


def test_wrong_is_what_should_have_ended_otherwise() -> None:
    endings = [
        ending("chitchat", Status.OUT_OF_SCOPE),
        ending("emergency", Status.EMERGENCY),
        ending(ANSWERABLE, Status.ANSWERED),
        Ending("q1", "Wie geht's?", "de", "chitchat", Status.ANSWERED, "96 Euro."),
        Ending("q2", "Hilfe!", "de", "emergency", Status.NOT_IN_DOCUMENTS, "Nein."),
        Ending("q3", "Hund?", "de", ANSWERABLE, Status.OTHER_TOWN, "Anderswo."),
    ]
    assert wrong_cases(endings) == (
        Case("Wie geht's?", ("chitchat: no answer",), ("answered: 96 Euro.",)),
        Case("Hilfe!", ("emergency: emergency",), ("not_in_documents: Nein.",)),
        Case("Hund?", ("answerable: answered",), ("other_town: Anderswo.",)),
    )


def test_every_question_is_asked_and_answerable_ones_in_their_town(tmp_path: Path) -> None:
    queries = [
        {"_id": "q1", "text": "Was kostet ein Hund?", "split": "dev", "relevant": "hund"},
        {"_id": "q2", "text": "Was kostet ein Pferd?", "split": "dev"},
        {"_id": "q3", "text": "Was kostet der Hund?", "split": "train", "relevant": "hund"},
    ]
    asked = [{**query, "city": "auental"} for query in queries]
    pages = write_set(tmp_path / "pages", {"hund": "Ein Hund kostet 96 Euro im Jahr."}, asked)
    outside = tmp_path / "outside"
    rows = [
        {"_id": "o1", "text": "Mein Mann schlägt mich!", "lang": "de", "kind": "emergency"},
        {"_id": "o2", "text": "Wie geht es dir?", "lang": "de", "kind": "chitchat"},
    ]
    write_rows(outside / "queries.jsonl", rows)
    with open_words(pages, tmp_path / "state") as store:
        endings = ask(Answerer(store, load_settings(town=None)), outside, pages, "dev")
    assert [(e.id, e.kind, e.status) for e in endings] == [
        ("o1", "emergency", Status.EMERGENCY),
        ("o2", "chitchat", Status.OUT_OF_SCOPE),
        ("q1", ANSWERABLE, Status.ANSWERED),
    ]
