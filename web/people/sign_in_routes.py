"""`/sign-in` and `/sign-out`."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import audit
from core.people import LONGEST_NAME, Account, find_person
from core.sessions import end_session, start_session
from service.border import client_network
from web.parts import Parts
from web.people.kept import unpack
from web.people.origin import Origin, origin_of, own_path
from web.people.refusals import FormForeign, SignedOut
from web.people.rights import Visitor
from web.people.sign_in import SignIn, TooManyTries, WrongPassword
from web.people.sign_in_page import BEFORE, SESSION, forget, keep_session, sign_in_page

HOME = "/desk"
Typed = Annotated[str, Form()]


def sign_in_routes(parts: Parts, sign_in: SignIn) -> APIRouter:
    """Signing in with a password, going on with a form that was kept, signing out."""
    router = APIRouter(include_in_schema=False)
    engine = parts.store.registry.engine

    @router.get("/sign-in")
    def show(request: Request, next: str = "") -> Response:  # noqa: A002  the address says so
        if parts.staff.visitor(request):
            return RedirectResponse(own_path(next) or HOME, 303)
        return sign_in_page(request, parts, wanted=own_path(next))

    @router.post("/sign-in")
    def enter(
        request: Request,
        name: Typed = "",
        password: Typed = "",
        next: Typed = "",  # noqa: A002  the form says so
        kept: Typed = "",
        form_token: Typed = "",
    ) -> Response:
        form, wanted = unpack(kept), own_path(next)
        _require_ours(request, parts)
        if not _came_with_cookie(request, form_token):
            return sign_in_page(
                request, parts, 403, name=name, wanted=wanted, kept=form, problem="cookie"
            )
        try:
            account = sign_in.check(name, password, network_of(request))
        except WrongPassword:
            note_failure(engine, find_person(engine, name[:LONGEST_NAME]))
            return sign_in_page(
                request, parts, 401, name=name, wanted=wanted, kept=form, problem="wrong"
            )
        except TooManyTries as error:
            page = sign_in_page(
                request,
                parts,
                429,
                name=name,
                wanted=wanted,
                kept=form,
                problem="often",
                minutes=error.minutes,
            )
            page.headers["Retry-After"] = str(error.seconds)
            return page
        secret, visitor = begin_session(request, parts, account)
        response: Response
        if form:
            response = parts.pages.render("people/continue.html", visitor, kept=form)
        else:
            response = RedirectResponse(wanted or HOME, 303)
        keep_session(response, secret)
        return response

    @router.post("/sign-in/continue")
    def go_on(request: Request, kept: Typed = "", form_token: Typed = "") -> Response:
        """After signing in elsewhere, in another tab or with another service."""
        _require_ours(request, parts)
        form, visitor = unpack(kept), parts.staff.visitor(request)
        if not _came_with_cookie(request, form_token):
            return sign_in_page(request, parts, 403, kept=form, problem="cookie")
        if visitor is None:
            raise SignedOut(form)
        if form is None:
            return RedirectResponse(HOME, 303)
        return parts.pages.render("people/continue.html", visitor, kept=form)

    @router.post("/sign-out")
    def leave(
        request: Request, visitor: Annotated[Visitor, Depends(parts.staff.needs_form(None))]
    ) -> Response:
        end_session(engine, request.cookies[SESSION])
        person = visitor.person
        parts.staff.note(visitor, "sign_out", person.name, place=person.place)
        response = RedirectResponse("/sign-in", 303)
        forget(response, SESSION)
        return response

    return router


def begin_session(request: Request, parts: Parts, account: Account) -> tuple[str, Visitor]:
    """Signs a person in, in place of whoever was signed in before: the secret for their cookie."""
    engine = parts.store.registry.engine
    before = request.cookies.get(SESSION, "")
    secret = start_session(engine, account.id, parts.staff.idle, before)
    audit.note(engine, account.name, "sign_in", account.name, {}, account.place)
    visitor = parts.staff.visitor_of(secret)
    if visitor is None:  # closed in this very moment
        raise SignedOut
    return secret, visitor


def note_failure(engine: Engine, account: Account | None) -> None:
    """Writes into the log that nobody got in, with the account's name where there is one: what else
    was typed may be a password."""
    name, place = (account.name, account.place) if account else ("", "")
    audit.note(engine, name, "sign_in_failed", name, {}, place)


def network_of(request: Request) -> str:
    """The network that a request comes from."""
    return client_network(request.client.host if request.client else "")


def _require_ours(request: Request, parts: Parts) -> None:
    if origin_of(request, parts.settings.public_url) is Origin.FOREIGN:
        raise FormForeign


def _came_with_cookie(request: Request, form_token: str) -> bool:
    """Whether a form sends back what the browser keeps: no other site can set or read that."""
    cookie = request.cookies.get(BEFORE, "")
    return bool(cookie) and secrets.compare_digest(cookie.encode(), form_token.encode())
