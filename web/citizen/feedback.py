"""What citizens say of an answer: taken from the form of `/ask`, from its script and the widget."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Header, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from core.errors import UsageError
from core.feedback import Feedback, keep_feedback
from core.types import Mode, Status
from service.api import error_responses
from service.guard import has_personal_data, normalise_question
from service.wording import WORDINGS, Text
from web.citizen.page import Page
from web.citizen.sources import source_address
from web.citizen.wordings import chosen_wording
from web.parts import Parts

LONGEST_WORD = 500
WORD_DROPPED = {"X-Word-Dropped": "1"}

Tag = Annotated[str, Field(max_length=35)]
Documents = Annotated[
    list[Annotated[str, Field(max_length=500)]],
    Field(max_length=20, description="ids of those that the answer cites"),
]


class RatedAnswer(BaseModel):
    """The answer that somebody speaks of, as far as it is kept."""

    status: Status
    mode: Mode
    language: Tag
    documents: Documents = []


class FeedbackBody(BaseModel):
    """Whether an answer helped, and a word about it."""

    answer: RatedAnswer
    helpful: bool
    word: Annotated[
        str,
        Field(max_length=LONGEST_WORD, description="is not kept where it may hold personal data"),
    ] = ""
    town: Annotated[str, Field(max_length=200, description="as the answer was asked for")] = ""


class FeedbackForm(RatedAnswer):
    """The same as a form sends it."""

    helpful: bool
    word: Annotated[str, Field(max_length=2 * LONGEST_WORD)] = ""  # line breaks are sent as two
    town: Annotated[str, Field(max_length=200)] = ""


def feedback_routes(parts: Parts) -> APIRouter:
    """`POST /api/v1/feedback`, and the form of `/ask` with the page that thanks for it."""
    router = APIRouter()
    view = Page(parts.settings, parts.answerer, source_address)

    @router.post(
        "/api/v1/feedback",
        status_code=204,
        tags=["questions"],
        responses=error_responses(422, 429, 503),
    )
    def say(said: FeedbackBody) -> Response:
        """Takes in whether an answer helped. The header `X-Word-Dropped` says that the word was
        not kept, as it may hold personal data."""
        is_whole = take_in(parts, said.answer, said.town, said.word, is_helpful=said.helpful)
        return Response(status_code=204, headers=None if is_whole else WORD_DROPPED)

    @router.post("/ask/feedback", include_in_schema=False)
    def send(
        said: Annotated[FeedbackForm, Form()],
        language: str = "",
        frame: str = "",
        sec_fetch_site: Annotated[str, Header()] = "same-origin",
    ) -> RedirectResponse:
        if sec_fetch_site != "same-origin":  # sent from somebody else's page
            raise HTTPException(403)
        is_whole = take_in(parts, said, said.town, said.word, is_helpful=said.helpful)
        shown = {"language": language, "frame": frame, "dropped": "" if is_whole else "1"}
        query = urlencode({name: value for name, value in shown.items() if value})
        return RedirectResponse(f"/ask/thanks?{query}", 303)

    @router.get("/ask/thanks", include_in_schema=False)
    def thank(
        language: str = "",
        frame: str = "",
        dropped: str = "",
        accept_language: Annotated[str, Header()] = "",
    ) -> HTMLResponse:
        wording = chosen_wording(language, accept_language)
        said = Text.WORD_DROPPED if dropped else Text.FEEDBACK_THANKS
        html = view.render("thanks.html", wording, is_framed=bool(frame), said=said)
        return HTMLResponse(html, headers=view.headers)

    return router


def take_in(parts: Parts, answer: RatedAnswer, town: str, word: str, *, is_helpful: bool) -> bool:
    """Keeps what is said of an answer, of documents and towns only those that there are; whether
    the word was kept too."""
    word = normalise_question(word)
    is_kept = not has_personal_data(word)
    known = parts.store.registry.history
    keep_feedback(
        parts.store.registry.engine,
        Feedback(
            is_helpful,
            answer.status,
            answer.mode,
            answer.language if answer.language in WORDINGS else "",
            tuple(one for one in dict.fromkeys(answer.documents) if known(one)),
            _known_town(parts, town),
            word if is_kept else "",
        ),
    )
    return is_kept


def _known_town(parts: Parts, town: str) -> str:
    try:
        return parts.answerer.find_town(town)[1] if town else ""
    except UsageError:
        return ""
