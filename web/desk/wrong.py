"""A clerk marks an answer as wrong, and takes that back."""

from __future__ import annotations

from dataclasses import dataclass

from core.feedback import DESK, Feedback, keep_feedback, take_back_feedback
from core.types import Mode, Status
from web.parts import Parts
from web.people.rights import Visitor

LONGEST_LIST = 30  # documents that an answer cites


@dataclass(frozen=True, slots=True)
class Wrong:
    """The answer that is wrong, as far as that is kept: not what was asked."""

    status: Status
    mode: Mode
    language: str
    town: str
    documents: tuple[str, ...]


def mark_wrong(parts: Parts, visitor: Visitor, wrong: Wrong) -> str:
    """Keeps that an answer is wrong; returns the mark by which it is taken back."""
    said = Feedback(
        is_helpful=False,
        status=wrong.status,
        mode=wrong.mode,
        language=wrong.language,
        documents=tuple(dict.fromkeys(wrong.documents)),
        town=wrong.town,
        origin=DESK,
    )
    mark = keep_feedback(parts.store.registry.engine, said)
    parts.staff.note(visitor, "mark_wrong", mark, documents=list(said.documents))
    return mark


def take_back(parts: Parts, visitor: Visitor, mark: str) -> None:
    """Forgets a mark; one that is gone already stays so."""
    if take_back_feedback(parts.store.registry.engine, mark, DESK):
        parts.staff.note(visitor, "unmark_wrong", mark)
