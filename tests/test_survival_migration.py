"""A first start with a new release: killed at any statement of the migration, or its disk full."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from acts import FULL, at_step, fill, resize_disk, settings_of, watch_statements
from children import die, run_child
from sqlalchemy import MetaData, create_engine

from core.database import open_registry
from core.errors import StorageFull
from core.index import NEVER
from core.schema import upgrade
from core.stored import document_to_json
from core.types import Document


def migrate_and_die(folder: Path, number: int) -> None:
    """In a child: a migration that is killed at a statement."""
    watch_statements(at_step(number, die))
    open_registry(settings_of(folder)).close()


def migrate_and_fill(folder: Path, number: int) -> None:
    """In a child: a migration whose disk is full from a statement on."""
    watch_statements(at_step(number, lambda: fill(folder)))
    try:
        open_registry(settings_of(folder)).close()
    except StorageFull:
        sys.exit(FULL)


def test_killed_at_any_statement_of_a_migration_the_next_start_completes_it(place: Path) -> None:
    write_first_revision(place)
    before = stored_in(place)
    for number in range(1, 1000):
        exit_code = run_child(migrate_and_die, place, number)
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
        assert stored_in(place) == before
    assert number > 5
    require_migrated(place)


def test_a_disk_that_fills_at_any_statement_of_a_migration_is_named_and_the_next_start_completes_it(
    small_disk: Path,
) -> None:
    write_first_revision(small_disk)
    before = stored_in(small_disk)
    for number in range(1, 1000, 5):  # SQLite writes little before the last
        exit_code = run_child(migrate_and_fill, small_disk, number)
        resize_disk(small_disk)
        if exit_code == 0:
            break
        assert exit_code == FULL
        assert stored_in(small_disk) == before
    assert number > 5
    require_migrated(small_disk)


def stored_in(folder: Path) -> list[str]:
    """All that a registry holds, tables and rows, as SQL."""
    with closing(sqlite3.connect(folder / "state/registry.sqlite")) as connection:
        return list(connection.iterdump())


def require_migrated(folder: Path) -> None:
    """Requires that the registry is up to date, and all there."""
    registry = open_registry(settings_of(folder))
    (version,) = registry.standing()
    assert (version.document.title, version.digest) == ("Hundesteuer", "d1")
    assert (version.published_by, registry.generation()) == ("", 7)
    assert registry.pages("hundesteuer", 1) == {0: "Die Steuer beträgt 96 Euro."}
    registry.close()


def write_first_revision(folder: Path) -> None:
    """A registry as the first release left it, with a document that stands."""
    (folder / "state").mkdir(parents=True)
    engine = create_engine(f"sqlite:///{folder / 'state/registry.sqlite'}")
    now = datetime.now(UTC)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        stored = MetaData()
        stored.reflect(connection)
        connection.execute(
            stored.tables["generation"].insert(),
            {"id": 1, "number": 7, "model_id": "words", "dimensions": 64, "schema_version": 1},
        )
        connection.execute(
            stored.tables["version"].insert(),
            {
                "document_id": "hundesteuer",
                "number": 1,
                "gen_from": 7,
                "gen_to": NEVER,
                "digest": "d1",
                "source": "/town/hundesteuer.md",
                "original": "d1.md",
                "document": document_to_json(Document("hundesteuer", "Hundesteuer")),
                "page_count": 0,
                "passage_count": 1,
                "unreadable_pages": [],
                "warnings": [],
                "published_at": now,
            },
        )
        connection.execute(
            stored.tables["page"].insert(),
            {
                "document_id": "hundesteuer",
                "number": 1,
                "page": 0,
                "text": "Die Steuer beträgt 96 Euro.",
            },
        )
    engine.dispose()
