"""Killed at any step, nothing is lost.

Every test really does it. The steps of an act are every write to the index and every commit of the
database: a child process is killed at each of them in turn.
"""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acts import (
    ACTS,
    Watched,
    at_step,
    copy,
    open_town,
    settings_of,
    watch_sql,
    watch_statements,
)
from children import die, run_child
from sqlalchemy import MetaData, create_engine

from core.database import open_registry
from core.index import NEVER
from core.schema import upgrade
from core.stored import document_to_json
from core.types import Document
from ingest.staging import withdraw


def act_and_die(name: str, folder: Path, number: int) -> None:
    """In a child: an act that is killed at a step."""
    reached = at_step(number, die)
    with open_town(folder) as town:
        watch_sql(reached)
        index: Any = Watched(town.store.index, reached)
        ACTS[name].do(replace(town, store=replace(town.store, index=index)))


@pytest.mark.parametrize("name", ACTS)
def test_killed_at_any_step_one_generation_answers_whole_and_the_next_act_completes(
    name: str, place: Path
) -> None:
    act = ACTS[name]
    saved, folder = place / "saved", place / "town"
    folder.mkdir()
    with open_town(folder) as town:
        act.before(town)
    folder.rename(saved)
    seen = []
    for number in range(1, 100):
        copy(saved, folder)
        exit_code = run_child(act_and_die, name, folder, number)
        with open_town(folder) as town:
            seen.append(town.amounts())
            assert seen[-1] == town.registered()
            assert seen[-1] in (act.old, act.new)
            withdraw(town.publisher, "abfall")  # what was left half done is not done now
            assert seen[-1] == town.amounts() == town.registered()
            if seen[-1] == act.old:
                act.do(town)
                assert act.new == town.amounts() == town.registered()
            town.ingest(144)
            assert ["144", "144"] == town.amounts() == town.registered()
        shutil.rmtree(folder)
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert seen[0] == act.old
    assert seen[-1] == act.new


def migrate_and_die(folder: Path, number: int) -> None:
    """In a child: a first start with this release that is killed at a statement."""
    watch_statements(at_step(number, die))
    open_registry(settings_of(folder)).close()


def test_killed_at_any_statement_of_a_migration_the_next_start_completes_it(place: Path) -> None:
    first = place / "first"
    write_first_revision(first)
    for number in range(1, 1000):
        folder = place / "town"
        copy(first, folder)
        exit_code = run_child(migrate_and_die, folder, number)
        registry = open_registry(settings_of(folder))
        (version,) = registry.standing()
        assert (version.document.title, version.digest) == ("Hundesteuer", "d1")
        assert (version.published_by, registry.generation()) == ("", 7)
        assert registry.pages("hundesteuer", 1) == {0: "Die Steuer beträgt 96 Euro."}
        registry.close()
        shutil.rmtree(folder)
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert number > 5


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
