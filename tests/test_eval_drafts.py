"""A town's own evaluation set: drafted from its documents, by patterns or a language model."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from encoders import WordEncoder
from rich.console import Console
from sets import open_words, write_rows

from core.errors import SettingInvalid, UsageError
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Status
from eval.decisions import Decision, Verdict, save_decisions, save_set
from eval.drafting.model import DraftingModel
from eval.drafting.rows import IndexEmpty
from eval.drafts import draft_by_model, draft_by_patterns, make_set
from eval.questions import (
    QuestionKind,
    SetInvalid,
    SetRow,
    load_rows,
    locate_sources,
)

TODAY = date(2026, 11, 22)
DOG_TAX = """\
## § 5 Steuersatz

(1) Die Steuer beträgt im Kalenderjahr

1. für den ersten Hund 108,00 Euro,
2. für den zweiten Hund 216,00 Euro.

## § 10 Anzeigepflicht

(1) Wer einen Hund hält, hat dies innerhalb von zwei Wochen nach der Aufnahme anzuzeigen.
"""
WASTE = """\
## § 7 Sperrmüll

Für jede weitere Abholung beträgt die Gebühr 35,00 Euro.

## § 10 Beginn

Die Gebührenpflicht beginnt mit dem ersten Tag des Monats, der auf die Bereitstellung folgt.
"""
ELSEWHERE = DOG_TAX.replace("108,00", "96,00")
LATER = "## § 2 Steuersatz\n\nDie Jagdsteuer beträgt 30,00 Euro im Jahr.\n"


def by_law(name: str, title: str, text: str, **others: str) -> dict[str, str]:
    here = {"town": "Auental", "ars": "990010001001"}
    return {"_id": name, "title": title, "text": text, "lang": "de", **here, **others}


DOCUMENTS = [
    by_law("hund", "Hundesteuersatzung", DOG_TAX),
    by_law("abfall", "Abfallgebührensatzung", WASTE),
    by_law("jagd", "Jagdsteuersatzung", LATER, valid_from="2027-01-01"),
    by_law("haupt", "Hauptsatzung", "## § 1 Amt\n\nDas Amt beginnt am 1. Mai mit der Wahl."),
]


@contextmanager
def opened(folder: Path, documents: Sequence[Mapping[str, str]]) -> Iterator[Store]:
    """The store of these documents."""
    write_rows(folder / "corpus.jsonl", documents)
    with open_words(folder, folder / "state") as store:
        yield store


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened(tmp_path_factory.mktemp("town"), DOCUMENTS) as store:
        yield store


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the town's index, which opens with an encoder that knows words only."""
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    with opened(tmp_path, DOCUMENTS):
        return load_settings(state_dir=tmp_path / "state", llm_base_url=None)


def questions(rows: Any) -> list[str]:
    return [row.question["de"] for row in rows]


def answered(rows: Any) -> list[SetRow]:
    return [row for row in rows if row.status is Status.ANSWERED]


def test_drafts_stand_in_the_documents_with_their_numbers(town: Store) -> None:
    rows = answered(draft_by_patterns(town, 100, today=TODAY))
    locate_sources(rows, town)
    assert "Wie hoch ist die Steuer im Kalenderjahr für den ersten Hund?" in [
        question.removeprefix("Hundesteuer: ") for question in questions(rows)
    ]
    assert len({row.id for row in rows}) == len(rows) >= 5
    for row in rows:
        assert all(any(number in s.quote for s in row.sources) for number in row.numbers)
        assert row.reference
    assert not any(source.document_id == "haupt" for row in rows for source in row.sources)


def test_a_few_drafts_are_even_over_documents(town: Store) -> None:
    rows = answered(draft_by_patterns(town, 3, today=TODAY))
    assert {row.sources[0].document_id for row in rows} == {"hund", "abfall", "jagd"}


def test_a_document_that_is_not_in_force_yet_is_asked_about_as_of_its_first_day(
    town: Store,
) -> None:
    rows = draft_by_patterns(town, 100, today=TODAY)
    days = {(row.sources[0].document_id, row.kind, row.as_of) for row in answered(rows)}
    assert ("jagd", QuestionKind.AS_OF_DATE, date(2027, 1, 1)) in days
    assert {day for name, _, day in days if name == "hund"} == {TODAY}


def test_some_questions_have_no_answer_in_any_document(town: Store) -> None:
    rows = draft_by_patterns(town, 100, today=TODAY)
    absent = [row for row in rows if row.kind is QuestionKind.UNANSWERABLE]
    assert 0 < len(absent) <= len(rows) / 5
    assert all(row.status is Status.NOT_IN_DOCUMENTS and not row.sources for row in absent)
    assert "Wie beantrage ich einen Jagdschein?" not in questions(absent)  # it has a hunting tax


def test_in_an_index_of_several_towns_each_question_names_its_own(tmp_path: Path) -> None:
    other = {"town": "Oberau", "ars": "990010001002"}
    documents = [
        by_law("hund", "Hundesteuersatzung", DOG_TAX),
        by_law("hund-oberau", "Hundesteuersatzung", ELSEWHERE, **other),
    ]
    with opened(tmp_path, documents) as store:
        rows = draft_by_patterns(store, 100, today=TODAY)
    assert {(row.sources[0].document_id, row.town) for row in answered(rows)} == {
        ("hund", "990010001001"),
        ("hund-oberau", "990010001002"),
    }


def test_what_two_passages_answer_differently_is_not_asked(tmp_path: Path) -> None:
    text = "## § 1 Gebühren\n\nDie Parkgebühr beträgt 2,00 Euro.\n"
    other = text.replace("§ 1", "§ 2").replace("2,00", "1,00")
    with opened(tmp_path / "one", [by_law("park", "Parkgebührensatzung", text)]) as store:
        assert len(answered(draft_by_patterns(store, 10, today=TODAY))) == 1
    with opened(tmp_path / "two", [by_law("park", "Parkgebührensatzung", text + other)]) as store:
        assert answered(draft_by_patterns(store, 10, today=TODAY)) == []


def test_an_empty_index_is_told_in_a_sentence(tmp_path: Path) -> None:
    with opened(tmp_path, DOCUMENTS) as store:
        store.registry.forget()
        with pytest.raises(IndexEmpty, match="auskunft ingest PATH"):
            draft_by_patterns(store, 10)


def test_making_a_set_again_adds_only_what_is_new(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    told = StringIO()
    shown = Console(file=told)
    assert make_set(path, settings, 3, console=shown) == 0
    first, second, third = load_rows(path)
    mended = first.model_copy(update={"question": {"de": "hund wieviel"}})
    save_set(path, [mended, third])
    save_decisions(path, [Decision(second.id, Verdict.DROPPED, TODAY)])
    assert make_set(path, settings, 100, console=shown) == 0
    rows = load_rows(path)
    assert rows[:2] == [mended, third]
    assert len(rows) > 3
    assert second.id not in {row.id for row in rows}
    before = path.read_bytes()
    assert make_set(path, settings, 100, console=shown) == 0
    assert path.read_bytes() == before
    assert "Nothing new was drafted" in told.getvalue()


def test_a_set_of_another_schema_version_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"schema_version": 7}\n', "utf-8")
    with pytest.raises(SetInvalid, match="schema version 7"):
        make_set(path, settings, 5)
    assert path.read_text("utf-8") == '{"schema_version": 7}\n'


def test_patterns_make_german_questions_only(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    with pytest.raises(UsageError, match="for tr set AUSKUNFT_LLM_BASE_URL"):
        make_set(path, settings, 5, ("de", "tr"))
    with pytest.raises(UsageError, match="not in xx"):
        make_set(path, settings, 5, ("xx",))
    half = settings.model_copy(update={"llm_base_url": "http://localhost:1"})
    with pytest.raises(SettingInvalid, match="AUSKUNFT_LLM_MODEL"):
        make_set(path, half, 5)
    assert not path.exists()


Reply = Callable[[str], Any]  # from what the model was given to what it says


def model_of(
    reply: Reply, asked: list[dict[str, Any]] | None = None, seconds: float = 20
) -> DraftingModel:
    """A language model that says what a test has written for it."""

    def handle(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if asked is not None:
            asked.append(body)
        said = reply(body["messages"][1]["content"])
        if isinstance(said, httpx.Response):
            return said
        text = said if isinstance(said, str) else json.dumps({"drafts": said})
        return httpx.Response(200, json={"choices": [{"message": {"content": text}}]})

    client = httpx.Client(base_url="http://model/v1/", transport=httpx.MockTransport(handle))
    return DraftingModel(client, "small", seconds)


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "amount",
        "question": {"de": "Was kostet der Hund?", "en": "How much is the dog?"},
        "reference": "Für den ersten Hund 108,00 Euro.",
        "quote": "für den ersten Hund 108,00 Euro",
        "numbers": ["108,00 Euro"],
        **changes,
    }


def only_dogs(*drafts: dict[str, Any]) -> Reply:
    return lambda given: list(drafts) if "108,00" in given else []


def test_a_model_drafts_in_several_languages(town: Store) -> None:
    asked: list[dict[str, Any]] = []
    kept: list[int] = []
    drafts = draft_by_model(
        town,
        model_of(only_dogs(draft()), asked),
        10,
        ("de", "en"),
        keep=lambda rows: kept.append(len(rows)),
        today=TODAY,
    )
    [row] = drafts.rows
    assert row.question == {"de": "Was kostet der Hund?", "en": "How much is the dog?"}
    assert (row.sources[0].document_id, row.sources[0].section) == ("hund", "§ 5")
    assert kept == [1]
    locate_sources(drafts.rows, town)
    schema = asked[0]["response_format"]["json_schema"]["schema"]
    fields = schema["properties"]["drafts"]["items"]["properties"]
    assert fields["question"]["required"] == ["de", "en"]
    again = draft_by_model(town, model_of(only_dogs(draft())), 10, known={row.id}, today=TODAY)
    assert again.rows == []


def test_document_text_is_given_between_marks_that_it_cannot_know(town: Store) -> None:
    asked: list[dict[str, Any]] = []
    draft_by_model(town, model_of(lambda _: [], asked), 10, today=TODAY)
    marks = {body["messages"][1]["content"].split("\n")[0] for body in asked}
    assert len(marks) == len(asked) > 1
    for body in asked:
        system, user = (message["content"] for message in body["messages"])
        mark = user.split("\n")[0]
        assert mark in system
        assert user.endswith(mark.replace("<", "</"))
        assert "108,00" not in system


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quote": "für den dritten Hund 500,00 Euro"}, "does not stand there"),
        ({"numbers": ["109,00 Euro"]}, "“109,00 Euro” does not stand in the quote"),
        ({"reference": "Der Hund kostet 999 Euro."}, "“999” does not stand in the quote"),
        ({"reference": " "}, "has no answer"),
        ({"question": {"en": "How much?"}}, "no question in de"),
        ({"kind": "injection"}, "kind injection"),
    ],
)
def test_a_draft_that_is_not_held_by_its_passage_is_refused(
    town: Store, changes: dict[str, Any], reason: str
) -> None:
    wrong, right = draft(**changes), draft()
    drafts = draft_by_model(town, model_of(only_dogs(wrong, right)), 10, today=TODAY)
    assert len(drafts.rows) == 1
    [failure] = drafts.failures
    assert failure.startswith("hund, § 5: ")
    assert reason in failure


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Gerne! Hier sind Fragen.", "not JSON of the form"),
        (httpx.Response(500), "status 500"),
        (httpx.Response(200, text="<html>"), "not a chat completion"),
    ],
)
def test_nonsense_for_one_passage_is_named_and_the_rest_goes_on(
    town: Store, said: Any, reason: str
) -> None:
    def reply(given: str) -> Any:
        return said if "Abholung" in given else only_dogs(draft())(given)

    drafts = draft_by_model(town, model_of(reply), 10, today=TODAY)
    assert len(drafts.rows) == 1
    [failure] = drafts.failures
    assert failure.startswith("abfall, § 7: ")
    assert reason in failure


def test_a_model_that_does_not_answer_is_given_up(town: Store) -> None:
    asked: list[dict[str, Any]] = []

    def reply(_: str) -> Any:
        raise httpx.ConnectError("refused")

    drafts = draft_by_model(town, model_of(reply, asked), 10, today=TODAY)
    assert drafts.rows == []
    assert len(asked) == 3
    assert drafts.failures[-1] == "The other passages were not asked about."
    assert all("cannot be reached" in failure for failure in drafts.failures[:-1])


def test_a_model_that_drips_is_given_up_in_time(town: Store) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(2000):
            time.sleep(0.05)
            yield b" "

    begun = time.monotonic()
    model = model_of(lambda _: httpx.Response(200, content=drip()), seconds=0.3)
    drafts = draft_by_model(town, model, 10, today=TODAY)
    assert time.monotonic() - begun < 30
    assert "no answer within 0.3 seconds" in drafts.failures[0]


def test_the_limit_ends_the_asking(town: Store) -> None:
    asked: list[dict[str, Any]] = []
    answers = only_dogs(
        draft(),
        draft(
            quote="für den zweiten Hund 216,00 Euro",
            numbers=[],
            reference="Für den zweiten Hund mehr.",
        ),
    )
    drafts = draft_by_model(town, model_of(answers, asked), 1, today=TODAY)
    assert len(drafts.rows) == 1
    standing = draft_by_model(
        town, model_of(answers), 10, known={drafts.rows[0].id}, standing=drafts.rows, today=TODAY
    )
    assert standing.rows == []  # the passage is not asked about again
