"""Before a version is published: whose answers will change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from amendments import amended, copied

from core.index import STAGED
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Answer, Status
from service.answerer import Answerer
from service.prepared import PreparedRegistry, prepared_store
from service.preview import ChangedAnswer, changed_answer_json, changed_answers
from service.preview_questions import (
    PreviewQuestion,
    QuestionSetInvalid,
    Why,
    approved_questions,
    evaluation_questions,
    often_asked,
)

SET = Path(__file__).parent.parent / "data" / "questions" / "auental.jsonl"
TODAY = date.today()
NEW_YEAR = date(TODAY.year + 1, 1, 1)
NEW_TAX = {"108,00": "120,00"}
DOG_TAX = "Was kostet die Hundesteuer für den ersten Hund?"


@pytest.fixture(scope="module", name="auental")
def copied_town(auental: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with copied(auental, tmp_path_factory.mktemp("amended")) as town:
        yield town


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(town=None)


def said(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def preview(store: Store, settings: Settings, *texts: str) -> list[ChangedAnswer]:
    return changed_answers(store, settings, often_asked(texts))


def test_an_answer_that_changes_is_shown_before_and_after(
    auental: Store, settings: Settings
) -> None:
    with amended(auental, "hundesteuersatzung", NEW_TAX):
        (changed,) = preview(auental, settings, DOG_TAX, "Was kostet ein Baumgrab?")
        as_citizens_see_it = Answerer(auental, settings).answer(DOG_TAX)
    assert "108,00" in said(changed.before)
    assert "120,00" in said(changed.after)
    assert (changed.question.text, changed.question.why) == (DOG_TAX, Why.OFTEN_ASKED)
    assert (changed.day, changed.is_worse) == (TODAY, False)
    assert "120,00" not in said(as_citizens_see_it)

    body = json.loads(json.dumps(changed_answer_json(changed)))
    assert "§ 5 Abs. 1 Hundesteuersatzung, S. 3" in [c["label"] for c in body["after"]["citations"]]


def test_an_amendment_to_come_is_asked_about_as_of_its_first_day(
    auental: Store, settings: Settings
) -> None:
    with amended(auental, "hundesteuersatzung", NEW_TAX, valid_from=NEW_YEAR):
        (changed,) = preview(auental, settings, DOG_TAX)
        then = Answerer(prepared_store(auental), settings)
        assert said(then.answer(DOG_TAX)) == said(Answerer(auental, settings).answer(DOG_TAX))
    assert changed.day == NEW_YEAR
    assert "120,00" in said(changed.after)


def test_what_will_not_be_answered_any_more_comes_first(auental: Store, settings: Settings) -> None:
    asked = "Meine Kinder füttern am Stadtweiher die Enten mit altem Brot. Dürfen sie das?"
    yesterday = TODAY - timedelta(days=1)
    with (
        amended(auental, "hundesteuersatzung", NEW_TAX),
        amended(auental, "polizeiverordnung", {}, valid_to=yesterday),
    ):
        first, second = preview(auental, settings, DOG_TAX, asked)
    assert (first.question.text, first.is_worse) == (asked, True)
    assert first.after.status is not Status.ANSWERED
    assert (second.question.text, second.is_worse) == (DOG_TAX, False)


def test_an_amount_that_the_evaluation_set_does_not_know_is_worse_and_named(
    auental: Store, settings: Settings
) -> None:
    asked = next(q for q in evaluation_questions(SET, ["de"]) if q.numbers == ("108,00 Euro",))
    with amended(auental, "hundesteuersatzung", NEW_TAX):
        (changed,) = changed_answers(auental, settings, [asked])
    assert (changed.is_worse, changed.lost) == (True, ("108,00 Euro",))
    assert changed_answer_json(changed)["lost"] == ["108,00 Euro"]


def test_no_changed_answer_is_overlooked_for_speed(auental: Store, settings: Settings) -> None:
    """The same as if every question had been asked in full, before and after."""
    questions = [q for q in evaluation_questions(SET, ["de"]) if q.day is None][:25]
    with amended(auental, "hundesteuersatzung", {**NEW_TAX, "zwei Wochen": "vier Wochen"}):
        quick = {changed.question.text for changed in changed_answers(auental, settings, questions)}
        now, then = Answerer(auental, settings), Answerer(prepared_store(auental), settings)
        full = {
            question.text
            for question in questions
            if said(now.answer(question.text, context=question.context))
            != said(then.answer(question.text, context=question.context))
        }
    assert quick == full
    assert 3 <= len(full) < len(questions)


def test_where_nothing_is_prepared_nothing_changes(auental: Store, settings: Settings) -> None:
    assert preview(auental, settings, DOG_TAX) == []


def test_what_cannot_be_asked_is_left_out(auental: Store, settings: Settings) -> None:
    with amended(auental, "hundesteuersatzung", NEW_TAX):
        questions = [*often_asked(["???"]), *often_asked([DOG_TAX], town="Nirgendwo")]
        asked = []
        found = changed_answers(auental, settings, questions, lambda *done: asked.append(done))
    assert found == []
    assert [done[:2] for done in asked] == [(1, 2), (2, 2)]


def test_an_approved_entry_is_asked_in_all_its_languages(
    auental: Store, settings: Settings
) -> None:
    with amended(auental, "hundesteuersatzung", NEW_TAX):
        questions = list(approved_questions(auental))
        chosen = [q for q in questions if q.text == "Wie hoch ist die Hundesteuer?"]
        found = changed_answers(auental, settings, chosen)
    in_english = PreviewQuestion("How much is the dog tax?", "en", "990010001001", Why.APPROVED)
    assert in_english in questions
    assert len({q.language for q in questions}) == 12
    assert [c.question.why for c in found] == [Why.APPROVED]


def test_a_question_about_an_earlier_law_keeps_its_day() -> None:
    days = {q.text: q.day for q in evaluation_questions(SET, ["de"])}
    about_2025 = (
        "Ich sortiere alte Bescheide: Was hat die Stadt im Jahr 2025 für den ersten Hund verlangt?"
    )
    assert days[about_2025] == date(2025, 7, 1)
    assert days["hundesteuer 1 hund wie viel im jahr"] is None


@pytest.mark.parametrize("content", ["no JSON", '{"question": ["Wo?"]}', "[1]", "\xff"])
def test_a_file_that_is_no_evaluation_set_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(QuestionSetInvalid, match=r"The evaluation set .*set\.jsonl cannot be read"):
        list(evaluation_questions(path))


def test_what_windows_puts_before_a_set_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('\ufeff{"schema_version": 1}\n{"question": {"de": "Wo?"}}\n', "utf-8")
    assert [question.text for question in evaluation_questions(path)] == ["Wo?"]


def test_a_set_of_another_schema_version_is_not_asked_by_halves(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"schema_version": 2}\n{"question": {"de": "Wo?"}}\n', "utf-8")
    with pytest.raises(QuestionSetInvalid, match="has schema version 2, but this programme reads"):
        list(evaluation_questions(path))


def test_quotes_are_checked_against_the_version_of_their_day(auental: Store) -> None:
    with amended(auental, "hundesteuersatzung", NEW_TAX, valid_from=NEW_YEAR):
        prepared = PreparedRegistry(auental.registry)
        today, then = (
            prepared.page_text("hundesteuersatzung", 3, STAGED, day) or ""
            for day in (TODAY, NEW_YEAR)
        )
        numbers = [version.number for version in prepared.standing("hundesteuersatzung")]
        assert len(prepared.standing()) == len(auental.registry.standing()) + 1
        assert prepared.page_text("faq", None, STAGED, TODAY)
    assert "108,00" in today
    assert "120,00" in then
    assert numbers == [1, 2]
