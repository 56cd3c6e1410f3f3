"""Which approved answers still rest on what they were confirmed with."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select

from core import tables
from core.entries import Entry, Source, entries_of
from core.schema import transaction
from core.stored import utc
from core.types import Document, Kind, Passage

if TYPE_CHECKING:
    from core.store import Store


Wording = tuple[str, str, str]  # document id, language and question of an entry


@dataclass(frozen=True, slots=True)
class Approval:
    """How a source read when an entry's wording was confirmed. `digest`: "" where it was not there
    yet; `at`: given by the registry."""

    document_id: str
    entry: str
    wording: str
    source: Source
    digest: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source of an entry on a day: what it was confirmed with, if ever, and how it reads, None
    where it is not there; `since`: where it reads otherwise, the first day of the version that
    stands."""

    source: Source
    confirmed: Approval | None
    reads: str | None
    since: date | None = None

    @property
    def holds(self) -> bool:
        """Whether it still reads as confirmed; one that came later than its entry does at first."""
        as_confirmed = self.confirmed is None or self.confirmed.digest in ("", self.reads)
        return self.reads is not None and as_confirmed

    def __str__(self) -> str:
        if self.reads is None:
            return f"{self.source} is not there"
        if self.since is None:
            return f"{self.source} changed"
        verb = "changes" if self.since > date.today() else "changed"
        return f"{self.source} {verb} on {self.since}"


@dataclass(frozen=True, slots=True)
class EntryState:
    """An entry and its sources, of an FAQ as in force on a day."""

    document: Document
    entry: Entry
    sources: tuple[SourceState, ...]

    @property
    def name(self) -> str:
        """What editors call it by: "faq#hundesteuer"."""
        return f"{self.document.id}#{self.entry.key}"

    @property
    def answers(self) -> bool:
        """Whether all its sources read as confirmed."""
        return all(state.holds for state in self.sources)

    def __str__(self) -> str:
        if not self.sources:
            return "answers; nothing watches this answer"
        if self.answers:
            return "answers"
        return "waits: " + ", ".join(str(state) for state in self.sources if not state.holds)

    @property
    def wordings(self) -> list[Wording]:
        """Its question in every language."""
        return [
            (self.document.id, language or self.document.language, question)
            for language, question in self.entry.questions
        ]


class SourceReader:
    """How sources read at a generation; each document is fetched once for each day."""

    def __init__(self, store: Store, generation: int) -> None:
        self._store = store
        self._generation = generation
        self._passages: dict[tuple[str, date], list[Passage]] = {}

    def digest(self, source: Source, day: date) -> str | None:
        """The digest of a source's words as in force on a day, white space aside; None where it is
        not there."""
        key = source.document_id, day
        if key not in self._passages:
            self._passages[key] = self._store.index.fetch(source.document_id, self._generation, day)
        found = [passage.text for passage in self._passages[key] if source.names(passage)]
        words = "".join("".join(found).split())
        return hashlib.sha256(words.encode()).hexdigest() if found else None


def entry_states(store: Store, generation: int, day: date) -> list[EntryState]:
    """Every entry that names sources, of the FAQs as in force on a day, by document and in its
    order. The generation is the registry's own."""
    approvals = read_approvals(store.registry.engine)
    confirmed = {(a.document_id, a.entry, a.wording, a.source): a for a in approvals}
    reader = SourceReader(store, generation)
    states = []
    for document_id in sorted({approval.document_id for approval in approvals}):
        version = store.registry.standing_version(document_id, day)
        if version is None:
            continue
        for entry in entries_of(store.registry.sections(document_id, version.number) or ()):
            sources = tuple(
                _state(
                    store,
                    source,
                    confirmed.get((document_id, entry.key, entry.wording, source)),
                    reader.digest(source, day),
                    day,
                )
                for source in entry.sources
            )
            if sources:
                states.append(EntryState(version.document, entry, sources))
    return states


def unwatched_entries(store: Store, day: date) -> list[EntryState]:
    """Every entry without a source, of the FAQs as in force on a day: nothing stops it."""
    versions = store.registry.standing()
    faqs = {v.document.id for v in versions if v.document.kind is Kind.FAQ}
    found = (store.registry.standing_version(document_id, day) for document_id in sorted(faqs))
    return [
        EntryState(version.document, entry, ())
        for version in found
        if version
        for entry in entries_of(store.registry.sections(version.document.id, version.number) or ())
        if not entry.sources
    ]


def read_approvals(engine: Engine, sources: Collection[str] | None = None) -> list[Approval]:
    """What is kept: of all sources, or of these documents."""
    table = tables.approval
    query = select(table).order_by(table.c.document_id, table.c.entry)
    if sources is not None:
        query = query.where(table.c.source.in_(sources))
    with transaction(engine) as connection:
        return [
            Approval(
                row.document_id,
                row.entry,
                row.wording,
                Source(row.source, row.section),
                row.digest,
                row.confirmed_by,
                utc(row.confirmed_at),
            )
            for row in connection.execute(query)
        ]


def keep_approvals(connection: Connection, approvals: Sequence[Approval], now: datetime) -> None:
    """Keeps each in place of an earlier one."""
    table = tables.approval
    for approval in approvals:
        place = {
            "document_id": approval.document_id,
            "entry": approval.entry,
            "wording": approval.wording,
            "source": approval.source.document_id,
            "section": approval.source.section,
        }
        connection.execute(
            table.delete().where(*(table.c[name] == value for name, value in place.items()))
        )
        connection.execute(
            table.insert().values(
                **place, digest=approval.digest, confirmed_by=approval.by, confirmed_at=now
            )
        )


def _state(
    store: Store, source: Source, confirmed: Approval | None, reads: str | None, day: date
) -> SourceState:
    state = SourceState(source, confirmed, reads)
    if state.holds or reads is None:
        return state
    version = store.registry.standing_version(source.document_id, day)
    if version is None or version.published_at is None:
        return state
    published = version.published_at.date()
    return replace(state, since=max(published, version.document.valid_from or published))
