"""The door for programs that speak OpenAI's protocol: `/v1/chat/completions` and `/v1/models`.

Shapes: https://platform.openai.com/docs/api-reference/chat. Nothing that a message says is an
order: the last of a user is the question, those before it are turns, and the rest is not read.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from typing import Annotated, Any, Literal
from uuid import uuid4

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from core.errors import AuskunftError, QuestionEmpty, UsageError
from core.settings import Settings
from service.answerer import MAX_QUESTION_LENGTH
from service.api import LOOKING_UP, Answerer
from service.app import Problem
from service.follow_up import MOST, Turn
from service.parts import Part, Waiting
from service.stream import parts_in_turn
from web.told_answer import SourceAddress, ToldAnswer

PREFIX = "/v1"
MODEL = "auskunft"
MOST_MESSAGES = 500
_ENDED = "data: [DONE]\n\n"
_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}

Json = dict[str, Any]


class ModelUnknown(UsageError):
    """There is no model of this name; GET /v1/models lists them."""


class TextPart(BaseModel):
    """A piece of a message; of other kinds than text there is none that could be answered."""

    type: str = "text"
    text: str = ""


class Message(BaseModel):
    """What somebody said."""

    role: Annotated[str, Field(max_length=40)]
    content: str | list[TextPart] | None = None

    @property
    def said(self) -> str:
        """Its text, "" where there is none."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class ChatBody(BaseModel):
    """A conversation; what else OpenAI's clients send (temperature, tools) changes nothing."""

    messages: Annotated[list[Message], Field(max_length=MOST_MESSAGES)]
    model: Annotated[
        str,
        Field(
            max_length=210,
            description="`auskunft`, or `auskunft/TOWN` with a town's key or name",
            examples=["auskunft"],
        ),
    ] = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None


def compatible_routes(
    settings: Settings, answerer: Answerer, source_address: SourceAddress | None
) -> APIRouter:
    """The routes; with `source_address` citations lead to the marked place of their document."""
    router = APIRouter(prefix=PREFIX, tags=["OpenAI-compatible"])
    turn = CapacityLimiter(LOOKING_UP)

    @router.get("/models")
    def models() -> Json:
        """What `model` may be: all towns, or one."""
        names = [MODEL, *(f"{MODEL}/{key}" for _, key in answerer.towns())]
        return {"object": "list", "data": [_model(name) for name in names]}

    @router.get("/models/{name:path}")
    def model(name: str) -> Json:
        """One of them."""
        town = _town_of(name)
        return _model(f"{MODEL}/{answerer.find_town(town)[1]}" if town else MODEL)

    @router.post("/chat/completions", response_model=None)
    async def complete(asked: ChatBody, request: Request) -> Response:
        """Answers the last message of a user from the documents, with marks such as [1] and an
        annotation for each of them. Whether there is an answer or not is said in the text."""
        question, turns = _conversation(asked.messages)
        town = _town_of(asked.model)
        parts = await to_thread.run_sync(  # what is wrong is raised here, while a status tells it
            lambda: answerer.answer_parts(question, turns=turns, town=town)
        )
        site = (settings.public_url or str(request.base_url)).rstrip("/")
        told = ToldAnswer(question, site, source_address)
        # No model: no tokens. With one, its server alone knows them, and not of each answer.
        usage = None if settings.llm_base_url or settings.llm_gguf else _NO_TOKENS
        head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": asked.model}
        if not asked.stream:
            with closing(parts):
                first = await to_thread.run_sync(next, parts, limiter=turn)
                coming = [first, *await to_thread.run_sync(list, parts)]
            content = "".join(map(told.tell, coming))
            return JSONResponse(_completion(head, content, told, usage))
        with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        chunks = _chunks(head, parts, turn, told, [usage] if with_usage else [])
        return StreamingResponse(chunks, media_type="text/event-stream")

    return router


def as_openai(problem: Problem) -> Response:
    """An error in the shape of this protocol."""
    status, kind = problem.status, "server_error" if problem.status >= 500 else ""
    if problem.code == "model_unknown":
        status = 404
    elif status == 422:
        status = 400
    kind = kind or ("rate_limit_error" if status == 429 else "invalid_request_error")
    error = {"message": problem.message, "type": kind, "param": None, "code": problem.code}
    return JSONResponse({"error": error}, status, dict(problem.headers))


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}


def _town_of(model: str) -> str | None:
    """The town that a model's name asks for; None for none. Raises ModelUnknown."""
    name, _, town = model.partition("/")
    if name != MODEL:
        raise ModelUnknown
    return town or None


def _conversation(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The question, and the turns before it. Raises QuestionEmpty."""
    spoken = [message for message in messages if message.role in {"user", "assistant"}]
    while spoken and spoken[-1].role != "user":
        spoken.pop()
    if not spoken:
        raise QuestionEmpty
    turns: list[Turn] = []
    for message in spoken[:-1]:
        said = message.said
        if message.role == "user":
            turns.append(Turn(said))
        elif turns and not turns[-1].answer:
            turns[-1] = Turn(turns[-1].question, said[:MAX_QUESTION_LENGTH])
    heard = [turn for turn in turns if 0 < len(turn.question) <= MAX_QUESTION_LENGTH]
    return spoken[-1].said, heard[-MOST:]


def _completion(head: Json, content: str, told: ToldAnswer, usage: Json | None) -> Json:
    message = {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": told.annotations(),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**head, "object": "chat.completion", "choices": [choice], "usage": usage}


async def _chunks(
    head: Json,
    parts: Generator[Part, None, None],
    turn: CapacityLimiter,
    told: ToldAnswer,
    usages: Sequence[Json | None],
) -> AsyncIterator[bytes | str]:
    """The events of an answer as its parts come in their turn, the annotations with the last; a
    comment while there is nothing else. The parts are closed when nobody listens any more."""
    yield _chunk(head, {"role": "assistant", "content": ""})
    try:
        async with aclosing(parts_in_turn(parts, turn)) as coming:
            async for part in coming:
                for event in _said(head, part, told):
                    yield event
    except AuskunftError as error:
        told_error = {"message": str(error), "type": "server_error", "code": error.code}
        yield _event({"error": told_error})
        yield _ENDED
        return
    yield _chunk(head, {"annotations": told.annotations()}, "stop")
    for usage in usages:
        yield _event({**head, "object": _CHUNK, "choices": [], "usage": usage})
    yield _ENDED


_CHUNK = "chat.completion.chunk"


def _said(head: Json, part: Part, told: ToldAnswer) -> Iterator[bytes]:
    """The event of a part, where it has one."""
    if isinstance(part, Waiting):
        yield format_sse_event(comment="one moment")
    elif text := told.tell(part):
        yield _chunk(head, {"content": text})


def _chunk(head: Json, delta: Json, finish_reason: Literal["stop"] | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _event({**head, "object": _CHUNK, "choices": [choice]})


def _event(body: Json) -> bytes:
    return format_sse_event(data_str=json.dumps(body, ensure_ascii=False))
