"""What the page shows, in one language: its words, an answer's sources, and its templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from core.languages import direction
from core.settings import Settings
from core.types import Answer, Citation, Coming, Document, Mode
from service.answerer import MAX_QUESTION_LENGTH
from service.api import Answerer
from service.app import Problem
from service.border import SECURITY_HEADERS
from service.wording import (
    Text,
    base_language,
    message,
    short_date,
    written_date,
    written_number,
)
from web.citizen.asking import Turn
from web.citizen.menus import WORDINGS_LISTED, alike, holding, site_town, town_menu, wording_name
from web.citizen.origins import allowed_origins
from web.citizen.own_words import shown_statements
from web.citizen.plain_text import plain_text
from web.citizen.script_texts import script_texts
from web.citizen.telephones import numbers_in, telephone

_MADE_BY = {
    Mode.EXTRACTIVE: Text.MADE_OF_SENTENCES,
    Mode.CURATED: Text.MADE_BY_PEOPLE,
    Mode.GENERATED: Text.MADE_BY_MODEL,
}
_PROBLEMS = {
    "document_withdrawn": Text.DOCUMENT_WITHDRAWN,
    "internal_error": Text.FAILED,
    "question_empty": Text.QUESTION_EMPTY,
    "question_too_long": Text.QUESTION_TOO_LONG,
    "too_many_requests": Text.TOO_MANY_REQUESTS,
    "town_ambiguous": Text.TOWN_UNKNOWN,
    "town_unknown": Text.TOWN_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as the page shows it; `address` (its page here), `original` and `public` are
    addresses, None where none."""

    number: int
    label: str
    title: str
    quote: str
    language: str
    dates: tuple[str, ...]
    address: str | None
    original: str | None
    public: str | None


class Page:
    """The citizens' page: renders to HTML what the answerer gives. With `source_address` sources
    are linked to their pages here; `takes_feedback` says whether there is a route for it."""

    def __init__(
        self,
        settings: Settings,
        answerer: Answerer,
        source_address: Callable[[str, int | None, str, date | None, str], str] | None = None,
        *,
        takes_feedback: bool = False,
    ) -> None:
        self._settings = settings
        self._answerer = answerer
        self._source_address = source_address
        self.headers = page_headers(allowed_origins(settings))
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "citizen"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["plain"] = plain_text
        self._templates.globals |= {
            "Text": Text,
            "made_by": _MADE_BY,
            "base_language": base_language,
            "direction": direction,
            "wording_name": wording_name,
            "safe_address": safe_address,
            "host": host,
            "numbers_in": numbers_in,
            "wordings": WORDINGS_LISTED,
            "max_length": MAX_QUESTION_LENGTH,
            "contact": settings.contact,
            "contact_address": telephone(settings.contact),
            "opening_hours": settings.opening_hours,
            "footer_links": [(text, url) for text, url in links_of(settings) if url],
            "has_language_model": bool(settings.llm_base_url or settings.llm_gguf),
            "takes_feedback": takes_feedback,
            "has_store": source_address is not None,
        }

    def question(self, turn: Turn, *, is_framed: bool = False) -> HTMLResponse:
        """The page with its form, and an answer or what went wrong, if any."""
        language, answer, problem = turn.form.wording, turn.answer, turn.problem
        is_ready = problem is None or problem.status != 503
        towns = self._answerer.towns() if is_ready else ()  # nobody may be there to ask
        menu = () if self._settings.town or len(towns) < 2 else town_menu(towns)
        if menu and turn.form.town and not problem:
            menu = holding(menu, *self._answerer.find_town(turn.form.town))
        html = self.render(
            "question.html",
            language,
            is_framed=is_framed,
            form=turn.form,
            town_name=site_town(self._settings.town, towns),
            towns=menu,
            answer=answer,
            said=shown_statements(answer, turn.form.asked) if answer else (),
            sources=self._sources(answer.citations, language) if answer else (),
            cited=cited_documents(answer) if answer else (),
            coming=self._coming(answer.changes, language) if answer else (),
            problem=problem and problem_text(problem, language, alike(turn.form.town, menu)),
            script_texts=script_texts(language),
        )
        status, headers = (problem.status, problem.headers) if problem else (200, {})
        return HTMLResponse(html, status, {**self.headers, **headers})

    def problem(self, language: str, problem: Problem, *, is_framed: bool = False) -> HTMLResponse:
        """A page that only says what went wrong."""
        said = problem_text(problem, language)
        html = self.render("problem.html", language, is_framed=is_framed, problem=said)
        return HTMLResponse(html, problem.status, {**self.headers, **problem.headers})

    def render(
        self, template: str, language: str, *, is_framed: bool = False, **values: Any
    ) -> str:
        """A page in a wording, to be shown with `headers`; within another site's page, it has no
        head and foot of its own."""

        def translate(text: Text, **named: object) -> str:
            return message(text, language, **named)

        return self._templates.get_template(template).render(
            t=translate, language=language, is_framed=is_framed, **values
        )

    def _sources(self, citations: Sequence[Citation], language: str) -> tuple[Source, ...]:
        return tuple(self._source(citation, language) for citation in citations)

    def _coming(self, changes: Sequence[Coming], language: str) -> tuple[Source, ...]:
        """The new wordings, each with the words "From 1 January 2027:" as its date."""
        return tuple(
            replace(
                self._source(change.citation, language),
                dates=(message(Text.FROM_DAY, language, date=written_date(change.day, language)),),
            )
            for change in changes
        )

    def _source(self, citation: Citation, language: str) -> Source:
        day = day_of_version(citation.document)
        original = self._answerer.original(citation.document.id, day)
        published = original.published if original else None
        place = citation.document.id, citation.page, citation.quote, day, language
        shown, as_of = dates(citation.document, published, language), citation.document.as_of
        return Source(
            number=citation.number,
            label=full_label(citation),
            title=citation.document.title,
            quote=citation.quote,
            language=citation.language,
            dates=shown if base_language(language) != "de" else shown[bool(as_of) :],
            address=self._source_address(*place) if self._source_address else None,
            original=original_address(citation, day) if original else None,
            public=safe_address(citation.document.url),
        )


def original_address(citation: Citation, day: date | None) -> str:
    """Where the original is, at the cited page, as in force on a day."""
    version = f"?as_of={day}" if day else ""
    page = f"#page={citation.page}" if citation.page else ""
    return f"/documents/{quote(citation.document.id)}/original{version}{page}"


def dates(document: Document, published: date | None, language: str) -> tuple[str, ...]:
    """As of when a document reads so, and from when to when it is in force; where it says neither,
    since when it is published here."""
    days = [
        (Text.AS_OF, document.as_of),
        (Text.IN_FORCE_FROM, document.valid_from),
        (Text.IN_FORCE_UNTIL, document.valid_to),
    ]
    if document.as_of is None and document.valid_from is None:
        days.insert(0, (Text.PUBLISHED_ON, published))
    return tuple(
        message(text, language, date=written_date(day, language)) for text, day in days if day
    )


def problem_text(problem: Problem, language: str, towns: Sequence[str] = ()) -> str:
    """What citizens read about an error, those `towns` named that may be meant."""
    if problem.status == 503:
        return message(Text.NOT_READY, language)
    if problem.status == 404:
        return message(Text.NOTHING_HERE, language)
    if problem.code == "town_ambiguous" and towns:
        return message(Text.TOWN_AMBIGUOUS, language, towns=", ".join(towns))
    if problem.code not in _PROBLEMS:
        return message(Text.NOT_UNDERSTOOD, language)
    limit = written_number(MAX_QUESTION_LENGTH, language)
    return message(_PROBLEMS[problem.code], language, limit=limit)


def cited_documents(answer: Answer) -> tuple[str, ...]:
    """The ids of the documents that an answer cites, each once."""
    return tuple(dict.fromkeys(citation.document.id for citation in answer.citations))


def full_label(citation: Citation) -> str:
    """A citation's label as one quotes it in German: "§ 5 Abs. 1 Hundesteuersatzung, S. 3, Stand
    1.6.2025"."""
    as_of = citation.document.as_of
    return f"{citation.label}, Stand {short_date(as_of, 'de')}" if as_of else citation.label


def links_of(settings: Settings) -> tuple[tuple[Text, str | None], ...]:
    """The town's own pages that every page leads to, where they are set to addresses of the web."""
    return (
        (Text.IMPRINT, safe_address(settings.imprint_url)),
        (Text.PRIVACY, safe_address(settings.privacy_url)),
        (Text.ACCESSIBILITY, safe_address(settings.accessibility_url)),
    )


def page_headers(origins: Sequence[str]) -> Mapping[str, str]:
    """The headers of the citizens' pages: these origins may frame them; and going back shows again
    what was there, which "no-store" would have asked anew."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    framed = policy.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(origins)}")
    return {
        "Content-Security-Policy": framed if origins else policy,
        "Cache-Control": "private, no-cache",
    }


def day_of_version(document: Document) -> date | None:
    """A day on which this version of a document is in force; None: today."""
    today = date.today()
    if document.valid_from and document.valid_from > today:
        return document.valid_from
    return document.valid_to if document.valid_to and document.valid_to < today else None


def safe_address(url: str | None) -> str | None:
    """The address if it is one of the web; a document may name any, `javascript:` included."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def host(address: str) -> str:
    """The name of the site that an address leads to."""
    return urlsplit(address).hostname or address
