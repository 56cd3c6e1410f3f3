"""A language model behind its gate, on a server that does what a test has written."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from scripted_model import Piece, Said, Script, ScriptedModel, serving_model

from core.errors import ModelBusy, ModelFailed, ModelLate, ModelSpent, ModelUnreachable
from core.settings import load_settings
from service.language_model import LanguageModel, Task
from service.listening import listen
from service.model_gate import ATTEMPTS, FAILURES_IN_A_ROW, GatedModel
from service.openai_model import OpenAIModel

TASK = Task("answer@1", "Answer, Schwefelholz.", "Was kostet ein Hund, Bernsteinkette?")
REST = 1.0  # seconds that the breaker rests in these tests


def gated(server: ScriptedModel, **settings: object) -> GatedModel:
    line = OpenAIModel(server.url, "scripted", "secret")
    return GatedModel(line, load_settings(**settings), rest_seconds=REST)


def written(model: LanguageModel, seconds: float = 20, task: Task = TASK) -> str:
    return "".join(model.write(task, time.monotonic() + seconds))


def first_fails(statuses: Iterable[int]) -> Script:
    """Answers with these statuses, and "Gut." from then on."""
    left: Iterator[Said] = itertools.chain(statuses, itertools.repeat("Gut."))
    return lambda _: next(left)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits for what is to happen soon, and fails where it does not."""
    ends = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


def test_a_text_comes_in_pieces_as_it_is_written() -> None:
    go_on = threading.Event()

    def pieces() -> Iterator[Piece]:
        yield "Der Hund "
        go_on.wait(10)
        yield "kostet 108 €."

    with serving_model(lambda _: pieces()) as server:
        text = gated(server).write(TASK, time.monotonic() + 20)
        assert next(text) == "Der Hund "
        go_on.set()
        assert list(text) == ["kostet 108 €."]


def test_the_server_is_told_what_to_do_and_to_which_schema() -> None:
    schema = {"type": "object", "properties": {"can_answer": {"type": "boolean"}}}
    task = Task("answer@2", "Antworte.", "Was?", schema, max_tokens=77)
    with serving_model("{}") as server:
        assert written(gated(server), task=task) == "{}"
    request = server.requests[0]
    assert [(m["role"], m["content"]) for m in request["messages"]] == [
        ("system", "Antworte."),
        ("user", "Was?"),
    ]
    assert request["response_format"]["json_schema"] == {"name": "answer-2", "schema": schema}
    assert (request["model"], request["max_tokens"]) == ("scripted", 77)
    assert (request["stream"], request["temperature"]) == (True, 0)
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([60.0, "zu spät"], id="silence"),
        pytest.param(itertools.cycle(["a", 0.02]), id="slow drip of words"),
        pytest.param(itertools.cycle([b": still here\n\n", 0.02]), id="slow drip of nothing"),
    ],
)
def test_nothing_extends_the_deadline_and_the_server_is_told_to_stop(said: Iterable[Piece]) -> None:
    with serving_model(lambda _: said) as server:
        model = gated(server)
        started = time.monotonic()
        with pytest.raises(ModelLate):
            written(model, seconds=0.5)
        assert time.monotonic() - started < 5
        wait_until(lambda: server.stopped == 1)


def test_closing_the_text_stops_the_server() -> None:
    with serving_model(lambda _: itertools.cycle(["bla ", 0.01])) as server:
        text = gated(server).write(TASK, time.monotonic() + 60)
        assert next(text) == "bla "
        text.close()
        wait_until(lambda: server.stopped == 1)
        assert server.at_once == 0


def test_a_silent_server_is_told_to_stop_when_nobody_waits_any_more() -> None:
    is_asked = threading.Event()

    def silence(_: object) -> Said:
        is_asked.set()
        return [600.0]

    with serving_model(silence) as server:
        model = gated(server, llm_at_once=1, llm_queue=0)
        listening = listen(model, TASK, time.monotonic() + 600, silence=0.05)
        assert next(listening) is None
        assert is_asked.wait(20)
        listening.close()
        wait_until(lambda: server.stopped == 1)
        server.script = lambda _: "Gut."
        wait_until(lambda: _is_free(model))  # the place, too


def _is_free(model: LanguageModel) -> bool:
    try:
        return written(model) == "Gut."
    except ModelBusy:
        return False


def test_endless_text_is_cut_where_the_server_forgets_to() -> None:
    task = Task("answer@1", "", "", max_tokens=10)
    with serving_model(lambda _: itertools.repeat("bla ")) as server:
        assert 100 < len(written(gated(server), seconds=60, task=task)) < 400


@pytest.mark.parametrize("cut", [None, b'data: {"error": {"message": "out of memory"}}\n\n'])
def test_half_a_text_is_a_failure_after_what_came(cut: Piece) -> None:
    with serving_model(["Der Hund ", cut]) as server:
        text = gated(server).write(TASK, time.monotonic() + 20)
        assert next(text) == "Der Hund "
        with pytest.raises(ModelUnreachable, match="broke off"):
            next(text)
    assert len(server.requests) == 1  # somebody has read the first half


@pytest.mark.parametrize("nonsense", [b"data: {broken\n\n", b'data: "text"\n\n', b"data: 7\n\n"])
def test_nonsense_is_a_failure(nonsense: bytes) -> None:
    with serving_model([nonsense]) as server, pytest.raises(ModelFailed):
        written(gated(server))


@pytest.mark.parametrize(
    ("status", "error", "asked"),
    [
        (500, ModelUnreachable, ATTEMPTS),
        (503, ModelUnreachable, ATTEMPTS),
        (429, ModelBusy, ATTEMPTS),
        (400, ModelFailed, 1),
        (401, ModelFailed, 1),
        (404, ModelFailed, 1),
    ],
)
def test_a_status_says_whether_it_is_worth_trying_again(
    status: int, error: type[ModelFailed], asked: int
) -> None:
    with serving_model(status) as server:
        with pytest.raises(ModelFailed) as raised:
            written(gated(server))
        assert type(raised.value) is error
        assert len(server.requests) == asked


def test_a_server_that_comes_back_in_time_is_asked_again() -> None:
    with serving_model(first_fails([503, 429])) as server:
        assert written(gated(server)) == "Gut."


def test_no_attempt_begins_that_could_not_end_in_time() -> None:
    with serving_model(503) as server:
        line = OpenAIModel(server.url, "scripted", None)
        model = GatedModel(line, load_settings(), pause_seconds=60)
        with pytest.raises(ModelUnreachable):
            written(model, seconds=20)
        assert len(server.requests) == 1


def test_a_server_that_is_gone_fails() -> None:
    with serving_model("Gut.") as server:
        model = gated(server)
        assert written(model) == "Gut."
    with pytest.raises(ModelUnreachable, match="AUSKUNFT_LLM_BASE_URL"):
        written(model)


def test_after_failures_in_a_row_nobody_asks_and_then_one_tries() -> None:
    tries = FAILURES_IN_A_ROW * ATTEMPTS
    with serving_model(first_fails([500] * (tries + ATTEMPTS))) as server:
        model = gated(server)
        for _ in range(FAILURES_IN_A_ROW):
            with pytest.raises(ModelUnreachable):
                written(model)
        with pytest.raises(ModelUnreachable, match="several times in a row"):
            written(model)
        assert len(server.requests) == tries
        time.sleep(REST)
        with pytest.raises(ModelUnreachable, match="status 500"):
            written(model)  # the one that tries
        with pytest.raises(ModelUnreachable, match="several times in a row"):
            written(model)
        assert len(server.requests) == tries + ATTEMPTS
        time.sleep(REST)
        assert written(model) == "Gut."
        assert written(model) == "Gut."


def test_while_one_tries_the_others_are_turned_away() -> None:
    go_on = threading.Event()

    def pieces() -> Iterator[Piece]:
        go_on.wait(10)
        yield "Gut."

    answers: Iterator[Said] = itertools.chain([400], itertools.repeat(500, 15), [pieces()])
    with serving_model(lambda _: next(answers)) as server, ThreadPoolExecutor(1) as pool:
        model = gated(server)
        with pytest.raises(ModelFailed, match="400"):
            written(model)  # the request's fault, so it does not count
        for _ in range(FAILURES_IN_A_ROW):
            with pytest.raises(ModelUnreachable, match="500"):
                written(model)
        time.sleep(REST)
        tries = pool.submit(written, model)
        wait_until(lambda: len(server.requests) == 17)
        with pytest.raises(ModelUnreachable, match="several times in a row"):
            written(model)
        go_on.set()
        assert tries.result() == "Gut."


def test_so_many_ask_at_once_so_many_wait_and_the_others_are_turned_away() -> None:
    go_on = threading.Event()

    def pieces() -> Iterator[Piece]:
        go_on.wait(20)
        yield "Gut."

    with serving_model(lambda _: pieces()) as server, ThreadPoolExecutor(10) as pool:
        model = gated(server, llm_at_once=2, llm_queue=3)
        asked = [pool.submit(written, model, 60.0) for _ in range(10)]
        wait_until(lambda: server.at_once == 2 and sum(f.done() for f in asked) == 5)
        refused = [f for f in asked if f.done()]
        assert all(isinstance(f.exception(), ModelBusy) for f in refused)
        go_on.set()
        assert [f.result() for f in asked if f not in refused] == ["Gut."] * 5
    assert server.most_at_once == 2


def test_whoever_waits_for_a_place_waits_no_longer_than_the_deadline() -> None:
    with serving_model([60.0]) as server, ThreadPoolExecutor(1) as pool:
        model = gated(server, llm_at_once=1)
        holder = pool.submit(written, model, 3.0)
        wait_until(lambda: len(server.requests) == 1)
        with pytest.raises(ModelBusy):
            written(model, seconds=0.1)
        assert isinstance(holder.exception(), ModelLate)


@pytest.mark.parametrize("counts", [True, False])
def test_the_tokens_of_a_day_are_counted_and_the_next_day_is_new(counts: bool) -> None:
    days = [date(2026, 1, 1)]
    text = " ".join(["Wort"] * 100)
    with serving_model(text, counts=counts) as server:
        line = OpenAIModel(server.url, "scripted", None)
        settings = load_settings(llm_daily_tokens=150)
        model = GatedModel(line, settings, today=lambda: days[0])
        assert written(model) == text
        assert written(model) == text  # what was begun within the budget is finished
        with pytest.raises(ModelSpent):
            written(model)
        assert len(server.requests) == 2
        days[0] = date(2026, 1, 2)
        assert written(model) == text


def test_nothing_that_is_asked_or_written_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said: Iterator[Said] = iter(["Drachenblut.", 400, ["Drachenblut", None], [b"data: {\n\n"]])
    with serving_model(lambda _: next(said)) as server:
        model = gated(server)
        assert written(model) == "Drachenblut."
        for _ in range(3):
            with pytest.raises(ModelFailed) as raised:
                written(model)
            assert raised.value.__context__ is None
            caplog.records.append(logging.makeLogRecord({"msg": str(raised.value)}))
    assert caplog.text
    for word in ("Schwefelholz", "Bernsteinkette", "Drachenblut"):
        assert word not in caplog.text


def test_who_gives_it_little_time_does_not_make_the_model_rest() -> None:
    says: list[Said] = [[1.5, "Zu spät."]]
    with serving_model(lambda _: says[-1]) as server:
        model = gated(server, llm_at_once=10)
        for _ in range(6):
            with pytest.raises(ModelLate):
                written(model, seconds=0.4)
        says.append("Gut.")
        assert written(model) == "Gut."
