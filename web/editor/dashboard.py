"""How it goes: pictures of what citizens ask and how it is answered; feedback; the audit log."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.feedback import feedback_by_day
from core.statistics import read_statistics
from core.types import Status
from web.editor import figures
from web.editor.audit import audit_routes
from web.editor.feedback import feedback_routes
from web.editor.last_run import read_last_run
from web.editor.rights import may_edit_place
from web.parts import Parts
from web.people.rights import Role, Visitor

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
        found = read_statistics(engine, today, int(days))
        mine = {e: n for e, n in found.ends.items() if visitor.person.may(Role.EDITOR, e.town)}
        found = replace(found, ends=type(found.ends)(mine))
        said = feedback_by_day(engine, today - timedelta(days=int(days) - 1))
        documents = [version.document for version in parts.store.registry.standing()]
        titles = {document.id: document.short_title or document.title for document in documents}
        theirs = {d.id for d in documents if may_edit_place(visitor.person, d.jurisdiction)}
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
            no_answer=sum(n for e, n in mine.items() if e.status == Status.NOT_IN_DOCUMENTS),
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
