"""Who is not let in, and what they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from core.errors import AuskunftError
from web.people.kept import KeptForm, address_of
from web.people.origin import own_path
from web.people.rights import ROLE_NAMES, Role, Visitor

if TYPE_CHECKING:
    from web.parts import Parts


class Refusal(AuskunftError):
    """Wer eine Seite der Verwaltung öffnet, braucht ein Konto."""

    status = 403


class SignedOut(Refusal):
    """Sie sind nicht angemeldet. Bitte melden Sie sich an; danach geht es hier weiter."""

    status = 401

    def __init__(self, kept: KeptForm | None = None) -> None:
        super().__init__()
        self.kept = kept


class RoleMissing(Refusal):
    """Dafür fehlt Ihnen eine Rolle. Wenden Sie sich an Ihre Administration."""

    def __init__(self, visitor: Visitor, role: Role) -> None:
        super().__init__()
        self.visitor = visitor
        self.role = role


class FormForeign(Refusal):
    """Das Formular kam nicht von einer Seite der Auskunft und wurde nicht angenommen. Laden Sie
    die Seite neu und senden Sie es dann noch einmal ab."""


class FormOutdated(Refusal):
    """Sie haben sich neu angemeldet. Laden Sie die Seite neu und versuchen Sie es noch einmal."""

    status = 409

    def __init__(self, visitor: Visitor, kept: KeptForm) -> None:
        super().__init__()
        self.visitor = visitor
        self.kept = kept


def show_refusals(app: FastAPI, parts: Parts) -> None:
    """Has an application answer refusals with a page, or in JSON where a script asks."""
    from web.people.sign_in_page import sign_in_page  # it needs the refusals' names

    def page(request: Request, refusal: Refusal) -> Response:
        match refusal:
            case SignedOut() if request.method in {"GET", "HEAD"}:
                return RedirectResponse(sign_in_address(address_of(request)), 303)
            case SignedOut():
                return sign_in_page(request, parts, refusal.status, kept=refusal.kept, ended=True)
            case RoleMissing(visitor=visitor, role=role):
                return parts.pages.render(
                    "people/role_missing.html",
                    visitor,
                    refusal.status,
                    role=role,
                    is_elsewhere=visitor.person.may(role),
                    role_names=ROLE_NAMES,
                )
            case FormOutdated(visitor=visitor, kept=kept):
                return parts.pages.render(
                    "people/continue.html", visitor, refusal.status, kept=kept
                )
        return parts.pages.render(
            "people/refused.html", None, refusal.status, sentence=" ".join(str(refusal).split())
        )

    async def show(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101  for mypy
        if not wants_json(request):
            return page(request, refusal)
        message = " ".join(str(refusal).split())
        error = {"code": refusal.code, "message": message}
        return JSONResponse({"error": error}, refusal.status)

    app.add_exception_handler(Refusal, show)


def sign_in_address(path: str) -> str:
    """Where one signs in to go on to a path of this site."""
    wanted = own_path(path)
    return f"/sign-in?{urlencode({'next': wanted})}" if wanted else "/sign-in"


def wants_json(request: Request) -> bool:
    """Whether a page's script asks, and no form or link."""
    headers = request.headers
    return (
        "x-form-token" in headers
        or "application/json" in headers.get("accept", "")
        or headers.get("sec-fetch-dest") == "empty"
    )
