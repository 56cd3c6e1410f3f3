"""Suggestions while typing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from service.api import Question, Town, error_responses
from service.border import rate_limit
from service.suggest import Suggester, Suggestion
from service.wire import Wire
from web.citizen.plain_text import plain_text
from web.parts import Parts

TIMES = 10  # more often than questions may be asked: a question is typed in many keys


class SuggestionBody(Wire):
    """Something to ask."""

    text: str
    language: str

    @classmethod
    def of(cls, suggestion: Suggestion) -> SuggestionBody:
        """The suggestion's wire shape."""
        return cls(text=plain_text(suggestion.text), language=suggestion.language)


class SuggestionsBody(Wire):
    """What is suggested, the best first."""

    suggestions: list[SuggestionBody]


def suggestion_routes(parts: Parts) -> APIRouter:
    """`GET /api/v1/suggestions`, under a rate limit of its own."""
    limited = Depends(rate_limit(more_often(parts.settings.rate_limit)))
    router = APIRouter(prefix="/api/v1", tags=["questions"], dependencies=[limited])
    suggester = Suggester(parts.store.registry)

    @router.get(
        "/suggestions", response_model=SuggestionsBody, responses=error_responses(413, 422, 429)
    )
    def suggest(
        q: Annotated[Question, Query()],
        language: Annotated[str, Query(max_length=35)] = "",
        town: Annotated[Town, Query()] = None,
    ) -> SuggestionsBody:
        """Suggests approved questions and titles for what was typed so far."""
        found = suggester.find(q, language, parts.answerer.scopes(town))
        return SuggestionsBody(suggestions=[SuggestionBody.of(one) for one in found])

    return router


def more_often(rate: str) -> str:
    """A rate such as `30/minute`, so many times as often; `off` stays off."""
    count, _, period = rate.partition("/")
    return f"{int(count) * TIMES}/{period}" if period else rate
