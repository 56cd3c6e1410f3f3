"""The database's schema brought up to date, and its failures named as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text

from core.errors import RegistryUnreachable
from core.failures import named_failures

SCHEMA_REVISION = "0008"  # the newest revision in core/migrations/versions
_PLACE = 0x6D696772  # PostgreSQL's locks are numbers; this one has no meaning but to be ours


def migrate(engine: Engine) -> None:
    """Creates the tables, or brings them up to date, in one transaction."""
    with transaction(engine) as connection:
        current = _schema_revision(connection)
    if current == SCHEMA_REVISION:
        return
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":  # two first starts at once: one migrates
            connection.execute(select(func.pg_advisory_xact_lock(_PLACE)))
        upgrade(connection)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Creates the tables as of a revision, or brings them up to it."""
    from alembic import command  # imported here: only a database that is behind needs it
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:  # there is no way from what it finds
        raise RegistryUnreachable(
            "The database was brought up to date by a newer version of Auskunft; "
            "update this one too."
        ) from error


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; raises what `named_failures` does."""
    with named_failures(), engine.begin() as connection:
        yield connection


def _schema_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
