"""A clerk marks an answer as wrong, and takes that back."""

from __future__ import annotations

from dataclasses import dataclass

from core.feedback import DESK, Feedback, keep_feedback, take_back_feedback
from core.types import Mode, Status
from web.documents import place_of
from web.parts import Parts
from web.people.refusals import RoleMissing
from web.people.rights import Person, Role, Visitor

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
    """Keeps that an answer is wrong; returns the mark by which it is taken back. Raises RoleMissing
    where it is an answer for a town that the visitor does not work for."""
    if not may_mark(parts, visitor.person, wrong):
        raise RoleMissing(visitor, Role.CLERK)
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
    place = wrong.town or visitor.person.place
    parts.staff.note(visitor, "mark_wrong", mark, place=place, documents=list(said.documents))
    return mark


def may_mark(parts: Parts, person: Person, wrong: Wrong) -> bool:
    """Whether an answer is of a person's towns: asked there, and from nothing of other towns; what
    applies to a whole state or district is everybody's there."""
    if wrong.town and not person.may(Role.CLERK, wrong.town):
        return False
    mine = person.places(Role.CLERK)
    cited = (place_of(parts.store.registry, document_id) for document_id in wrong.documents)
    return all(
        any(key.startswith(place) or place.startswith(key) for key in mine) for place in cited
    )


def take_back(parts: Parts, visitor: Visitor, mark: str) -> None:
    """Forgets a mark; one that is gone already stays so."""
    if take_back_feedback(parts.store.registry.engine, mark, DESK):
        parts.staff.note(visitor, "unmark_wrong", mark, place=visitor.person.place)
