"""How answers end, how long their steps take, how good samples are: by day, without questions."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, select

from core import tables
from core.schema import transaction

LONGER = 60_000  # stands for everything that took more than 5 seconds
MILLISECONDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, LONGER)


@dataclass(frozen=True, slots=True, order=True)
class End:
    """How an answer of a day ended; `language` is the question's, `town` the key or name of the
    place that was asked in, "" for none."""

    day: str
    language: str
    status: str
    mode: str
    town: str


@dataclass(frozen=True, slots=True, order=True)
class StepTime:
    """A step of answering on a day that took at most so many milliseconds; `town` as in `End`."""

    day: str
    step: str
    milliseconds: int
    town: str = ""

    @classmethod
    def of(cls, day: str, step: str, milliseconds: float, town: str = "") -> StepTime:
        """The time in the histogram."""
        place = min(bisect_left(MILLISECONDS, milliseconds), len(MILLISECONDS) - 1)
        return cls(day, step, MILLISECONDS[place], town)


@dataclass(frozen=True, slots=True)
class Sample:
    """A live answer without its question: how it ended and what it cited, and its scores from 0
    to 1 by metric."""

    day: str
    answer: Mapping[str, Any]
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was counted, by what it is counted under."""

    ends: Counter[End]
    steps: Counter[StepTime]
    citations: Counter[tuple[str, str]]  # document id, day
    samples: tuple[Sample, ...]


def add_statistics(
    connection: Connection,
    ends: Mapping[End, int],
    steps: Mapping[StepTime, int],
    samples: Sequence[Sample],
    oldest: str,
) -> None:
    """Adds to what is counted; forgets the day `oldest` and before."""
    for end, count in sorted(ends.items()):  # in one order: no deadlock
        place = {name: getattr(end, name) for name in End.__slots__}
        _add(connection, tables.answer_count, place, count)
    for step, count in sorted(steps.items()):
        place = {name: getattr(step, name) for name in StepTime.__slots__}
        _add(connection, tables.step_time, place, count)
    for sample in samples:
        row = {"day": sample.day, "answer": dict(sample.answer), "scores": dict(sample.scores)}
        connection.execute(tables.sample.insert().values(id=uuid4().hex, **row))
    for table in (tables.answer_count, tables.step_time, tables.sample):
        connection.execute(table.delete().where(table.c.day <= oldest))


def read_statistics(engine: Engine, today: date, days: int) -> Statistics:
    """What was counted on the last so many days, today among them."""
    since = (today - timedelta(days=days)).isoformat()

    def rows(connection: Connection, table: Table) -> Sequence[Any]:
        return connection.execute(select(table).where(table.c.day > since)).all()

    with transaction(engine) as connection:
        ends = rows(connection, tables.answer_count)
        steps = rows(connection, tables.step_time)
        citations = rows(connection, tables.citation_use)
        samples = rows(connection, tables.sample)
    # a row's own `count` is the method of a tuple, so columns go by their place
    return Statistics(
        Counter({End(*place): count for *place, count in ends}),
        Counter({StepTime(*place): count for *place, count in steps}),
        Counter({(document, day): count for document, day, count in citations}),
        tuple(Sample(row.day, row.answer, row.scores) for row in samples),
    )


def share_below(times: Mapping[int, int], share: float) -> int | None:
    """The milliseconds, as the histogram has them, that this share of cases stayed below; None
    without any case."""
    total = sum(times.values())
    seen = 0
    for milliseconds in sorted(times):
        seen += times[milliseconds]
        if seen >= share * total:
            return milliseconds
    return None


def _add(connection: Connection, table: Table, place: Mapping[str, Any], count: int) -> None:
    is_same = [table.c[name] == value for name, value in place.items()]
    added = table.update().where(*is_same).values(count=table.c.count + count)
    if not connection.execute(added).rowcount:
        connection.execute(table.insert().values(**place, count=count))
