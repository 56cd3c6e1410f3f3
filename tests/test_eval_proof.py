"""From the command line: a set is run, reported, compared, and what got worse is stopped."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from judge_server import FakeJudge, agree, serving
from scripted_model import serving_model

from core.settings import load_settings
from core.store import open_store
from core.types import Mode
from eval.__main__ import main
from eval.agreement import UNTRUSTED
from eval.proof import JUDGED
from eval.runs import load_run
from ingest.publish import Publisher
from ingest.run import ingest
from web.editor.last_run import read_last_run

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
def test_a_language_models_words_are_measured_and_its_silence_is_asked_anew(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def say(request: dict[str, Any]) -> str:
        text = TAX if "Hundesteuer im Jahr?" in str(request["messages"]) else HOURS
        return json.dumps({"can_answer": True, "statements": [{"text": text, "sources": [1]}]})

    out = tmp_path / "out"
    asked = "suite", "--model", "--set", questions, "--documents", town, "--out", out
    assert run(monkeypatch, *asked) == 2
    assert capsys.readouterr().err.startswith("No language model is set;")
    with serving_model(500) as server:
        monkeypatch.setenv("AUSKUNFT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("AUSKUNFT_LLM_MODEL", "town-7b")
        assert run(monkeypatch, *asked) == 0
        assert "language_model: 2 missing (2 × it wrote nothing)" in capsys.readouterr().out
        server.script = say
        assert run(monkeypatch, *asked) == 0
        assert "missing" not in capsys.readouterr().out
    last = load_run(out / "last.jsonl")
    assert {row.mode for row in last.rows} == {Mode.GENERATED}
    assert [row.scores["number_exact"] for row in last.rows if row.id == "a"] == [1.0]
    assert (last.head.language_model, last.head.prompts[0][:7]) == ("town-7b", "answer@")
    assert "town-7b (answer@" in (out / "report.html").read_text("utf-8")


def test_reports_lie_in_the_state_folder_and_say_whose_documents_were_asked(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the sample town's gate is only for the sample town's set."""
    monkeypatch.setenv("AUSKUNFT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("AUSKUNFT_TOWN", "Ulm")  # which is in the index of no other town
    assert run(monkeypatch, "suite", "--set", questions, "--documents", town) == 0
    assert "BELOW" not in capsys.readouterr().out
    assert read_last_run(tmp_path / "state") is None
    monkeypatch.setenv("AUSKUNFT_TOWN", "")
    settings = load_settings()
    with open_store(settings) as store:
        ingest([town], Publisher(store), settings)
        assert run(monkeypatch, "suite", "--standing", "--set", questions) == 1
        assert "A site runs on this index. Stop it meanwhile" in capsys.readouterr().err
    assert run(monkeypatch, "suite", "--standing", "--set", questions) == 0
    found = read_last_run(tmp_path / "state")
    assert found is not None
    assert (found.questions, found.is_worded) == (2, False)


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


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeJudge]:
    """A judge that finds everything right, compared with three labelled answers."""
    labelled = tmp_path / "judged.jsonl"
    labelled.write_text("\n".join(JUDGED.read_text("utf-8").splitlines()[:3]), "utf-8")
    monkeypatch.setattr("eval.proof.JUDGED", labelled)
    with serving() as server:
        monkeypatch.setenv("AUSKUNFT_LLM_BASE_URL", server.url)
        monkeypatch.setenv("AUSKUNFT_LLM_MODEL", "fake")
        yield server


@pytest.mark.usefixtures("bars")
def test_a_judge_has_its_cost_and_its_failures_told_and_is_not_trusted_blindly(
    judge: FakeJudge,
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge.script = lambda wanted, request: (
        "Hm." if wanted == "AnswerRelevanceOutput" else agree(wanted, request)
    )
    out = tmp_path / "out"
    asked = "suite", "--judge", "--set", questions, "--documents", town, "--out", out
    assert run(monkeypatch, *asked) == 0
    said = capsys.readouterr().out
    assert f"fake was asked {len(judge.requests)} times" in said  # those for the labels as well
    reason = "2 × the answer is not JSON of the form asked for"
    assert f"answer_relevancy: 2 missing ({reason})" in said
    assert UNTRUSTED in said
    assert not load_run(out / "last.jsonl").head.is_judge_trusted
    for name in ("report.html", "report.json"):
        text = (out / name).read_text("utf-8")
        assert "not to be trusted" in text
        assert reason.split(" × ")[1] in text


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C is heard, though a shell that starts tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("bars", "interruptible")
def test_a_judged_run_that_was_stopped_goes_on_where_it_was(
    judge: FakeJudge,
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(wanted: str, request: dict[str, Any]) -> Any:
        if len(judge.requests) == 6:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
        return agree(wanted, request)

    judge.script = interrupt
    asked = "suite", "--judge", "--workers", 1, "--set", questions, "--documents", town
    asked = *asked, "--out", tmp_path / "out"
    assert run(monkeypatch, *asked) == 130
    assert capsys.readouterr().err.startswith("Stopped. What is finished is kept")
    before = [request["messages"] for request in judge.requests]
    assert run(monkeypatch, *asked) == 0
    after = [request["messages"] for request in judge.requests[len(before) :]]
    assert len(before) == 6
    assert before[5] in after
    assert not any(messages in after for messages in before[:5])


@pytest.mark.usefixtures("bars")
def test_a_source_that_no_document_holds_is_named_and_the_gate_is_red(
    town: Path,
    questions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = questions.read_text("utf-8").replace('"document_id": "hund"', '"document_id": "katze"')
    questions.write_text(wrong.replace('96,00 Euro"]', '97,00 Euro"]'), "utf-8")
    assert run(monkeypatch, "gate", "--set", questions, "--documents", town) == 1
    told = capsys.readouterr().err.splitlines()
    assert "1 source does not stand in the documents: a (katze, Auskunft)" in told
    assert "a: no source holds 97,00 Euro." in told


def test_a_last_run_that_cannot_be_read_does_not_stop_the_next(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    last = tmp_path / "out/last.jsonl"
    last.parent.mkdir()
    last.write_text('{"schema_version": 0}\n', "utf-8")
    asked = "suite", "--set", questions, "--documents", town, "--out", last.parent
    assert run(monkeypatch, *asked) == 0
    assert "another schema version" in capsys.readouterr().err
    assert run(monkeypatch, "compare", "last", "last", "--out", last.parent) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        *(("--name", "../x"), ("--name", "previous"), ("--workers", "0"), ("--workers", "two")),
        *(("--seconds", "0"), ("--seconds", "-3"), ("--seconds", "nan"), ("--seconds", "soon")),
    ],
)
def test_a_name_that_is_no_files_nobody_at_work_and_no_time_are_wrong_usage(
    wrong: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, "suite", *wrong)
    assert stopped.value.code == 2
    assert f"{wrong[1]!r} is no" in capsys.readouterr().err


def test_what_cannot_be_done_is_told_before_anything_is_asked(
    town: Path,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A question that no site takes, a judge that is not set, an index without documents."""

    def is_told(said: str, *arguments: object, code: int = 2) -> None:
        monkeypatch.setattr("eval.ragas_suite.make_row", lambda *_: pytest.fail("asked"))
        assert run(monkeypatch, "suite", "--set", questions, *arguments) == code
        assert capsys.readouterr().err.splitlines()[-1].startswith(said)

    monkeypatch.setenv("AUSKUNFT_STATE_DIR", str(tmp_path / "state"))
    is_told("There are no documents in the index;", "--standing")
    assert not (tmp_path / "state/eval/report.html").exists()
    here = "--documents", town
    is_told("No judging language model is set;", *here, "--judge")
    file = tmp_path / "file"
    file.write_text("", "utf-8")
    is_told(f"{file}", *here, "--out", file, code=1)
    fine = questions.read_text("utf-8")
    for changed, said in (
        ('"de": " "', "a (de): The question is empty;"),
        (f'"de": "{"Hund " * 250}"', "a (de): The question is too long;"),
        ('"de": "Und nun?"}, "town": "Nirgendwo", "context": {"de": ""', "a (de): No town called"),
    ):
        questions.write_text(fine.replace('"de": "Wie hoch ist die Hundesteuer im Jahr?"', changed))
        is_told(said, *here)


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
    assert run(monkeypatch, "suite", "--set", questions, "--language", "tr") == 2
    assert run(monkeypatch, "compare", "one", "other", "--out", tmp_path) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4
    assert said[2] == f"{questions} has no questions in tr."
    assert f"There is no folder {nothing}." in said
