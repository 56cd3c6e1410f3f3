"""Drafts become rows of a set: which passages are asked about, on which day, in which order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, zip_longest
from typing import TypeVar

from core.errors import UsageError
from core.store import Store
from core.types import Document, Level, Passage, Status
from eval.drafting.absent import draft_absent
from eval.drafting.topics import is_asked_about, is_for_citizens
from eval.drafting.words import Draft
from eval.questions import QuestionKind, SetRow, Source

ABSENT = 8  # every so manieth row may be a question that no document answers

# What patterns draft, the surest first.
_KINDS = (
    QuestionKind.AMOUNT,
    QuestionKind.AS_OF_DATE,
    QuestionKind.DEADLINE,
    QuestionKind.PROCEDURE,
    QuestionKind.FACT,
)

Item = TypeVar("Item")


class IndexEmpty(UsageError):
    """There are no documents in the index; take some in with `auskunft ingest PATH` first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that is asked about, its document, and the town that it is asked in (None where the
    index has one town only)."""

    document: Document
    passage: Passage
    town: str | None


def asked_places(store: Store) -> list[Place]:
    """The passages that citizens ask about, in their documents' order. Raises IndexEmpty."""
    generation = store.registry.generation()
    documents = [version.document for version in store.registry.standing()]
    if not documents:
        raise IndexEmpty
    towns = _towns(documents)
    return [
        Place(document, passage, _town(document) if len(towns) > 1 else None)
        for document in documents
        if is_for_citizens(document)
        for passage in store.index.fetch(document.id, generation)
        if is_asked_about(passage)
    ]


def make_row(place: Place, draft: Draft, question: Mapping[str, str], today: date) -> SetRow:
    """A draft as a row, asked today or, of a document that is not in force today, on the day in
    force that is nearest."""
    document, passage = place.document, place.passage
    day = max(today, document.valid_from or today)
    day = min(day, document.valid_to or day)
    return SetRow(
        id=_digest(document.id, passage.section, *draft.quotes),
        kind=draft.kind if day == today else QuestionKind.AS_OF_DATE,
        as_of=day,
        town=place.town,
        question=question,
        status=Status.ANSWERED,
        reference=draft.reference,
        numbers=draft.numbers,
        sources=tuple(
            Source(document_id=document.id, section=passage.section, quote=quote)
            for quote in draft.quotes
        ),
    )


def absent_rows(store: Store, today: date) -> Iterator[SetRow]:
    """Questions that nothing in the index answers, in several towns each in another."""
    generation = store.registry.generation()
    documents = [version.document for version in store.registry.standing()]
    texts = " ".join(
        passage.text
        for document in documents
        for passage in store.index.fetch(document.id, generation)
    )
    towns = _towns(documents)
    for number, question in enumerate(draft_absent(texts.casefold())):
        yield SetRow(
            id=_digest("", "", question),
            kind=QuestionKind.UNANSWERABLE,
            as_of=today,
            town=towns[number % len(towns)] if len(towns) > 1 else None,
            question={"de": question},
            status=Status.NOT_IN_DOCUMENTS,
            reference="In den Dokumenten steht dazu nichts.",
        )


def asked_of(row: SetRow) -> tuple[str, date, str | None]:
    """By what two rows are the same question."""
    return row.question["de"], row.as_of, row.town


def by_kind(rows: Sequence[SetRow]) -> list[SetRow]:
    """Rows in turn of each kind, amounts first."""
    kinds = sorted({row.kind for row in rows}, key=_KINDS.index)
    return list(in_turn([[row for row in rows if row.kind is kind] for kind in kinds]))


def in_turn(queues: Iterable[Sequence[Item]]) -> Iterator[Item]:
    """The first of every queue, then the second of every queue, …"""
    nothing = object()
    for turn in zip_longest(*queues, fillvalue=nothing):
        yield from (item for item in turn if item is not nothing)  # type: ignore[misc]  # told above


def mix_in(drafted: Iterable[SetRow], absent: Iterator[SetRow]) -> Iterator[SetRow]:
    """Drafts, after every few of them a question without an answer."""
    for number, row in enumerate(drafted, start=1):
        yield row
        if number % (ABSENT - 1) == ABSENT // 2:
            yield from islice(absent, 1)


def _digest(*parts: str) -> str:
    """An id that stays the same as long as the words that answer do."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _towns(documents: Iterable[Document]) -> list[str]:
    places = (document.jurisdiction for document in documents)
    found = (p.key or p.name for p in places if p and p.level is Level.MUNICIPALITY)
    return sorted(set(found))


def _town(document: Document) -> str | None:
    place = document.jurisdiction
    if place is None or place.level in (Level.FEDERAL, Level.STATE):
        return None
    return place.key or place.name
