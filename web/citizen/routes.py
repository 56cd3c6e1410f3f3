"""The routes of the citizens' page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi import Form as FormBody
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from service.api import Answerer
from web.citizen.asking import Form, open_form, take_turn
from web.citizen.kept_form import form_keeping
from web.citizen.page import Page
from web.citizen.wordings import chosen_wording


class AskBody(BaseModel):
    """The form as it is sent; the answerer sees to the length of questions."""

    question: str = ""
    town: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=35)] = ""
    asked: str = ""
    before: str = ""
    switch: Annotated[str, Field(max_length=35)] = ""

    def form(self, accept_language: str) -> Form:
        """What was sent, in the page's wording, by default the browser's."""
        wording = chosen_wording(self.language, accept_language)
        return Form(self.question, self.town, wording, self.asked, self.before)


def page_routes(view: Page, answerer: Answerer) -> APIRouter:
    """The page: a GET shows the form, a POST the answer. Nothing is written, so the POST renders;
    and a question never stands in an address, where histories and logs would keep it."""
    router = APIRouter(
        include_in_schema=False,
        default_response_class=HTMLResponse,
        route_class=form_keeping(view),
    )

    @router.api_route("/", methods=["GET", "HEAD"])
    @router.api_route("/ask", methods=["GET", "HEAD"])
    def show(
        town: Annotated[str, Field(max_length=200)] = "",
        language: str = "",
        frame: str = "",
        accept_language: Annotated[str, Header()] = "",
    ) -> Response:
        wording = chosen_wording(language, accept_language)
        return view.question(open_form(answerer, town, wording), is_framed=bool(frame))

    @router.post("/")
    @router.post("/ask")
    def ask(
        sent: Annotated[AskBody, FormBody()],
        frame: str = "",
        accept_language: Annotated[str, Header()] = "",
    ) -> Response:
        turn = take_turn(answerer, sent.form(accept_language), sent.switch)
        return view.question(turn, is_framed=bool(frame))

    return router
