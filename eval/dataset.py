"""Retrieval sets (corpus.jsonl, queries.jsonl, qrels.tsv) as documents to ingest and questions."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the documents that answer it (maybe none), and the town it is asked in."""

    id: str
    text: str
    language: str
    town: str | None
    relevant: frozenset[str]


def load_questions(folder: Path, split: str | None = None) -> list[Question]:
    """The questions of a set, of one split where the set has splits."""
    relevant: dict[str, set[str]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    return [
        Question(
            id=row["_id"],
            text=row["text"],
            language=row["lang"],
            town=row.get("city"),
            relevant=frozenset(relevant.get(row["_id"], ())),
        )
        for row in read_rows(folder / "queries.jsonl")
        if split is None or row.get("split") == split
    ]


def write_documents(rows: Path, folder: Path) -> int:
    """Writes every row of a corpus as a Markdown document with metadata; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for row in read_rows(rows):
        metadata = yaml.safe_dump(_metadata(row), allow_unicode=True, sort_keys=False)
        (folder / f"{row['_id']}.md").write_text(f"---\n{metadata}---\n\n{row['text']}\n", "utf-8")
        count += 1
    return count


def read_rows(path: Path) -> Iterator[Row]:
    """The JSON objects of a .jsonl file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _metadata(row: Row) -> Row:
    """Front matter for a corpus row, with what the different sets call a place."""
    fields: Row = {"id": row["_id"], "title": row["title"], "language": row["lang"]}
    for name in ("url", "valid_from"):
        if row.get(name):
            fields[name] = row[name]
    if row.get("ars"):
        levels = {2: "state", 5: "district", 9: "association", 12: "municipality"}
        place = {"level": levels[len(row["ars"])], "name": row["town"], "key": row["ars"]}
        fields |= {"kind": "statute", "jurisdiction": place}
    elif row.get("city"):
        fields["jurisdiction"] = {"level": "municipality", "name": row["city"]}
    return fields
