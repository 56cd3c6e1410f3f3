"""What people say of answers, kept for a while, without the question and without a time of day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select

from core import tables
from core.schema import transaction
from core.types import Mode, Status
from core.usage import KEPT_DAYS

CITIZEN, DESK = "citizen", "desk"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody says of an answer: how it ended, what it cited, and whether it helped. `town`
    is as `Answerer.answer` takes it, "" for none; `origin`: CITIZEN or DESK."""

    is_helpful: bool
    status: Status
    mode: Mode
    language: str
    documents: tuple[str, ...] = ()
    town: str = ""
    word: str = ""
    origin: str = CITIZEN


@dataclass(frozen=True, slots=True)
class KeptFeedback:
    """Feedback as it is kept, and of which day."""

    id: str
    day: date
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class DayOfFeedback:
    """How many people an answer of a day helped, and how many it did not."""

    day: date
    helpful: int
    unhelpful: int


def keep_feedback(engine: Engine, feedback: Feedback, today: date | None = None) -> str:
    """Writes feedback of today, and forgets what is older than KEPT_DAYS; returns its id."""
    today = today or date.today()
    table = tables.feedback
    identifier = uuid4().hex
    with transaction(engine) as connection:
        connection.execute(
            table.insert().values(
                id=identifier,
                day=today.isoformat(),
                origin=feedback.origin,
                is_helpful=feedback.is_helpful,
                word=feedback.word,
                status=feedback.status.value,
                mode=feedback.mode.value,
                language=feedback.language,
                town=feedback.town,
                documents=list(feedback.documents),
            )
        )
        connection.execute(table.delete().where(table.c.day <= _last_forgotten(today)))
    return identifier


def take_back_feedback(engine: Engine, identifier: str, origin: str) -> bool:
    """Forgets what was just said from an origin; whether it was there."""
    table = tables.feedback
    with transaction(engine) as connection:
        found = table.delete().where(table.c.id == identifier, table.c.origin == origin)
        return connection.execute(found).rowcount > 0


def read_feedback(
    engine: Engine,
    *,
    is_helpful: bool | None = None,
    has_word: bool | None = None,
    origin: str | None = None,
    limit: int = 200,
) -> list[KeptFeedback]:
    """What was said last, the newest day first; only such as named."""
    table = tables.feedback
    query = select(table).order_by(table.c.day.desc(), table.c.id).limit(limit)
    if is_helpful is not None:
        query = query.where(table.c.is_helpful == is_helpful)
    if has_word is not None:
        query = query.where(table.c.word != "" if has_word else table.c.word == "")
    if origin is not None:
        query = query.where(table.c.origin == origin)
    with transaction(engine) as connection:
        return [_kept(row) for row in connection.execute(query)]


def feedback_by_day(
    engine: Engine, since: date, is_counted: Callable[[Feedback], bool] = lambda _: True
) -> list[DayOfFeedback]:
    """How many said yes and how many no on each day from `since` on, the first day first; days
    without any are left out, and so is what is not counted."""
    table = tables.feedback
    query = select(table).where(table.c.day >= since.isoformat()).order_by(table.c.day)
    with transaction(engine) as connection:
        found = [_kept(row) for row in connection.execute(query)]
    said = groupby((k for k in found if is_counted(k.feedback)), key=lambda kept: kept.day)
    counts = ((day, Counter(kept.feedback.is_helpful for kept in of_day)) for day, of_day in said)
    return [DayOfFeedback(day, count[True], count[False]) for day, count in counts]


def _kept(row: Any) -> KeptFeedback:
    feedback = Feedback(
        row.is_helpful,
        Status(row.status),
        Mode(row.mode),
        row.language,
        tuple(row.documents),
        row.town,
        row.word,
        row.origin,
    )
    return KeptFeedback(row.id, date.fromisoformat(row.day), feedback)


def _last_forgotten(today: date) -> str:
    return (today - timedelta(days=KEPT_DAYS)).isoformat()
