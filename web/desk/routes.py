"""The routes of the front desk."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.types import Mode, Status
from web.desk.drafting import drafting_routes
from web.desk.inquiry import Inquiry, read_inquiry
from web.desk.view import DeskView, site_of
from web.desk.wrong import LONGEST_LIST, Wrong, mark_wrong, take_back
from web.parts import Parts
from web.people.rights import Role, Visitor

Asked = Annotated[Inquiry, Depends(read_inquiry)]
Mark = Annotated[str, Query(max_length=32)]
DocumentId = Annotated[str, Form(max_length=500)]


def desk_routes(parts: Parts) -> APIRouter:
    """`/desk` and what its page fetches: parts of the same page, as HTML."""
    router = APIRouter(prefix="/desk", include_in_schema=False)
    view = DeskView(parts)
    Clerk = Annotated[Visitor, Depends(parts.staff.needs(Role.CLERK))]  # noqa: N806  a type
    SendingClerk = Annotated[Visitor, Depends(parts.staff.needs_form(Role.CLERK))]  # noqa: N806

    @router.get("")
    def show(
        request: Request, visitor: Clerk, asked: Asked, done: str = "", mark: Mark = ""
    ) -> Response:
        return view.page(visitor, asked, site_of(request, parts.settings), done=done, mark=mark)

    @router.get("/results")
    def results(visitor: Clerk, asked: Asked, answer: bool = False) -> Response:
        return view.results(visitor, asked, with_answer=answer)

    @router.get("/page")
    def page(request: Request, visitor: Clerk, asked: Asked) -> Response:
        return view.pane(visitor, asked, site_of(request, parts.settings))

    @router.post("/wrong")
    def wrong(
        visitor: SendingClerk,
        asked: Asked,
        status: Annotated[Status, Form()],
        mode: Annotated[Mode, Form()],
        answered_in: Annotated[str, Form(max_length=35)] = "",
        of_town: Annotated[str, Form(max_length=200)] = "",
        document: Annotated[list[DocumentId], Form(max_length=LONGEST_LIST)] = [],  # noqa: B006
    ) -> Response:
        said = Wrong(status, mode, answered_in, of_town, tuple(document))
        mark = mark_wrong(parts, visitor, said)
        return RedirectResponse(asked.back("marked_wrong", mark), 303)

    @router.post("/wrong/undo")
    def undo(
        visitor: SendingClerk, asked: Asked, mark: Annotated[str, Form(max_length=32)]
    ) -> Response:
        take_back(parts, visitor, mark)
        return RedirectResponse(asked.back("mark_undone"), 303)

    router.include_router(drafting_routes(parts))
    return router
