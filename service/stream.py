"""An answer as server-sent events: `status`, `statement`, `citation`, `change`, `done`."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.sse import format_sse_event

from service.wire import AnswerBody, Head, RelatedBody, Wire


class Done(Wire):
    """The last event: the answer is complete."""

    id: str
    related: list[RelatedBody]


def answer_events(answer: AnswerBody) -> Iterator[bytes]:
    """The events of an answer in wire format; together they carry exactly the JSON body's fields:
    `status` its head, one event for each statement, citation and change, `done` what is related."""
    yield _event("status", answer.model_dump_json(include=set(Head.model_fields)))
    for statement in answer.statements:
        yield _event("statement", statement.model_dump_json())
    for citation in answer.citations:
        yield _event("citation", citation.model_dump_json())
    for change in answer.changes:
        yield _event("change", change.model_dump_json(by_alias=True))
    yield _event("done", Done(id=answer.id, related=answer.related).model_dump_json())


def _event(name: str, data: str) -> bytes:
    return format_sse_event(event=name, data_str=data)
