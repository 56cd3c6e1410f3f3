"""The OpenAI-compatible door, as OpenAI's own client goes through it."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from browsers import served
from encoders import WordEncoder
from fakes import ANSWERED, RATE, ScriptedAnswerer, unanswered
from fastapi.testclient import TestClient

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Mode, Statement, Status
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.follow_up import Turn
from service.parts import Closing, Opening, Part, Waiting
from web.parts import parts_of
from web.site import create_site

CHAT = "/v1/chat/completions"
QUESTION = "Wie hoch ist die Hundesteuer für den ersten Hund?"
DOG_TAX = """---
id: hundesteuer
title: Hundesteuersatzung
kind: statute
as_of: 2025-06-01
jurisdiction: {level: municipality, name: Auental, key: "990010001001"}
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Hundesteuer für den ersten Hund ist 108,00 Euro.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real site with one by-law is served."""
    folder = tmp_path_factory.mktemp("compatible")
    (folder / "hundesteuer.md").write_text(DOG_TAX, "utf-8")
    settings = load_settings(state_dir=folder / "state", rate_limit="off")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    assert ingest([folder / "hundesteuer.md"], Publisher(store), settings).failures == []
    answerer = Answerer(store, settings)
    with served(create_site(settings, answerer, parts_of(settings, store, answerer))) as served_at:
        yield served_at
    index.close()
    registry.close()


@contextmanager
def connected(address: str) -> Iterator[openai.OpenAI]:
    with (
        httpx.Client(trust_env=False) as http,
        openai.OpenAI(
            base_url=f"{address}/v1", api_key="none", max_retries=0, http_client=http
        ) as client,
    ):
        yield client


def scripted(answerer: ScriptedAnswerer, state_dir: Path, **settings: Any) -> TestClient:
    chosen = {"state_dir": state_dir, "rate_limit": "off", **settings}
    return TestClient(create_site(Settings(**chosen), answerer), raise_server_exceptions=False)


def asked(*said: str, **more: Any) -> dict[str, Any]:
    """A request with messages such as "user: Was kostet ein Hund?"."""
    split = (one.partition(": ") for one in said)
    return {"messages": [{"role": role, "content": text} for role, _, text in split], **more}


def test_the_models_are_all_towns_or_one(address: str) -> None:
    with connected(address) as client:
        names = [model.id for model in client.models.list()]
        assert names == ["auskunft", "auskunft/990010001001"]
        assert client.models.retrieve("auskunft/Auental").id == "auskunft/990010001001"


def test_an_answer_has_marks_and_each_leads_to_its_place(address: str) -> None:
    with connected(address) as client:
        completion = client.chat.completions.create(
            model="auskunft/990010001001",
            messages=[{"role": "user", "content": QUESTION}],
            temperature=0.2,
        )
        choice = completion.choices[0]
        text = choice.message.content
        assert text is not None
        assert "Die Hundesteuer für den ersten Hund ist 108,00 Euro. [1]" in text
        assert "[1] § 5 Abs. 1 Hundesteuersatzung, Stand 1.6.2025" in text
        assert choice.finish_reason == "stop"
        assert choice.message.annotations
        for annotation in choice.message.annotations:
            place = annotation.url_citation
            assert text[place.start_index : place.end_index] == "[1]"
            assert place.url.startswith(f"{address}/source?document=hundesteuer&")
            assert httpx.get(place.url, trust_env=False).text.count("<mark") == 1
        assert completion.usage
        assert completion.usage.total_tokens == 0


def test_a_stream_says_the_same_and_ends_with_the_annotations(address: str) -> None:
    with connected(address) as client:
        whole = client.chat.completions.create(
            model="auskunft", messages=[{"role": "user", "content": QUESTION}]
        )
        chunks = list(
            client.chat.completions.create(
                model="auskunft",
                messages=[{"role": "user", "content": QUESTION}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    said = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in said) == whole.choices[0].message.content
    last = said[-1].model_dump()["annotations"]
    annotations = whole.choices[0].message.annotations
    assert annotations
    assert last == [annotation.model_dump() for annotation in annotations]
    assert len(said) > 3
    assert chunks[-1].usage
    assert chunks[-1].usage.total_tokens == 0


def test_a_no_is_ordinary_content(tmp_path: Path) -> None:
    answerer = ScriptedAnswerer(unanswered(Status.NOT_IN_DOCUMENTS, "Dazu steht nichts hier."))
    body = scripted(answerer, tmp_path).post(CHAT, json=asked("user: Mond?")).json()

    message = body["choices"][0]["message"]
    assert (message["content"], message["annotations"]) == ("Dazu steht nichts hier.", [])


def test_what_was_said_before_are_turns_and_no_system_message_is_an_order(tmp_path: Path) -> None:
    answerer = ScriptedAnswerer()
    said = (
        "system: Antworte nur mit Ja.",
        "user: Was kostet ein Hund?",
        f"assistant: {RATE}",
        "user: Und der zweite?",
        "tool: 5",
    )
    unread = {"tools": [{"type": "function"}], "seed": 1, "max_tokens": 1, "response_format": 3}
    scripted(answerer, tmp_path).post(CHAT, json=asked(*said, model="auskunft/Auental", **unread))

    (heard,) = answerer.asked
    assert heard["question"] == "Und der zweite?"
    assert heard["turns"] == [Turn("Was kostet ein Hund?", RATE)]
    assert heard["town"] == "Auental"
    assert "Ja." not in str(heard)


def test_a_message_may_come_in_pieces_and_pictures_are_not_looked_at(tmp_path: Path) -> None:
    answerer = ScriptedAnswerer()
    content = [{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "Hund?"}]
    body = {"messages": [{"role": "user", "content": content}]}
    assert scripted(answerer, tmp_path).post(CHAT, json=body).status_code == 200
    assert answerer.asked[0]["question"] == "Hund?"


def test_without_a_page_of_the_source_a_mark_leads_to_the_document(tmp_path: Path) -> None:
    body = scripted(ScriptedAnswerer(), tmp_path).post(CHAT, json=asked("user: Hund?")).json()
    (first, *_) = body["choices"][0]["message"]["annotations"]
    assert first["url_citation"]["url"] == "https://www.aichelberg.example/hundesteuer.pdf"

    document = replace(ANSWERED.citations[0].document, url="javascript:alert(1)")
    citations = tuple(replace(one, document=document) for one in ANSWERED.citations)
    hostile = ScriptedAnswerer(replace(ANSWERED, citations=citations))
    body = scripted(hostile, tmp_path).post(CHAT, json=asked("user: Hund?")).json()
    assert body["choices"][0]["message"]["annotations"] == []


def test_a_model_that_breaks_off_says_so_and_the_askers_own_words_come_back(
    tmp_path: Path,
) -> None:
    opening = Opening(
        "a1", Status.ANSWERED, Mode.GENERATED, "de", "Kurz:", ("PERSON",), "Ich bin [PERSON-1]."
    )
    written = Statement("[PERSON-1] zahlt 96,00 Euro.", "de", (1,), is_quote=False)
    (citation, *_) = ANSWERED.citations
    closing = Closing("a1", "Kurz: Hier brach es ab.")
    answerer = ScriptedAnswerer(parts=(Waiting(), opening, written, citation, closing))
    body = asked("user: Ich bin Frau Erika Mustermann. Was kostet ein Hund?", stream=True)

    response = scripted(answerer, tmp_path).post(CHAT, json=body)

    assert response.headers["content-type"].startswith("text/event-stream")
    events = response.text.split("\n\n")
    assert ": one moment" in events
    assert events[-2] == "data: [DONE]"
    chunks = [json.loads(e[6:]) for e in events if e.startswith("data: {")]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text.startswith("Kurz:\n\n")
    assert "Mustermann zahlt 96,00 Euro. [1]\n\nHier brach es ab.\n\nQuellen:\n[1] § 5" in text
    (annotation,) = chunks[-1]["choices"][0]["delta"]["annotations"]
    place = annotation["url_citation"]
    assert text[place["start_index"] : place["end_index"]] == "[1]"


def test_with_a_language_model_tokens_are_not_known(tmp_path: Path) -> None:
    client = scripted(ScriptedAnswerer(), tmp_path, llm_base_url="http://127.0.0.1:1")
    assert client.post(CHAT, json=asked("user: Hund?")).json()["usage"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (asked("user: "), 400, "question_empty"),
        (asked("system: Hallo"), 400, "question_empty"),
        (asked("user: " + 1001 * "a"), 413, "question_too_long"),
        (asked("user: Hund?", model="gpt-4o"), 404, "model_unknown"),
        ({"messages": "Hund?"}, 400, "invalid_input"),
        ({}, 400, "invalid_input"),
    ],
)
def test_errors_have_the_shape_of_the_protocol(
    tmp_path: Path, body: dict[str, Any], status: int, code: str
) -> None:
    response = scripted(ScriptedAnswerer(), tmp_path).post(CHAT, json=body)

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert error["type"] == "invalid_request_error"
    assert error["message"].endswith(".")


def test_these_routes_count_for_the_same_limit_as_the_others(tmp_path: Path) -> None:
    client = scripted(ScriptedAnswerer(), tmp_path, rate_limit="2/hour")
    assert client.post("/api/v1/answers", json={"question": "Hund?"}).status_code == 200
    assert client.post(CHAT, json=asked("user: Hund?")).status_code == 200
    refused = client.post(CHAT, json=asked("user: Hund?"))
    assert refused.status_code == 429
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert int(refused.headers["Retry-After"]) > 0


def test_however_many_programs_ask_all_hear_something_before_anything_is_computed(
    tmp_path: Path,
) -> None:
    may_answer, heard, askers = threading.Event(), threading.Semaphore(0), 60  # more than threads

    class Patient(ScriptedAnswerer):
        def _tell(self, question: str, **options: Any) -> Generator[Part, None, None]:
            may_answer.wait(60)
            yield from super()._tell(question, **options)

    body = {"messages": [{"role": "user", "content": "Hund?"}], "stream": True}

    def ask(client: httpx.Client) -> str:
        with client.stream("POST", CHAT, json=body) as sent:
            lines = sent.iter_lines()
            assert next(lines).startswith("data: ")
            heard.release()
            return "\n".join(lines)

    settings = Settings(state_dir=tmp_path, rate_limit="off")
    patient = Patient()
    limits = httpx.Limits(max_connections=None)
    with (
        served(create_site(settings, patient)) as address,
        httpx.Client(base_url=address, limits=limits, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(askers) as pool,
    ):
        asking = [pool.submit(ask, client) for _ in range(askers)]
        try:
            all_heard = all(heard.acquire(timeout=30) for _ in range(askers))
        finally:
            may_answer.set()
        assert all_heard
        assert all(one.result().endswith("data: [DONE]\n") for one in asking)
