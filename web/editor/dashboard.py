"""How it goes: pictures of what citizens ask and how it is answered; feedback; the audit log."""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.feedback import feedback_by_day
from core.statistics import Statistics, read_statistics
from core.types import Status
from web.editor import figures
from web.editor.audit import audit_routes
from web.editor.feedback import feedback_routes, is_about
from web.editor.last_run import read_last_run
from web.editor.rights import may_edit_place
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

AREA = "/editor/dashboard"
OLDEST = 10  # documents that are shown


def dashboard_routes(parts: Parts) -> APIRouter:
    """`/editor/dashboard`, `/editor/feedback`, `/editor/audit`."""
    router = APIRouter(include_in_schema=False)
    router.include_router(feedback_routes(parts))
    router.include_router(audit_routes(parts))

    @router.get(AREA)
    def show(
        visitor: Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))],
        days: Annotated[Literal["7", "30", "90"], Query()] = "30",
    ) -> Response:
        engine, today = parts.store.registry.engine, date.today()
        documents = [version.document for version in parts.store.registry.standing()]
        titles = {document.id: document.short_title or document.title for document in documents}
        theirs = {d.id for d in documents if may_edit_place(visitor.person, d.jurisdiction)}
        found = of_places(read_statistics(engine, today, int(days)), visitor.person, theirs)
        since = today - timedelta(days=int(days) - 1)
        said = feedback_by_day(engine, since, lambda said: is_about(said, visitor.person, theirs))
        stale = [row for row in parts.editing.stale()["documents"] if row["id"] in theirs]
        answered, asked = figures.answered_share(found)
        return parts.pages.render(
            "editor/dashboard.html",
            visitor,
            area=AREA,
            days=days,
            asked=sum(found.ends.values()),
            answered_share=answered / asked if asked else None,
            helpful_share=figures.helpful_share(said),
            no_answer=sum(n for e, n in found.ends.items() if e.status == Status.NOT_IN_DOCUMENTS),
            figures=[
                figures.by_day(found, today, int(days)),
                figures.by_status(found),
                figures.by_language(found),
                figures.by_topic(found, titles),
                figures.helpful_by_week(said),
                figures.by_step(found),
                figures.drift(found.samples),
            ],
            stale=stale[:OLDEST],
            run=read_last_run(parts.settings.state_dir),
        )

    return router


def of_places(found: Statistics, person: Person, theirs: Collection[str]) -> Statistics:
    """What was counted of questions in a person's towns, and of documents that are `theirs`, by
    their ids; of everything for who edits everywhere, also what is withdrawn since."""
    if person.may(Role.EDITOR, ""):
        return found
    return Statistics(
        Counter({end: n for end, n in found.ends.items() if person.may(Role.EDITOR, end.town)}),
        Counter({step: n for step, n in found.steps.items() if person.may(Role.EDITOR, step.town)}),
        Counter({use: n for use, n in found.citations.items() if use[0] in theirs}),
        tuple(s for s in found.samples if person.may(Role.EDITOR, s.answer.get("town", ""))),
    )
