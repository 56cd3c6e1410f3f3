"""Uploading documents: the form, and the page that shows what becomes of the files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.editor.intake import Intake
from web.editor.jobs import Jobs
from web.editor.pages import EditorPages, see
from web.editor.places import known_places
from web.editor.rights import may_edit
from web.editor.sent import (
    MAX_BYTES,
    MAX_FILES,
    OF_DOCUMENT,
    OF_PLACE,
    UploadRefused,
    read_sent,
    said_of,
)
from web.editor.stage import job_json
from web.parts import Parts
from web.people.refusals import RoleMissing
from web.people.rights import Role, Visitor


def upload_routes(parts: Parts, pages: EditorPages, jobs: Jobs) -> APIRouter:
    """`/editor/uploads` and `/editor/uploads/{job}`."""
    router = APIRouter(include_in_schema=False)
    intake, registry = Intake(parts, jobs), parts.store.registry
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    check_form = parts.staff.needs_form(Role.EDITOR)

    def form_page(
        visitor: Visitor, typed: dict[str, str], problem: UploadRefused | None = None
    ) -> Response:
        return pages.render(
            "document_upload.html",
            visitor,
            problem.status if problem else 200,
            typed=dict.fromkeys((*OF_DOCUMENT, *OF_PLACE, "reason"), "") | typed,
            places=known_places(registry, visitor.person),
            problem=problem,
            max_files=MAX_FILES,
            max_bytes=MAX_BYTES,
            max_file_mb=parts.settings.reader_file_mb,
        )

    @router.get("/editor/uploads")
    def form(
        visitor: Reader, document_id: Annotated[str, Query(alias="id", max_length=500)] = ""
    ) -> Response:
        if not may_edit(visitor.person, registry, document_id):
            raise RoleMissing(visitor, Role.EDITOR)
        history = registry.history(document_id)
        return form_page(visitor, said_of(history[-1].document) if history else {})

    @router.post("/editor/uploads")
    async def upload(request: Request, visitor: Reader) -> Response:
        """The visitor is known before the body is read: a stranger's files are not received."""
        typed: dict[str, str] = {}
        try:
            sent = await read_sent(request)
            typed = sent.typed
            visitor = await check_form(request)
            job = await run_in_threadpool(intake.start, visitor, sent)
        except UploadRefused as refused:
            return form_page(visitor, typed, refused)
        finally:
            await request.close()  # lets go of the files
        return see(f"/editor/uploads/{job.id}")

    @router.get("/editor/uploads/{job_id}.json")
    def upload_state(visitor: Reader, job_id: str) -> Response:
        return JSONResponse(job_json(jobs.find(job_id, visitor.person.id)))

    @router.get("/editor/uploads/{job_id}")
    def upload_page(visitor: Reader, job_id: str) -> Response:
        job = jobs.find(job_id, visitor.person.id)
        status = 200 if job else 404
        return pages.render("document_job.html", visitor, status, job=job, of="uploads")

    return router
