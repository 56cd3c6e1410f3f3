"""A language model from a GGUF file, and the wire to it: llama.cpp's own server, no fake."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from smollm import serving_smollm, smollm_file, smollm_settings

from core.errors import ModelFailed, ModelUnreachable, SettingInvalid
from core.settings import load_settings
from service.language_model import Task
from service.local_model import LocalServer
from service.model_gate import FAILURES_IN_A_ROW, GatedModel
from service.models import open_model
from service.openai_model import OpenAIModel

LONG = Task("test@1", "You tell long stories.", "Tell me everything about dogs.", max_tokens=4000)
SCHEMA = {
    "type": "object",
    "properties": {"can_answer": {"type": "boolean"}},
    "required": ["can_answer"],
}
SHORT = Task("test@1", "You answer.", "Is a dog an animal?", SCHEMA, max_tokens=100)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serving_smollm(at_once=1) as running:
        yield running


def soon(seconds: float = 120) -> float:
    return time.monotonic() + seconds


def running_requests(server: LocalServer) -> int:
    """As llama.cpp counts them itself."""
    lines = server._server.handle_metrics().splitlines()
    found = [line for line in lines if line.startswith("llamacpp:requests_processing")]
    return int(float(found[0].split()[1]))


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def test_a_real_model_streams_and_keeps_to_the_schema(server: LocalServer) -> None:
    model = open_model(smollm_settings(server))
    assert model is not None
    pieces = list(model.write(SHORT, soon()))
    assert len(pieces) > 3
    assert isinstance(json.loads("".join(pieces))["can_answer"], bool)


def test_it_stops_writing_when_nobody_listens_any_more(server: LocalServer) -> None:
    model = open_model(smollm_settings(server))
    assert model is not None
    text = model.write(LONG, soon())
    assert list(itertools.islice(text, 3))
    assert running_requests(server) == 1
    text.close()  # type: ignore[attr-defined]  # a generator's
    wait_until(lambda: running_requests(server) == 0)


def test_the_server_counts_the_tokens(server: LocalServer) -> None:
    counted: list[int] = []
    line = OpenAIModel(server.url, server.name, server.key)
    pieces = list(line.write(SHORT, soon(), counted.append))
    assert counted
    assert counted[-1] >= len(pieces)


def test_nobody_without_the_key_may_ask(server: LocalServer) -> None:
    model = open_model(load_settings(llm_base_url=server.url, llm_model=server.name))
    assert model is not None
    with pytest.raises(ModelFailed, match="status 401"):
        next(model.write(SHORT, soon()))


def test_a_model_that_was_restarted_answers_again() -> None:
    with serving_smollm() as first:
        port = httpx.URL(first.url).port
        line = OpenAIModel(first.url, first.name, first.key)
        model = GatedModel(line, smollm_settings(first), rest_seconds=0.2)
        assert next(model.write(SHORT, soon()))
    for _ in range(FAILURES_IN_A_ROW):
        with pytest.raises(ModelUnreachable):
            next(model.write(SHORT, soon()))
    with serving_smollm(port=port) as second:
        line._key = second.key  # a server that a town runs keeps its key
        time.sleep(0.2)
        assert json.loads("".join(model.write(SHORT, soon())))


def test_a_file_runs_in_this_process() -> None:
    model = open_model(load_settings(llm_gguf=smollm_file(), llm_at_once=1))
    assert model is not None
    assert model.name == smollm_file().stem
    assert json.loads("".join(model.write(SHORT, soon())))


def test_a_file_that_is_none_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match=r"^The file of AUSKUNFT_LLM_GGUF is not there: .+\.$"):
        open_model(load_settings(llm_gguf=tmp_path / "missing.gguf"))
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"GGUF" * 100)
    with pytest.raises(SettingInvalid, match="cannot be loaded"):
        open_model(load_settings(llm_gguf=wrong))
