"""What kind of thing a question asks for, and whether a sentence holds one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from core.types import Document, Hit, Kind, Passage, Sentence, Vector
from service.certainty import SIGNS, Certainty
from service.expected import asks_of_force, is_formal, kinds_asked, kinds_held
from service.extract import pick_sentences
from service.retrieve import Query
from service.selector import Selector

CERTAIN = Certainty(np.zeros(SIGNS + 1, np.float32), {"unknown": 0.0}, {"unknown": 0.0})


@pytest.mark.parametrize(
    "question",
    [
        "Was kostet der Hund?",
        "hundesteuer wie hoch",
        "How much is it?",
        "Köpek vergisi ne kadar?",
        "Скільки коштує паспорт?",
        "сколько стоит",
        "كم رسوم الكلب",
        "هزینه پاسپورت",
        "Combien ça coûte",
        "ile kosztuje",
        "cuánto cuesta",
        "quanto costa",
        "cât costă",
        "Was nimmt die Stadt für die Genehmigung?",
        "beerdigung am samstag aufpreis?",
        "Welches Bußgeld droht mir?",
        "Is there a fine if I am late?",
        "Geç kalırsam ceza var mı?",
    ],
)
def test_who_asks_for_an_amount_is_understood_in_every_language(question: str) -> None:
    assert kinds_asked(question)[0]


@pytest.mark.parametrize("question", ["Wann hat das Bürgerbüro offen?", "Where do I register?"])
def test_other_questions_do_not_ask_for_an_amount(question: str) -> None:
    assert not kinds_asked(question)[0]


@pytest.mark.parametrize(
    ("sentence", "has_amount"),
    [
        ("für den ersten Hund 108,00 €", True),
        ("1.150 Euro für 20 Jahre", True),
        ("120 Liter | Gebühr im Jahr in Euro: 66,00", True),
        ("Die Steuer wird am 15. Februar fällig.", False),
        ("§ 5 gilt.", False),
    ],
)
def test_an_amount_is_seen(sentence: str, has_amount: bool) -> None:
    assert kinds_held(sentence)[0] is has_amount


@pytest.mark.parametrize(
    ("sentence", "formal"),
    [
        ("Auental, den 20. November 2024", True),
        ("Stand: 20.11.2024", True),
        ("Diese Satzung tritt am 1. Januar 2025 in Kraft.", True),
        ("Aufgrund der Gemeindeordnung hat der Gemeinderat am 20. November beschlossen:", True),
        ("Die Steuer wird am 15. Februar fällig.", False),
        ("Aufgrund der Satzung ist die Gebühr bis zum 1. März zu zahlen.", False),
        ("Am Samstag, den 5. Dezember, ist geschlossen.", False),
    ],
)
def test_a_laws_own_dates_are_no_answer_to_when(sentence: str, formal: bool) -> None:
    assert is_formal(sentence) is formal


def test_who_asks_since_when_a_law_is_in_force_wants_them() -> None:
    assert asks_of_force("Seit wann gilt die neue Satzung?")
    assert asks_of_force("Depuis quand le règlement est-il en vigueur ?")
    assert not asks_of_force("Wann wird der Gelbe Sack abgeholt?")


def test_the_day_of_a_law_does_not_push_itself_before_a_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ("Die Satzung tritt am 1. März 2025 in Kraft.", "Die Tonne wird geleert.")
    row = np.array([0.1, 0.4], np.float32)
    assert picked(monkeypatch, "Wann wird die Tonne geleert?", texts, row) == [1]
    assert picked(monkeypatch, "Seit wann gilt die Satzung?", texts, row) == [0, 1]


def test_where_an_amount_is_asked_for_the_sentence_with_one_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ("Die Steuer ist jährlich.", "Sie beträgt 96,00 Euro.")
    row = np.array([0.3, 0.1], np.float32)
    assert picked(monkeypatch, "Was gilt?", texts, row) == [0]
    assert picked(monkeypatch, "Was kostet es?", texts, row) == [0, 1]


def picked(
    monkeypatch: pytest.MonkeyPatch, question: str, texts: Sequence[str], row: Vector
) -> list[int]:
    """The sentences of a passage that are picked for a question, at probabilities (sentences,)."""
    text = " ".join(texts)
    spans = tuple(Sentence(text.index(t), text.index(t) + len(t)) for t in texts)
    passage = Passage("p", "d", "", "", "", text, None, spans, "de", "")
    vectors = np.array([[1, 0], [0.9, 0.4]], np.float32)
    hit = Hit(passage, Document("d", "d", Kind.STATUTE), 1.0, 1.0, vectors)
    monkeypatch.setattr(Selector, "read", lambda *_: ([row], 0.0))
    query = Query(question, "de", np.array([1, 0], np.float32), None, date(2026, 1, 1), 1)
    picks = pick_sentences(query, [hit], Selector((), 0.2, CERTAIN))
    return [pick.sentence for pick in picks]
