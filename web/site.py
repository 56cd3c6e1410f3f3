"""The site: the service with the citizens' page and the original documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Header
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from core.errors import AuskunftError
from core.languages import SUPPORTED
from core.settings import Settings
from service.api import Answerer, Day
from service.app import Problem, as_json, create_app, problem_of
from web import page
from web.editing import EditorDesk
from web.editing_routes import editing_routes

STATIC = Path(__file__).parent / "static"
# Shown by the browser itself: its PDF viewer does not work under a policy that forbids all.
PDF_POLICY = "frame-ancestors 'none'"
TEXT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def create_site(
    settings: Settings, answerer: Answerer, editor: EditorDesk | None = None
) -> FastAPI:
    """The service, the page `/` and `/documents/{id}/original`, and with an `editor` its routes;
    errors are pages for browsers."""
    view = page.Page(settings, answerer)

    def show_problem(request: Request, problem: Problem) -> Response:
        is_browser = "text/html" in request.headers.get("accept", "")
        if request.url.path.startswith("/api/") or not is_browser:
            return as_json(request, problem)
        language = page.preferred_language(request.headers.get("accept-language", ""))
        return HTMLResponse(view.problem(language, problem), problem.status, dict(problem.headers))

    app = create_app(
        settings, answerer, citizen_pages=[page_routes(view, answerer)], show_problem=show_problem
    )
    app.include_router(original_routes(settings, answerer))
    if editor:
        app.include_router(editing_routes(editor, settings.editor_key))
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


def page_routes(view: page.Page, answerer: Answerer) -> APIRouter:
    """The page: a GET shows the form, a POST the answer below it. Nothing is written, so the POST
    renders; and a question never stands in an address, where histories and logs would keep it."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.api_route("/", methods=["GET", "HEAD"])
    def show(language: str = "", accept_language: Annotated[str, Header()] = "") -> str:
        if language not in SUPPORTED:
            language = page.preferred_language(accept_language)
        return view.question(language)

    @router.post("/")
    def ask(
        question: Annotated[str, Form()] = "",
        town: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
        accept_language: Annotated[str, Header()] = "",
    ) -> Response:
        chosen = language if language in SUPPORTED else None
        form = page.Form(question, town, chosen or "")
        try:
            answer = answerer.answer(question, town=town or None, language=chosen)
        except AuskunftError as error:
            problem = problem_of(error)
            shown_in = chosen or page.preferred_language(accept_language)
            return HTMLResponse(view.question(shown_in, form, problem=problem), problem.status)
        shown_in = answer.language if answer.language in SUPPORTED else page.DEFAULT_LANGUAGE
        return HTMLResponse(view.question(shown_in, form, answer=answer))

    return router


def original_routes(settings: Settings, answerer: Answerer) -> APIRouter:
    """The uploaded originals: PDFs as such, everything else as plain text that runs nothing."""
    router = APIRouter(include_in_schema=False)
    store = settings.state_dir.resolve()

    @router.api_route("/documents/{document_id:path}/original", methods=["GET", "HEAD"])
    def original(document_id: str, as_of: Day = None) -> FileResponse:
        file = answerer.original(document_id, as_of)
        if file is None or not file.path.resolve().is_relative_to(store) or not file.path.is_file():
            raise HTTPException(404)
        is_pdf = file.media_type == "application/pdf"
        return FileResponse(
            file.path,
            media_type=file.media_type if is_pdf else "text/plain; charset=utf-8",
            filename=file.filename,
            content_disposition_type="inline",
            headers={
                "Content-Security-Policy": PDF_POLICY if is_pdf else TEXT_POLICY,
                "Cache-Control": "no-cache",  # a newer version has the same address
            },
        )

    return router
