"""An answer as server-sent events: `status`, `statement`, `citation`, `change`, `done`; `error`
where it fails after the stream has begun."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import aclosing, closing

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi.sse import format_sse_event
from starlette.concurrency import iterate_in_threadpool

from core.errors import AuskunftError
from core.types import Citation, Coming, Statement
from service.listening import SILENCE
from service.parts import Closing, Opening, Part, Waiting
from service.wire import (
    CitationBody,
    ComingBody,
    ErrorDetail,
    Head,
    RelatedBody,
    StatementBody,
    Wire,
)


class Done(Wire):
    """The last event: the answer is complete. `message`: the one of `status`, with a word more
    where a language model broke off."""

    id: str
    message: str
    related: list[RelatedBody]


async def answer_events(
    parts: Generator[Part, None, None], turn: CapacityLimiter
) -> AsyncIterator[bytes]:
    """The events of an answer in wire format, as its parts come in their turn; together they carry
    exactly the JSON body's fields, and what is waited for is a comment."""
    try:
        async with aclosing(parts_in_turn(parts, turn)) as coming:
            async for part in coming:
                yield event_of(part)
    except AuskunftError as error:
        yield _event("error", ErrorDetail(code=error.code, message=str(error)))


async def parts_in_turn(
    parts: Generator[Part, None, None], turn: CapacityLimiter
) -> AsyncGenerator[Part, None]:
    """The parts of an answer as they come. A Waiting comes at once, before it is the asker's
    `turn`, which holds no thread until then, and now and then as long as there is nothing else.
    The parts are closed when nobody listens any more."""
    with closing(parts):
        yield Waiting()
        looking = asyncio.ensure_future(to_thread.run_sync(next, parts, limiter=turn))
        try:  # it keeps its place in the line
            while not (await asyncio.wait({looking}, timeout=SILENCE))[0]:
                yield Waiting()
        finally:
            looking.cancel()
            with CancelScope(shield=True):  # what computes cannot be closed
                await asyncio.wait({looking})
        yield looking.result()
        async for part in iterate_in_threadpool(parts):
            yield part


def event_of(part: Part) -> bytes:
    """A part as an event."""
    match part:
        case Opening():
            return _event("status", Head.of_opening(part))
        case Statement():
            return _event("statement", StatementBody.of(part))
        case Citation():
            return _event("citation", CitationBody.of(part))
        case Coming():
            return _event("change", ComingBody.of(part))
        case Waiting():
            return format_sse_event(comment="one moment")
        case Closing():
            related = [RelatedBody.of(one) for one in part.related]
            return _event("done", Done(id=part.id, message=part.message, related=related))


def _event(name: str, body: Wire) -> bytes:
    return format_sse_event(event=name, data_str=body.model_dump_json(by_alias=True))
