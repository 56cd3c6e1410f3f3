"""The site: the service with the citizens' page and the original documents."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from core.settings import Settings
from service.api import Answerer, Day
from service.app import Problem, as_json, create_app
from web.citizen import page
from web.citizen.cross_origin import CrossOrigin
from web.citizen.feedback import feedback_routes
from web.citizen.origins import allowed_origins
from web.citizen.routes import page_routes
from web.citizen.sources import source_address, source_routes
from web.citizen.suggestions import suggestion_routes
from web.citizen.widget import widget_routes
from web.citizen.wordings import chosen_wording
from web.compatible import PREFIX, as_openai, compatible_routes
from web.desk.routes import desk_routes
from web.editing_routes import editing_routes
from web.editor.dashboard import dashboard_routes
from web.editor.documents import document_routes
from web.editor.glossary import glossary_routes
from web.editor.practice import practice_routes
from web.editor.prompts import prompt_routes
from web.editor.questions import question_routes
from web.originals import send_original
from web.parts import Parts
from web.people.refusals import show_refusals
from web.people.routes import people_routes
from web.staff_pages import KERN
from web.staff_problems import is_of_staff, staff_problem
from web.static_files import serve_files
from web.traces import trace_routes
from web.transparency import transparency_routes

STATIC = Path(__file__).parent / "static"


def create_site(settings: Settings, answerer: Answerer, parts: Parts | None = None) -> FastAPI:
    """The service, the page `/ask` and `/documents/{id}/original`, and what needs the `parts` of a
    store: sources, the widget, the pages of staff; errors are pages for browsers."""
    has_store = parts is not None
    address = source_address if has_store else None
    view = page.Page(settings, answerer, address, takes_feedback=has_store)

    def show_problem(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith(f"{PREFIX}/"):
            return as_openai(problem)
        is_browser = "text/html" in request.headers.get("accept", "")
        if request.url.path.startswith("/api/") or not is_browser:
            return as_json(request, problem)
        if parts and is_of_staff(request):
            return staff_problem(parts, request, problem)
        asked, headers = request.query_params, request.headers
        language = chosen_wording(asked.get("language", ""), headers.get("accept-language", ""))
        is_framed = bool(asked.get("frame")) or headers.get("sec-fetch-dest") == "iframe"
        return view.problem(language, problem, is_framed=is_framed)

    citizen_pages = [page_routes(view, answerer), compatible_routes(settings, answerer, address)]
    if parts:
        citizen_pages += [feedback_routes(parts)]
    app = create_app(settings, answerer, citizen_pages=citizen_pages, show_problem=show_problem)
    app.include_router(original_routes(settings, answerer))
    if parts:
        app.include_router(editing_routes(parts))
        app.include_router(source_routes(parts))
        app.include_router(widget_routes(parts))
        app.include_router(suggestion_routes(parts))
        app.add_middleware(CrossOrigin, origins=allowed_origins(settings))
        for routes in (
            people_routes,
            desk_routes,
            document_routes,
            question_routes,
            dashboard_routes,
            trace_routes,
            prompt_routes,
            glossary_routes,
            practice_routes,
            transparency_routes,
        ):
            app.include_router(routes(parts))
        show_refusals(app, parts)
    if KERN.is_dir():
        app.mount("/static/kern", StaticFiles(directory=KERN))
    app.mount("/static", serve_files(STATIC))
    return app


def original_routes(settings: Settings, answerer: Answerer) -> APIRouter:
    """The uploaded originals."""
    router = APIRouter(include_in_schema=False)
    store = settings.state_dir.resolve()

    @router.api_route("/documents/{document_id:path}/original", methods=["GET", "HEAD"])
    def original(document_id: str, as_of: Day = None) -> FileResponse:
        file = answerer.original(document_id, as_of)
        if file is None or not file.path.resolve().is_relative_to(store) or not file.path.is_file():
            raise HTTPException(404)
        return send_original(file)

    return router
