"""The registry keeps versions by generation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.database import open_registry
from core.index import IndexIdentity
from core.registry import Publication, Registry, Version
from core.settings import load_settings
from core.tables import metadata
from core.types import Document, Jurisdiction, Kind, Level

IDENTITY = IndexIdentity("model", 3)
DOG_TAX = Document(
    id="hundesteuer",
    title="Satzung über die Erhebung der Hundesteuer",
    kind=Kind.STATUTE,
    jurisdiction=Jurisdiction(Level.MUNICIPALITY, "Auental", "990010001001"),
    valid_from=date(2026, 1, 1),
    short_title="Hundesteuersatzung",
)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry = open_registry(load_settings(state_dir=tmp_path))
    yield registry
    registry.close()


def publish(text: str, digest: str) -> Publication:
    version = Version(DOG_TAX, digest, "/town/hundesteuer.pdf", "abc.pdf", 2, 5, (2,), ("Blass.",))
    return Publication(version, {1: text})


def test_an_empty_registry_is_at_generation_zero(registry: Registry) -> None:
    assert registry.generation() == 0
    assert registry.identity() is None
    assert registry.standing() == []


def test_a_published_version_stands_with_all_it_was_given(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    (version,) = registry.standing()
    assert version.document == DOG_TAX
    assert (version.number, version.digest, version.passage_count) == (1, "d1", 5)
    assert (version.unreadable_pages, version.warnings) == ((2,), ("Blass.",))
    assert version.published_at is not None
    assert registry.identity() == IDENTITY


def test_a_new_version_replaces_the_old_one_and_both_pages_stay(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([publish("108 Euro", "d2")], [], IDENTITY, 2)
    assert [v.number for v in registry.standing()] == [2]
    assert registry.page_text("hundesteuer", 1, 1) == "96 Euro"
    assert registry.page_text("hundesteuer", 1, 2) == "108 Euro"


def test_a_withdrawn_document_no_longer_stands(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([], ["hundesteuer"], IDENTITY, 2)
    assert registry.standing() == []
    assert registry.standing_version("hundesteuer") is None
    assert registry.generation() == 2


def test_a_document_that_comes_back_gets_the_next_number(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([], ["hundesteuer"], IDENTITY, 2)
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 3)
    standing = registry.standing_version("hundesteuer")
    assert standing is not None
    assert standing.number == 2


def test_a_failed_commit_changes_nothing(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    broken = Publication(publish("108 Euro", "d2").version, {1: None})  # type: ignore[dict-item]
    with pytest.raises(Exception, match="NOT NULL"):
        registry.commit([broken], [], IDENTITY, 2)
    assert registry.generation() == 1
    assert [v.digest for v in registry.standing()] == ["d1"]


def test_everything_is_still_there_after_reopening(tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path)
    first = open_registry(settings)
    first.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    first.close()
    second = open_registry(settings)
    assert [v.document.id for v in second.standing()] == ["hundesteuer"]
    second.close()


def test_the_migrations_make_exactly_the_tables(registry: Registry) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with registry._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
