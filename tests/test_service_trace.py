"""How an answer came about: kept without a word of who asked, for those who work here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from people import signed_in
from scripted_model import FakeModel, Said, serving_model
from sites import RULES

from core.database import open_registry
from core.errors import TraceUnknown
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Answer, Mode, Status
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.follow_up import Turn
from service.language_model import Task
from service.models import open_model
from service.prompting import load_prompt
from service.trace import MOST, Traces, trace_json, trace_of
from service.usage import Course
from web.parts import parts_of
from web.site import create_site

QUESTION = "Hundesteuer für den ersten Hund von Waldemar Zwiesel?"
TOWN = "990010001001"
DRAFTS = {
    "can_answer": True,
    "statements": [
        {"text": "Die Hundesteuer für den ersten Hund ist 108,00 Euro.", "sources": [1]},
        {"text": "Die Hundesteuer für den ersten Hund ist 999,00 Euro.", "sources": [1]},
        {"text": "Das steht nirgends.", "sources": [7]},
    ],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("trace")
    (folder / "rules.md").write_text(RULES, "utf-8")
    return load_settings(state_dir=folder / "state", rate_limit="off", editor_key="geheim")


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    rules = settings.state_dir.parent / "rules.md"
    assert ingest([rules], Publisher(store), settings).failures == []
    yield store
    index.close()
    registry.close()


def client_of(settings: Settings, store: Store, answerer: Answerer) -> TestClient:
    site = create_site(settings, answerer, parts_of(settings, store, answerer))
    return TestClient(site, base_url="https://testserver")


def ask(client: TestClient) -> str:
    """The address of a new answer's trace."""
    body = {"question": QUESTION, "town": TOWN}
    return f"/api/v1/answers/{client.post('/api/v1/answers', json=body).json()['id']}/trace"


def test_a_trace_tells_the_steps_and_what_was_found_and_not_the_question(
    settings: Settings, store: Store
) -> None:
    answerer = Answerer(store, settings)
    answer = answerer.answer(QUESTION, town=TOWN)
    told = trace_json(answerer.traces.find(answer.id))

    assert [step["step"] for step in told["steps"]] == [
        "read", "encode", "search", "pick", "check",
    ]  # fmt: skip
    assert sum(step["milliseconds"] for step in told["steps"]) <= told["milliseconds"] + 1
    (hit,) = told["hits"]
    assert (hit["number"], hit["document_id"], hit["section"]) == (1, "hundesteuer", "§ 5")
    assert 0 < hit["similarity"] <= 1
    assert told["picks"][0]["hit"] == 1
    assert (told["status"], told["mode"], told["town"]) == ("answered", "extractive", TOWN)
    assert told["generation"] == store.registry.generation()
    assert (told["model"], told["prompts"], told["drafts"]) == (None, [], [])
    assert told["failures"] == []
    for word in ("Waldemar", "Zwiesel", "ersten Hund"):
        assert word not in json.dumps(told, ensure_ascii=False)


def test_a_trace_tells_what_the_checks_found_in_each_draft(
    settings: Settings, store: Store
) -> None:
    answerer = Answerer(store, settings, FakeModel([json.dumps(DRAFTS)], name="scripted-7b"))
    answer = answerer.answer("How high is the Hundesteuer?", town=TOWN, language="de")
    told = trace_json(answerer.traces.find(answer.id))

    assert (told["model"], told["mode"]) == ("scripted-7b", "generated")
    assert told["prompts"] == [load_prompt("answer").title]
    assert told["steps"][-1]["step"] == "write"
    good, swapped, unproven = told["drafts"]
    assert good == {"sources": [1], "faults": [], "outcome": "shown"}
    assert "number" in swapped["faults"]
    assert swapped["outcome"] == "quoted"
    assert unproven == {"sources": [7], "faults": ["no_source"], "outcome": "left_out"}
    assert "999,00" not in json.dumps(told)


def test_a_trace_names_every_prompt_that_was_used(settings: Settings, store: Store) -> None:
    def says(task: Task) -> list[str]:
        is_follow_up = task.prompt.startswith("follow_up@")
        return [json.dumps({"question": "Hundesteuer erster Hund?"} if is_follow_up else DRAFTS)]

    answerer = Answerer(store, settings, FakeModel(says))
    turns = [Turn("Wie hoch ist die Hundesteuer?")]
    answer = answerer.answer("und für den ersten?", turns=turns, town=TOWN)
    told = trace_json(answerer.traces.find(answer.id))
    assert told["prompts"] == [load_prompt(name).title for name in ("follow_up", "answer")]


@pytest.mark.parametrize(
    ("said", "code", "told_of"),
    [
        (401, "model_failed", "status 401; check AUSKUNFT_LLM_BASE_URL"),
        (500, "model_unreachable", "fails with status 500"),
        ("I am sorry.", "model_failed", "no answer that can be used"),
        (['{"can_answer": true, ', None], "model_unreachable", "broke off"),
    ],
)
def test_a_model_that_fails_is_told_in_trace_and_log_without_the_question(
    said: Said, code: str, told_of: str, settings: Settings, store: Store, caplog: Any
) -> None:
    with serving_model(said) as server:
        chosen = settings.model_copy(update={"llm_base_url": server.url, "llm_model": "m"})
        answerer = Answerer(store, chosen, open_model(chosen))
        answers = [answerer.answer(QUESTION, town=TOWN) for _ in range(2)]

    assert {answer.mode for answer in answers} == {Mode.EXTRACTIVE}
    told = [trace_json(answerer.traces.find(answer.id)) for answer in answers]
    for (failure,) in (one["failures"] for one in told):
        assert (failure["prompt"], failure["code"]) == (load_prompt("answer").title, code)
        assert told_of in failure["message"]
    (logged,) = [one for one in caplog.records if one.name == "service.failure_log"]
    assert (logged.levelname, told_of in logged.getMessage()) == ("WARNING", True)
    for word in ("Waldemar", "Zwiesel", "ersten Hund"):
        assert word not in json.dumps(told, ensure_ascii=False) + caplog.text


def test_a_model_that_does_not_make_a_question_whole_is_told_in_the_trace(
    settings: Settings, store: Store
) -> None:
    def says(task: Task) -> list[str]:
        return ["?" if task.prompt.startswith("follow_up@") else json.dumps(DRAFTS)]

    answerer = Answerer(store, settings, FakeModel(says))
    turns = [Turn("Wie hoch ist die Hundesteuer?")]
    answer = answerer.answer("und für den ersten?", turns=turns, town=TOWN)
    (failure,) = trace_json(answerer.traces.find(answer.id))["failures"]
    assert failure["prompt"] == load_prompt("follow_up").title


def test_only_the_last_traces_are_kept() -> None:
    traces = Traces()
    for number in range(MOST + 1):
        answer = Answer(str(number), Status.REFUSED, Mode.EXTRACTIVE, "de", "Nein.")
        traces.keep(trace_of(answer, Course()))

    assert traces.find("1").id == "1"
    with pytest.raises(TraceUnknown, match="1,000"):
        traces.find("0")


def test_what_the_front_desk_asks_is_not_counted_and_can_be_traced(
    settings: Settings, store: Store
) -> None:
    answerer = Answerer(store, settings)
    answer = answerer.answer(QUESTION, town=TOWN, is_counted=False)
    assert answerer.traces.find(answer.id).status == "answered"


def test_clerks_of_the_town_may_see_it_and_who_has_the_key(
    settings: Settings, store: Store
) -> None:
    answerer = Answerer(store, settings)
    client = client_of(settings, store, answerer)
    address = ask(client)

    def status(**headers: str) -> int:
        return client.get(address, headers=headers, follow_redirects=False).status_code

    assert status() == 401
    assert status(authorization="Bearer falsch") == 401
    assert status(accept="text/html") == 303  # to where one signs in
    assert status(authorization="Bearer geheim") == 200

    signed_in(client, store.registry.engine, "clerk", "clara", town=TOWN)
    assert status() == 200
    client.cookies.clear()
    signed_in(client, store.registry.engine, "clerk", "theo", town="990010001002")
    assert status() == 403


def test_a_trace_that_is_not_known_is_one_sentence(settings: Settings, store: Store) -> None:
    client = client_of(settings, store, Answerer(store, settings))
    answer: Any = client.get(
        "/api/v1/answers/0123/trace", headers={"authorization": "Bearer geheim"}
    )
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "trace_unknown"
    assert answer.json()["error"]["message"].endswith(".")


def test_the_folder_of_the_state_holds_no_trace(settings: Settings, store: Store) -> None:
    Answerer(store, settings).answer(QUESTION, town=TOWN)
    for file in Path(settings.state_dir).rglob("*"):
        assert not file.is_file() or b"Zwiesel" not in file.read_bytes()
