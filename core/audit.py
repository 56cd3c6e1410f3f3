"""The audit log: who did what and when. Lines are added and read, never changed."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, or_, select

from core import tables
from core.schema import transaction
from core.stored import utc


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the log. Ids grow with time, so the newest act has the greatest. `place`: the key
    of what it is about, "" for what is for all places."""

    id: str
    at: datetime
    by: str
    act: str
    subject: str
    detail: dict[str, Any]
    place: str = ""


def note(
    engine: Engine, by: str, act: str, subject: str, detail: dict[str, Any], place: str = ""
) -> None:
    """Adds a line."""
    with transaction(engine) as connection:
        add_line(connection, by, act, subject, detail, place)


def add_line(
    connection: Connection,
    by: str,
    act: str,
    subject: str,
    detail: dict[str, Any],
    place: str = "",
) -> None:
    """Adds a line, together with what it tells of."""
    row = {"by": by, "act": act, "subject": subject, "detail": detail, "place": place}
    written = tables.audit.insert().values(id=_next_id(), at=datetime.now(UTC), **row)
    connection.execute(written)


def read(
    engine: Engine,
    limit: int = 100,
    before: str = "",
    *,
    by: str = "",
    act: str = "",
    subject: str = "",
    places: Collection[str] = ("",),
) -> list[Act]:
    """The newest lines first, those older than the line of the id `before` where one is given;
    only of a person, an act or a subject where these are given, and of some places and what lies in
    them, by their keys, "" for all."""
    table = tables.audit
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if before:
        query = query.where(table.c.id < before)
    for column, value in ((table.c.by, by), (table.c.act, act), (table.c.subject, subject)):
        if value:
            query = query.where(column == value)
    if "" not in places:
        is_there = (table.c.place.startswith(key, autoescape=True) for key in places)
        query = query.where(or_(False, *is_there))
    with transaction(engine) as connection:
        return [
            Act(row.id, utc(row.at), row.by, row.act, row.subject, row.detail, row.place)
            for row in connection.execute(query)
        ]


def shared_place(keys: Iterable[str]) -> str:
    """The key that all places of an act lie in, as far as keys can tell; "" for none."""
    return os.path.commonprefix(list(keys))  # noqa: RUF071  keys lie in one another sign by sign


def _next_id() -> str:
    """The time in microseconds, then chance: 32 hexadecimal digits."""
    return f"{time.time_ns() // 1000:016x}{secrets.token_hex(8)}"
