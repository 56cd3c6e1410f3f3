"""The registry keeps versions by generation."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from databases import Cluster
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.database import open_registry
from core.errors import RegistryUnreachable, WriterBusy
from core.index import IndexIdentity
from core.registry import Registry
from core.settings import Settings, load_settings
from core.tables import metadata
from core.types import Document, Jurisdiction, Kind, Level, Paragraph, Related, Scan, Section
from core.versions import End, EndedAs, Publication, Version
from web.documents import history_json

IDENTITY = IndexIdentity("model", 3)
DOG_TAX = Document(
    id="hundesteuer",
    title="Satzung über die Erhebung der Hundesteuer",
    kind=Kind.STATUTE,
    jurisdiction=Jurisdiction(Level.MUNICIPALITY, "Auental", "990010001001"),
    valid_from=date(2026, 1, 1),
    short_title="Hundesteuersatzung",
    links=(Related("Anmeldung", Kind.FORM, "https://auental.example/anmeldung"),),
)

TODAY = date(2026, 11, 22)
SECTIONS = (Section(("§ 5 Steuersatz",), "§ 5", "Steuersatz", (Paragraph("96 Euro", 1, "1"),)),)


@pytest.fixture
def settings(tmp_path: Path, database_url: str | None) -> Settings:
    return load_settings(state_dir=tmp_path, database_url=database_url)


@pytest.fixture
def registry(settings: Settings) -> Iterator[Registry]:
    registry = open_registry(settings)
    yield registry
    registry.close()


def publish(text: str, digest: str, ended: tuple[int, ...] = ()) -> Publication:
    version = Version(DOG_TAX, digest, "/town/hundesteuer.pdf", "abc.pdf", 2, 5, (2,), ("Blass.",))
    return Publication(version, {1: text}, SECTIONS, ended=ended)


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


def test_how_scans_were_read_is_kept_with_what_is_published_and_prepared(
    registry: Registry,
) -> None:
    scans = (Scan(1, 94, True, "Hundesteuor"), Scan(2, 61, False, ""))
    scanned = replace(publish("96 Euro", "d1"), scans=scans)
    registry.commit([scanned], [], IDENTITY, 1)
    registry.stage(scanned)
    assert registry.scans("hundesteuer", 1) == scans
    assert registry.staged()[0].publication.scans == scans
    (version,) = history_json(registry, "hundesteuer", with_text=True)["versions"]
    assert version["scans"][0] == {
        "page": 1,
        "read": "picture",
        "confidence": 94,
        "other": "Hundesteuor",
    }
    assert version["text"] == [{"page": 1, "text": "96 Euro"}]


def test_a_new_version_replaces_the_old_one_and_both_pages_stay(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([publish("108 Euro", "d2", (1,))], [], IDENTITY, 2)
    assert [v.number for v in registry.standing()] == [2]
    assert registry.page_text("hundesteuer", 1, 1, TODAY) == "96 Euro"
    assert registry.page_text("hundesteuer", 1, 2, TODAY) == "108 Euro"


def test_a_withdrawn_document_no_longer_stands(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([], ["hundesteuer"], IDENTITY, 2)
    assert registry.standing() == []
    assert registry.standing_version("hundesteuer", TODAY) is None
    assert registry.generation() == 2


def test_a_document_that_comes_back_gets_the_next_number(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([], ["hundesteuer"], IDENTITY, 2)
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 3)
    standing = registry.standing_version("hundesteuer", TODAY)
    assert standing is not None
    assert standing.number == 2


def test_a_failed_commit_changes_nothing(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    broken = Publication(publish("108 Euro", "d2").version, {1: None})  # type: ignore[dict-item]
    with pytest.raises(IntegrityError):
        registry.commit([broken], [], IDENTITY, 2)
    assert registry.generation() == 1
    assert [v.digest for v in registry.standing()] == ["d1"]


def test_of_two_commits_at_once_one_learns_that_it_came_second(registry: Registry) -> None:
    for generation in (1, 2):  # the first of all, and one after another
        both = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            commits = [pool.submit(commit_with, registry, generation, both) for _ in range(2)]
        errors = [commit.exception() for commit in commits]
        assert [type(error) for error in errors if error] == [WriterBusy]
        assert registry.generation() == generation


def commit_with(registry: Registry, generation: int, both: Barrier) -> None:
    both.wait()
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, generation)


def test_documents_are_in_the_same_order_whatever_the_database(registry: Registry) -> None:
    names = ["Wasser", "abfall", "abfall-gebühr", "abfallordnung", "öffnungszeiten"]
    for generation, name in enumerate(reversed(names), 1):
        publication = publish("96 Euro", "d1")
        document = replace(DOG_TAX, id=name)
        renamed = replace(publication, version=replace(publication.version, document=document))
        registry.commit([renamed], [], IDENTITY, generation)
        registry.stage(renamed)
    assert [version.document.id for version in registry.standing()] == names
    staged = [staged.publication.version.document.id for staged in registry.staged()]
    assert staged == names


def test_a_server_that_restarted_is_found_again(postgresql: Cluster, tmp_path: Path) -> None:
    url = postgresql.create_database()
    registry = open_registry(load_settings(state_dir=tmp_path, database_url=url))
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    postgresql.end_connections()
    assert registry.generation() == 1
    registry.close()


def test_a_database_of_a_newer_version_is_left_alone(
    registry: Registry, settings: Settings
) -> None:
    with registry._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegistryUnreachable, match="newer version"):
        open_registry(settings)


def test_machines_that_start_at_once_share_a_new_database(
    postgresql: Cluster, tmp_path: Path
) -> None:
    url = postgresql.create_database()
    command = [sys.executable, "-c", OPENS, str(tmp_path), url]
    with ExitStack() as stack:
        start = stack.enter_context(psycopg.connect(url))
        start.execute("CREATE TABLE alembic_version (nobody int)")  # nobody else can, until the end
        machines = [stack.enter_context(subprocess.Popen(command)) for _ in range(3)]
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while len(postgresql.run(waiting)) < len(machines):
            assert [machine.poll() for machine in machines] == [None] * len(machines)
            time.sleep(0.05)
        start.rollback()
        assert [machine.wait() for machine in machines] == [0, 0, 0]


OPENS = """
import sys
from pathlib import Path
from core.database import open_registry
from core.settings import load_settings

open_registry(load_settings(state_dir=Path(sys.argv[1]), database_url=sys.argv[2])).close()
"""


def test_everything_is_still_there_after_reopening(settings: Settings) -> None:
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


def test_a_writer_that_was_overtaken_changes_nothing(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    with pytest.raises(WriterBusy):
        registry.commit([publish("108 Euro", "d2", (1,))], [], IDENTITY, 1)
    assert [v.digest for v in registry.standing()] == ["d1"]


def test_a_version_keeps_what_the_reader_made_of_it(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    assert registry.sections("hundesteuer", 1) == SECTIONS
    assert registry.sections("hundesteuer", 2) is None
    assert registry.pages("hundesteuer", 1) == {1: "96 Euro"}


def test_the_history_says_how_each_version_ended(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    registry.commit([publish("108 Euro", "d2", (1,))], [], IDENTITY, 2)
    end = End(EndedAs.WITHDRAWN, "Grace", "Repealed")
    registry.commit([], ["hundesteuer"], IDENTITY, 3, end)
    first, second = registry.history("hundesteuer")
    assert first.end is not None
    assert first.end.as_ is EndedAs.REPLACED
    assert second.end is not None
    assert (second.end.as_, second.end.by, second.end.reason) == (
        EndedAs.WITHDRAWN,
        "Grace",
        "Repealed",
    )
    assert second.end.at is not None
    assert registry.withdrawn() == [second]


def test_a_prepared_version_waits_outside_of_what_stands(registry: Registry) -> None:
    registry.commit([publish("96 Euro", "d1")], [], IDENTITY, 1)
    prepared = publish("120 Euro", "d3")
    registry.stage(prepared)
    (staged,) = registry.staged()
    assert (staged.publication, staged.base) == (prepared, 1)
    assert [v.digest for v in registry.standing()] == ["d1"]
    registry.unstage("hundesteuer")
    assert registry.staged("hundesteuer") == []
