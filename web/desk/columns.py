"""What a search shows: for each town a column of passages, above them the answer of a citizen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import AuskunftError
from core.labels import label
from core.store import Store
from core.types import Answer, Citation, Document, Hit
from service.answerer import Answerer
from web.citizen.page import day_of_version
from web.citizen.page_text import visible
from web.citizen.sources import cut_quote
from web.desk.inquiry import Inquiry
from web.desk.marks import Piece, snippet
from web.desk.offices import Office, find_office
from web.desk.reply import Reply, write_reply
from web.desk.words import KINDS, days_of, place_of, problem_sentence, validity_of

HITS = 20  # passages of a search; of each of two
COMPARED = 12
MOST_NEAR = 6
NEAR = 0.07  # of score below the best: at most 2 % of the answers are further off (eval/near.py)


@dataclass(frozen=True, slots=True)
class Row:
    """A passage in the list; `opened`: the inquiry with it open."""

    label: str
    title: str
    place: str
    kind: str
    validity: str
    days: tuple[str, ...]
    snippet: Sequence[Piece]
    language: str
    opened: Inquiry

    def is_open(self, inquiry: Inquiry) -> bool:
        """Whether it is what an inquiry has open."""
        own = self.opened
        return (own.document, own.passage, own.day) == (
            inquiry.document,
            inquiry.passage,
            inquiry.day,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """What was found in one place: passages, near misses, and the answer where it was asked for;
    or what is wrong with the search. `name`: the place's, "" for all; `office`: who is in charge,
    as the answer's documents name it, and what has that place open."""

    name: str
    town: str
    rows: tuple[Row, ...] = ()
    near: tuple[Row, ...] = ()
    answer: Answer | None = None
    sources: tuple[tuple[Citation, Inquiry], ...] = ()
    office: tuple[Office, Inquiry] | None = None
    reply: Reply | None = None
    problem: str = ""

    @property
    def count(self) -> int:
        """How many passages there are."""
        return len(self.rows) + len(self.near)

    @property
    def first(self) -> Inquiry | None:
        """What is best opened first: the answer's first source, else the first passage."""
        best = [opened for _, opened in self.sources] + [row.opened for row in self.rows]
        return best[0] if best else None


def look_up(
    store: Store, answerer: Answerer, inquiry: Inquiry, contact: str, *, with_answer: bool
) -> tuple[Column, ...]:
    """A column for each town that is asked in; none where nothing was typed."""
    if not inquiry.q:
        return ()
    names = {value: name for name, value in answerer.towns()} if inquiry.compare else {}
    return tuple(
        _column(store, answerer, inquiry, town, names.get(town, town), contact, with_answer)
        for town in inquiry.towns
    )


def _column(
    store: Store,
    answerer: Answerer,
    inquiry: Inquiry,
    town: str,
    name: str,
    contact: str,
    with_answer: bool,
) -> Column:
    try:
        day = inquiry.asked_as_of()
        hits = answerer.search(
            inquiry.q,
            town=town or None,
            as_of=day,
            limit=COMPARED if inquiry.compare else HITS,
            filters=inquiry.filters,
        )
        answer = _answer(answerer, inquiry, town, day) if with_answer else None
        cited = answer.citations if answer else ()
        office = find_office(store, cited, hits, day or date.today()) if cited else None
    except AuskunftError as error:
        return Column(name, town, problem=problem_sentence(error))
    least = max((hit.score for hit in hits), default=0.0) - NEAR
    today = day or date.today()
    rows = [(hit.score >= least, _row(hit, inquiry, today)) for hit in hits]
    return Column(
        name,
        town,
        rows=tuple(row for is_certain, row in rows if is_certain),
        near=tuple(row for is_certain, row in rows if not is_certain)[:MOST_NEAR],
        answer=answer,
        sources=_sources(answer, inquiry) if answer else (),
        office=(office, _opening(office, inquiry)) if office else None,
        reply=write_reply(answer, office.text if office else contact) if answer else None,
    )


def _answer(answerer: Answerer, inquiry: Inquiry, town: str, day: date | None) -> Answer:
    """What a citizen would read; it stays out of the figures on what citizens ask."""
    return answerer.answer(
        inquiry.q,
        town=town or None,
        language=inquiry.language or None,
        as_of=day,
        is_counted=False,
    )


def _row(hit: Hit, inquiry: Inquiry, today: date) -> Row:
    passage, document = hit.passage, hit.document
    day = open_day(document, inquiry)
    return Row(
        label=visible(label(document, passage.section, passage.page)),
        title=visible(document.title),
        place=visible(place_of(document)),
        kind=KINDS[document.kind],
        validity=validity_of(document, today),
        days=days_of(document, today),
        snippet=snippet(visible(passage.text), inquiry.q),
        language=passage.language,
        opened=inquiry.opening(document.id, day, passage=passage.id),
    )


def _opening(office: Office, inquiry: Inquiry) -> Inquiry:
    """The inquiry with the place open where an office is named."""
    day = open_day(office.document, inquiry)
    return inquiry.opening(office.document.id, day, passage=office.passage.id)


def _sources(answer: Answer, inquiry: Inquiry) -> tuple[tuple[Citation, Inquiry], ...]:
    """The citations, each with the inquiry that has it open."""
    return tuple(
        (
            citation,
            inquiry.opening(
                citation.document.id,
                open_day(citation.document, inquiry),
                quote=cut_quote(citation.quote),
                page=str(citation.page or ""),
            ),
        )
        for citation in answer.citations
    )


def open_day(document: Document, inquiry: Inquiry) -> str:
    """The day by which a version is opened: the one asked about, where it is in force then."""
    if inquiry.as_of and validity_of(document, date.fromisoformat(inquiry.as_of)) == "in Kraft":
        return inquiry.as_of
    day = day_of_version(document)
    return day.isoformat() if day else ""
