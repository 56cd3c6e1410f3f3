"""The command line as people and programs use it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from acts import copy
from children import run_command
from filelock import FileLock, Timeout

COMMAND = Path(sys.executable).with_name("auskunft")
TAX = """---
title: Satzung über die Erhebung der Hundesteuer
short_title: Hundesteuersatzung
kind: statute
jurisdiction: {level: municipality, name: Auental, key: "990010001001"}
as_of: 2025-11-12
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Steuer beträgt im Kalenderjahr für den ersten Hund 108,00 Euro.

(2) Für jeden weiteren Hund beträgt die Steuer 216,00 Euro.
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return settings_for(tmp_path)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the town's documents."""
    folder = tmp_path_factory.mktemp("ingested")
    as_json(settings_for(folder), "ingest", write_town(folder))
    return folder / "state"


@pytest.fixture
def filled(environment: dict[str, str], ingested: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of a copy of it."""
    copy(ingested, tmp_path / "state")
    return environment


def settings_for(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUSKUNFT_")}
    return {**kept, "AUSKUNFT_STATE_DIR": str(folder / "state")}


def write_town(folder: Path) -> Path:
    town = folder / "town"
    town.mkdir()
    (town / "hundesteuer.md").write_text(TAX, "utf-8")
    return town


def auskunft(
    environment: dict[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """What the command does in a process of its own; the installed one is started in
    `running_site`."""
    return run_command([*map(str, arguments)], environment)


def as_json(environment: dict[str, str], *arguments: str | Path) -> dict[str, Any]:
    done = auskunft(environment, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    body: dict[str, Any] = json.loads(done.stdout)
    return body


def is_one_sentence(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) == 1 and lines[0].strip() != "" and "Traceback" not in text


def test_from_a_folder_to_a_cited_answer(environment: dict[str, str], town: Path) -> None:
    report = as_json(environment, "ingest", town)
    assert report["documents"]["added"] == 1
    assert report["documents"]["failed"] == 0
    assert report["failures"] == []
    answer = as_json(environment, "ask", "Was kostet die Hundesteuer für den ersten Hund?")
    assert answer["status"] == "answered"
    assert answer["mode"] == "extractive"
    assert "108,00 Euro" in answer["statements"][0]["text"]
    citation = answer["citations"][0]
    assert citation["label"] == "§ 5 Abs. 1 Hundesteuersatzung"
    assert citation["quote"] in TAX
    further = as_json(environment, "ask", "und für jeden weiteren?", "--context", "Hundesteuer?")
    assert "216,00 Euro" in " ".join(s["text"] for s in further["statements"])
    found = as_json(environment, "search", "Hundesteuer", "--town", "Auental", "--limit", "1")
    assert [p["document_id"] for p in found["passages"]] == ["hundesteuer"]
    listed = as_json(environment, "documents")
    assert [(d["id"], d["version"]) for d in listed["documents"]] == [("hundesteuer", 1)]


def test_nothing_heavy_is_imported_to_answer(filled: dict[str, str]) -> None:
    script = """
import sys
from web.cli import main
sys.argv = ["auskunft", "ask", "Was kostet ein Hund?", "--json"]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
heavy = {"torch", "transformers", "sentence_transformers", "llama_index", "ragas"}
heavy |= {"alembic", "rich"}
loaded = heavy & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=filled, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ingest", "nowhere"], 1),
        (["ask", ""], 2),
        (["ask", "🙂🙂"], 2),
        (["ask", "a" * 10_000], 2),
        (["ask", "Was kostet ein Hund?", "--town", "Nirgendwo"], 2),
        (["ask", "Was kostet ein Hund?", "--as-of", "gestern"], 2),
    ],
)
def test_wrong_input_gives_one_sentence_and_the_right_code(
    arguments: list[str], code: int, filled: dict[str, str]
) -> None:
    done = auskunft(filled, *arguments, "--json")
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert is_one_sentence(done.stderr), done.stderr


def test_unknown_options_are_wrong_usage(environment: dict[str, str]) -> None:
    done = auskunft(environment, "ingest", "--fast")
    assert done.returncode == 2
    assert "--fast" in done.stderr


def test_settings_are_printed_without_secrets(environment: dict[str, str]) -> None:
    environment["AUSKUNFT_QDRANT_API_KEY"] = "geheim"
    assert "AUSKUNFT_EMBEDDING_MODEL=bundled\n" in auskunft(environment, "settings").stdout
    done = auskunft(environment, "settings", "--json")
    rows = {row["name"]: row for row in json.loads(done.stdout)["settings"]}
    assert rows["AUSKUNFT_RATE_LIMIT"]["value"] == "30/minute"
    assert rows["AUSKUNFT_QDRANT_API_KEY"]["value"]
    assert "geheim" not in done.stdout


def test_a_server_that_is_down_is_named(environment: dict[str, str], town: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        environment["AUSKUNFT_QDRANT_URL"] = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = auskunft(environment, "ingest", town)
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "AUSKUNFT_QDRANT_URL" in done.stderr


def test_a_second_site_on_a_state_folder_is_refused(filled: dict[str, str], tmp_path: Path) -> None:
    """With a Qdrant server no lock of the index would keep it out."""
    with FileLock(tmp_path / "state/site.lock"):
        done = auskunft(filled, "serve")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "a folder of its own with AUSKUNFT_STATE_DIR" in done.stderr


def test_what_is_prepared_is_scheduled_by_command(environment: dict[str, str], town: Path) -> None:
    as_json(environment, "ingest", town)
    (town / "hundesteuer.md").write_text(TAX.replace("108,00", "120,00"), "utf-8")
    as_json(environment, "ingest", "--stage", town)
    done = auskunft(environment, "documents", "publish", "--on", "morgen")
    assert (done.returncode, is_one_sentence(done.stderr)) == (2, True)
    day = (date.today() + timedelta(days=40)).isoformat()
    done = auskunft(environment, "documents", "publish", "hundesteuer", "--on", day)
    assert done.stdout == f"From {day} on: hundesteuer.\n"
    (waiting,) = as_json(environment, "documents", "staged")["coming"]
    assert (waiting["id"], waiting["valid_from"]) == ("hundesteuer", day)


def test_another_model_names_the_command_that_rebuilds(
    filled: dict[str, str], town: Path, tmp_path: Path
) -> None:
    identity = next((tmp_path / "state").rglob("identity.json"))
    identity.write_text(identity.read_text().replace("e5-small", "older-model"))
    done = auskunft(filled, "ask", "Was kostet ein Hund?")
    assert done.returncode == 1
    assert "older-model" in done.stderr
    assert "auskunft reindex" in done.stderr
    assert as_json(filled, "ingest", town, "--rebuild")["documents"]["added"] == 1
    assert as_json(filled, "ask", "Was kostet ein Hund?")["status"] == "answered"


def test_a_rebuild_that_cannot_start_keeps_what_stands(filled: dict[str, str]) -> None:
    done = auskunft(filled, "ingest", "nowhere", "--rebuild")
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert len(as_json(filled, "documents")["documents"]) == 1


def test_a_site_for_a_town_that_is_not_there_does_not_start(filled: dict[str, str]) -> None:
    filled["AUSKUNFT_TOWN"] = "Nirgendwo"
    done = auskunft(filled, "serve", "--port", "1")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)


def test_a_database_address_that_is_none_is_named(environment: dict[str, str]) -> None:
    environment["AUSKUNFT_DATABASE_URL"] = "my database"
    done = auskunft(environment, "documents")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "AUSKUNFT_DATABASE_URL" in done.stderr


@contextmanager
def running_site(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                if httpx.get(f"{url}/readyz").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        site.send_signal(signal.SIGTERM)
        assert site.wait(30) in (0, -signal.SIGTERM)


def test_commands_work_while_the_site_runs(
    environment: dict[str, str], town: Path, tmp_path: Path
) -> None:
    as_json(environment, "ingest", town)
    question = "Was kostet die Hundesteuer für den ersten Hund?"
    with running_site(environment) as url:
        body = httpx.post(f"{url}/api/v1/answers", json={"question": question}).json()
        assert "108,00" in body["statements"][0]["text"]
        (town / "hundesteuer.md").write_text(TAX.replace("108,00", "120,00"), "utf-8")
        assert as_json(environment, "ingest", town)["documents"]["updated"] == 1
        body = httpx.post(f"{url}/api/v1/answers", json={"question": question}).json()
        assert "120,00" in body["statements"][0]["text"]
        assert "120,00" in as_json(environment, "ask", question)["statements"][0]["text"]
        further = as_json(environment, "ask", "und für jeden weiteren?", "--context", question)
        assert "216,00" in " ".join(s["text"] for s in further["statements"])
        assert auskunft(environment, "ingest", "nowhere").returncode == 1
        assert auskunft(environment, "ask", "").returncode == 2
        assert httpx.get(f"{url}/jobs/edit/overview").status_code == 404
        with pytest.raises(Timeout):
            FileLock(tmp_path / "state/site.lock", timeout=0).acquire()
        second = auskunft(environment, "serve")
        assert second.returncode == 2
        assert "a folder of its own with AUSKUNFT_STATE_DIR" in second.stderr
    assert "120,00" in as_json(environment, "ask", question)["statements"][0]["text"]


def test_to_prepare_and_to_withdraw_at_once_is_refused(
    environment: dict[str, str], town: Path
) -> None:
    refused = auskunft(environment, "ingest", "--stage", "--prune", town)
    assert refused.returncode == 2
    assert is_one_sentence(refused.stderr)
