"""From the command line: a set is run, reported, compared, and what got worse is stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from encoders import WordEncoder

from eval.__main__ import main

TAX = "Die Hundesteuer beträgt 96,00 Euro im Jahr."
HOURS = "Das Rathaus ist am Montag von 8 bis 12 Uhr geöffnet."


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that knows words only, in microseconds."""
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    place = 'jurisdiction: {level: municipality, name: Auental, key: "990010001001"}'
    for name, text in (("hund", TAX), ("rathaus", HOURS)):
        head = f"---\nid: {name}\ntitle: {name.title()}\n{place}\n---\n"
        (folder / f"{name}.md").write_text(f"{head}\n# Auskunft\n\n{text}\n", "utf-8")
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [
        ("a", "Wie hoch ist die Hundesteuer im Jahr?", TAX, "hund", ["96,00 Euro"]),
        ("b", "Wann ist das Rathaus geöffnet?", HOURS, "rathaus", []),
    ]
    lines = [json.dumps({"schema_version": 1})]
    lines += [
        json.dumps(
            {
                "id": name,
                "kind": "fact",
                "as_of": "2026-11-22",
                "question": {"de": text},
                "status": "answered",
                "reference": answer,
                "numbers": numbers,
                "sources": [{"document_id": document, "section": "Auskunft", "quote": answer}],
            }
        )
        for name, text, answer, document, numbers in rows
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def bars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "gate.yaml"
    bar = {"languages": "de", "at_least": 1.0, "since": "2026-11-22", "reason": "it must be said"}
    path.write_text(json.dumps([{"metric": "number_exact", **bar}]), "utf-8")
    monkeypatch.setattr("eval.gate.GATE", path)
    monkeypatch.setattr("eval.proof.GATE", path)
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["eval", *map(str, arguments)])
    return main()


@pytest.mark.usefixtures("bars")
def test_a_suite_writes_a_report_and_asks_nothing_twice(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    asked = "suite", "--set", questions, "--documents", town, "--out", out
    assert run(monkeypatch, *asked, "--name", "first") == 0
    assert "Die Hundesteuer" in (out / "report.html").read_text("utf-8")
    [kept] = (out / "rows").iterdir()
    before = kept.read_text("utf-8")
    assert run(monkeypatch, *asked, "--baseline", "first") == 0
    assert kept.read_text("utf-8") == before
    assert {path.stem for path in out.glob("*.jsonl")} == {"first", "last", "previous"}
    capsys.readouterr()
    assert run(monkeypatch, "compare", "first", "last", "--out", out) == 0
    assert "number_exact" in capsys.readouterr().out.replace(" ", "_")


@pytest.mark.usefixtures("bars")
def test_the_gate_stops_an_amount_that_changed(
    town: Path,
    questions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = "gate", "--set", questions, "--documents", town
    assert run(monkeypatch, *asked) == 0
    changed = town / "hund.md"
    changed.write_text(changed.read_text("utf-8").replace("96,00", "120,00"), "utf-8")
    assert run(monkeypatch, *asked) == 1
    said = capsys.readouterr().out
    assert "it must be said" in said
    assert said.endswith("0 passed, 1 failed\n")


def test_what_is_missing_is_told_in_one_sentence(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nothing = tmp_path / "nothing"
    assert run(monkeypatch, "suite", "--set", nothing, "--documents", town) == 2
    assert run(monkeypatch, "gate", "--set", questions, "--documents", nothing) == 2
    assert run(monkeypatch, "compare", "one", "other", "--out", tmp_path) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert f"There is no folder {nothing}." in said
