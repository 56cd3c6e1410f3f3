"""The widget: its script, and what it must know before the first question."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from core.errors import TownAmbiguous, TownUnknown
from core.languages import direction
from service.answerer import MAX_QUESTION_LENGTH
from service.suggest import SHOWN
from service.wire import Wire
from service.wording import (
    WORDINGS,
    Counted,
    Text,
    base_language,
    counted,
    message,
    written_list,
    written_number,
)
from web.citizen.menus import wording_name
from web.citizen.origins import allowed_origins
from web.citizen.telephones import telephones
from web.parts import Parts
from web.static_files import FOR_ANY_PAGE

LOADER = Path(__file__).parent.parent / "static" / "widget" / "loader.js"
KEPT = {"Cache-Control": "public, max-age=300"}

# The widget's names of our texts; those with a value keep its braces.
TEXTS = {
    "heading": Text.HEADING,
    "introduction": Text.INTRODUCTION,
    "introduction_with_model": Text.INTRODUCTION_WITH_MODEL,
    "personal_data_seen": Text.PERSONAL_DATA_SEEN,
    "german_is_binding": Text.GERMAN_IS_BINDING,
    "question_label": Text.QUESTION_LABEL,
    "question_hint": Text.QUESTION_HINT,
    "next_question": Text.NEXT_QUESTION,
    "start_anew": Text.START_ANEW,
    "language_label": Text.LANGUAGE_LABEL,
    "ask": Text.ASK,
    "close": Text.CLOSE,
    "one_moment": Text.ONE_MOMENT,
    "source": Text.SOURCE,
    "sources_heading": Text.SOURCES_HEADING,
    "related_heading": Text.RELATED_HEADING,
    "as_of": Text.AS_OF,
    "in_force_from": Text.IN_FORCE_FROM,
    "in_force_until": Text.IN_FORCE_UNTIL,
    "coming_heading": Text.COMING_HEADING,
    "from_day": Text.FROM_DAY,
    "made_by_machine": Text.MADE_BY_MACHINE,
    "made_of_sentences": Text.MADE_OF_SENTENCES,
    "made_by_people": Text.MADE_BY_PEOPLE,
    "made_by_model": Text.MADE_BY_MODEL,
    "new_tab": Text.NEW_TAB,
    "opening_hours": Text.OPENING_HOURS,
    "service_number": Text.DEFAULT_CONTACT,
    "helpful": Text.HELPFUL_QUESTION,
    "yes": Text.YES,
    "no": Text.NO,
    "word_label": Text.WORD_LABEL,
    "word_hint": Text.WORD_HINT,
    "feedback_thanks": Text.FEEDBACK_THANKS,
    "word_dropped": Text.WORD_DROPPED,
    "translate": Text.TRANSLATE,
    "translating": Text.TRANSLATING,
    "translated": Text.MACHINE_TRANSLATION,
    "translation_failed": Text.TRANSLATION_FAILED,
    "suggestions": Text.SUGGESTIONS,
    "try_again": Text.TRY_AGAIN,
    # what went wrong, by the API's codes and the widget's own
    "unreachable": Text.UNREACHABLE,
    "lost": Text.CONNECTION_LOST,
    "not_ready": Text.NOT_READY,
    "failed": Text.FAILED,
    "question_empty": Text.QUESTION_EMPTY,
    "question_too_long": Text.QUESTION_TOO_LONG,
    "too_many_requests": Text.TOO_MANY_REQUESTS,
    "town_unknown": Text.TOWN_UNKNOWN,
}
LINKS = (
    (Text.IMPRINT, "imprint_url"),
    (Text.PRIVACY, "privacy_url"),
    (Text.ACCESSIBILITY, "accessibility_url"),
)


class TownBody(Wire):
    """The town that is asked in."""

    name: str


class LanguageBody(Wire):
    """An entry of the language menu; `lang`: the tag of the language that it is in."""

    language: str
    lang: str
    name: str


class LinkBody(Wire):
    """A page of the town, or a number to call."""

    text: str
    url: str


class WidgetBody(Wire):
    """What the widget must know. `problem`: why no question can be asked, for citizens; `texts`:
    its words, `suggested` those for 0 suggestions, for 1, …; `calls`: the contact's numbers."""

    is_allowed: bool
    problem: str | None
    language: str
    lang: str
    direction: Literal["ltr", "rtl"]
    town: TownBody | None
    contact: str
    calls: list[LinkBody]
    opening_hours: str
    has_language_model: bool
    links: list[LinkBody]
    languages: list[LanguageBody]
    texts: dict[str, str | list[str]]


def widget_routes(parts: Parts) -> APIRouter:
    """`/widget.js`, and `GET /api/v1/widget`, which any page may read to tell its visitors why it
    may do no more."""
    router = APIRouter()
    loader = loader_script()
    tag = f'"{hashlib.sha256(loader).hexdigest()[:32]}"'
    origins = allowed_origins(parts.settings)

    @router.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    def script(if_none_match: Annotated[str, Header()] = "") -> Response:
        headers = {**FOR_ANY_PAGE, **KEPT, "ETag": tag}
        if tag in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(loader, media_type="text/javascript", headers=headers)

    @router.get("/api/v1/widget", response_model=WidgetBody, tags=["questions"])
    def widget(
        request: Request,
        response: Response,
        town: Annotated[str, Query(max_length=200)] = "",
        language: Annotated[str, Query(max_length=35)] = "",
        origin: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> WidgetBody:
        """What the widget must know before the first question, in a language."""
        response.headers.update({**FOR_ANY_PAGE, **KEPT, "Vary": "Origin"})
        own = parts.settings.public_url or str(request.base_url)
        is_allowed = not origin or origin in origins or origin == own.rstrip("/")
        spoken = language if language in WORDINGS else "de"
        return describe_widget(parts, spoken, town, is_allowed=is_allowed)

    return router


def describe_widget(parts: Parts, language: str, town: str, *, is_allowed: bool) -> WidgetBody:
    """What a widget on a website, for a town ("" for the site's), must know in a language."""
    settings = parts.settings
    name, problem = _find_town(parts, town, language)
    if not is_allowed:
        problem = message(Text.WIDGET_NOT_ALLOWED, language)
    spoken = base_language(language)
    return WidgetBody(
        is_allowed=is_allowed,
        problem=problem,
        language=language,
        lang=spoken,
        direction=direction(spoken),
        town=TownBody(name=name) if name else None,
        contact=settings.contact,
        calls=[LinkBody(text=text, url=url) for text, url in telephones(settings.contact)],
        opening_hours=settings.opening_hours,
        has_language_model=bool(settings.llm_base_url or settings.llm_gguf),
        links=[
            LinkBody(text=message(text, language), url=url)
            for text, setting in LINKS
            if (url := getattr(settings, setting))
        ],
        languages=[
            LanguageBody(language=code, lang=base_language(code), name=wording_name(code))
            for code in WORDINGS
        ],
        texts=widget_texts(language),
    )


def widget_texts(language: str) -> dict[str, str | list[str]]:
    """The widget's words in a language."""
    limit = written_number(MAX_QUESTION_LENGTH, language)
    values = {"limit": limit, "number": "{number}", "date": "{date}"}
    texts: dict[str, str | list[str]] = {
        name: message(text, language, **values) for name, text in TEXTS.items()
    }
    some = [counted(Counted.SUGGESTED, number, language) for number in range(1, SHOWN + 1)]
    return {**texts, "suggested": ["", *some]}


def loader_script() -> bytes:
    """The loader with its words in every language, without indentation and comments."""
    words = {
        language: [message(text, language) for text in (Text.HEADING, Text.WIDGET_UNAVAILABLE)]
        for language in WORDINGS
    }
    said = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    script = re.sub(r"/\*.*?\*/|\s// .*?$", "", LOADER.read_text("utf-8"), flags=re.S | re.M)
    script = re.sub(r"const WORDS = \{\};.*$", lambda _: f"const WORDS={said};", script, flags=re.M)
    return re.sub(r"\n\s*", "\n", script).strip().encode()


def _find_town(parts: Parts, town: str, language: str) -> tuple[str | None, str | None]:
    """The name of the town that is asked in, if any, and what is wrong with the one given."""
    answerer = parts.answerer
    wanted = town or parts.settings.town
    if not wanted:
        return None, None
    try:
        return answerer.find_town(wanted)[0], None
    except TownUnknown:
        return None, message(Text.TOWN_UNKNOWN, language)
    except TownAmbiguous:
        alike = [
            f"{name} ({key})" for name, key in answerer.towns() if town.lower() in name.lower()
        ]
        return None, message(Text.TOWN_AMBIGUOUS, language, towns=written_list(alike, language))
