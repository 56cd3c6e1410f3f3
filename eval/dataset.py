"""Retrieval sets (corpus.jsonl, queries.jsonl, qrels.tsv): documents, ingested, and questions."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from rich.console import Console
from rich.progress import Progress, track

from core.errors import IndexBusy
from core.settings import Settings
from core.store import Store, open_store
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest

QUESTIONS = Path(__file__).parent.parent / "data/questions"  # our own

Row = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the documents that answer it (maybe none), and the town it is asked in."""

    id: str
    text: str
    language: str
    town: str | None
    relevant: frozenset[str]


def load_questions(folder: Path, split: str | None = None) -> list[Question]:
    """The questions of a set, or of one split: where it has none of its own, "dev" is what is
    `held_out` and "train" the rest."""
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
        if split in (None, row.get("split") or _split_of(folder, relevant.get(row["_id"])))
    ]


def held_out(folder_name: str, document_id: str) -> bool:
    """Whether questions about a document are there to measure with only. Of a set without a split
    of its own that is trained on, those about half of the documents are; of any other, all."""
    if folder_name == "xquad":  # xq-ARTICLE-PARAGRAPH
        return int(document_id.split("-")[1]) % 2 == 1
    if folder_name in ("sachsen-buergerportal", "ortsrecht-bw"):
        digest = hashlib.md5(document_id.encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[:2], "big") % 10 >= 5
    return True


@contextmanager
def open_set(
    folder: Path, settings: Settings, state: Path | None = None, corpus: str = "corpus.jsonl"
) -> Iterator[Store]:
    """The store with a set's documents in it: in `state`, which may hold them already and keeps
    them, or in a folder that is gone afterwards. The town's own index is left alone."""
    if state is None:
        with (
            tempfile.TemporaryDirectory() as name,
            open_set(folder, settings, Path(name), corpus) as store,
        ):
            yield store
        return
    fresh = alone(settings, state)
    write_documents(folder / corpus, state / "documents")
    with open_store(fresh) as store:
        ingest_folder(state / "documents", store, fresh, folder.name)
        yield store


@contextmanager
def open_standing(settings: Settings) -> Iterator[Store]:
    """The store of the town itself. Raises as `open_store`; where a site runs on it, IndexBusy says
    what can be done."""
    try:
        with open_store(settings) as store:
            yield store
    except IndexBusy as error:
        raise IndexBusy(
            "A site runs on this index. Stop it meanwhile; or `auskunft backup FILE.tar.gz`, set "
            "AUSKUNFT_STATE_DIR to an empty folder, `auskunft restore FILE.tar.gz`, and repeat "
            "this command there."
        ) from error


def alone(settings: Settings, state: Path) -> Settings:
    """The settings of an index in a folder of its own: no server, no town and no limit, whatever
    the site's say."""
    own: dict[str, object] = {
        "state_dir": state,
        "qdrant_url": None,
        "database_url": None,
        "town": None,
        "rate_limit": "off",
    }
    return settings.model_copy(update=own)


def ingest_folder(
    folder: Path, store: Store, settings: Settings, name: str, *, prune: bool = False
) -> IngestReport:
    """Ingests a folder, with a progress bar on stderr where it is a terminal."""
    with Progress(console=terminal(), transient=True) as bar:
        task = bar.add_task(f"Ingesting {name}")
        return ingest(
            [folder],
            Publisher(store),
            settings,
            prune=prune,
            progress=lambda done, count, _: bar.update(task, completed=done, total=count),
        )


def follow(items: Sequence[Item], description: str) -> Iterable[Item]:
    """The items, with a progress bar on stderr where it is a terminal."""
    return track(items, description, console=terminal(), transient=True)


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


def _split_of(folder: Path, relevant: set[str] | None) -> str:
    """The split of a question in a set without splits: by its alphabetically first document."""
    is_train = relevant and not held_out(folder.resolve().name, min(relevant))
    return "train" if is_train else "dev"


def terminal() -> Console:
    """Prints on stderr where it is a terminal, and nothing where it is not."""
    return Console(stderr=True, quiet=not sys.stderr.isatty())


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
