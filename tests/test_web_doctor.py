"""`auskunft doctor` says what works; `auskunft prompts` shows what models are told."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest
from children import run_command
from scripted_model import Said, serving_model

from core.settings import load_settings
from web.doctor import Check
from web.model_check import check_model

COLOURS = ['{"colours": ', '["red", ', '"yellow", ', '"green", ', '"red"]}']


def checks(said: Said, models: tuple[str, ...] = ("scripted",), **settings: object) -> list[Check]:
    with serving_model(said, models) as server:
        return list(check_model(load_settings(llm_base_url=server.url, **settings)))


def test_a_model_that_works_is_described() -> None:
    server, answers = checks(COLOURS)
    assert (server.works, answers.works) == (True, True)
    assert "scripted" in server.message
    assert answers.figures["streams"] is True
    assert answers.figures["obeys_schema"] is True
    assert "tokens a second" in answers.message


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (["The colours ", "are red, yellow and green."], "does not keep to a JSON schema"),
        (['{"colours": [', '"blue", "red", "red", "red"]}'], "does not keep to a JSON schema"),
        (["".join(COLOURS)], "does not stream"),
        ([5.0, *COLOURS], "longer than AUSKUNFT_LLM_SECONDS"),
    ],
)
def test_what_a_model_cannot_do_is_said_with_what_citizens_get(said: Said, fault: str) -> None:
    *_, answers = checks(said, llm_seconds=2)
    assert answers.works is False
    assert fault in answers.message
    assert "word for word" in answers.message


def test_a_server_that_refuses_or_breaks_is_a_failed_check() -> None:
    for said, reason in ((401, "status 401"), (["{", None], "broke off")):
        *_, last = checks(said)
        assert last.works is False
        assert reason in last.message
        assert "word for word" in last.message


def test_a_name_that_the_server_does_not_list_is_named() -> None:
    server, answers = checks(COLOURS, ("one", "two"), llm_model="three")
    assert server.works is False
    assert "does not list three, but one, two" in server.message
    assert answers.works is True  # some servers list less than they have


def test_several_models_and_no_name_are_listed() -> None:
    (check,) = checks(itertools.repeat("x"), ("one", "two"))
    assert check.works is False
    assert "2 models: one, two" in check.message
    assert "AUSKUNFT_LLM_MODEL" in check.message


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUSKUNFT_")}
    return {**kept, "AUSKUNFT_STATE_DIR": str(folder / "state"), **settings}


def test_the_command_says_what_works_and_exits_1_where_the_model_is_down(tmp_path: Path) -> None:
    down = environment(tmp_path, AUSKUNFT_LLM_BASE_URL="http://127.0.0.1:9/v1")
    done = run_command(["doctor", "--json"], down)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    rows = {row["name"]: row for row in said["checks"]}
    assert said["works"] is False
    assert rows["state folder"]["works"] is rows["embedding model"]["works"] is True
    assert rows["index"]["passages"] == 0
    assert "`auskunft ingest FOLDER`" in rows["database"]["message"]
    assert rows["language model"]["works"] is False
    done = run_command(["doctor"], environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok    language model: None is set" in done.stdout


def test_prompts_are_listed_and_shown(tmp_path: Path) -> None:
    listed = json.loads(run_command(["prompts", "--json"], environment(tmp_path)).stdout)
    ping = next(row for row in listed["prompts"] if row["name"] == "ping")
    shown = json.loads(run_command(["prompts", "ping", "--json"], environment(tmp_path)).stdout)
    assert shown == {**ping, "text": shown["text"]}
    assert "colours" in shown["text"]
    missing = run_command(["prompts", "pong"], environment(tmp_path))
    assert (missing.returncode, missing.stderr) == (
        2,
        "There is no prompt pong; `auskunft prompts` lists them.\n",
    )
