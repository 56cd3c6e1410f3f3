"""The registry's rows, read from one database and written into another, of whatever kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, inspect, select

from core import tables
from core.database import open_engine
from core.errors import StateNotEmpty
from core.schema import transaction, upgrade
from core.settings import Settings
from core.stored import utc

Row = tuple[str, dict[str, Any]]  # the table's name, and its columns as JSON


def read_rows(settings: Settings) -> Iterator[Row]:
    """Every row of the registry, those first that others point to; as a revision has them."""
    engine = open_engine(settings)
    try:
        with transaction(engine) as connection:
            for table in tables.metadata.sorted_tables:
                for row in connection.execute(select(table)).mappings():
                    yield table.name, {name: _to_json(value) for name, value in row.items()}
    finally:
        engine.dispose()


def write_rows(settings: Settings, rows: Iterable[Row], revision: str) -> None:
    """Makes the registry of rows of a schema revision, and brings it up to date, in one
    transaction. Raises StateNotEmpty where there are rows already."""
    engine = open_engine(settings)
    try:
        with transaction(engine) as connection:
            _drop_empty(connection)
            upgrade(connection, revision)
            stored = _ours(connection)
            for name, row in rows:
                table = stored.tables[name]
                days = {c.name for c in table.columns if isinstance(c.type, DateTime)}
                values = {
                    column: datetime.fromisoformat(value) if column in days and value else value
                    for column, value in row.items()
                }
                connection.execute(table.insert().values(values))
            upgrade(connection)
    finally:
        engine.dispose()


def remove_rows(settings: Settings) -> None:
    """Empties the registry, all of it."""
    engine = open_engine(settings)
    try:
        with transaction(engine) as connection:
            _ours(connection).drop_all(connection)
    finally:
        engine.dispose()


def require_no_rows(settings: Settings) -> None:
    """Raises StateNotEmpty where the database of these settings has rows of ours."""
    engine = open_engine(settings)
    try:
        with transaction(engine) as connection:
            _require_empty(connection, _ours(connection))
    finally:
        engine.dispose()


def _drop_empty(connection: Connection) -> None:
    stored = _ours(connection)
    _require_empty(connection, stored)
    stored.drop_all(connection)


def _require_empty(connection: Connection, stored: MetaData) -> None:
    for table in stored.tables.values():
        if table.name in tables.metadata.tables and connection.execute(select(table)).first():
            raise StateNotEmpty


def _ours(connection: Connection) -> MetaData:
    """Our tables as the database has them now."""
    names = {*tables.metadata.tables, "alembic_version"}
    stored = MetaData()
    stored.reflect(connection, only=sorted(names & set(inspect(connection).get_table_names())))
    return stored


def _to_json(value: Any) -> Any:
    return utc(value).isoformat() if isinstance(value, datetime) else value
