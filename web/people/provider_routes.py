"""`/sign-in/provider`: signing in with another service."""

from __future__ import annotations

import secrets
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.people import person_of_subject
from service.border import rate_limit
from web.parts import Parts
from web.people.origin import own_path
from web.people.provider import Attempt, NotVouchedFor, Provider, ProviderUnreachable
from web.people.sign_in_page import forget, keep_session
from web.people.sign_in_routes import HOME, begin_session, note_failure

ATTEMPT = "__Host-attempt"
TRIES = "30/minute"  # of a network
MINUTES = 10  # that signing in there may take
BACK = "/sign-in/provider/back"


def provider_routes(parts: Parts, provider: Provider) -> APIRouter:
    """Going to the provider and coming back."""
    limited = Depends(rate_limit(TRIES))  # each of them asks the provider
    router = APIRouter(include_in_schema=False, dependencies=[limited])

    def failed(status: int, problem: str) -> Response:
        page = parts.pages.render("people/not_vouched_for.html", None, status, problem=problem)
        forget(page, ATTEMPT)
        return page

    def back(request: Request) -> str:
        return (parts.settings.public_url or str(request.base_url)).rstrip("/") + BACK

    @router.get("/sign-in/provider")
    def go(request: Request, next: str = "") -> Response:  # noqa: A002  the address says so
        attempt = Attempt.begin()
        try:
            address = provider.address(attempt, back(request))
        except ProviderUnreachable:
            return failed(503, "unreachable")
        response = RedirectResponse(address, 303)
        response.set_cookie(
            ATTEMPT,
            f"{attempt.secret}.{quote(own_path(next), safe='')}",
            max_age=MINUTES * 60,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",  # the way back begins on another site
        )
        return response

    @router.get(BACK)
    def come_back(request: Request, code: str = "", state: str = "") -> Response:
        secret, _, wanted = request.cookies.get(ATTEMPT, "").partition(".")
        attempt = Attempt(secret)
        if not secret or not secrets.compare_digest(state.encode(), attempt.state.encode()):
            return failed(400, "late")
        try:
            identity = provider.identify(attempt, back(request), code[:4000])
        except ProviderUnreachable:
            return failed(503, "unreachable")
        except NotVouchedFor:
            return failed(403, "refused")
        engine = parts.store.registry.engine
        account = person_of_subject(engine, identity.subject, identity.email)
        if account is None or account.is_disabled:
            note_failure(engine, account)
            return failed(403, "unknown")
        session, _ = begin_session(request, parts, account)
        response = RedirectResponse(own_path(unquote(wanted)) or HOME, 303)
        forget(response, ATTEMPT)
        keep_session(response, session)
        return response

    return router
