"""The page where one signs in, and the cookies that come with it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from web.people.kept import KeptForm

if TYPE_CHECKING:
    from web.parts import Parts

SESSION = "__Host-session"
# Before there is a session: what the form sends back must be what the browser keeps.
BEFORE = "__Host-sign-in"


def sign_in_page(
    request: Request,
    parts: Parts,
    status: int = 200,
    *,
    name: str = "",
    wanted: str = "",
    kept: KeptForm | None = None,
    problem: str = "",
    minutes: int = 0,
    ended: bool = False,
    has_waiting: bool = False,
) -> Response:
    """The page; `wanted`: the path to go on to; `problem`: "wrong", "often" or "cookie"; `ended`:
    whether a session ended in the middle of something; `has_waiting`: files wait on the wanted
    page."""
    token = request.cookies.get(BEFORE, "")
    if not 20 <= len(token) <= 64 or not token.isascii():
        token = secrets.token_urlsafe(32)
    page = parts.pages.render(
        "people/sign_in.html",
        None,
        status,
        token=token,
        name=name[:200],
        wanted=wanted,
        kept=kept,
        problem=problem,
        minutes=minutes,
        ended=ended,
        has_waiting=has_waiting,
        has_provider=bool(parts.settings.oidc_issuer),
    )
    page.set_cookie(BEFORE, token, path="/", secure=True, httponly=True, samesite="strict")
    return page


def keep_session(response: Response, secret: str) -> None:
    """Has the browser keep a session until it is closed."""
    response.set_cookie(SESSION, secret, path="/", secure=True, httponly=True, samesite="lax")


def forget(response: Response, cookie: str) -> None:
    """Has the browser forget a cookie."""
    response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="lax")
