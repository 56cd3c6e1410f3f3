"""A database's failures come as one sentence, in whatever language the server speaks."""

from __future__ import annotations

import psycopg
import pytest
from databases import Cluster
from sqlalchemy import create_engine, text

from core.errors import AuskunftError, RegistryUnreachable, StorageFull, UsageError
from core.failures import named_failures


@pytest.fixture
def url(postgresql: Cluster) -> str:
    return postgresql.create_database().replace("postgresql:", "postgresql+psycopg:")


def run(url: str, statement: str, **values: object) -> None:
    engine = create_engine(url)
    try:
        with named_failures(), engine.begin() as connection:
            connection.execute(text(statement), values)
    finally:
        engine.dispose()


def test_a_full_disk_is_known_in_german_too(url: str) -> None:
    run(url, "CREATE TABLE fee (amount int)")
    run(
        url,
        """CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'konnte Datei nicht erweitern: Auf dem Gerät ist kein Speicherplatz mehr'
        USING ERRCODE = 'disk_full'; END $$""",
    )
    run(url, "CREATE TRIGGER no_room BEFORE INSERT ON fee EXECUTE FUNCTION fail()")
    with pytest.raises(StorageFull):
        run(url, "INSERT INTO fee VALUES (96)")


def test_a_user_who_may_not_create_tables_is_told_so(postgresql: Cluster) -> None:
    foreign = postgresql.create_database("postgres").replace("postgresql:", "postgresql+psycopg:")
    with pytest.raises(RegistryUnreachable, match="the database's owner"):
        run(foreign, "CREATE TABLE fee (amount int)")


def test_a_server_that_only_reads_is_named(url: str) -> None:
    with pytest.raises(RegistryUnreachable, match="read-only"):
        run(f"{url}&options=-c default_transaction_read_only=on", "CREATE TABLE fee (amount int)")


@pytest.mark.parametrize("name", ["x" * 501, "hunde\0steuer"])
def test_what_the_database_cannot_hold_is_wrong_input(url: str, name: str) -> None:
    run(url, "CREATE TABLE document (id varchar(500))")
    with pytest.raises(UsageError, match="too long"):
        run(url, "INSERT INTO document VALUES (:name)", name=name)


def test_a_path_longer_than_an_index_takes_is_wrong_input(url: str) -> None:
    run(url, "CREATE TABLE version (source text UNIQUE)")
    path = "/".join(str(number) for number in range(2000))
    with pytest.raises(UsageError, match="too long"):
        run(url, "INSERT INTO version VALUES (:path)", path=path)


def test_a_server_that_goes_away_is_named(url: str, postgresql: Cluster) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        postgresql.end_connections()
        with pytest.raises(RegistryUnreachable), named_failures():
            connection.execute(text("SELECT 1"))
    engine.dispose()


def test_a_mistake_of_ours_is_not_hidden(url: str) -> None:
    with pytest.raises(Exception, match="does not exist") as raised:
        run(url, "SELECT * FROM nothing")
    assert not isinstance(raised.value, AuskunftError)
    assert isinstance(raised.value.__cause__, psycopg.ProgrammingError)
