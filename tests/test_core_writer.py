"""One writer at a time, among processes of one machine and of several."""

from __future__ import annotations

import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from databases import Cluster

from core.errors import RegistryUnreachable, WriterBusy
from core.settings import Settings, load_settings
from core.writer import writing

WRITES_FOR_EVER = """
import sys, threading
from pathlib import Path
from core.settings import load_settings
from core.writer import writing

state_dir, database_url = sys.argv[1:]
settings = load_settings(state_dir=Path(state_dir), database_url=database_url or None)
with writing(settings):
    print("writing", flush=True)
    threading.Event().wait()
"""


@contextmanager
def another_writer(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A process that has the writer's place until it is killed."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(settings.state_dir), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def town(postgresql: Cluster, tmp_path: Path) -> Settings:
    return load_settings(
        state_dir=tmp_path / "first machine", database_url=postgresql.create_database()
    )


@pytest.fixture
def elsewhere(town: Settings, tmp_path: Path) -> Settings:
    """The same town's settings on another machine: one database, another state folder."""
    return town.model_copy(update={"state_dir": tmp_path / "second machine"})


def test_the_place_of_one_state_folder_is_taken_once(
    tmp_path: Path, database_url: str | None
) -> None:
    settings = load_settings(state_dir=tmp_path, database_url=database_url)
    with another_writer(settings), pytest.raises(WriterBusy), writing(settings):
        pass


def test_two_machines_with_one_database_have_one_writer(
    town: Settings, elsewhere: Settings
) -> None:
    with another_writer(town), pytest.raises(WriterBusy), writing(elsewhere):
        pass


def test_a_writer_that_is_killed_gives_up_its_place(town: Settings, elsewhere: Settings) -> None:
    with another_writer(town) as killed:
        killed.kill()
        killed.wait()
        wait_for_the_place(elsewhere)


def test_a_writer_that_is_done_gives_up_its_place(town: Settings, elsewhere: Settings) -> None:
    with writing(town):
        pass
    with writing(elsewhere) as still_writing:
        still_writing()


def test_towns_with_databases_of_their_own_write_at_once(
    town: Settings, elsewhere: Settings, postgresql: Cluster
) -> None:
    other = load_settings(state_dir=elsewhere.state_dir, database_url=postgresql.create_database())
    with another_writer(town), writing(other) as still_writing:
        still_writing()


def test_a_writer_learns_that_its_connection_was_lost(
    town: Settings, elsewhere: Settings, postgresql: Cluster
) -> None:
    with writing(town) as still_writing:
        still_writing()
        postgresql.end_connections()
        for _ in range(2):  # nor does it connect again, without the place
            with pytest.raises(RegistryUnreachable):
                still_writing()
        with another_writer(elsewhere), pytest.raises(RegistryUnreachable):
            still_writing()


def test_a_server_that_ends_idle_connections_leaves_the_writer_its_place(
    town: Settings, postgresql: Cluster
) -> None:
    postgresql.run("ALTER ROLE auskunft SET idle_session_timeout = '50ms'")
    try:
        with writing(town) as still_writing, connected(town) as idle:
            select.select([idle], [], [])  # until the server ends it
            with pytest.raises(psycopg.OperationalError):
                idle.execute("SELECT 1")
            still_writing()
    finally:
        postgresql.run("ALTER ROLE auskunft RESET idle_session_timeout")


def test_a_database_that_does_not_answer_is_named(town: Settings, tmp_path: Path) -> None:
    nobody = load_settings(
        state_dir=town.state_dir, database_url=f"postgresql://auskunft@/town?host={tmp_path}"
    )
    with pytest.raises(RegistryUnreachable, match="AUSKUNFT_DATABASE_URL"), writing(nobody):
        pass
    with writing(town) as still_writing:  # the folder's place was given back
        still_writing()


def wait_for_the_place(settings: Settings) -> None:
    """The server sees a moment later that a process is gone."""
    for _ in range(200):
        try:
            with writing(settings):
                return
        except WriterBusy:
            threading.Event().wait(0.05)
    pytest.fail("the place is still taken")


def connected(settings: Settings) -> psycopg.Connection:
    assert settings.database_url is not None
    return psycopg.connect(settings.database_url.get_secret_value(), autocommit=True)
