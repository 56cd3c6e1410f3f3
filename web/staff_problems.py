"""An error on a page of those who work here, in German and with their menu."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from service.app import Problem
from web.parts import Parts

PATHS = (
    "/desk",
    "/editor",
    "/people",
    "/prompts",
    "/practice",
    "/account",
    "/sign-in",
    "/sign-out",
)
_SAID = {
    "not_found": ("Diese Seite gibt es nicht", "Vielleicht ist die Adresse veraltet."),
    "method_not_allowed": (
        "So lässt sich diese Seite nicht öffnen",
        "Sie gehört zu einem Formular. Öffnen Sie die Seite mit dem Formular und senden Sie es von "
        "dort ab.",
    ),
    "invalid_input": (
        "Das Formular war nicht vollständig",
        "Etwas darin fehlt oder ist nicht lesbar. Gehen Sie im Browser zurück und prüfen Sie es.",
    ),
    "request_too_large": (
        "Das ist zu viel auf einmal",
        "Gehen Sie im Browser zurück und senden Sie weniger.",
    ),
    "too_many_requests": (
        "Das waren sehr viele Aufrufe",
        "Warten Sie einen Moment und versuchen Sie es noch einmal.",
    ),
}
_FAULT = (
    "Das hat nicht geklappt",
    "Es liegt nicht an Ihnen. Versuchen Sie es in ein paar Minuten noch einmal. Wenn es dann nicht "
    "geht, sagen Sie der Technik Bescheid.",
)
_OTHER = ("Das ging nicht", "Gehen Sie im Browser zurück und versuchen Sie es noch einmal.")


def is_of_staff(request: Request) -> bool:
    """Whether a request is for a page of those who work here."""
    path = request.url.path
    return any(path == area or path.startswith(f"{area}/") for area in PATHS)


def staff_problem(parts: Parts, request: Request, problem: Problem) -> Response:
    """The page that says what went wrong."""
    is_fault = problem.status >= 500
    visitor = None if is_fault else parts.staff.visitor(request)  # the database may be what failed
    heading, sentence = _FAULT if is_fault else _SAID.get(problem.code, _OTHER)
    page = parts.pages.render(
        "staff/problem.html", visitor, problem.status, heading=heading, sentence=sentence
    )
    page.headers.update(problem.headers)
    return page
