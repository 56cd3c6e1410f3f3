"""What people decided about the questions of a set, kept beside it in FILE.review.jsonl.

The set holds the questions that stand; which of them a person has looked at, and which were
dropped, stands in this second file, a line each: `id`, `decision` and `day`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.questions import SCHEMA_VERSION, SetInvalid, SetRow, load_rows, write_rows


class Verdict(StrEnum):
    """What a person decided about a question."""

    KEPT = "kept"
    MENDED = "mended"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on a question, and when it was given."""

    id: str
    decision: Verdict
    day: date


_DECISION = TypeAdapter(Decision)


def load_set(path: Path) -> list[SetRow]:
    """The rows of a set that may not be there yet, or has lost its last question. Raises
    SetInvalid where it cannot be used."""
    if not path.exists():
        return []
    try:
        lines = path.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"The evaluation set {path} cannot be read.") from error
    if "".join(lines) == json.dumps({"schema_version": SCHEMA_VERSION}).replace(" ", ""):
        return []
    return load_rows(path)


def save_set(path: Path, rows: Iterable[SetRow]) -> None:
    """Writes a set, whole or not at all. Raises SetInvalid where it cannot be written."""
    try:
        write_rows(path, rows)
    except OSError as error:
        raise SetInvalid(f"{path} cannot be written: {error.strerror}.") from error


def load_decisions(path: Path) -> dict[str, Decision]:
    """The decisions about a set's questions, by id. Raises SetInvalid, naming the line."""
    beside = decisions_path(path)
    if not beside.exists():
        return {}
    decisions: dict[str, Decision] = {}
    try:
        lines = beside.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"{beside} cannot be read.") from error
    for number, line in enumerate(lines, start=1):
        try:
            decision = _DECISION.validate_json(line)
        except ValidationError as error:
            raise SetInvalid(f"{beside}, line {number} is no decision of a review.") from error
        decisions[decision.id] = decision
    return decisions


def save_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Writes the decisions about a set, whole or not at all. Raises SetInvalid."""
    beside = decisions_path(path)
    lines = [json.dumps(asdict(decision), default=str) for decision in decisions]
    written = beside.with_name(f"{beside.name}.new")
    try:
        written.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        written.replace(beside)
    except OSError as error:
        raise SetInvalid(f"{beside} cannot be written: {error.strerror}.") from error


def decisions_path(path: Path) -> Path:
    """Where the decisions about a set are kept."""
    return path.with_name(f"{path.name}.review.jsonl")
