"""The HTTP contract: fields, statuses, errors, events, limits and headers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import ANSWERED, DOG_TAX, HIT, ScriptedAnswerer, unanswered
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from core.errors import IndexUnreachable, ModelUnavailable, TownAmbiguous, TownUnknown
from core.settings import Settings
from core.types import Document, Jurisdiction, Level, Sentence, Status
from service.app import create_app
from service.border import LARGER_BODIES, SECURITY_HEADERS, BodyLimit, client_network
from service.follow_up import Turn
from service.parts import Waiting, take_apart
from service.wire import answer_json, passages_json

ANSWERS = "/api/v1/answers"
SEARCH = "/api/v1/search"


@pytest.fixture
def answerer() -> ScriptedAnswerer:
    return ScriptedAnswerer()


@pytest.fixture
def client(answerer: ScriptedAnswerer, tmp_path: Path) -> TestClient:
    return client_of(answerer, tmp_path)


def client_of(
    answerer: ScriptedAnswerer, state_dir: Path, rate_limit: str = "off", host: str = "192.0.2.1"
) -> TestClient:
    settings = Settings(state_dir=state_dir, rate_limit=rate_limit)
    app = create_app(settings, answerer)
    return TestClient(app, raise_server_exceptions=False, client=(host, 50000))


def error_of(response: Any) -> tuple[int, str]:
    """Status and code of an error, whose body must have the contract's shape."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    message = body["error"]["message"]
    assert message[0].isupper()
    assert message[-1] == "."
    return response.status_code, body["error"]["code"]


def test_an_answer_has_the_fields_of_the_contract_and_what_will_change(client: TestClient) -> None:
    body = client.post(ANSWERS, json={"question": "Was kostet ein Hund?"}).json()

    assert list(body) == [
        "id",
        "status",
        "mode",
        "language",
        "message",
        "personal_data",
        "masked_question",
        "statements",
        "citations",
        "related",
        "changes",
    ]
    assert body["statements"][0] == {
        "text": "Die Steuer beträgt für jeden Hund 96,00 Euro.",
        "language": "de",
        "citations": [1],
        "verbatim": True,
    }
    assert body["citations"][0] == {
        "number": 1,
        "document_id": "satzungen/hundesteuer",
        "title": "Satzung über die Erhebung der Hundesteuer (Hundesteuersatzung)",
        "label": "§ 5 Abs. 1 Hundesteuersatzung, S. 3",
        "section": "§ 5",
        "page": 3,
        "quote": "Die Steuer beträgt für jeden Hund 96,00 Euro.",
        "language": "de",
        "url": "https://www.aichelberg.example/hundesteuer.pdf",
        "jurisdiction": {"level": "municipality", "name": "Aichelberg", "key": "081175009002"},
        "valid_from": "2024-01-01",
        "valid_to": None,
        "as_of": "2025-06-01",
    }
    assert body["related"] == [
        {
            "title": "Anmeldung eines Hundes",
            "kind": "form",
            "url": "https://www.aichelberg.example/form",
        }
    ]


def test_a_passage_has_exactly_the_fields_of_the_contract(client: TestClient) -> None:
    body = client.get(SEARCH, params={"q": "Hundesteuer"}).json()

    assert body == {
        "passages": [
            {
                "document_id": "satzungen/hundesteuer",
                "title": "Satzung über die Erhebung der Hundesteuer (Hundesteuersatzung)",
                "label": "§ 5 Abs. 1 Hundesteuersatzung, S. 3",
                "section": "§ 5",
                "page": 3,
                "text": "Die Steuer beträgt für jeden Hund 96,00 Euro.",
                "language": "de",
                "score": 0.87,
                "jurisdiction": {
                    "level": "municipality",
                    "name": "Aichelberg",
                    "key": "081175009002",
                },
                "valid_from": "2024-01-01",
                "valid_to": None,
                "as_of": "2025-06-01",
                "url": "https://www.aichelberg.example/hundesteuer.pdf",
            }
        ]
    }


def test_a_passage_of_several_absaetze_is_labelled_without_one() -> None:
    sentences = (Sentence(0, 5, 3, "1"), Sentence(5, 9, 3, "2"))
    hit = replace(HIT, passage=replace(HIT.passage, sentences=sentences))

    assert passages_json([hit])["passages"][0]["label"] == "§ 5 Hundesteuersatzung, S. 3"


def test_what_a_document_does_not_say_is_null() -> None:
    hit = replace(HIT, document=Document(id="d", title="Merkblatt"))

    passage = passages_json([hit])["passages"][0]

    empty = [passage[name] for name in ("jurisdiction", "valid_from", "valid_to", "as_of", "url")]
    assert empty == [None] * 5


def test_a_town_without_a_known_key_has_a_null_key() -> None:
    bare = replace(DOG_TAX, jurisdiction=Jurisdiction(Level.MUNICIPALITY, "Irgendwo", None))

    passage = passages_json([replace(HIT, document=bare)])["passages"][0]

    assert passage["jurisdiction"] == {"level": "municipality", "name": "Irgendwo", "key": None}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
def test_every_other_ending_is_a_message_without_statements(
    status: Status, answerer: ScriptedAnswerer, client: TestClient
) -> None:
    answerer.written = unanswered(status, "Bitte wenden Sie sich an das Bürgerbüro.")

    response = client.post(ANSWERS, json={"question": "Hund?"})

    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["statements"], body["citations"]) == (status, [], [])
    assert body["message"] == "Bitte wenden Sie sich an das Bürgerbüro."


def test_http_and_the_command_line_share_one_serialisation(client: TestClient) -> None:
    over_http = client.post(ANSWERS, json={"question": "Hund?"}).json()
    assert over_http == answer_json(ANSWERED)
    assert client.get(SEARCH, params={"q": "Hund"}).json() == passages_json([HIT])


def test_options_reach_the_answerer_and_unknown_fields_do_no_harm(
    answerer: ScriptedAnswerer, client: TestClient
) -> None:
    asked = {
        "question": "Köpek?",
        "context": "Kedi?",
        "town": "Aichelberg",
        "language": "tr",
        "as_of": "2026-01-01",
    }

    assert client.post(ANSWERS, json={**asked, "colour": "blue"}).status_code == 200
    assert answerer.asked == [{**asked, "as_of": date(2026, 1, 1)}]


@pytest.mark.parametrize(
    ("question", "asked", "wanted"),
    [
        ("Was kostet ein Hund?", {"page_language": "de-simple"}, "de-simple"),
        ("Köpek vergisi ne kadar?", {"page_language": "tr"}, "tr"),
        ("Köpek vergisi ne kadar?", {"page_language": "de-simple"}, None),
        ("Hundesteuermarke", {"page_language": "tr"}, "tr"),  # a word out of a letter
        ("und wo?", {"page_language": "de-simple", "context": "Was kostet ein Hund?"}, "de-simple"),
        ("Köpek vergisi ne kadar?", {"page_language": "de", "language": "en"}, "en"),
    ],
)
def test_the_language_of_the_page_holds_for_questions_in_that_language(
    question: str,
    asked: dict[str, str],
    wanted: str | None,
    answerer: ScriptedAnswerer,
    client: TestClient,
) -> None:
    assert client.post(ANSWERS, json={"question": question, **asked}).is_success
    assert answerer.asked[0]["language"] == wanted


def test_a_context_may_be_missing_and_is_no_longer_than_a_question(client: TestClient) -> None:
    for context, status in ((None, 200), ("", 200), ("ü" * 1000, 200), (5, 422)):
        asked = {"question": "Und wann?", "context": context}
        assert client.post(ANSWERS, json=asked).status_code == status
    too_long = client.post(ANSWERS, json={"question": "Und wann?", "context": "x" * 1001})
    assert error_of(too_long) == (413, "question_too_long")


def test_the_turns_of_a_conversation_reach_the_answerer_and_are_bounded(
    answerer: ScriptedAnswerer, client: TestClient
) -> None:
    turn = {"question": "Was kostet ein Hund?", "answer": "96 Euro."}
    asked = {"question": "Und für den zweiten?"}
    assert client.post(ANSWERS, json={**asked, "turns": [turn, {"question": "Wann?"}]}).is_success
    assert answerer.asked[0]["turns"] == [Turn("Was kostet ein Hund?", "96 Euro."), Turn("Wann?")]
    longest = {"question": "ü" * 1000, "answer": "ü" * 1000}
    assert client.post(ANSWERS, json={**asked, "turns": [longest] * 6}).is_success

    for turns, named in (([turn] * 7, "turns"), ([{**turn, "answer": "x" * 1001}], "answer")):
        status, code = error_of(refused := client.post(ANSWERS, json={**asked, "turns": turns}))
        assert (status, code) == (422, "invalid_input")
        assert named in refused.json()["error"]["message"]


def test_an_empty_town_is_no_town(answerer: ScriptedAnswerer, client: TestClient) -> None:
    client.get(SEARCH, params={"q": "Hund", "town": "", "limit": 3})

    assert answerer.asked == [{"question": "Hund", "town": None, "as_of": None, "limit": 3}]


def events(text: str) -> Iterator[tuple[str, Any]]:
    """The events of a stream, without comments."""
    for event in text.strip().split("\n\n"):
        if event.startswith(":"):
            continue
        name, data = event.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_the_event_stream_carries_what_the_json_carries(client: TestClient) -> None:
    response = client.post(
        ANSWERS, json={"question": "Hund?"}, headers={"Accept": "text/event-stream"}
    )

    assert response.headers["content-type"].startswith("text/event-stream")
    received = list(events(response.text))
    names = [name for name, _ in received]
    assert names == ["status", "statement", "statement", "citation", "citation", "done"]
    joined = {
        **received[0][1],
        "statements": [data for name, data in received if name == "statement"],
        "citations": [data for name, data in received if name == "citation"],
        "changes": [data for name, data in received if name == "change"],
        **received[-1][1],
    }
    assert joined == answer_json(ANSWERED)
    assert "statements" not in received[0][1]


def test_while_a_model_writes_the_stream_says_so_and_a_broken_off_answer_ends_with_a_word_more(
    answerer: ScriptedAnswerer, client: TestClient
) -> None:
    opening, *others, closing = take_apart(ANSWERED)
    cut = replace(closing, message="In den Dokumenten steht: … abgebrochen.")
    answerer.parts = [Waiting(), opening, others[0], Waiting(), *others[1:], cut]

    streamed = client.post(
        ANSWERS, json={"question": "Hund?"}, headers={"Accept": "text/event-stream"}
    ).text

    blocks = streamed.strip().split("\n\n")
    assert [block.split("\n")[0] for block in blocks[:5]] == [
        ": one moment",
        ": one moment",
        "event: status",
        "event: statement",
        ": one moment",
    ]
    told = list(events(streamed))
    assert told[-1][1]["message"] == cut.message
    assert client.post(ANSWERS, json={"question": "Hund?"}).json()["message"] == cut.message


def test_an_error_before_the_stream_is_an_ordinary_error(client: TestClient) -> None:
    response = client.post(ANSWERS, json={"question": " "}, headers={"Accept": "text/event-stream"})

    assert error_of(response) == (422, "question_empty")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", (422, "question_empty")),
        (" \n\t", (422, "question_empty")),
        ("🐶🐶", (422, "question_empty")),
        ("x" * 1001, (413, "question_too_long")),
        ("x" * 10_000, (413, "question_too_long")),
    ],
)
def test_a_question_that_is_none_or_too_long_is_refused_on_both_routes(
    question: str, expected: tuple[int, str], client: TestClient
) -> None:
    assert error_of(client.post(ANSWERS, json={"question": question})) == expected
    assert error_of(client.get(SEARCH, params={"q": question})) == expected


def test_a_question_of_a_thousand_characters_is_taken(client: TestClient) -> None:
    assert client.post(ANSWERS, json={"question": "ü" * 1000}).status_code == 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 5}, "question"),
        ({"question": "Hund?", "as_of": "31.12.2025"}, "as_of"),
        ({"question": "Hund?", "as_of": "2025-02-30"}, "as_of"),
        ({"question": "Hund?", "as_of": 0}, "as_of"),
        ({"question": "Hund?", "town": ["Aichelberg"]}, "town"),
        ({"question": "Hund?", "language": "x" * 100}, "language"),
        (["Hund?"], "JSON object"),
    ],
)
def test_a_wrong_field_is_named_in_one_sentence(
    body: object, named: str, client: TestClient
) -> None:
    response = client.post(ANSWERS, json=body)

    assert error_of(response) == (422, "invalid_input")
    assert named in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{nope",
        b"[" * 30_000,
        b'{"question": "\xff"}',
        b'{"question": "\\ud800"}',
        b'{"question": ' + b"1" * 6000 + b"}",
    ],
    ids=["empty", "broken", "nested", "not UTF-8", "half a character", "a long number"],
)
def test_a_body_that_is_no_json_is_refused(body: bytes, client: TestClient) -> None:
    response = client.post(ANSWERS, content=body, headers={"Content-Type": "application/json"})

    assert error_of(response) == (422, "invalid_input")


@pytest.mark.parametrize(
    "wrong",
    [{"limit": "0"}, {"limit": "51"}, {"limit": "many"}, {"limit": "9" * 5000}, {"as_of": "today"}],
)
def test_a_wrong_search_option_is_named(wrong: dict[str, str], client: TestClient) -> None:
    response = client.get(SEARCH, params={"q": "Hund", **wrong})

    assert error_of(response) == (422, "invalid_input")
    assert next(iter(wrong)) in response.json()["error"]["message"]


def test_a_search_without_query_is_refused(client: TestClient) -> None:
    assert error_of(client.get(SEARCH)) == (422, "invalid_input")


def test_a_large_body_is_refused(client: TestClient) -> None:
    response = client.post(ANSWERS, content=b" " * (LARGER_BODIES["POST", ANSWERS] + 1))

    assert error_of(response) == (413, "request_too_large")


def test_a_large_body_is_not_read_to_its_end() -> None:
    pieces_read = 0

    async def receive_endless() -> Message:
        nonlocal pieces_read
        pieces_read += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    async def read_all(_: Scope, receive: Receive, __: Send) -> None:
        while (await receive())["more_body"]:
            pass

    async def send(_: Message) -> None:
        raise AssertionError("nothing to send")

    with pytest.raises(HTTPException, match="413"):
        asyncio.run(BodyLimit(read_all, limit=95)({"type": "http"}, receive_endless, send))
    assert pieces_read == 10


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TownUnknown(), (422, "town_unknown")),
        (TownAmbiguous("Neustadt fits 081 and 092; use the key."), (422, "town_ambiguous")),
        (IndexUnreachable(), (503, "index_unreachable")),
        (ModelUnavailable(), (503, "model_unavailable")),
        (RuntimeError("password=1234"), (500, "internal_error")),
    ],
)
def test_every_error_has_its_status_and_code(
    error: Exception, expected: tuple[int, str], answerer: ScriptedAnswerer, client: TestClient
) -> None:
    answerer.written = error

    response = client.post(ANSWERS, json={"question": "Hund?"})

    assert error_of(response) == expected
    assert "password" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_unknown_addresses_and_methods_answer_in_the_error_shape(client: TestClient) -> None:
    assert error_of(client.get("/api/v1/nothing")) == (404, "not_found")
    refused = client.get(ANSWERS)
    assert error_of(refused) == (405, "method_not_allowed")
    assert refused.headers["allow"] == "POST"


def test_a_client_beyond_its_rate_is_told_when_to_come_back(tmp_path: Path) -> None:
    client = client_of(ScriptedAnswerer(), tmp_path, "2/minute")

    assert client.get(SEARCH, params={"q": "Hund"}).status_code == 200
    assert client.post(ANSWERS, json={"question": "Hund?"}).status_code == 200
    refused = client.post(ANSWERS, json={"question": "Hund?"})

    assert error_of(refused) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_one_clients_rate_is_not_anothers(tmp_path: Path) -> None:
    first = client_of(ScriptedAnswerer(), tmp_path, "1/hour")
    second = TestClient(first.app, client=("192.0.2.2", 50000))

    assert first.get(SEARCH, params={"q": "Hund"}).status_code == 200
    assert first.get(SEARCH, params={"q": "Hund"}).status_code == 429
    assert second.get(SEARCH, params={"q": "Hund"}).status_code == 200


def test_health_is_never_rate_limited(tmp_path: Path) -> None:
    client = client_of(ScriptedAnswerer(), tmp_path, "1/hour")

    codes = {client.get(path).status_code for path in ("/healthz", "/readyz") * 3}

    assert codes == {200}


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_an_ipv6_client_counts_by_its_network(host: str, network: str) -> None:
    assert client_network(host) == network


def test_alive_does_not_mean_ready(answerer: ScriptedAnswerer, client: TestClient) -> None:
    answerer.ready = False

    assert client.get("/healthz").status_code == 200
    assert error_of(client.get("/readyz")) == (503, "index_failure")


def test_every_response_carries_the_security_headers_and_no_cookie(client: TestClient) -> None:
    for response in (client.get("/healthz"), client.get("/nothing"), client.post(ANSWERS)):
        assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers


def test_the_openapi_description_covers_every_code_and_the_event_stream(
    client: TestClient,
) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    for operation in (paths[SEARCH]["get"], paths[ANSWERS]["post"]):
        assert set(operation["responses"]) == {"200", "413", "422", "429", "503"}
        for code in ("413", "422", "429", "503"):
            content = operation["responses"][code]["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
            assert set(content["example"]["error"]) == {"code", "message"}
    answers = paths[ANSWERS]["post"]["responses"]["200"]["content"]
    assert set(answers) == {"application/json", "text/event-stream"}
