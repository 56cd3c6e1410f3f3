"""What publishing means to approved answers: what they rest on is kept, what stops is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from core.approvals import Approval, SourceReader, entry_states, read_approvals
from core.entries import Source, entries_of
from core.errors import DocumentUnknown, SourceMissing
from core.store import Store
from core.types import Kind

if TYPE_CHECKING:
    from ingest.publish import Change


def approvals_of(store: Store, changes: Sequence[Change], generation: int) -> list[Approval]:
    """What to keep when changes are published: how the sources of each new wording read then, and
    those that older ones have waited for. A wording that was confirmed before stays as it was, so
    that taking a version back confirms nothing. The changes are in the index already."""
    first_days = {change.document.id: change.document.valid_from for change in changes}
    reader = SourceReader(store, generation)
    kept = []
    for approval in read_approvals(store.registry.engine, list(first_days)):
        day = _day(first_days[approval.source.document_id])
        if not approval.digest and (digest := reader.digest(approval.source, day)):
            kept.append(replace(approval, digest=digest))
    faqs = [change for change in changes if change.document.kind is Kind.FAQ]
    known = read_approvals(store.registry.engine) if faqs else []
    confirmed = {(a.document_id, a.entry, a.wording, a.source) for a in known}
    for change in faqs:
        document, by = change.document, change.publication.version.published_by
        for entry in entries_of(change.publication.sections):
            for source in entry.sources:
                if (document.id, entry.key, entry.wording, source) not in confirmed:
                    days = [document.valid_from, *_first_days(store, source, first_days)]
                    found = (reader.digest(source, _day(day)) for day in days)
                    digest = next((digest for digest in found if digest), "")
                    kept.append(Approval(document.id, entry.key, entry.wording, source, digest, by))
    return kept


def confirmations(store: Store, name: str, by: str) -> list[Approval]:
    """What to keep so that an entry, by its name, answers with its sources as they read today.

    Raises DocumentUnknown, and SourceMissing where a source is not there.
    """
    for state in entry_states(store, store.registry.generation(), date.today()):
        if state.name != name:
            continue
        if missing := [str(found.source) for found in state.sources if found.reads is None]:
            raise SourceMissing(
                f"{name} cannot be confirmed: {', '.join(missing)} is not there today; "
                "name another source in the FAQ."
            )
        return [
            Approval(
                state.document.id, state.entry.key, state.entry.wording, s.source, s.reads or "", by
            )
            for s in state.sources
        ]
    raise DocumentUnknown(
        f"There is no approved answer {name} that names sources; `auskunft approved` lists them."
    )


def answering(store: Store) -> dict[str, bool]:
    """Every entry that names sources, by its name, and whether it answers today."""
    states = entry_states(store, store.registry.generation(), date.today())
    return {state.name: state.answers for state in states}


def stopped(
    store: Store, before: Mapping[str, bool], first_days: Iterable[date | None] = ()
) -> Iterator[tuple[str, str]]:
    """The FAQ's id and a sentence for each entry that answered `before`, or is new, and waits now,
    or will from the first day of a document on."""
    today, generation = date.today(), store.registry.generation()
    told = {name for name, has_answered in before.items() if not has_answered}
    for day in sorted({today} | {day for day in first_days if day and day > today}):
        for state in entry_states(store, generation, day):
            if state.answers or state.name in told:
                continue
            told.add(state.name)
            why = str(state).removeprefix("waits: ")
            when = "" if day == today else f" from {day} on"
            sentence = f"The approved answer {state.name} does not answer{when}: {why}."
            if day == today and all(source.reads for source in state.sources):
                sentence += f" If it is still right: `auskunft approved confirm {state.name}`."
            yield state.document.id, sentence


def _first_days(store: Store, source: Source, published: Mapping[str, date | None]) -> list[date]:
    """The first days of a source's versions, those of what is being published among them."""
    standing = store.registry.standing(source.document_id)
    days = [version.document.valid_from for version in standing]
    return sorted(day for day in [*days, published.get(source.document_id)] if day)


def _day(first_day: date | None) -> date:
    """The day to read a source on: today, or the first day that it matters."""
    return max(date.today(), first_day or date.min)
