"""What the page shows, in one language: its words, an answer's sources, and its templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.languages import SUPPORTED, direction, native_name
from core.settings import Settings
from core.types import Answer, Citation, Coming, Document, Mode
from service.answerer import MAX_QUESTION_LENGTH
from service.api import Answerer
from service.app import Problem
from service.wording import Text, message, written_date, written_number

DEFAULT_LANGUAGE = "de"
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
    "town_unknown": Text.TOWN_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a citizen has typed and chosen; "" where nothing."""

    question: str = ""
    town: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """An entry of the town menu."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as the page shows it; `original` and `public` are addresses, None where none."""

    number: int
    label: str
    title: str
    quote: str
    language: str
    dates: tuple[str, ...]
    original: str | None
    public: str | None


class Page:
    """The citizens' page: renders to HTML what the answerer gives."""

    def __init__(self, settings: Settings, answerer: Answerer) -> None:
        self._settings = settings
        self._answerer = answerer
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "Text": Text,
            "made_by": _MADE_BY,
            "direction": direction,
            "native_name": native_name,
            "safe_address": safe_address,
            "host": host,
            "languages": SUPPORTED,
            "max_length": MAX_QUESTION_LENGTH,
            "contact": settings.contact,
            "has_language_model": bool(settings.llm_base_url or settings.llm_gguf),
        }

    def question(
        self,
        language: str,
        form: Form | None = None,
        *,
        answer: Answer | None = None,
        problem: Problem | None = None,
    ) -> str:
        """The page with its form, and below it an answer or what went wrong, if any."""
        towns = self._answerer.towns()
        return self._render(
            "question.html",
            language,
            form=form or Form(),
            town_name=site_town(self._settings.town, towns),
            towns=() if self._settings.town or len(towns) < 2 else town_menu(towns),
            answer=answer,
            sources=self._sources(answer.citations, language) if answer else (),
            coming=self._coming(answer.changes, language) if answer else (),
            problem=problem and problem_text(problem, language),
        )

    def problem(self, language: str, problem: Problem) -> str:
        """A page that only says what went wrong."""
        return self._render("problem.html", language, problem=problem_text(problem, language))

    def _render(self, template: str, language: str, **values: Any) -> str:
        def translate(text: Text, **named: object) -> str:
            return message(text, language, **named)

        return self._templates.get_template(template).render(
            t=translate, language=language, **values
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
        return Source(
            number=citation.number,
            label=citation.label,
            title=citation.document.title,
            quote=citation.quote,
            language=citation.document.language,
            dates=dates(citation.document, published, language),
            original=original_address(citation, day) if original else None,
            public=safe_address(citation.document.url),
        )


def original_address(citation: Citation, day: date | None) -> str:
    """Where the original is, at the cited page, as in force on a day."""
    version = f"?as_of={day}" if day else ""
    page = f"#page={citation.page}" if citation.page else ""
    return f"/documents/{quote(citation.document.id)}/original{version}{page}"


def site_town(town: str | None, towns: Sequence[tuple[str, str]]) -> str | None:
    """The name of the town that the site is for, which may be set by its key; None: for all."""
    return next((name for name, value in towns if value == town), town)


def town_menu(towns: Sequence[tuple[str, str]]) -> tuple[Town, ...]:
    """The towns by name, the key beside names that several have."""
    names = [name for name, _ in towns]
    return tuple(
        Town(value, name if names.count(name) == 1 else f"{name} ({value})")
        for name, value in sorted(towns)
    )


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


def problem_text(problem: Problem, language: str) -> str:
    """What citizens read about an error; just its number where a form cannot have caused it."""
    if problem.status == 503:
        return message(Text.NOT_READY, language)
    if problem.code not in _PROBLEMS:
        return str(problem.status)
    limit = written_number(MAX_QUESTION_LENGTH, language)
    return message(_PROBLEMS[problem.code], language, limit=limit)


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


def preferred_language(accept_language: str) -> str:
    """The first served language of an Accept-Language header by weight, else German."""
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for entry in accept_language.split(","):
        tag, _, weight_text = entry.strip().partition(";q=")
        try:
            weight = float(weight_text or 1)
        except ValueError:
            continue
        language = tag.split("-")[0].lower()
        if language in SUPPORTED and weight > best_weight:
            best, best_weight = language, weight
    return best
