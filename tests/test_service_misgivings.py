"""A concern that no phrase names is told from a question's meaning; ordinary questions are not."""

from __future__ import annotations

import numpy as np
import pytest

from core.model import MODEL_ID
from core.openvino_encoder import OpenVinoEncoder
from core.settings import load_settings
from core.store import Store
from core.types import Status
from service.answerer import Answerer
from service.concerns import Concern, find_concern
from service.misgivings import Misgivings, load_misgivings

GREETING_OR_HELP = Misgivings(
    (Concern.CHIT_CHAT, Concern.CALL_FOR_HELP),
    np.array([[9, 0], [0, 9], [0, 0]], np.float32),
    np.zeros(3, np.float32),
    np.array([0.9, 0.999], np.float32),
)


def test_the_likeliest_concern_is_told_only_if_it_is_certain_enough() -> None:
    assert GREETING_OR_HELP.tell(np.array([1, 0], np.float32)) is Concern.CHIT_CHAT
    assert GREETING_OR_HELP.tell(np.array([0, 1], np.float32)) is Concern.CALL_FOR_HELP
    assert GREETING_OR_HELP.tell(np.array([0, 0.7], np.float32)) is None
    assert GREETING_OR_HELP.tell(np.array([0, 0], np.float32)) is None


def test_probabilities_are_shares() -> None:
    shares = GREETING_OR_HELP.probabilities(np.array([0.3, 0.1], np.float32))
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == 0


def test_another_model_has_no_misgivings() -> None:
    assert load_misgivings("another") is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Meine Frau liegt am Boden und reagiert nicht mehr, schnell!", "de"),
        ("someone is trying to break down our door right now", "en"),
        ("il y a de la fumée partout dans la cage d'escalier", "fr"),
        ("моя дитина проковтнула батарейку", "uk"),
    ],
)
def test_a_cry_for_help_is_heard_without_its_phrases(
    question: str, language: str, encoder: OpenVinoEncoder
) -> None:
    misgivings = load_misgivings(MODEL_ID)
    assert find_concern(question) is None
    assert misgivings
    assert misgivings.tell(encoder.encode_question(question, language)) is Concern.CALL_FOR_HELP


@pytest.mark.parametrize(
    "question",
    [
        "Was kostet ein Fehlalarm der Feuerwehr?",
        "Wie bekomme ich eine Auskunft aus dem Melderegister?",
        "Wann hat das Bürgerbüro offen?",
        "hundesteuer 1 hund wie viel im jahr",
    ],
)
def test_an_ordinary_question_is_looked_up(question: str, encoder: OpenVinoEncoder) -> None:
    misgivings = load_misgivings(MODEL_ID)
    assert misgivings
    assert misgivings.tell(encoder.encode_question(question, "de")) is None


def test_what_is_told_ends_the_question(auental: Store) -> None:
    answerer = Answerer(auental, load_settings(town=None))
    help_me = answerer.answer("someone is trying to break down our door right now")
    assert help_me.status is Status.EMERGENCY
    assert "112" in help_me.message
    assert help_me.statements == ()


def test_a_cry_for_help_is_heard_in_a_town_that_nobody_knows(auental: Store) -> None:
    answerer = Answerer(auental, load_settings(town=None))
    assert answerer.answer("Ich will sterben", town="Atlantis").status is Status.EMERGENCY


def test_small_talk_beside_a_question_does_not_silence_its_answer(auental: Store) -> None:
    answerer = Answerer(auental, load_settings(town=None))
    answer = answerer.answer("Was kostet die Hundesteuer und wer wurde 2014 Weltmeister?")
    assert answer.status is Status.ANSWERED


@pytest.mark.parametrize("question", ["tauben füttern", "enten füttern", "أريد الزواج"])
def test_two_words_are_a_search_and_no_small_talk(question: str, auental: Store) -> None:
    answerer = Answerer(auental, load_settings(town=None))
    assert answerer.answer(question).status is Status.ANSWERED
