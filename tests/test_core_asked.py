"""What is asked often is kept where the town wants it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fakes import ANSWERED
from sqlalchemy import Engine

from core.asked import AskedQuestions, Question, most_asked
from core.database import open_registry
from core.registry import Registry
from core.settings import load_settings
from core.unanswered import asking_network
from core.usage import UsageCounts
from service.usage import Course, count_answer

TODAY = date.today()
ASKED = Question("Was kostet die Hundesteuer?", "de")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    registry = open_registry(load_settings(state_dir=tmp_path))
    yield registry.engine
    registry.close()


def test_the_words_are_kept_once_three_people_asked() -> None:
    asked = AskedQuestions()
    for text, network in [
        ("Was kostet die Hundesteuer?", "a"),
        ("was kostet  die Hundesteuer", "b"),
    ]:
        asked.ask(Question(text, "de"), TODAY, network)
        asked.ask(Question(text, "de"), TODAY, network)
    assert asked.take() == {}
    assert "hundesteuer" not in repr(vars(asked)).lower()
    asked.ask(ASKED, TODAY, "c")
    asked.ask(ASKED, TODAY, "c")
    assert asked.take() == {Question("was kostet die hundesteuer", "de"): 6}
    assert asked.take() == {}


def test_one_person_who_asks_again_and_again_leaves_nothing() -> None:
    asked = AskedQuestions()
    for _ in range(10):
        asked.ask(ASKED, TODAY, "a")
    assert asked.take() == {}


def test_yesterdays_askings_are_forgotten() -> None:
    asked = AskedQuestions()
    for network in "ab":
        asked.ask(ASKED, TODAY - timedelta(days=1), network)
        asked.ask(ASKED, TODAY, network)
        assert asked.take() == {}


def ask(usage: UsageCounts, engine: Engine, text: str, times: int, context: str = "") -> None:
    course = Course()
    course.language = "de"
    for number in range(times):
        asking_network.set(str(number))
        count_answer(usage, Registry(engine), ANSWERED, text, "Auental", context, course)


def test_the_most_asked_questions_come_first(engine: Engine) -> None:
    for _ in range(2):  # two processes, or two days
        usage = UsageCounts(keeps_questions=True)
        ask(usage, engine, "Wann öffnet das Rathaus?", 3)
        ask(usage, engine, "Was kostet die Hundesteuer?", 4)
        usage.write(engine)
    assert [(q.text, q.town) for q in most_asked(engine, 10)] == [
        ("was kostet die hundesteuer", "Auental"),
        ("wann öffnet das rathaus", "Auental"),
    ]
    assert len(most_asked(engine, 1)) == 1


def test_by_default_no_question_is_kept(engine: Engine) -> None:
    usage = UsageCounts(keeps_questions=load_settings().keep_questions)
    ask(usage, engine, "Was kostet die Hundesteuer?", 10)
    usage.write(engine)
    assert most_asked(engine, 10) == []


def test_what_leans_on_another_question_is_not_kept(engine: Engine) -> None:
    usage = UsageCounts(keeps_questions=True)
    ask(usage, engine, "Und für den zweiten?", 3, context="Was kostet die Hundesteuer?")
    usage.write(engine)
    assert most_asked(engine, 10) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ist die Anmeldung von Herrn Müller da?",
        "Ich heiße Ada, wo melde ich mich an?",
        "Was kostet der Hund in der Lindenstraße 12?",
        "Schreiben Sie an ada@example.org, was kostet ein Hund?",
        "Rufen Sie 09999 123-100 an?",
        "Geboren am 4. 5. 1990, was kostet der Pass?",
        "Was ist mit dem Auto AU-TA 123?",
        "Меня зовут Ольга, где мне регистрироваться?",
    ],
)
def test_a_question_with_personal_data_is_not_kept(text: str, engine: Engine) -> None:
    usage = UsageCounts(keeps_questions=True)
    ask(usage, engine, text, 5)
    usage.write(engine)
    assert most_asked(engine, 10) == []
