"""The versions of one document in time: which of them stand side by side, each on its own days."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from core.types import Document

_T = TypeVar("_T")


def begin(document: Document) -> date:
    """The first day of a document; the first of all days where it names none."""
    return document.valid_from or date.min


def is_in_force(document: Document, day: date) -> bool:
    """Whether a day is between a document's first and last, inclusive."""
    return begin(document) <= day <= (document.valid_to or date.max)


def cut(documents: Sequence[Document]) -> list[Document]:
    """The standing versions of one document in their order, each ending at the latest on the day
    before the next one begins."""
    ends: dict[int, date] = {}
    order = sorted(range(len(documents)), key=lambda place: (begin(documents[place]), place))
    for place, following in itertools.pairwise(order):
        if begin(documents[following]) > date.min:
            ends[place] = begin(documents[following]) - timedelta(days=1)
    return [
        replace(document, valid_to=min(ends[place], document.valid_to or date.max))
        if place in ends
        else document
        for place, document in enumerate(documents)
    ]


def on_day(versions: Iterable[tuple[Document, _T]], day: date) -> _T | None:
    """What belongs to the version that is in force on a day, of a document's standing versions in
    their order; None where none is."""
    pairs = list(versions)
    documents = cut([document for document, _ in pairs])
    for document, (_, found) in zip(reversed(documents), reversed(pairs), strict=True):
        if is_in_force(document, day):
            return found
    return None


def stays_beside(standing: Document, new: Document, today: date) -> bool:
    """Whether a standing version goes on answering for its own days when a new one is published.

    A new version ends what it follows on its first day, and replaces what begins on that day or
    later: it was published to correct it. Where it is in force already, versions to come stay. One
    without dates is in force already, and stays only until a change to come.
    """
    if begin(new) > today:
        return begin(standing) < begin(new)
    if standing.valid_from is None:
        return False
    return standing.valid_from < begin(new) or standing.valid_from > today
