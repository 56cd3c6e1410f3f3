"""An index moves from the state folder to a Qdrant server without being embedded again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from encoders import WordEncoder
from qdrant_client import QdrantClient

from core.database import open_registry
from core.errors import IndexUnreachable, StateNotEmpty
from core.index import STAGED, IndexIdentity, PassageIndex
from core.index_engines import open_index
from core.server import ServerIndex
from core.settings import load_settings
from core.store import Store
from ingest.copy_index import copy_points, copy_to_server
from ingest.publish import Publisher
from ingest.run import ingest

IDENTITY = IndexIdentity("words", WordEncoder.dimensions)
TAX = "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n"
SETTINGS = "ignore:Payload indexes have no effect in the local Qdrant"
pytestmark = pytest.mark.filterwarnings(SETTINGS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A by-law in its second version, and a third one prepared."""
    settings = load_settings(state_dir=tmp_path / "state")
    file = tmp_path / "hund.md"
    with (
        closing(open_registry(settings)) as registry,
        closing(open_index(settings, IDENTITY)) as index,
    ):
        store = Store(WordEncoder(), index, registry, tmp_path / "originals")
        for amount in (96, 108, 120):
            file.write_text(TAX.format(amount=amount), "utf-8")
            ingest([file], Publisher(store), settings, is_staged=amount == 120)
        yield store


@pytest.fixture
def server() -> Iterator[PassageIndex]:
    with closing(ServerIndex(QdrantClient(":memory:"), IDENTITY)) as server:
        yield server


def test_the_server_answers_as_the_folder_did(store: Store, server: PassageIndex) -> None:
    generation = store.registry.generation()
    assert copy_points(store.index, server, generation) == 3
    for seen in (1, generation, STAGED):
        assert server.fetch("hund", seen) == store.index.fetch("hund", seen)
        assert server.standing("hund", seen) == store.index.standing("hund", seen)


def test_an_interrupted_copy_can_be_repeated(store: Store, server: PassageIndex) -> None:
    server.insert(list(store.index.points())[:1])
    assert copy_points(store.index, server, store.registry.generation()) == 3
    assert len(list(server.points())) == 3


def test_another_town_on_the_server_is_left_alone(store: Store, server: PassageIndex) -> None:
    with closing(ServerIndex(QdrantClient(":memory:"), IDENTITY)) as empty:
        copy_points(store.index, server, store.registry.generation())
        with pytest.raises(StateNotEmpty, match="not of this index"):
            copy_points(empty, server, 1)
    assert len(list(server.points())) == 3


def test_a_server_that_is_down_is_named(store: Store, tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path / "state")
    with pytest.raises(IndexUnreachable):
        copy_to_server(store, settings, "http://127.0.0.1:1")
