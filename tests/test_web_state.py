"""The commands about the state as a whole, as a town's administrator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_web_cli import (
    as_json,
    auskunft,
    environment,
    filled,
    ingested,
    is_one_sentence,
    running_site,
)

__all__ = ["environment", "filled", "ingested"]  # fixtures
QUESTION = "Was kostet die Hundesteuer für den ersten Hund?"


def test_a_site_is_saved_while_it_runs_and_answers_the_same_elsewhere(
    filled: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "town.tar.gz"
    with running_site(filled):
        saved = as_json(filled, "backup", file)
        assert (saved["documents"], saved["originals"]) == (1, 1)
        assert saved["bytes"] == file.stat().st_size
        answer = as_json(filled, "ask", QUESTION)
        refused = auskunft(filled, "restore", file)
        assert refused.returncode == 2
        assert is_one_sentence(refused.stderr)

    filled["AUSKUNFT_STATE_DIR"] = str(tmp_path / "elsewhere")
    assert as_json(filled, "restore", file) == saved
    again = as_json(filled, "ask", QUESTION)
    assert again["statements"] == answer["statements"]
    assert again["citations"] == answer["citations"]


def test_another_model_takes_one_command(filled: dict[str, str], tmp_path: Path) -> None:
    identity = tmp_path / "state" / "index" / "identity.json"
    identity.write_text(identity.read_text().replace("e5-small", "older-model"))
    assert auskunft(filled, "ask", QUESTION).returncode == 1
    built = as_json(filled, "reindex")
    assert (built["documents"], built["answers"]) == (1, True)
    assert "108,00 Euro" in as_json(filled, "ask", QUESTION)["statements"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["backup", "/nowhere/town.tar.gz"], 1),
        (["restore", "/nowhere/town.tar.gz"], 1),
        (["restore", "/etc/hostname"], 2),
        (["copy-index", "--to", "http://127.0.0.1:1"], 1),
        (["copy-index", "--to", "my server"], 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str],
    code: int,
    environment: dict[str, str],
) -> None:
    done = auskunft(environment, *arguments)
    assert done.returncode == code, done.stderr
    assert is_one_sentence(done.stderr)
