"""Measurements from the command line show what went wrong, and draw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from encoders import WordEncoder
from sets import SureSelector, write_set

from eval.__main__ import main

WRONG = "Wann ist der Umzug?"


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that knows words only, in microseconds."""
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    monkeypatch.setattr("eval.reliability.load_selector", lambda _: SureSelector())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    pages = {
        "umzug": "Umzug\nDer Umzug ist im Mai.",
        "hund": "Hund\nEin Hund kostet 96 Euro. Er bellt.\nSonst nichts.",
    }
    queries = [
        {"_id": "q1", "text": "Was kostet ein Hund?", "split": "dev", "relevant": "hund"},
        {"_id": "q2", "text": WRONG, "split": "dev", "relevant": "hund"},
    ]
    answers = [
        {"query_id": "q1", "sentences": [1], "doc_id": "hund"},
        {"query_id": "q2", "sentences": [], "doc_id": "umzug"},
    ]
    write_set(tmp_path / "omos-qa", pages, queries, answers)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["eval", *map(str, arguments)])
    return main()


@pytest.mark.parametrize(
    ("command", "wanted"), [("retrieval", "hund: hund"), ("answers", "umzug: no answer")]
)
def test_wrong_cases_are_shown_where_asked_for(
    command: str,
    wanted: str,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = ("--state", data / "state")
    assert run(monkeypatch, command, data / "omos-qa", *state) == 0
    assert WRONG not in capsys.readouterr().out
    assert run(monkeypatch, command, data / "omos-qa", *state, "--wrong") == 0
    shown = capsys.readouterr().out
    assert f"  {WRONG}\n      wanted  {wanted}\n      came    umzug" in shown
    assert run(monkeypatch, command, data / "omos-qa", *state, "--json") == 0
    assert "wrong" not in json.loads(capsys.readouterr().out)["de"]
    assert run(monkeypatch, command, data / "omos-qa", *state, "--json", "--wrong") == 0
    (case,) = json.loads(capsys.readouterr().out)["de"]["wrong"]
    assert (case["question"], case["wanted"]) == (WRONG, [wanted])


def test_reliability_is_printed_and_drawn(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    charts, state = data / "charts", ("--state", data / "state")
    command = ("reliability", data / "omos-qa", *state)
    assert run(monkeypatch, *command, "--split", "dev", "--charts", charts) == 0
    assert "Below 0 the answer is no." in capsys.readouterr().out
    assert (charts / "reliability.svg").read_text("utf-8").startswith("<svg")
    assert run(monkeypatch, *command, "--json") == 0
    bins = json.loads(capsys.readouterr().out)["de"]
    assert sum(of["questions"] for of in bins) == 2
    assert run(monkeypatch, *command, "--split", "test") == 0
    assert "has no questions" in capsys.readouterr().err
    assert run(monkeypatch, "reliability", data / "none") == 2
    assert capsys.readouterr().err.startswith("There is no ")


def test_quality_writes_all_of_it_and_shows_what_is_asked_for(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, charts = data / "quality.json", data / "charts"
    only = [word for name in ("omos-qa", "answers", "reliability") for word in ("--only", name)]
    options = ("--data", data, *only, "--wrong", "--json", file, "--charts", charts)
    assert run(monkeypatch, "quality", *options) == 1  # of five languages there is only one
    shown = capsys.readouterr().out
    assert "omos-qa, de: some that went wrong" in shown
    assert "answers, de: some that went wrong" in shown
    kept = json.loads(file.read_text("utf-8"))
    assert kept["wrong"]["answers"]["de"][0]["wanted"] == ["umzug: no answer"]
    assert kept["rows"][0]["figure"] == "recall@5 de"
    assert kept["reliability"]["de"]
    assert {path.name for path in charts.iterdir()} == {"recall-at-5.svg", "reliability.svg"}
