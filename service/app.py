"""Builds the service and maps every error to one HTTP answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import (
    AuskunftError,
    DocumentError,
    DocumentTooLarge,
    DocumentUnknown,
    DocumentWithdrawn,
    IndexFailure,
    ModelUnavailable,
    PageUndrawn,
    PassageUnknown,
    ProposalChanged,
    ProposalUnknown,
    QuestionTooLong,
    RegistryUnreachable,
    SecondPersonMissing,
    StageOutdated,
    TextDecided,
    TraceUnknown,
    UsageError,
    VersionOutdated,
    VersionUnknown,
    WriterBusy,
)
from core.settings import Settings
from service.api import Answerer, citizen_routes, state_routes
from service.border import (
    MAX_BODY_BYTES,
    BodyLimit,
    SecurityHeaders,
    TooManyRequests,
    know_network,
    rate_limit,
    secure,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the outside sees it."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(_: Request, problem: Problem) -> Response:
    """The error body of the API."""
    body = {"error": {"code": problem.code, "message": problem.message}}
    return JSONResponse(body, problem.status, dict(problem.headers))


def create_app(
    settings: Settings,
    answerer: Answerer,
    *,
    citizen_pages: Sequence[APIRouter] = (),
    show_problem: Callable[[Request, Problem], Response] = as_json,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> FastAPI:
    """The service: JSON routes and, where given, `citizen_pages` under the same rate limit;
    `show_problem` renders every error; a larger body than `max_body_bytes` is not read."""

    @asynccontextmanager
    async def keep_threads(_: FastAPI) -> AsyncIterator[None]:
        """Those who wait for a language model take no thread from the others."""
        to_thread.current_default_thread_limiter().total_tokens += (
            settings.llm_at_once + settings.llm_queue
        )
        yield

    app = FastAPI(
        title="Auskunft",
        version="1",
        description="Citizens' questions, answered from a town's own documents.",
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere
        redoc_url=None,
        strict_content_type=False,  # a body without a type is taken for JSON
        lifespan=keep_threads,
    )
    app.add_middleware(BodyLimit, limit=max_body_bytes)
    app.add_middleware(SecurityHeaders)
    limited = [Depends(rate_limit(settings.rate_limit)), Depends(know_network)]
    for router in (citizen_routes(answerer), *citizen_pages):
        app.include_router(router, dependencies=limited)
    app.include_router(state_routes(answerer))

    async def handle(request: Request, error: Exception) -> Response:
        response = show_problem(request, problem_of(error))
        secure(response.headers)  # an unforeseen error is answered outside the middleware
        return response

    for kind in (AuskunftError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)
    return app


def problem_of(error: Exception) -> Problem:
    """What the outside is told of an error: our own errors' sentence, nothing of any other."""
    match error:
        case TooManyRequests():
            wait = {"Retry-After": str(error.retry_after)}
            return Problem(429, error.code, str(error), wait)
        case QuestionTooLong() | DocumentTooLarge():
            return Problem(413, error.code, str(error))
        case (
            DocumentUnknown()
            | VersionUnknown()
            | PassageUnknown()
            | TraceUnknown()
            | ProposalUnknown()
        ):
            return Problem(404, error.code, str(error))
        case DocumentWithdrawn():
            return Problem(410, error.code, str(error))
        case (
            StageOutdated()
            | TextDecided()
            | WriterBusy()
            | ProposalChanged()
            | SecondPersonMissing()
        ):
            return Problem(409, error.code, str(error))
        case VersionOutdated():
            return Problem(412, error.code, str(error))
        case UsageError() | DocumentError():
            return Problem(422, error.code, str(error))
        case IndexFailure() | ModelUnavailable() | PageUndrawn() | RegistryUnreachable():
            logger.error("not ready: %s", error)
            return Problem(503, error.code, str(error))
        case RequestValidationError():
            return _invalid_input(error.errors()[0])
        case HTTPException():
            return _refused_request(error)
        case _:
            # The server closes the connection after an unforeseen error: say so.
            return Problem(500, "internal_error", INTERNAL_ERROR, {"Connection": "close"})


INTERNAL_ERROR = "Something went wrong on our side; please try again later."
_REFUSALS = {
    400: (422, "invalid_input", "The request cannot be read; send it as the API describes."),
    401: (401, "not_allowed", "This needs the editors' key."),
    404: (404, "not_found", "There is nothing at this address."),
    405: (405, "method_not_allowed", "This address cannot be used in this way."),
    413: (413, "request_too_large", "The request is too large; please send less."),
}


def _refused_request(error: HTTPException) -> Problem:
    status, code, message = _REFUSALS.get(
        error.status_code, (error.status_code, "request_refused", "The request was refused.")
    )
    return Problem(status, code, message, error.headers or {})


def _invalid_input(error: Mapping[str, Any]) -> Problem:
    """One sentence on the first thing that pydantic found wrong."""
    name = str(error["loc"][-1])
    kind = error["type"]
    if kind == "string_too_long" and name in {"question", "q"}:
        return problem_of(QuestionTooLong())
    match kind:
        case "json_invalid":
            message = "The request's body is not JSON."
        case "model_attributes_type" | "missing" if name == "body":
            message = "The request needs a JSON object, sent as application/json."
        case "missing":
            message = f"The field {name} is missing."
        case "too_long":
            message = f"The field {name} has too many entries."
        case "string_too_long":
            message = f"The field {name} is too long."
        case "greater_than_equal" | "less_than_equal":
            message = f"The field {name} must be a number from 1 to 50."
        case "int_parsing" | "int_parsing_size" | "int_from_float":
            message = f"The field {name} must be a whole number."
        case _ if name in {"as_of", "on"}:
            message = f"The field {name} must be a date such as 2026-01-31."
        case _:
            message = f"The field {name} must be text."
    return Problem(422, "invalid_input", message)
