"""The judging model over HTTP: what it is asked, what is kept, what is counted, when it stops."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from encoders import WordEncoder
from judge_server import agree, completion, hang_up, judge_at, judge_settings, serving, slowly
from ragas.metrics.collections.context_precision.util import ContextPrecisionOutput

from eval.judge import open_judge
from eval.judge_model import STOP_AFTER, JudgeFailed, JudgeModel

GOOD = {"reason": "steht dort", "verdict": 1}


def ask(model: JudgeModel, prompt: str = "Hilft der Text?") -> ContextPrecisionOutput:
    return model.generate(prompt, ContextPrecisionOutput)


def failure(model: JudgeModel, prompt: str = "Hilft der Text?") -> str:
    with pytest.raises(JudgeFailed) as error:
        ask(model, prompt)
    return str(error.value)


def test_a_judge_is_asked_for_json_of_the_models_form_without_chance(tmp_path: Path) -> None:
    with serving() as server:
        settings = judge_settings(server.url, "richter", llm_api_key="geheim")
        assert ask(open_judge(settings, tmp_path, WordEncoder()).model).verdict == 1
    (request,) = server.requests
    assert request["model"] == "richter"
    assert request["temperature"] == 0
    assert request["response_format"]["type"] == "json_schema"
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema == ContextPrecisionOutput.model_json_schema()
    assert request["messages"] == [{"role": "user", "content": "Hilft der Text?"}]
    assert server.keys == {"Bearer geheim"}


def test_the_same_words_are_asked_once_even_by_a_later_judge(tmp_path: Path) -> None:
    with serving() as server:
        ask(judge_at(server.url, tmp_path).model)
        later = judge_at(server.url, tmp_path).model
        assert ask(later).verdict == 1
        assert len(server.requests) == 1
        assert (later.cost().calls, later.cost().remembered) == (0, 1)
        ask(later, "Hilft der andere Text?")
        assert len(server.requests) == 2


def test_another_model_is_asked_anew(tmp_path: Path) -> None:
    with serving() as server:
        ask(judge_at(server.url, tmp_path, "one").model)
        ask(judge_at(server.url, tmp_path, "another").model)
    assert [request["model"] for request in server.requests] == ["one", "another"]


@pytest.mark.parametrize(
    "text", ["```json\n{}\n```", "Gern! Hier ist mein Urteil:\n{}", "<think>hm</think>{}"]
)
def test_json_may_stand_among_words(tmp_path: Path, text: str) -> None:
    with serving(lambda *_: text.replace("{}", json.dumps(GOOD))) as server:
        assert ask(judge_at(server.url, tmp_path).model).verdict == 1


@pytest.mark.parametrize("text", ["Ja.", "", "{", "[1]", '{"urteil": 1}', '{"verdict": "viel"}'])
def test_nonsense_is_named_and_not_kept(tmp_path: Path, text: str) -> None:
    with serving(lambda *_: text) as server:
        model = judge_at(server.url, tmp_path).model
        assert failure(model) == "the answer is not JSON of the form asked for"
        server.script = agree
        assert ask(model).verdict == 1
    assert len(server.requests) == 2


def test_a_verdict_that_is_none_is_named_and_not_kept(tmp_path: Path) -> None:
    with serving(lambda *_: GOOD | {"verdict": 5}) as server:
        model = judge_at(server.url, tmp_path).model
        assert failure(model) == "a verdict is neither 0 nor 1"
        assert failure(model) == "a verdict is neither 0 nor 1"
    assert len(server.requests) == 2


@pytest.mark.parametrize("body", [b"<html>Login</html>", b"[]", b'{"choices": []}', b""])
def test_a_server_of_another_kind_is_named(tmp_path: Path, body: bytes) -> None:
    with serving(lambda *_: body) as server:
        said = failure(judge_at(server.url, tmp_path).model)
    assert said == "the server's answer is not a chat completion"


def test_an_answer_that_was_cut_off_is_named(tmp_path: Path) -> None:
    choice = {"finish_reason": "length", "message": {"content": '{"reason": "weil'}}
    with serving(lambda *_: completion("", choices=[choice])) as server:
        assert "cut off" in failure(judge_at(server.url, tmp_path).model)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_failing_server_is_named(tmp_path: Path, status: int) -> None:
    with serving(lambda *_: status) as server:
        said = failure(judge_at(server.url, tmp_path).model)
    assert said == f"the server answered with status {status}"


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    replies = iter([503, GOOD])
    with serving(lambda *_: next(replies)) as server:
        judge = open_judge(judge_settings(server.url), tmp_path, WordEncoder(), retries=1)
        assert ask(judge.model).verdict == 1
    assert len(server.requests) == 2


def test_a_slow_server_is_given_up_on(tmp_path: Path) -> None:
    with serving(slowly(5)) as server:
        said = failure(judge_at(server.url, tmp_path, seconds=0.3).model)
    assert said == "no answer within 0.3 seconds"


def test_a_call_with_its_retries_takes_no_longer_than_a_call_may(tmp_path: Path) -> None:
    with serving(lambda *_: 503) as server:
        settings = judge_settings(server.url)
        judge = open_judge(settings, tmp_path, WordEncoder(), seconds=0.4, retries=9)
        assert failure(judge.model) == "no answer within 0.4 seconds"


def test_after_some_calls_in_vain_no_more_are_made(tmp_path: Path) -> None:
    with serving() as server:
        gone = server.url
    model = judge_at(gone, tmp_path).model
    for number in range(STOP_AFTER):
        assert failure(model, str(number)) == "the server cannot be reached"
    assert failure(model, "once more") == f"not asked: {STOP_AFTER} calls in a row had no answer"
    assert model.cost().calls == STOP_AFTER


def test_an_answer_of_any_kind_in_between_keeps_it_asking(tmp_path: Path) -> None:
    with serving(hang_up) as server:
        model = judge_at(server.url, tmp_path).model
        for number in range(STOP_AFTER - 1):
            assert failure(model, str(number)) == "the server cannot be reached"
        server.script = lambda *_: 500
        assert failure(model).endswith("500")
        server.script = hang_up
        assert failure(model, "gone again") == "the server cannot be reached"
        server.script = agree
        assert ask(model, "once more").verdict == 1


def test_what_is_remembered_needs_no_server(tmp_path: Path) -> None:
    with serving() as server:
        ask(judge_at(server.url, tmp_path).model)
        gone = server.url
    model = judge_at(gone, tmp_path).model
    for number in range(STOP_AFTER):
        failure(model, str(number))
    assert ask(model).verdict == 1


def test_the_cost_is_what_the_server_counts(tmp_path: Path) -> None:
    uncounted = completion(json.dumps(GOOD), usage=None)
    with serving() as server:
        model = judge_at(server.url, tmp_path).model
        ask(model, "one")
        ask(model, "two")
        ask(model, "two")
        server.script = lambda *_: uncounted
        ask(model, "three")
    cost = model.cost()
    assert (cost.calls, cost.remembered, cost.uncounted) == (3, 1, 1)
    assert (cost.prompt_tokens, cost.completion_tokens) == (200, 20)
    assert cost.seconds > 0
    said = str(cost)
    assert said.startswith("fake was asked 3 times in ")
    assert "read 200 and wrote 20 tokens (1 answers uncounted)" in said
    assert said.endswith("1 answers were remembered from earlier.")


def test_a_model_is_asked_only_while_it_is_connected(tmp_path: Path) -> None:
    model = judge_at("http://127.0.0.1:1/v1", tmp_path).model
    with pytest.raises(JudgeFailed, match="connected"):
        asyncio.run(model.agenerate("Hilft der Text?", ContextPrecisionOutput))


def test_nobody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(requests, "post", lambda *given, **_: told.append(given))
    with serving() as server:
        ask(judge_at(server.url, tmp_path).model)
    assert told == []
