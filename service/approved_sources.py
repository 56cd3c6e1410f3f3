"""Approved answers whose sources changed: nothing of them answers until an editor confirms them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

from core.approvals import Wording, waiting_wordings
from core.store import Store
from core.types import Hit

DAYS_KNOWN = 50  # at once, as citizens may ask about any day


class WaitingEntries:
    """The entries that wait, looked up once for each day of a generation."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: tuple[int, dict[date, frozenset[Wording]]] = 0, {}

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
        with self._lock:  # the first question looks it up, those beside it wait
            current, known = self._known
            if current != generation or len(known) == DAYS_KNOWN:
                self._known = generation, (known := {})
            if day not in known:
                known[day] = waiting_wordings(self._store, generation, day)
            return known[day]


def wording_of(hit: Hit) -> Wording:
    """The wording of an entry that a hit is of."""
    return hit.document.id, hit.passage.language, hit.passage.heading
