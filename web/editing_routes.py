"""The JSON routes of an editor, `/api/v1/documents…`, for who has the editors' key."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Security
from fastapi import Path as PathParameter
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from core.errors import UsageError
from service.api import error_responses
from web.editing import API, run_act
from web.editors_key import bearer, check_key
from web.parts import Parts
from web.receiving import Sending, receive
from web.sent_document import SENT, read_document

Json = dict[str, Any]
Id = Annotated[str, Query(max_length=500, description="the document's id")]
Number = Annotated[int | None, Query(ge=1, description="a version's number")]


class Act(BaseModel):
    """Who does something with a document, and why."""

    id: Annotated[str, Field(max_length=500)]
    by: Annotated[str, Field(max_length=200)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


class TakeBack(Act):
    """Which version is to stand again."""

    version: Annotated[int, Field(ge=1)]


class Prepared(BaseModel):
    """Which prepared documents; all of them where none is named."""

    ids: list[Annotated[str, Field(max_length=500)]] = []
    by: Annotated[str, Field(max_length=200)] = ""


class Publishing(Prepared):
    """From which day on they are to apply; at once where none is given."""

    on: date | None = None


def editing_routes(parts: Parts) -> APIRouter:
    """The routes. Without a key in the settings nobody may use them."""
    desk, key = parts.editing, parts.settings.editor_key

    def require_key(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> None:
        check_key(key, given)

    router = APIRouter(
        prefix="/api/v1/documents",
        tags=["documents"],
        dependencies=[Depends(require_key)],
        responses=error_responses(401, 404, 409, 410, 412, 413, 422, 503),
    )

    @router.get("")
    def overview() -> Json:
        """What citizens see, by document, and what is prepared."""
        return desk.overview()

    @router.get("/stale")
    def stale() -> Json:
        """Documents older than a year, those first that many answers of the last 90 days cite."""
        return desk.stale()

    @router.get("/versions")
    def show(id: Id, text: bool = False) -> Json:  # noqa: A002  the parameter's name outside
        """Every version of a document, and what is prepared for it; how scanned pages were read,
        with the reading that was not taken; with `text`, the text of every page."""
        return desk.show(id, text)

    @router.get("/diff")
    def diff(id: Id, a: Number = None, b: Number = None) -> Json:  # noqa: A002  likewise
        """What changed between two versions, amounts and dates first; by default from what stands
        to what is prepared, else between the last two."""
        return desk.diff(id, a, b)

    @router.get("/preview")
    def preview() -> Json:
        """What publishing everything that is prepared would do: what changed, what looks like a
        mistake, what other documents still say, which answers change."""
        return desk.preview()

    @router.post("/rollback")
    def rollback(act: TakeBack) -> Json:
        """Publishes an earlier version again."""
        return run_act(desk, API, "rollback", _named(act))

    @router.post("/withdraw")
    def withdraw(act: Act) -> Json:
        """Takes a document away from citizens."""
        return run_act(desk, API, "withdraw", _named(act))

    @router.get("/staged")
    def staged() -> Json:
        """What is prepared, and what is published and begins on a day to come."""
        return desk.staged()

    @router.post("/publish")
    def publish(prepared: Publishing) -> Json:
        """Shows prepared versions to citizens, all at once; with `on`, as the text from that day
        on."""
        arguments = prepared.model_dump(exclude={"on"})
        if prepared.on is None:
            return run_act(desk, API, "publish", arguments)
        return run_act(desk, API, "schedule", {**arguments, "day": prepared.on})

    @router.post("/discard")
    def discard(prepared: Prepared) -> Json:
        """Forgets what is prepared."""
        return run_act(desk, API, "discard", {"ids": prepared.ids}, prepared.by)

    @router.put("/{document_id:path}", openapi_extra={"requestBody": SENT})
    async def put(
        request: Request,
        document_id: Annotated[str, PathParameter(description="the document's id")],
        name: Annotated[str, Query(max_length=200, description="the file's name")] = "",
        stage: Annotated[bool, Query(description="only prepare it, unseen by citizens")] = False,
        by: Annotated[str, Query(max_length=200)] = "",
        reason: Annotated[str, Query(max_length=2000)] = "",
        if_match: Annotated[str | None, Header(description="the newest version, 0: none")] = None,
    ) -> Json:
        """Adds or updates a document: publishes it, or prepares it with `stage`. The same once more
        changes nothing. `If-Match` with a version's number: only if that is the newest."""
        sending = Sending(document_id, stage, _number(if_match), by, reason)
        largest = parts.settings.reader_file_mb
        async with read_document(request, name, largest) as sent:
            return await run_in_threadpool(receive, parts, sent, sending)

    return router


def _number(tag: str | None) -> int | None:
    """The version's number that `If-Match` names."""
    if tag is None:
        return None
    number = tag.strip().strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise UsageError('If-Match has to be the number of a version, such as "3".')
    return int(number)


def _named(act: Act) -> Json:
    """The arguments of an act on one document."""
    arguments = act.model_dump()
    return arguments | {"document_id": arguments.pop("id")}
