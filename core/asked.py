"""The questions that are asked most: nothing is kept of one that only few people asked."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, select

from core import tables
from core.schema import transaction

OFTEN = 3  # askers on one day, from which on the words are kept
MOST_KNOWN = 100_000  # digests a day, so that memory has an end
LONGEST = 200  # characters: a longer question tells a story of somebody's own


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """A question, its language, and the town it was asked in as `Answerer.answer` takes it, "" for
    none."""

    text: str
    language: str
    town: str = ""

    def normalised(self) -> Question:
        """The same for the same words, however they are typed."""
        words = " ".join(self.text.lower().split())
        return Question(words.strip(" ?!.¿¡؟"), self.language, self.town)


class AskedQuestions:
    """Today's questions and who asked them by keyed digests, in memory only and with a key that
    lives a day; and those that enough people asked for their words to be kept."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._digests: Counter[bytes] = Counter()
        self._askers: dict[bytes, set[bytes]] = {}
        self._often: Counter[Question] = Counter()

    def ask(self, question: Question, today: date, network: str) -> None:
        """A question was asked today, from a network that counts as one asker."""
        if today != self._day:
            self._day, self._key = today, secrets.token_bytes(32)
            self._digests.clear()
            self._askers.clear()
        question = question.normalised()
        if len(question.text) > LONGEST:
            return
        digest = self._digest("\0".join((question.text, question.language, question.town)))
        if digest not in self._digests and len(self._digests) >= MOST_KNOWN:
            return
        self._digests[digest] += 1
        askers = self._askers.setdefault(digest, set())
        if len(askers) >= OFTEN:
            self._often[question] += 1
            return
        askers.add(self._digest(network))
        if len(askers) == OFTEN:
            self._often[question] += self._digests[digest]

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()

    def take(self) -> Counter[Question]:
        """How often each question that may be kept was asked since the last time."""
        often, self._often = self._often, Counter()
        return often


def most_asked(engine: Engine, limit: int) -> list[Question]:
    """The questions that were asked most, the first one first."""
    table = tables.asked
    query = select(table).order_by(table.c.count.desc(), table.c.question).limit(limit)
    with transaction(engine) as connection:
        return [Question(r.question, r.language, r.town) for r in connection.execute(query)]


def add_questions(
    connection: Connection, counts: Counter[Question], today: date, oldest: str
) -> None:
    """Adds to what was asked; forgets what was last asked on the day `oldest` or before."""
    table = tables.asked
    for question, count in sorted(counts.items()):
        place = {
            "question": question.text,
            "language": question.language,
            "town": question.town,
        }
        is_same = [table.c[name] == value for name, value in place.items()]
        row = {"last_day": today.isoformat()}
        added = table.update().where(*is_same).values(count=table.c.count + count, **row)
        if not connection.execute(added).rowcount:
            connection.execute(table.insert().values(**place, count=count, **row))
    connection.execute(table.delete().where(table.c.last_day <= oldest))
