"""Made-up sets in the form of the measuring data, and a store that knows words only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from encoders import WordEncoder

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from core.types import Hit, Vector
from eval.dataset import write_documents
from ingest.publish import Publisher
from ingest.run import ingest
from service.retrieve import Query

Row = Mapping[str, Any]


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Writes a .jsonl file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


def write_set(
    folder: Path, pages: Mapping[str, str], queries: Sequence[Row], answers: Sequence[Row] = ()
) -> Path:
    """Writes a set of German pages of the city Auental; `relevant` in a query names its page."""
    corpus = [
        {"_id": name, "title": name, "text": text, "lang": "de", "city": "auental"}
        for name, text in pages.items()
    ]
    asked = [{"lang": "de", **query} for query in queries]
    pairs = [f"{query['_id']}\t{query['relevant']}\t1\n" for query in asked if "relevant" in query]
    write_rows(folder / "corpus.jsonl", corpus)
    write_rows(folder / "queries.jsonl", asked)
    write_rows(folder / "answers.jsonl", answers)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(pairs), "utf-8")
    return folder


@contextmanager
def open_words(folder: Path, state: Path) -> Iterator[Store]:
    """The store of a set, embedded by its words, in microseconds."""
    settings = load_settings(state_dir=state)
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, state / "originals")
    write_documents(folder / "corpus.jsonl", state / "documents")
    ingest([state / "documents"], Publisher(store), settings)
    yield store
    index.close()
    registry.close()


class SureSelector:
    """Takes every question for answered, whatever the sentences."""

    def read(self, _: Query, hits: Sequence[Hit]) -> tuple[list[Vector], float]:
        """As `service.selector.Selector` has it."""
        return [np.ones(len(hit.passage.sentences), np.float32) for hit in hits], 1.0
