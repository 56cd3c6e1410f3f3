"""An answer as it comes: how it ended, its statements and their proof, what else there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.types import Answer, Citation, Coming, Mode, Related, Statement, Status


@dataclass(frozen=True, slots=True)
class Opening:
    """How a question ended: known before the first statement."""

    id: str
    status: Status
    mode: Mode
    language: str
    message: str
    personal: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign of life while a language model writes."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of an answer: its message as it is at last, and something to go on with."""

    id: str
    message: str
    related: tuple[Related, ...] = ()


Part = Opening | Statement | Citation | Coming | Waiting | Closing


def take_apart(answer: Answer) -> Iterator[Part]:
    """The parts of an answer that is whole."""
    yield Opening(
        answer.id,
        answer.status,
        answer.mode,
        answer.language,
        answer.message,
        answer.personal,
        answer.question,
    )
    yield from answer.statements
    yield from answer.citations
    yield from answer.changes
    yield Closing(answer.id, answer.message, answer.related)


def put_together(parts: Iterable[Part]) -> Answer:
    """The answer that parts make; they are read to their end."""
    every = list(parts)
    opening = next(part for part in every if isinstance(part, Opening))
    closing = next(part for part in reversed(every) if isinstance(part, Closing))
    return Answer(
        id=opening.id,
        status=opening.status,
        mode=opening.mode,
        language=opening.language,
        message=closing.message,
        statements=tuple(part for part in every if isinstance(part, Statement)),
        citations=tuple(part for part in every if isinstance(part, Citation)),
        related=closing.related,
        changes=tuple(part for part in every if isinstance(part, Coming)),
        personal=opening.personal,
        question=opening.question,
    )
