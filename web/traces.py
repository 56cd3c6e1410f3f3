"""How one answer came about, for staff: `/api/v1/answers/{id}/trace`."""
# Without "from __future__ import annotations": its dependencies are made inside a function.

from typing import Annotated, Any

from fastapi import APIRouter, Header, Security
from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request

from service.api import error_responses
from service.trace import trace_json
from web.editors_key import bearer, check_key
from web.parts import Parts
from web.people.refusals import RoleMissing, SignedOut
from web.people.rights import Role


def trace_routes(parts: Parts) -> APIRouter:
    """The route, for who is signed in as a clerk of the town that was asked in, or has the editors'
    key."""
    router = APIRouter(prefix="/api/v1", tags=["staff"])

    @router.get("/answers/{answer_id}/trace", responses=error_responses(401, 404))
    def trace(
        answer_id: str,
        request: Request,
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> dict[str, Any]:
        """Says how one of the last 1,000 answers came about: steps with their times, what was found
        and picked, the checks of what a language model drafted. The question is not in it. This
        process alone knows it, until it stops."""
        visitor = None if given else parts.staff.visitor(request)
        if visitor is None:
            if given is None and "text/html" in accept:
                raise SignedOut
            check_key(parts.settings.editor_key, given)
        found = parts.answerer.traces.find(answer_id)
        if visitor and not visitor.person.may(Role.CLERK, found.town or None):
            raise RoleMissing(visitor, Role.CLERK)
        return trace_json(found)

    return router
