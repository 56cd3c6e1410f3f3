"""The language model that the settings name, and what a server says of its models."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from scripted_model import serving_model

from core.errors import ModelFailed, ModelLate, ModelUnreachable, SettingInvalid
from core.settings import load_settings
from service.language_model import LanguageModel, Task
from service.models import open_model
from service.served_models import ServedModel, served_models


def written(model: LanguageModel | None) -> str:
    assert model is not None
    return "".join(model.write(Task("test@1", "", ""), time.monotonic() + 20))


def test_no_model_is_set_unless_somebody_sets_it() -> None:
    assert open_model(load_settings()) is None


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"llm_base_url": "http://x/v1", "llm_gguf": Path("x.gguf")}, "not both"),
        ({"llm_base_url": "localhost:8080/v1"}, "AUSKUNFT_LLM_BASE_URL is no address"),
        ({"llm_gguf": Path("nowhere.gguf")}, "AUSKUNFT_LLM_GGUF is not there: nowhere.gguf"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingInvalid, match=sentence):
        open_model(load_settings(**settings))


def test_the_only_model_of_a_server_needs_no_name() -> None:
    with serving_model("Gut.", models=["lone"]) as server:
        model = open_model(load_settings(llm_base_url=server.url, llm_api_key="secret"))
        assert model is not None
        assert model.name == "lone"
        assert written(model) == "Gut."
    assert server.requests[0]["model"] == "lone"
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("models", "sentence"),
    [(["one", "two"], "has 2 models: one, two; AUSKUNFT_LLM_MODEL"), ([], "has no models;")],
)
def test_several_models_or_none_need_a_name(models: list[str], sentence: str) -> None:
    with serving_model("", models) as server, pytest.raises(SettingInvalid, match=sentence):
        open_model(load_settings(llm_base_url=server.url))


def test_a_server_that_is_down_at_first_is_asked_for_its_name_later() -> None:
    with serving_model("") as server:
        pass
    model = open_model(load_settings(llm_base_url=server.url))
    assert model is not None
    assert model.name == server.url
    with pytest.raises(ModelUnreachable):
        written(model)
    port = httpx.URL(server.url).port
    assert port is not None
    with serving_model("Gut.", models=["late"], port=port):
        assert written(model) == "Gut."
    assert model.name == "late"


def test_a_name_that_is_not_clear_later_either_is_a_failure() -> None:
    with serving_model("") as server:
        pass
    model = open_model(load_settings(llm_base_url=server.url))
    port = httpx.URL(server.url).port
    assert port is not None
    with (
        serving_model("", models=["one", "two"], port=port),
        pytest.raises(ModelFailed, match="one, two"),
    ):
        written(model)


@pytest.mark.parametrize(
    ("row", "context"),
    [
        ({"max_model_len": 32768}, 32768),  # vLLM
        ({"meta": {"n_ctx": 4096, "n_ctx_train": 131072}}, 4096),  # llama.cpp
        ({"meta": None}, None),
        ({}, None),  # Ollama
    ],
)
def test_a_server_tells_how_much_fits(row: dict[str, object], context: int | None) -> None:
    with serving_model("", models=["m"], described=row) as server:
        assert served_models(server.url, None) == [ServedModel("m", context)]


@pytest.mark.parametrize("address", ["", "/elsewhere"])
def test_an_address_without_models_is_named(address: str) -> None:
    with (
        serving_model("", listing=b"<html>") as server,
        pytest.raises(ModelFailed, match="AUSKUNFT_LLM_BASE_URL"),
    ):
        served_models(server.url + address, None)


def test_a_list_that_comes_drop_by_drop_is_not_waited_for() -> None:
    drops = [b'{"data": [', *[1.0, b" "] * 4, 1.0, b'{"id": "m"}]}']
    with serving_model("", listing=drops) as server, pytest.raises(ModelUnreachable):
        served_models(server.url, None)


def test_nothing_heavy_is_imported_where_no_model_is_set() -> None:
    script = (
        "import sys; from core.settings import load_settings; "
        "from service.models import open_model; import service.prompting; "
        "assert open_model(load_settings()) is None; "
        "heavy = {'openai', 'llama_index', 'transformers', 'xllamacpp', 'tenacity'}; "
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_machine_that_does_not_answer_at_all_is_not_waited_for_until_the_deadline() -> None:
    with socket.socket() as full, ExitStack() as stack:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # its queue is full: what comes now gets no reply, as from no machine
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            with suppress(BlockingIOError):
                caller.connect(full.getsockname())
        address = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        model = open_model(load_settings(llm_base_url=address, llm_model="any"))
        with pytest.raises(ModelLate, match="accept a connection"):
            written(model)
