"""What this service is and how well it works, for citizens and registers: `/transparency`."""
# Without "from __future__ import annotations": its dependencies are made inside a function.

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from starlette.responses import HTMLResponse

from core.languages import SUPPORTED
from service.api import error_responses
from service.border import rate_limit
from service.wording import WORDINGS, Text, written_number
from web.citizen.menus import wording_name
from web.citizen.page import Page
from web.citizen.sources import source_address
from web.citizen.wordings import chosen_wording
from web.parts import Parts
from web.register_entry import (
    METRICS,
    Facts,
    documents_said,
    gather_facts,
    measured_said,
    register_entry,
    risks_said,
    working_said,
)

ENTRY = "/api/v1/transparency"
_MODEL_ROLES = {"search": Text.SEARCH_MODEL, "language": Text.LANGUAGE_MODEL}


def transparency_routes(parts: Parts) -> APIRouter:
    """The page and the entry; both may be read as often as citizens may ask."""
    router = APIRouter(dependencies=[Depends(rate_limit(parts.settings.rate_limit))])
    view = Page(parts.settings, parts.answerer, source_address)

    def facts() -> Facts:
        names = tuple(name for name, _ in parts.answerer.towns())
        return gather_facts(parts.settings, parts.store, names)

    @router.get(ENTRY, tags=["state"], responses=error_responses(429, 503))
    def entry(
        language: Annotated[str, Query(max_length=35, description="of the sentences")] = "de",
    ) -> dict[str, Any]:
        """Describes this service in the fields of the Algorithmic Transparency Standard; what only
        the town can say is null until it does. `figures` are those of the last evaluation."""
        wording = language if language in WORDINGS else "de"
        return register_entry(parts.settings, facts(), wording)

    @router.api_route("/transparency", methods=["GET", "HEAD"], include_in_schema=False)
    def show(language: str = "", accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
        wording = chosen_wording(language, accept_language)
        return HTMLResponse(render(view, parts, facts(), wording), headers=dict(view.headers))

    return router


def render(view: Page, parts: Parts, found: Facts, wording: str) -> str:
    """The page in a wording."""
    settings, run = parts.settings, found.run
    has_model = any(model.role == "language" for model in found.models)
    return view.render(
        "transparency.html",
        wording,
        entry=f"{ENTRY}?language={wording}",
        responsible=settings.responsible,
        legal_basis=settings.legal_basis,
        working=working_said(wording, has_model=has_model),
        documents=documents_said(found, wording),
        questions=Text.QUESTIONS_KEPT if settings.keep_questions else Text.QUESTIONS_NOT_KEPT,
        models=[
            (_MODEL_ROLES[model.role], model.name)
            for model in found.models
            if model.role in _MODEL_ROLES
        ],
        has_model=has_model,
        risks=risks_said(wording, has_model=has_model),
        measured=measured_said(run, wording),
        figures=[
            (text, _percent(run.values[metric], wording))
            for metric, text in METRICS.items()
            if run and metric in run.values
        ],
        languages=[
            (code, wording_name(code), _percent(run.languages[code]["right_ending"], wording))
            for code in SUPPORTED
            if run and "right_ending" in run.languages.get(code, {})
        ],
        version=found.version,
    )


def _percent(share: float, language: str) -> str:
    return f"{written_number(round(100 * share, 1), language)} %"
