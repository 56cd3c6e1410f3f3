"""The question sets that ship with the project are whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.languages import SUPPORTED

PARALLEL = Path(__file__).parent.parent / "data/questions/parallel.jsonl"
ROWS = [json.loads(line) for line in PARALLEL.read_text("utf-8").splitlines()]


def test_every_question_stands_in_every_language() -> None:
    assert len(ROWS) >= 400
    for row in ROWS:
        assert set(row) == {"id", *SUPPORTED}
        assert all(text.strip() == text != "" for text in row.values())


@pytest.mark.parametrize("field", ["id", "de"])
def test_no_question_stands_twice(field: str) -> None:
    values = [row[field].casefold() for row in ROWS]
    assert len(set(values)) == len(values)
