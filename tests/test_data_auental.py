"""The sample town's evaluation set fits the sample town's documents."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.languages import SUPPORTED
from core.store import Store
from core.types import Passage, Status

SET = Path(__file__).parent.parent / "data/questions/auental.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]


def packed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def passages(auental: Store) -> dict[str, list[Passage]]:
    generation = auental.registry.generation()
    named = {source["document_id"] for row in ROWS for source in row["sources"]}
    return {name: auental.index.fetch(name, generation) for name in named}


def test_questions_stand_once_and_in_every_language() -> None:
    assert len(ROWS) >= 120
    ids = Counter(row["id"] for row in ROWS)
    texts = Counter(row["question"]["de"].casefold() for row in ROWS if not row["context"])
    assert {*ids.values(), *texts.values()} == {1}
    for row in ROWS:
        assert set(row["question"]) == set(SUPPORTED)
        assert set(row["context"] or SUPPORTED) == set(SUPPORTED)
        assert date.fromisoformat(row["as_of"])
        assert (Status(row["status"]) is Status.ANSWERED) == bool(row["sources"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_sources_stand_in_the_documents(
    row: dict[str, Any], passages: dict[str, list[Passage]]
) -> None:
    for source in row["sources"]:
        of_section = [p for p in passages[source["document_id"]] if p.section == source["section"]]
        text = packed(" ".join(passage.text for passage in of_section))
        assert packed(source["quote"]) in text
    quoted = packed(" ".join(source["quote"] for source in row["sources"]))
    assert [number for number in row["numbers"] if packed(number) not in quoted] == []
