"""A store that remembers what was looked up and found in it, so that a measurement sees what an
answer saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, cast

from core.encoder import Encoder
from core.index import IndexQuery, PassageIndex
from core.store import Store
from core.types import Hit, Vector
from service.extract import pick_sentences
from service.retrieve import Query
from service.selector import Selector, load_selector


@dataclass(slots=True)
class Seen:
    """What was looked up, as the question stood when it was encoded, and what each query found."""

    encoded: list[tuple[Vector, str]] = field(default_factory=list)
    found: list[tuple[IndexQuery, list[Hit]]] = field(default_factory=list)

    @property
    def hits(self) -> list[Hit]:
        """All that was found, query after query."""
        return [hit for _, hits in self.found for hit in hits]

    @property
    def sought(self) -> list[Hit]:
        """All that an answer was sought in, query after query."""
        return [hit for _, hits in self.lookups() for hit in hits]

    def lookups(self) -> Iterator[tuple[Query, list[Hit]]]:
        """Each query that an answer was sought with, in its words, and what it found."""
        for query, hits in self.found:
            texts = [text for vector, text in self.encoded if vector is query.vector]
            if texts and query.with_sentences:
                yield _worded(query, texts[0]), hits


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


class WatchedIndex:
    """Passes everything on to an index, and what its queries find to whoever watches."""

    def __init__(self, index: PassageIndex) -> None:
        self._index = index

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def query(self, query: IndexQuery) -> list[Hit]:
        """As the index."""
        hits = self._index.query(query)
        if seen := _seen.get():
            seen.found.append((query, hits))
        return hits


class WatchedEncoder:
    """Passes everything on to an encoder, and the words of its questions to whoever watches."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_question(self, question: str, language: str) -> Vector:
        """As the encoder."""
        vector = self._encoder.encode_question(question, language)
        if seen := _seen.get():
            seen.encoded.append((vector, question))
        return vector


@dataclass(frozen=True)
class _OverheardSelector(Selector):
    """A selector that keeps how sure it was, reading by reading."""

    margins: list[float] = field(default_factory=list)

    def read(self, query: Query, hits: Sequence[Hit]) -> tuple[list[Vector], float]:
        probabilities, margin = super().read(query, hits)
        self.margins.append(margin)
        return probabilities, margin


def watch(store: Store) -> Store:
    """A store whose queries can be watched."""
    return replace(
        store,
        index=cast(PassageIndex, WatchedIndex(store.index)),
        encoder=cast(Encoder, WatchedEncoder(store.encoder)),
    )


@contextmanager
def watching() -> Iterator[Seen]:
    """What is looked up in a watched store, in this thread, until the end of the block."""
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def certainty_of(seen: Seen, model_id: str) -> float | None:
    """How far above what is enough the log-odds of an answer lay, by the surest reading of what was
    found; below 0 no sentence was picked. None where the selector read nothing. The extractor reads
    the same hits once more, so call it outside of what is timed."""
    selector = load_selector(model_id)
    if selector is None:
        return None
    overheard = _OverheardSelector(selector.networks, selector.least, selector.certainty)
    for query, hits in seen.lookups():
        pick_sentences(query, hits, overheard)
    return round(max(overheard.margins), 4) if overheard.margins else None


def _worded(query: IndexQuery, text: str) -> Query:
    return Query(
        text=text,
        language=query.language or "de",
        vector=query.vector,
        scopes=query.scopes,
        day=query.day,
        generation=query.generation,
        document_id=query.document_id,
    )
