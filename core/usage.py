"""What citizens' questions use: counted in memory by who answers, written now and then."""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from core import tables
from core.asked import AskedQuestions, Question, add_questions
from core.askers import Askers
from core.errors import AuskunftError
from core.schema import transaction
from core.statistics import End, Sample, StepTime, add_statistics
from core.types import Status
from core.unanswered import MissedQuestions, add_unanswered, asking_network

KEPT_DAYS = 90
SECONDS = 30.0  # between two writes, at least
SAMPLED = 1 / 20  # of the answers
SAMPLES = 5  # between two writes, at most

logger = logging.getLogger(__name__)


class UsageCounts:
    """What was counted and kept since the last write: the answers that cited each document, how
    answers ended and how long they took, samples of them, and what is often asked or asked in
    vain."""

    def __init__(self, *, keeps_questions: bool = False, askers: Askers | None = None) -> None:
        self._lock = threading.Lock()
        self._citations: Counter[tuple[str, str]] = Counter()  # document id, day
        self._ends: Counter[End] = Counter()
        self._steps: Counter[StepTime] = Counter()
        self._samples: list[Callable[[], Sample]] = []
        self._asked = AskedQuestions() if keeps_questions else None
        self._missed = MissedQuestions(askers or Askers()) if keeps_questions else None

    def count(self, document_ids: Iterable[str]) -> None:
        """One answer of today cited these documents."""
        today = date.today().isoformat()
        with self._lock:
            self._citations.update((document_id, today) for document_id in set(document_ids))

    def end(self, end: End, steps: Iterable[StepTime]) -> None:
        """A question ended so, after these steps."""
        with self._lock:
            self._ends[end] += 1
            self._steps.update(steps)

    def sample(self, score: Callable[[], Sample]) -> None:
        """An answer was given, and `score` tells how good it is: called for a few, later."""
        if random.random() < SAMPLED and len(self._samples) < SAMPLES:  # noqa: S311  no secret
            self._samples.append(score)

    def ask(self, question: Question) -> None:
        """A question without personal data was answered."""
        if self._asked:
            with self._lock:
                self._asked.ask(question, date.today(), asking_network.get())

    def miss(self, question: str, language: str, town: str, status: Status) -> None:
        """A question without personal data was not answered."""
        if self._missed:
            with self._lock:
                self._missed.miss(question, language, town, status, date.today())

    def write(self, engine: Engine) -> None:
        """Adds everything to the database's; where it cannot be written, counts and what was asked
        in vain wait for the next time. Raises nothing."""
        with self._lock:
            citations, self._citations = self._citations, Counter()
            ends, self._ends = self._ends, Counter()
            steps, self._steps = self._steps, Counter()
            chosen, self._samples = self._samples, []
            questions = self._asked.take() if self._asked else Counter()
            missed = self._missed.take() if self._missed else []
        if not (citations or ends or questions or missed):
            return
        oldest = _oldest(date.today())
        try:
            samples = [score() for score in chosen]
            with transaction(engine) as connection:
                _add_citations(connection, citations)
                add_questions(connection, questions, date.today(), oldest)
                add_statistics(connection, ends, steps, samples, oldest)
                add_unanswered(connection, missed, oldest)
        except (AuskunftError, SQLAlchemyError) as error:
            logger.warning("The counts of usage wait, as they cannot be written: %s", error)
            with self._lock:
                self._citations.update({key: n for key, n in citations.items() if key[1] > oldest})
                self._ends.update({end: n for end, n in ends.items() if end.day > oldest})
                self._steps.update({step: n for step, n in steps.items() if step.day > oldest})
                if self._missed:
                    self._missed.put_back(missed)


@contextmanager
def writing_usage(counts: UsageCounts, engine: Engine, seconds: float = SECONDS) -> Iterator[None]:
    """Writes the counts in a thread of its own every so many seconds, and once more on leaving."""
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(seconds):
            counts.write(engine)

    thread = threading.Thread(target=work, name="usage", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        counts.write(engine)


def recent_uses(engine: Engine, today: date) -> dict[str, int]:
    """How many answers of the last KEPT_DAYS cited each document; those that none did are left
    out."""
    table = tables.citation_use
    query = (
        select(table.c.document_id, func.sum(table.c.count))
        .where(table.c.day > _oldest(today), table.c.day <= today.isoformat())
        .group_by(table.c.document_id)
    )
    with transaction(engine) as connection:
        return {document_id: int(count) for document_id, count in connection.execute(query)}


def _add_citations(connection: Connection, counts: Counter[tuple[str, str]]) -> None:
    table = tables.citation_use
    for (document_id, day), count in sorted(counts.items()):  # in one order: no deadlock
        place = table.c.document_id == document_id, table.c.day == day
        added = table.update().where(*place).values(count=table.c.count + count)
        if not connection.execute(added).rowcount:
            row = {"document_id": document_id, "day": day, "count": count}
            connection.execute(table.insert().values(row))
    connection.execute(table.delete().where(table.c.day <= _oldest(date.today())))


def _oldest(today: date) -> str:
    """The last day that is no longer kept."""
    return (today - timedelta(days=KEPT_DAYS)).isoformat()
