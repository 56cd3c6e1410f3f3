"""The editor's documents: what is there, all versions of one, taking back and withdrawing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.documents import place_of
from web.editor.drafting import drafting_routes
from web.editor.jobs import Jobs
from web.editor.overview import Order, View, list_rows
from web.editor.pages import EditorPages, document_address, see
from web.editor.rights import may_release, require_admitted, require_approver
from web.editor.stage import stage_routes
from web.editor.upload import upload_routes
from web.originals import send_original
from web.parts import Parts
from web.people.kept import KeptForm
from web.people.rights import Role, Visitor

ROLLBACK, WITHDRAW = "/editor/documents/rollback", "/editor/documents/withdraw"

Id = Annotated[str, Query(alias="id", min_length=1, max_length=500)]
FormId = Annotated[str, Form(alias="id", min_length=1, max_length=500)]
Reason = Annotated[str, Form(max_length=2000)]
Number = Annotated[int | None, Query(ge=1)]


def document_routes(parts: Parts) -> APIRouter:
    """`/editor`, `/editor/documents…` and `/editor/uploads…`."""
    pages, jobs = EditorPages(parts), Jobs()
    router = APIRouter(include_in_schema=False)
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806
    router.include_router(upload_routes(parts, pages, jobs))
    router.include_router(stage_routes(parts, pages, jobs))
    router.include_router(drafting_routes(parts, pages))

    @router.get("/editor")
    def overview(
        visitor: Reader,
        q: Annotated[str, Query(max_length=200)] = "",
        state: Annotated[str, Query(max_length=20)] = "",
        kind: Annotated[str, Query(max_length=20)] = "",
        level: Annotated[str, Query(max_length=20)] = "",
        order: Order = Order.TITLE,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        done: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        view = View(q, state, kind, level, order, page)
        listing = list_rows(parts.store.registry, visitor.person, view)
        return pages.render("documents.html", visitor, view=view, listing=listing, done=done)

    @router.get("/editor/documents/show")
    def show(
        visitor: Reader,
        document_id: Id,
        done: Annotated[str, Query(max_length=20)] = "",
        stopped: Annotated[int, Query(ge=0)] = 0,
        a: Number = None,
        b: Number = None,
        view: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        def act() -> Response:
            return pages.render(
                "document.html",
                visitor,
                found=parts.editing.show(document_id),
                may_release=may_release(visitor.person, parts.store.registry, document_id),
                diff=parts.editing.diff(document_id, a, b) if a and b else None,
                a=a,
                b=b,
                view=view,
                done=done,
                stopped=stopped,
            )

        return pages.attempt(visitor, document_id, act)

    @router.get("/editor/documents/original")
    def original(visitor: Reader, document_id: Id, version: Number = None) -> Response:
        def act() -> Response:
            file = parts.editing.original(document_id, version)
            if not file.path.is_file():
                raise HTTPException(404)
            return send_original(file)

        return pages.attempt(visitor, document_id, act)

    def confirm_page(visitor: Visitor, document_id: str, version: int | None) -> Response:
        return pages.render(
            "document_confirm.html",
            visitor,
            found=parts.editing.show(document_id),
            may_release=may_release(visitor.person, parts.store.registry, document_id),
            version=version,
        )

    @router.get(ROLLBACK)
    def confirm_rollback(
        visitor: Reader,
        document_id: Id,
        version: Annotated[int, Query(ge=1)],
    ) -> Response:
        def act() -> Response:
            return confirm_page(visitor, document_id, version)

        return pages.attempt(visitor, document_id, act)

    @router.post(ROLLBACK)
    def rollback(
        visitor: Writer,
        document_id: FormId,
        version: Annotated[int, Form(ge=1)],
        reason: Reason = "",
    ) -> Response:
        def act() -> Response:
            by = visitor.person.shown_name
            for earlier in parts.store.registry.history(document_id):
                if earlier.number == version:
                    require_approver(visitor.person, earlier)
                    require_admitted(visitor.person, parts.store.registry, earlier.document)
            back = parts.editing.rollback(document_id, version, by, reason)
            note(visitor, "rollback", document_id, version=version, reason=reason)
            return see(document_address(document_id, "rolled_back", back["stopped"]))

        typed = {"id": document_id, "version": str(version), "reason": reason}
        return pages.attempt(visitor, document_id, act, KeptForm(ROLLBACK, tuple(typed.items())))

    @router.get(WITHDRAW)
    def confirm_withdrawal(visitor: Reader, document_id: Id) -> Response:
        def act() -> Response:
            return confirm_page(visitor, document_id, None)

        return pages.attempt(visitor, document_id, act)

    @router.post(WITHDRAW)
    def withdraw(visitor: Writer, document_id: FormId, reason: Reason = "") -> Response:
        def act() -> Response:
            for standing in parts.store.registry.standing(document_id):
                require_approver(visitor.person, standing)
            gone = parts.editing.withdraw(document_id, visitor.person.shown_name, reason)
            note(visitor, "withdraw", document_id, reason=reason)
            return see(document_address(document_id, "withdrawn", gone["stopped"]))

        typed = {"id": document_id, "reason": reason}
        return pages.attempt(visitor, document_id, act, KeptForm(WITHDRAW, tuple(typed.items())))

    def note(visitor: Visitor, act: str, document_id: str, **detail: object) -> None:
        place = place_of(parts.store.registry, document_id)
        parts.staff.note(visitor, act, document_id, place=place, **detail)

    return router
