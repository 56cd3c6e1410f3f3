"""What nobody could answer, kept without a way back to who asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from core import tables
from core.askers import Askers
from core.schema import transaction
from core.types import Status

LONGEST = 200  # characters: a longer question tells a story of somebody's own
MOST_WAITING = 1000  # questions between two writes, so that memory has an end
MISSED = frozenset({Status.NOT_IN_DOCUMENTS, Status.OTHER_TOWN, Status.NEEDS_TOWN})

# The network that a question comes from, as long as it is being answered; "" where there is none.
asking_network: ContextVar[str] = ContextVar("asking_network", default="")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without an answer. `town`: the key or name of the place it was asked in, ""
    for none; `asker`: "KEY:DIGEST", where digests compare only under the same key."""

    id: str
    day: str
    question: str
    language: str
    town: str
    status: Status
    asker: str


class MissedQuestions:
    """What was asked in vain since the last write."""

    def __init__(self, askers: Askers) -> None:
        self._askers = askers
        self._rows: list[Unanswered] = []

    def miss(self, question: str, language: str, town: str, status: Status, today: date) -> None:
        """A question without personal data was not answered; long ones are let go, and so are
        those beyond MOST_WAITING."""
        words = " ".join(question.split())
        if status not in MISSED or len(words) > LONGEST or len(self._rows) >= MOST_WAITING:
            return
        asker = self._askers.name(asking_network.get(), today)
        self._rows.append(
            Unanswered(uuid4().hex, today.isoformat(), words, language, town, status, asker)
        )

    def take(self) -> list[Unanswered]:
        """What was asked since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def put_back(self, rows: Sequence[Unanswered]) -> None:
        """What was taken could not be written: it waits, as far as there is room."""
        self._rows = [*rows, *self._rows][:MOST_WAITING]


def count_askers(rows: Iterable[Unanswered]) -> int:
    """How many people asked at least: the most that any one key tells apart."""
    under_key: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        key, _, digest = row.asker.partition(":")
        under_key[key].add(digest)
    return max(map(len, under_key.values()), default=0)


def add_unanswered(connection: Connection, rows: Sequence[Unanswered], oldest: str) -> None:
    """Adds questions; forgets those of the day `oldest` and before."""
    table = tables.unanswered
    for row in rows:
        connection.execute(
            table.insert().values(
                id=row.id,
                day=row.day,
                question=row.question,
                language=row.language,
                town=row.town,
                status=row.status.value,
                asker=row.asker,
            )
        )
    connection.execute(table.delete().where(table.c.day <= oldest))


def read_unanswered(engine: Engine, today: date, days: int) -> list[Unanswered]:
    """The questions of so many days, the newest first."""
    table = tables.unanswered
    since = (today - timedelta(days=days)).isoformat()
    query = select(table).where(table.c.day > since).order_by(table.c.day.desc(), table.c.id)
    with transaction(engine) as connection:
        return [
            Unanswered(
                row.id, row.day, row.question, row.language, row.town, Status(row.status), row.asker
            )
            for row in connection.execute(query)
        ]


def forget_unanswered(engine: Engine, ids: Collection[str]) -> int:
    """Deletes questions by their ids; how many there were."""
    table = tables.unanswered
    with transaction(engine) as connection:
        return connection.execute(table.delete().where(table.c.id.in_(ids))).rowcount
