"""The JSON routes of an editor, `/api/v1/documents…`, for who has the editors' key."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field, SecretStr
from starlette.exceptions import HTTPException

from service.api import error_responses
from web.editing import API, EditorDesk, run_act

Json = dict[str, Any]
Id = Annotated[str, Query(max_length=500, description="the document's id")]
Number = Annotated[int | None, Query(ge=1, description="a version's number")]

_bearer = HTTPBearer(auto_error=False, description="the key of AUSKUNFT_EDITOR_KEY")


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


def editing_routes(desk: EditorDesk, key: SecretStr | None) -> APIRouter:
    """The routes. Without a key in the settings nobody may use them."""

    def require_key(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> None:
        wanted = key.get_secret_value().encode() if key else b""
        shown = given.credentials.encode() if given else b""
        if not wanted or not secrets.compare_digest(shown, wanted):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})

    router = APIRouter(
        prefix="/api/v1/documents",
        tags=["documents"],
        dependencies=[Depends(require_key)],
        responses=error_responses(401, 404, 409, 422, 503),
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
        mistake, what other documents still say, which approved answers change."""
        return desk.preview()

    @router.post("/rollback")
    def rollback(act: TakeBack) -> Json:
        """Publishes an earlier version again."""
        return run_act(desk, API, "rollback", _named(act))

    @router.post("/withdraw")
    def withdraw(act: Act) -> Json:
        """Takes a document away from citizens."""
        return run_act(desk, API, "withdraw", _named(act))

    @router.post("/publish")
    def publish(prepared: Prepared) -> Json:
        """Shows prepared versions to citizens, all at once."""
        return run_act(desk, API, "publish", prepared.model_dump())

    @router.post("/discard")
    def discard(prepared: Prepared) -> Json:
        """Forgets what is prepared."""
        return run_act(desk, API, "discard", {"ids": prepared.ids}, prepared.by)

    return router


def _named(act: Act) -> Json:
    """The arguments of an act on one document."""
    arguments = act.model_dump()
    return arguments | {"document_id": arguments.pop("id")}
