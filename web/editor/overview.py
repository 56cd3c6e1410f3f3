"""The documents as rows of a table: state, age, use; filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from urllib.parse import urlencode

from core.registry import Registry
from core.timeline import on_day
from core.types import Document
from core.usage import recent_uses
from core.versions import Version
from web.editor.rights import may_edit_place
from web.people.rights import Person
from web.stale import OLD

PAGE_SIZE = 50


class State(StrEnum):
    """How a document stands today."""

    IN_FORCE = "in_force"
    COMING = "coming"  # its first version is yet to come into force
    REPEALED = "repealed"  # its last day is over
    PREPARED = "prepared"  # nothing was published yet
    WITHDRAWN = "withdrawn"


class Order(StrEnum):
    """What rows are sorted by."""

    TITLE = "title"
    AGE = "age"
    USES = "uses"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Row:
    """A document. `next_day`: the first day of a version to come; `changed`: the day it was last
    published or prepared; `age` in days of its text, None where nobody says how old it is."""

    document: Document
    state: State
    is_prepared: bool
    next_day: date | None
    changed: date | None
    age: int | None
    uses: int
    warnings: int

    @property
    def is_old(self) -> bool:
        """Whether nobody vouched for the text for a year."""
        return self.state is State.IN_FORCE and (self.age or 0) > OLD.days


@dataclass(frozen=True, slots=True)
class View:
    """Which rows somebody wants to see."""

    words: str = ""
    state: str = ""  # of State, or "old"; "prepared" means: something is prepared
    kind: str = ""
    level: str = ""
    order: Order = Order.TITLE
    page: int = 1

    def address(self, **changes: object) -> str:
        """The address of this view with some things changed; then from the first page on."""
        view = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # by name
        values = {
            "q": view.words,
            "state": view.state,
            "kind": view.kind,
            "level": view.level,
            "order": "" if view.order == Order.TITLE else str(view.order),
            "page": view.page if view.page > 1 else "",
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"/editor?{query}" if query else "/editor"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows, and how many there are on all pages."""

    rows: tuple[Row, ...]
    found: int
    pages: int
    page: int


def list_rows(registry: Registry, person: Person, view: View) -> Listing:
    """The rows that a person may edit and wants to see."""
    rows = [row for row in _all_rows(registry) if _may_see(person, row)]
    rows = sorted((row for row in rows if _is_wanted(row, view)), key=_ORDERS[view.order])
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(view.page, 1), pages)
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Listing(tuple(shown), len(rows), pages, page)


def _all_rows(registry: Registry) -> Iterable[Row]:
    today = date.today()
    uses = recent_uses(registry.engine, today)
    prepared = {s.publication.version.document.id: s for s in registry.staged()}
    known = set()
    for document_id, group in groupby(registry.standing(), key=lambda v: v.document.id):
        known.add(document_id)
        versions = list(group)
        yield _row(versions, today, uses, document_id in prepared)
    for document_id, version in {v.document.id: v for v in registry.withdrawn()}.items():
        if document_id not in known:
            known.add(document_id)
            is_prepared = document_id in prepared
            row = _row([version], today, uses, is_prepared)
            yield replace(row, state=State.WITHDRAWN, next_day=None)
    for document_id, staged in prepared.items():
        if document_id not in known:
            row = _row([staged.publication.version], today, uses, is_prepared=True)
            yield replace(row, state=State.PREPARED, changed=staged.at.date())


def _row(
    versions: Sequence[Version], today: date, uses: Mapping[str, int], is_prepared: bool
) -> Row:
    days = [version.document.valid_from for version in versions]
    coming = [day for day in days if day and day > today]
    now = on_day(((v.document, v) for v in versions), today)
    shown = now or versions[-1]
    document = shown.document
    state = State.IN_FORCE if now else State.COMING if coming else State.REPEALED
    changed = versions[-1].published_at
    text_day = document.as_of or document.valid_from or (changed and changed.date())
    return Row(
        document,
        state,
        is_prepared,
        min(coming, default=None),
        changed and changed.date(),
        (today - text_day).days if text_day and text_day <= today else None,
        uses.get(document.id, 0),
        sum(len(version.warnings) for version in versions),
    )


def _may_see(person: Person, row: Row) -> bool:
    return may_edit_place(person, row.document.jurisdiction)


def _is_wanted(row: Row, view: View) -> bool:
    document = row.document
    place = document.jurisdiction
    text = f"{document.title} {document.short_title} {document.id} {place.name if place else ''}"
    return (
        all(word in text.casefold() for word in view.words.casefold().split())
        and _has_state(row, view.state)
        and view.kind in ("", document.kind)
        and view.level in ("", place.level if place else "everywhere")
    )


def _has_state(row: Row, state: str) -> bool:
    match state:
        case "":
            return True
        case "old":
            return row.is_old
        case State.PREPARED:
            return row.is_prepared
        case State.COMING:
            return row.next_day is not None
        case _:
            return row.state == state


_ORDERS = {
    Order.TITLE: lambda row: (row.document.title.casefold(), row.document.id),
    Order.AGE: lambda row: (-(row.age or 0), row.document.id),
    Order.USES: lambda row: (-row.uses, row.document.title.casefold()),
    Order.CHANGED: lambda row: (-(row.changed or date.min).toordinal(), row.document.id),
}
