"""What a clerk looks for, and which page lies open beside it: read from an address, and back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from core.errors import UsageError
from core.index import Validity
from core.types import Kind, Level
from service.filters import Filters
from web.citizen.sources import Quote

LONGEST_NAME = 200  # characters of a town's name
LONGEST_ID = 500  # of a document's

Name = Annotated[str, Query(max_length=LONGEST_NAME)]


class DayInvalid(UsageError):
    """There is no such day; please write it as 2026-01-31."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is looked for, as it was typed and chosen; "" where nothing. `language`: the citizen's;
    `document` lies open, as on a `day`, at a `passage` (its id), a `quote` (of a long one its
    beginning and end, as addresses have room for 8 kB) or another `page`."""

    q: str = ""
    town: str = ""
    compare: str = ""
    level: str = ""
    kind: str = ""
    valid: str = ""
    as_of: str = ""
    language: str = ""
    document: str = ""
    passage: str = ""
    quote: str = ""
    page: str = ""
    day: str = ""

    @property
    def towns(self) -> tuple[str, ...]:
        """The places that are asked in, side by side."""
        return (self.town, self.compare) if self.compare else (self.town,)

    @property
    def filters(self) -> Filters:
        """What hits are narrowed to; what no menu offers narrows nothing."""
        return Filters(
            level=Level(self.level) if self.level in set(Level) else None,
            kind=Kind(self.kind) if self.kind in set(Kind) else None,
            validity=Validity(self.valid) if self.valid in set(Validity) else Validity.IN_FORCE,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen beyond the words and the place."""
        return any((self.compare, self.level, self.kind, self.valid, self.as_of, self.language))

    @property
    def place(self) -> str:
        """The open passage as the form of a draft sends it."""
        return f"{self.passage}|{self.day}|{self.document}"

    def asked_as_of(self) -> date | None:
        """The day that is asked about, None for today; raises DayInvalid."""
        return read_day(self.as_of)

    def address(self, path: str = "/desk", **changes: str) -> str:
        """The address of this inquiry, with changes."""
        changed = replace(self, **changes) if changes else self
        values = {name: getattr(changed, name) for name in NAMES}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    def back(self, done: str, mark: str = "") -> str:
        """The address of this inquiry after a form was sent."""
        sent = urlencode({"done": done, "mark": mark} if mark else {"done": done})
        address = self.address()
        return f"{address}{'&' if '?' in address else '?'}{sent}"

    def opening(
        self, document: str, day: str, *, passage: str = "", quote: str = "", page: str = ""
    ) -> Inquiry:
        """The same inquiry with another document open."""
        return replace(self, document=document, day=day, passage=passage, quote=quote, page=page)


NAMES = tuple(field.name for field in fields(Inquiry))


def read_inquiry(
    q: Annotated[str, Query(max_length=1100)] = "",  # the answerer says what is too long
    town: Name = "",
    compare: Name = "",
    level: Name = "",
    kind: Name = "",
    valid: Name = "",
    as_of: Name = "",
    language: Name = "",
    document: Annotated[str, Query(max_length=LONGEST_ID)] = "",
    passage: Name = "",
    quote: Quote = "",
    page: Name = "",
    day: Name = "",
) -> Inquiry:
    """A dependency: the inquiry of a request's address."""
    values: dict[str, Any] = locals()
    return Inquiry(**{name: value.strip() for name, value in values.items()})


def read_day(text: str) -> date | None:
    """The day of an ISO date, None of ""; raises DayInvalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DayInvalid from None
