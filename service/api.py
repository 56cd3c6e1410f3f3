"""The JSON routes, and the protocol of what answers behind them."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from datetime import date
from typing import Annotated, Any, Protocol

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Header, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, BeforeValidator, Field

from core.errors import IndexFailure
from core.types import Answer, Hit
from service.answerer import MAX_QUESTION_LENGTH
from service.follow_up import MOST, Turn
from service.originals import OriginalFile
from service.parts import Part, put_together
from service.questions import wanted_wording
from service.stream import answer_events
from service.wire import AnswerBody, ErrorDetail, PassagesBody, Wire

LOOKING_UP = 2  # questions at once: more only take the interpreter from each other


class Answerer(Protocol):
    """What the routes and pages need: questions answered, passages found, originals shown."""

    def answer(
        self,
        question: str,
        *,
        context: str | None = None,
        turns: Sequence[Turn] = (),
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """The answer, to a question that may lean on the one before it, `context`, or on `turns`;
        raises UsageError (empty, too long, unknown town) or IndexFailure."""

    def answer_parts(
        self,
        question: str,
        *,
        context: str | None = None,
        turns: Sequence[Turn] = (),
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
    ) -> Generator[Part, None, None]:
        """The same answer as it comes. Raises at once what is wrong with the question, or that
        nothing can be looked up; up to the first part it computes, then it may wait for a model."""

    def search(
        self, query: str, *, town: str | None = None, as_of: date | None = None, limit: int = 10
    ) -> Sequence[Hit]:
        """The best passages, best first; raises as `answer` does."""

    def original(self, document_id: str, as_of: date | None = None) -> OriginalFile | None:
        """The uploaded original of a document as in force on a day, today by default; None where
        the document is unknown."""

    def towns(self) -> Sequence[tuple[str, str]]:
        """The municipalities in the index, each as name and what `town` takes."""

    def find_town(self, name: str) -> tuple[str, str]:
        """A place of any level by its name or key, as `towns` has it; raises UsageError."""

    def is_ready(self) -> bool:
        """Whether index and model are loaded."""


class ErrorBody(Wire):
    """The body of every error."""

    error: ErrorDetail


class StateBody(Wire):
    """The state of the service."""

    status: str = Field(examples=["ok"])


def _iso_day(value: object) -> object:
    """Lets only YYYY-MM-DD pass to pydantic, which would take numbers for seconds since 1970."""
    if value is None or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise ValueError("not a date")


Question = Annotated[
    str,
    Field(
        max_length=MAX_QUESTION_LENGTH,
        description="at most 1,000 characters",
        examples=["Köpek vergisi ne kadar?"],
    ),
]
Town = Annotated[
    str | None, Field(max_length=200, description="name or key of a town", examples=["Aichelberg"])
]
Day = Annotated[
    date | None,
    BeforeValidator(_iso_day, json_schema_input_type=date | None),
    Field(description="what was in force on this day; default: today", examples=["2026-01-01"]),
]


class TurnBody(BaseModel):
    """What was asked before, and what was answered."""

    question: Question
    answer: Annotated[
        str | None,
        Field(max_length=MAX_QUESTION_LENGTH, description="at most 1,000 characters of it"),
    ] = None


class QuestionBody(BaseModel):
    """A citizen's question."""

    question: Question
    context: Annotated[
        str | None,
        Field(
            description="the citizen's question before this one, at most 1,000 characters; "
            "it completes one such as 'and for the second?', and is not kept",
            examples=["Köpek vergisi ne kadar?"],
            json_schema_extra={"maxLength": MAX_QUESTION_LENGTH},  # the answerer sees to it
        ),
    ] = None
    turns: Annotated[
        list[TurnBody],
        Field(
            max_length=MOST,
            description="the conversation so far, the oldest first; with a language model it "
            "completes a question such as 'and for the second?', and is not kept",
        ),
    ] = []
    town: Town = None
    language: Annotated[
        str | None,
        Field(
            max_length=35,
            description="of the answer, or `de-simple`; default: the question's",
            examples=["tr"],
        ),
    ] = None
    page_language: Annotated[
        str | None,
        Field(
            max_length=35,
            description="of the page that asks, or `de-simple`: the answer is in it where no "
            "`language` is wanted and the question is in that one, or is but one German word",
            examples=["de-simple"],
        ),
    ] = None
    as_of: Day = None


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of these error statuses, each with an example."""
    return {
        status: {
            "model": ErrorBody,
            "description": description,
            "content": {
                "application/json": {"example": {"error": {"code": code, "message": text}}}
            },
        }
        for status, (description, code, text) in _ERRORS.items()
        if status in statuses
    }


_ERRORS = {
    401: ("Not allowed", "not_allowed", "This needs the editors' key."),
    404: ("Unknown", "document_unknown", "There is no document of this id."),
    409: (
        "Something else came between",
        "stage_outdated",
        "The document was published in another version since this one was prepared.",
    ),
    410: (
        "No longer there",
        "document_withdrawn",
        "This document was withdrawn; it no longer applies.",
    ),
    412: (
        "Another version is the newest",
        "version_outdated",
        "The document has another version by now; look at it and decide again.",
    ),
    413: (
        "Too long",
        "question_too_long",
        "The question is too long; please ask in at most 1,000 characters.",
    ),
    422: (
        "Wrong input",
        "question_empty",
        "The question is empty; please type a question in words.",
    ),
    429: (
        "Too many requests; `Retry-After` says for how many seconds to wait",
        "too_many_requests",
        "Too many questions in a short time; please wait a moment and ask again.",
    ),
    503: (
        "Not ready",
        "index_failure",
        "The index cannot be used.",
    ),
}


def citizen_routes(answerer: Answerer) -> APIRouter:
    """The routes that citizens' questions come in by; they are rate-limited."""
    router = APIRouter(prefix="/api/v1", tags=["questions"])
    turn = CapacityLimiter(LOOKING_UP)

    @router.get(
        "/search", response_model=PassagesBody, responses=error_responses(413, 422, 429, 503)
    )
    def search(
        q: Annotated[Question, Query()],
        town: Annotated[Town, Query()] = None,
        as_of: Annotated[Day, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> PassagesBody:
        """Finds the passages that a question is about, best first."""
        return PassagesBody.of(answerer.search(q, town=town or None, as_of=as_of, limit=limit))

    @router.post(
        "/answers",
        response_model=AnswerBody,
        responses={
            200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
            **error_responses(413, 422, 429, 503),
        },
    )
    async def answers(
        asked: QuestionBody, accept: Annotated[str, Header(include_in_schema=False)] = ""
    ) -> AnswerBody | Response:
        """Answers a question from the documents, each statement with its citations. With
        `Accept: text/event-stream`, the same content comes as events `status`, `statement`,
        `citation`, `change` and `done`, each as soon as it is known; `error` (code and message)
        ends a stream that fails after it began."""
        parts = await to_thread.run_sync(_ask, answerer, asked)
        if "text/event-stream" in accept.lower():
            return StreamingResponse(answer_events(parts, turn), media_type="text/event-stream")
        first = await to_thread.run_sync(next, parts, limiter=turn)
        return AnswerBody.of(put_together([first, *await to_thread.run_sync(list, parts)]))

    return router


def _ask(answerer: Answerer, asked: QuestionBody) -> Generator[Part, None, None]:
    """The parts of the answer as they come; raises at once what is wrong with the question."""
    language = asked.language or None
    if language is None and asked.page_language:
        language = wanted_wording(asked.question, asked.context or "", asked.page_language)
    return answerer.answer_parts(
        asked.question,
        context=asked.context or None,
        turns=[Turn(turn.question, turn.answer or "") for turn in asked.turns],
        town=asked.town or None,
        language=language,
        as_of=asked.as_of,
    )


def state_routes(answerer: Answerer) -> APIRouter:
    """The routes that tell whether the service lives and is ready; never rate-limited."""
    router = APIRouter(tags=["state"])

    @router.get("/healthz", response_model=StateBody)
    async def alive() -> StateBody:
        """Says that the process is alive."""
        return StateBody(status="ok")

    @router.get("/readyz", response_model=StateBody, responses=error_responses(503))
    def ready() -> StateBody:
        """Says whether index and model are loaded."""
        if not answerer.is_ready():
            raise IndexFailure
        return StateBody(status="ready")

    return router
