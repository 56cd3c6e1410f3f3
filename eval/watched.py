"""An index that remembers what was found in it, so that a measurement sees what an answer saw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, cast

from core.index import IndexQuery, PassageIndex
from core.store import Store
from core.types import Hit

_found: ContextVar[list[Hit] | None] = ContextVar("found", default=None)


class WatchedIndex:
    """Passes everything on to an index, and what its queries find to whoever watches."""

    def __init__(self, index: PassageIndex) -> None:
        self._index = index

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def query(self, query: IndexQuery) -> list[Hit]:
        """As the index."""
        hits = self._index.query(query)
        found = _found.get()
        if found is not None:
            found += hits
        return hits


def watch(store: Store) -> Store:
    """A store whose queries can be watched."""
    return replace(store, index=cast(PassageIndex, WatchedIndex(store.index)))


@contextmanager
def watching() -> Iterator[list[Hit]]:
    """What is found in a watched store, in this thread, until the end of the block."""
    hits: list[Hit] = []
    token = _found.set(hits)
    try:
        yield hits
    finally:
        _found.reset(token)
