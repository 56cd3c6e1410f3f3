"""What is prepared for a document: what changes, which answers change, publish, discard."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import JSONResponse, Response

from core.store import registry_state
from ingest.staging import is_outdated
from web.documents import place_of
from web.editor.jobs import Job, Jobs
from web.editor.pages import EditorPages, document_address, see, stage_address
from web.editor.rights import preview_for, require_second
from web.parts import Parts
from web.people.kept import KeptForm
from web.people.rights import Role, Visitor

Id = Annotated[str, Query(alias="id", min_length=1, max_length=500)]
FormId = Annotated[str, Form(alias="id", min_length=1, max_length=500)]
PUBLISH, SCHEDULE, DISCARD = (
    f"/editor/documents/{act}" for act in ("publish", "schedule", "discard")
)
Seen = Annotated[str, Form(min_length=1, max_length=50)]  # `staged_at` of what was looked at


def stage_routes(parts: Parts, pages: EditorPages, jobs: Jobs) -> APIRouter:
    """`/editor/documents/stage`, what is done with it, and `/editor/previews/{job}`."""
    router, registry = APIRouter(include_in_schema=False), parts.store.registry
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806

    @router.get("/editor/documents/stage")
    def stage(
        visitor: Reader,
        document_id: Id,
        view: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        def act() -> Response:
            found = parts.editing.prepared(document_id)
            read = parts.editing.show(document_id)["prepared"]["scans"]
            versions, staged = registry.history(document_id), registry.staged(document_id)
            job = jobs.newest(document_id, visitor.person.id)
            return pages.render(
                "document_stage.html",
                visitor,
                found=found,
                read=read,
                is_outdated=any(is_outdated(one, versions) for one in staged),
                job=job,
                preview=preview_for(visitor.person, registry, job.result)
                if job and job.result
                else None,
                is_current=job is not None and job.state == registry_state(registry),
                view=view,
                tomorrow=date.today() + timedelta(days=1),
            )

        return pages.attempt(visitor, document_id, act)

    @router.post(PUBLISH)
    def publish(visitor: Writer, document_id: FormId, seen: Seen) -> Response:
        def act() -> Response:
            found = parts.editing.prepared(document_id)
            check_approval(visitor, document_id)
            done = parts.editing.publish([document_id], visitor.person.shown_name, seen)
            note(visitor, "publish", document_id, version=found["version"])
            is_coming = (found["valid_from"] or "") > date.today().isoformat()
            told = "scheduled" if is_coming else "published"
            return see(document_address(document_id, told, done["stopped"]))

        typed = {"id": document_id, "seen": seen}
        return pages.attempt(visitor, document_id, act, KeptForm(PUBLISH, tuple(typed.items())))

    @router.post(SCHEDULE)
    def schedule(
        visitor: Writer, document_id: FormId, seen: Seen, day: Annotated[date, Form()]
    ) -> Response:
        def act() -> Response:
            version = parts.editing.prepared(document_id)["version"]
            check_approval(visitor, document_id)
            done = parts.editing.schedule([document_id], day, visitor.person.shown_name, seen)
            note(visitor, "schedule", document_id, version=version, day=day.isoformat())
            return see(document_address(document_id, "scheduled", done["stopped"]))

        typed = {"id": document_id, "seen": seen, "day": day.isoformat()}
        return pages.attempt(visitor, document_id, act, KeptForm(SCHEDULE, tuple(typed.items())))

    @router.post(DISCARD)
    def discard(visitor: Writer, document_id: FormId, seen: Seen) -> Response:
        def act() -> Response:
            place = place_of(registry, document_id)
            parts.editing.discard([document_id], seen)
            parts.staff.note(visitor, "discard", document_id, place=place)
            return see("/editor?done=discarded")

        typed = {"id": document_id, "seen": seen}
        return pages.attempt(visitor, document_id, act, KeptForm(DISCARD, tuple(typed.items())))

    @router.post("/editor/documents/preview")
    def preview(visitor: Writer, document_id: FormId) -> Response:
        def act() -> Response:
            running = jobs.newest(document_id, visitor.person.id)
            if running is None or running.is_over:
                parts.editing.prepared(document_id)
                running = jobs.start(Job(visitor.person.id, document_id, total=0), work)
            return see(f"/editor/previews/{running.id}")

        return pages.attempt(visitor, document_id, act)

    def check_approval(visitor: Visitor, document_id: str) -> None:
        for staged in registry.staged(document_id):
            require_second(visitor.person, staged)

    def note(visitor: Visitor, act: str, document_id: str, **detail: object) -> None:
        place = place_of(registry, document_id)
        parts.staff.note(visitor, act, document_id, place=place, **detail)

    def work(job: Job) -> None:
        state = registry_state(registry)
        job.result = parts.editing.preview(progress=job.tell)
        job.state = state

    @router.get("/editor/previews/{job_id}.json")
    def preview_state(visitor: Reader, job_id: str) -> Response:
        return JSONResponse(job_json(jobs.find(job_id, visitor.person.id)))

    @router.get("/editor/previews/{job_id}")
    def preview_page(visitor: Reader, job_id: str) -> Response:
        job = jobs.find(job_id, visitor.person.id)
        if job and job.is_over and job.error is None:
            return see(f"{stage_address(job.subject)}#answers")
        status = 200 if job else 404
        return pages.render("document_job.html", visitor, status, job=job, of="previews")

    return router


def job_json(job: Job | None) -> dict[str, object]:
    """How far a job is, for the page that watches it; an unknown one is over."""
    if job is None:
        return {"done": 0, "total": 0, "current": "", "is_over": True}
    return {"done": job.done, "total": job.total, "current": job.current, "is_over": job.is_over}
