"""Amendments of the sample town's documents, prepared and discarded again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from core.types import Document, Reading, Section
from ingest.publish import Origin, Publisher
from ingest.staging import discard, stage


@dataclass(frozen=True)
class Amendment:
    """A prepared version of a document, and what the reader made of the one that stands."""

    document: Document
    before: tuple[Section, ...]
    after: tuple[Section, ...]


@contextmanager
def copied(store: Store, folder: Path) -> Iterator[Store]:
    """A copy of a town that stands in a state folder, for tests that change it: even what is
    discarded leaves its mark on how rare words are."""
    store.index.flush()
    settings = load_settings(state_dir=folder / "state")
    shutil.copytree(store.originals.parent, settings.state_dir)
    identity = IndexIdentity(store.encoder.model_id, store.encoder.dimensions)
    with (
        closing(open_registry(settings)) as registry,
        closing(open_index(settings, identity)) as index,
    ):
        yield Store(store.encoder, index, registry, settings.state_dir / "originals")


@contextmanager
def amended(
    store: Store, document_id: str, words: Mapping[str, str], **fields: Any
) -> Iterator[Amendment]:
    """A version of a standing document with some words replaced and other metadata, prepared as
    long as the block lasts."""
    version = store.registry.standing(document_id)[-1]
    before = store.registry.sections(document_id, version.number) or ()
    after = tuple(_rewritten(section, words) for section in before)
    document = replace(version.document, **fields)
    publisher = Publisher(store)
    origin = Origin(store.originals / version.original, "amended")
    reading = Reading(after, pages=version.page_count)
    stage(publisher, [publisher.compare(document, reading, origin)])
    try:
        yield Amendment(document, before, after)
    finally:
        discard(publisher, document_id)


def _rewritten(section: Section, words: Mapping[str, str]) -> Section:
    paragraphs = []
    for paragraph in section.paragraphs:
        text = paragraph.text
        for old, new in words.items():
            text = text.replace(old, new)
        paragraphs.append(replace(paragraph, text=text))
    return replace(section, paragraphs=tuple(paragraphs))
