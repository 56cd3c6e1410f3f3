"""Old documents, those first that many answers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from core.timeline import on_day
from core.types import Document
from core.versions import Version

OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class StaleDocument:
    """A document in force whose text is old: the day of the text, its age in days, and how many
    recent answers cited it."""

    document: Document
    day: date
    age: int
    uses: int


def rank_stale(
    versions: Sequence[Version], uses: Mapping[str, int], today: date
) -> list[StaleDocument]:
    """The documents of standing versions, ordered as the registry gives them, that are in force and
    older than a year; by uses × age, then by age."""
    found = []
    for document_id, group in groupby(versions, key=lambda version: version.document.id):
        version = on_day(((v.document, v) for v in group), today)
        day = version and _day_of_text(version)
        if version and day and today - day > OLD:
            found.append(
                StaleDocument(version.document, day, (today - day).days, uses.get(document_id, 0))
            )
    return sorted(found, key=lambda stale: (-stale.uses * stale.age, -stale.age))


def stale_json(stale: StaleDocument) -> dict[str, Any]:
    """A stale document as JSON."""
    return {
        "id": stale.document.id,
        "title": stale.document.title,
        "day": stale.day.isoformat(),
        "age_days": stale.age,
        "uses": stale.uses,
    }


def _day_of_text(version: Version) -> date | None:
    """The day up to which somebody vouched for the text: its "Stand", else its first day in force,
    else the day it was published here."""
    document = version.document
    published = version.published_at and version.published_at.date()
    return document.as_of or document.valid_from or published
