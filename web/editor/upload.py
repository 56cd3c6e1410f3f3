"""Uploading documents: the form, and the page that shows what becomes of the files."""

from secrets import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.editor.intake import Intake
from web.editor.jobs import Jobs
from web.editor.kept_uploads import ADDRESS, KeptUpload, KeptUploads
from web.editor.pages import EditorPages, see
from web.editor.places import known_places
from web.editor.rights import may_edit
from web.editor.sent import (
    MAX_BYTES,
    MAX_FILES,
    OF_DOCUMENT,
    OF_PLACE,
    Sent,
    UploadRefused,
    read_sent,
    said_of,
)
from web.editor.stage import job_json
from web.parts import Parts
from web.people.kept import TOKEN
from web.people.refusals import FormOutdated, RoleMissing, SignedOut
from web.people.rights import Role, Visitor
from web.people.sign_in_page import sign_in_page


def upload_routes(parts: Parts, pages: EditorPages, jobs: Jobs) -> APIRouter:
    """`/editor/uploads` and `/editor/uploads/{job}`."""
    router = APIRouter(include_in_schema=False)
    intake, registry = Intake(parts, jobs), parts.store.registry
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    kept_uploads = KeptUploads(parts.settings.state_dir)
    check_reader = parts.staff.needs(Role.EDITOR)
    check_form = parts.staff.needs_form(Role.EDITOR)
    check_upload = parts.staff.needs_form(Role.EDITOR, are_files_wanted=True)

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

    def check_sender(request: Request) -> Visitor:
        """Who is signed in, or was until lately; raises SignedOut or RoleMissing."""
        former = parts.staff.former(request)
        return former if former and former.person.may(Role.EDITOR) else check_reader(request)

    @router.post("/editor/uploads")
    async def upload(
        request: Request, sender: Annotated[Visitor, Depends(check_sender)]
    ) -> Response:
        """The sender is known before the body is read: a stranger's files are not received."""
        sent = Sent((), {})
        try:
            sent = await read_sent(request)
            visitor = await check_upload(request)
            job = await run_in_threadpool(intake.start, visitor, sent)
        except UploadRefused as refused:
            return form_page(sender, sent.typed, refused)
        except (SignedOut, FormOutdated) as refusal:
            return await run_in_threadpool(keep, request, sender, sent, refusal)
        finally:
            await request.close()  # lets go of the files
        return see(f"/editor/uploads/{job.id}")

    def keep(
        request: Request, sender: Visitor, sent: Sent, refusal: SignedOut | FormOutdated
    ) -> Response:
        """The files wait until who sent them is signed in; raises the refusal where they cannot."""
        is_signed_in = isinstance(refusal, FormOutdated)
        token = sent.typed.get(TOKEN, "").encode()
        if not is_signed_in and not compare_digest(token, sender.form_token.encode()):
            raise refusal  # the page that sent it is not the one that the session ended on
        typed = {name: value for name, value in sent.typed.items() if name != TOKEN}
        waiting = kept_uploads.keep(sender.person.id, Sent(sent.files, typed))
        if waiting is None:
            raise refusal
        address = f"{ADDRESS}/{waiting.ticket}"
        if is_signed_in:
            return see(address)
        return sign_in_page(request, parts, 401, wanted=address, ended=True, has_waiting=True)

    def kept_page(
        visitor: Visitor, waiting: KeptUpload | None, problem: UploadRefused | None = None
    ) -> Response:
        status = problem.status if problem else 200 if waiting else 404
        return pages.render("document_kept.html", visitor, status, kept=waiting, problem=problem)

    @router.get(ADDRESS + "/{ticket}")
    def show_kept(visitor: Reader, ticket: str) -> Response:
        return kept_page(visitor, kept_uploads.find(ticket, visitor.person.id))

    @router.post(ADDRESS + "/{ticket}")
    def go_on(visitor: Annotated[Visitor, Depends(check_form)], ticket: str) -> Response:
        waiting = kept_uploads.find(ticket, visitor.person.id)
        if waiting is None:
            return kept_page(visitor, None)
        try:
            with kept_uploads.opened(waiting) as sent:
                job = intake.start(visitor, sent)
        except UploadRefused as refused:
            return kept_page(visitor, waiting, refused)
        kept_uploads.forget(ticket)
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
