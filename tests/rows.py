"""Rows and runs of an evaluation, made up for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.types import Mode, Status
from eval.runs import Quoted, Retrieved, Row, Run, RunHead

ROW = Row(
    id="A01",
    language="de",
    kind="amount",
    question="Was kostet ein Hund?",
    context=None,
    as_of="2026-11-22",
    wanted=Status.ANSWERED,
    reference="Ein Hund kostet 108,00 Euro.",
    sources=(("hund", "§ 5"),),
    status=Status.ANSWERED,
    mode=Mode.EXTRACTIVE,
    message="In den Unterlagen steht:",
    statements=("Der erste Hund 108,00 Euro.",),
    citations=(Quoted("hund", 1, "§ 5", 2, "§ 5 Hundesteuersatzung, S. 2", "108,00 Euro"),),
    retrieved=(Retrieved("p1", "hund", "§ 5", "Der erste Hund 108,00 Euro."),),
    milliseconds=100.0,
    scores={},
)
HEAD = RunHead(
    name="today",
    made=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    questions="auental.jsonl",
    questions_digest="a" * 64,
    commit="abc1234",
    model="e5",
    state_digest="b" * 64,
    documents={"hund": (1, "Hundesteuersatzung"), "bad": (1, "Badeordnung")},
)


def row_of(
    id: str = "A01",  # noqa: A002 the row's own name for it
    language: str = "de",
    scores: Mapping[str, float | None] | None = None,
    **changes: object,
) -> Row:
    """A right answer about dogs, with some of it changed."""
    row = replace(ROW, id=id, language=language, scores=scores or {})
    return replace(row, **changes)  # type: ignore[arg-type]  # any field may be among them


def run_of(rows: Sequence[Row], **changes: object) -> Run:
    """A run of these rows."""
    return Run(replace(HEAD, **changes), rows)  # type: ignore[arg-type]  # any field may be
