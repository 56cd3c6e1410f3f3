"""What people said of answers: the page `/editor/feedback`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from core.feedback import DESK, Feedback, KeptFeedback, read_feedback
from core.registry import Registry
from core.usage import KEPT_DAYS
from web.editor.insight_words import MODES, STATUSES, language_name
from web.editor.rights import may_edit_place
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

AREA = "/editor/feedback"
MOST = 2000  # that are counted
SHOWN = 100


@dataclass(frozen=True, slots=True)
class DocumentFeedback:
    """How many people an answer from a document helped, and how many it did not."""

    id: str
    title: str
    helpful: int
    unhelpful: int
    wrong: int  # marked by the front desk


def feedback_routes(parts: Parts) -> APIRouter:
    """`/editor/feedback`."""
    router = APIRouter(include_in_schema=False)

    @router.get(AREA)
    def show(visitor: Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]) -> Response:
        registry = parts.store.registry
        titles = editable_titles(registry, visitor.person)
        found = [
            kept
            for kept in read_feedback(registry.engine, limit=MOST)
            if is_about(kept.feedback, visitor.person, titles)
        ]
        reasons = [k for k in found if k.feedback.word or k.feedback.origin == DESK]
        return parts.pages.render(
            "editor/feedback.html",
            visitor,
            area=AREA,
            helpful=sum(kept.feedback.is_helpful for kept in found),
            unhelpful=sum(not kept.feedback.is_helpful for kept in found),
            documents=by_document(found, titles),
            reasons=sorted(reasons, key=_desk_first)[:SHOWN],
            titles=titles,
            desk=DESK,
            days=KEPT_DAYS,
            statuses=STATUSES,
            modes=MODES,
            language_name=language_name,
        )

    return router


def is_about(said: Feedback, person: Person, theirs: Collection[str]) -> bool:
    """Whether feedback is about an answer in a person's towns, or from documents of theirs."""
    return person.may(Role.EDITOR, said.town) or not set(said.documents).isdisjoint(theirs)


def by_document(found: Iterable[KeptFeedback], titles: dict[str, str]) -> list[DocumentFeedback]:
    """The feedback of each document, those first whose answers helped least."""
    rows: dict[str, list[int]] = {}
    for kept in found:
        for document in set(kept.feedback.documents) & titles.keys():
            row = rows.setdefault(document, [0, 0, 0])
            row[0] += kept.feedback.is_helpful
            row[1] += not kept.feedback.is_helpful
            row[2] += not kept.feedback.is_helpful and kept.feedback.origin == DESK
    listed = [DocumentFeedback(key, titles[key], *row) for key, row in rows.items()]
    return sorted(listed, key=lambda row: (-row.wrong, -row.unhelpful, row.title))


def editable_titles(registry: Registry, person: Person) -> dict[str, str]:
    """The titles of the documents that a person may edit, by id."""
    return {
        version.document.id: version.document.title
        for version in registry.standing()
        if may_edit_place(person, version.document.jurisdiction)
    }


def _desk_first(kept: KeptFeedback) -> tuple[bool, int]:
    """The front desk's marks, then the newest."""
    return kept.feedback.origin != DESK or kept.feedback.is_helpful, -kept.day.toordinal()
