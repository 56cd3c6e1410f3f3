"""A small site for tests that look at it in a browser: a few documents, served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browsers import served
from encoders import WordEncoder
from fastapi import FastAPI
from sqlalchemy import Engine

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

RULES = """---
id: hundesteuer
title: Hundesteuersatzung
kind: statute
jurisdiction: {level: municipality, name: Auental, key: "990010001001"}
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Hundesteuer für den ersten Hund ist 108,00 Euro.
"""


@dataclass(frozen=True)
class Site:
    """A site with its store, the address where it is served, and a folder of its own."""

    address: str
    store: Store
    settings: Settings
    folder: Path

    @property
    def engine(self) -> Engine:
        """The database of its store."""
        return self.store.registry.engine


def site_of(store: Store, settings: Settings) -> FastAPI:
    """The whole application on a store."""
    answerer = Answerer(store, settings)
    return create_site(settings, answerer, parts_of(settings, store, answerer))


@contextmanager
def open_site(folder: Path, documents: Sequence[Path]) -> Iterator[Site]:
    """A site in a folder with documents; served until left."""
    with (
        read_documents(folder, documents) as (store, settings),
        served(site_of(store, settings)) as address,
    ):
        yield Site(address, store, settings, folder)


@contextmanager
def read_documents(
    folder: Path, documents: Sequence[Path] = (), **given: Any
) -> Iterator[tuple[Store, Settings]]:
    """A store in a folder, its documents read by their words alone, and its settings with those
    that are given; open until left."""
    settings = load_settings(
        state_dir=folder / "state", cache_dir=folder / "cache", rate_limit="off", **given
    )
    encoder, registry = WordEncoder(), open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    if documents:
        assert ingest([*documents], Publisher(store), settings).failures == []
    yield store, settings
    index.close()
    registry.close()
