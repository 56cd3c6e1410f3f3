"""Approved answers and their sources: where one changed, nothing answers until it is confirmed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.approvals import Wording, entry_states
from core.entries import Source
from core.store import Store
from core.types import Citation, Hit

DAYS_KNOWN = 50  # at once, as citizens may ask about any day


@dataclass(frozen=True, slots=True)
class _Day:
    """The entries of a day: the wordings of those that wait, and what each wording rests on."""

    waiting: frozenset[Wording]
    sources: dict[Wording, tuple[Source, ...]]


class WaitingEntries:
    """The entries that wait, looked up once for each day of a generation."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: tuple[int, dict[date, _Day]] = 0, {}

    def leave_out(
        self, entries: Sequence[Hit], hits: Sequence[Hit], generation: int, day: date
    ) -> tuple[list[Hit], list[Hit]]:
        """Both without what waits; no entries at all where the nearest one does, as the next one
        answers something else."""
        waiting = self.on(generation, day)
        if entries and wording_of(entries[0]) in waiting:
            entries = []
        return list(entries), [hit for hit in hits if wording_of(hit) not in waiting]

    def on(self, generation: int, day: date) -> frozenset[Wording]:
        """What waits at a generation on a day."""
        return self._look_up(generation, day).waiting

    def sources(self, generation: int, day: date, citation: Citation) -> tuple[Source, ...]:
        """What the entry that is cited rests on; nothing where the citation is of no entry."""
        wording = citation.document.id, citation.language, citation.section
        return self._look_up(generation, day).sources.get(wording, ())

    def _look_up(self, generation: int, day: date) -> _Day:
        with self._lock:  # the first question looks it up, those beside it wait
            current, known = self._known
            if current != generation or len(known) == DAYS_KNOWN:
                self._known = generation, (known := {})
            if day not in known:
                states = entry_states(self._store, generation, day)
                known[day] = _Day(
                    frozenset(w for state in states if not state.answers for w in state.wordings),
                    {w: state.entry.sources for state in states for w in state.wordings},
                )
            return known[day]


def wording_of(hit: Hit) -> Wording:
    """The wording of an entry that a hit is of."""
    return hit.document.id, hit.passage.language, hit.passage.heading
