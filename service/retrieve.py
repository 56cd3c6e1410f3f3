"""A question becomes hits: one encode, one hybrid query by town, date and language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.index import IndexQuery, Validity
from core.lexical import encode_terms_query
from core.store import Store
from core.types import Hit, SparseVector, Vector

LEXICAL_WEIGHT = 0.05  # of BM25 beside a cosine: chosen on omos-qa train
SENTENCE_WEIGHT = 0.4  # of the nearest sentence in the cosine: as the question adapter was trained
DEPTH = 3  # passages fetched for each one shown, as several may be of one document

_NUMBER_OR_SECTION = re.compile(r"§+\s*\d+\w?|\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for the index. `vector` has shape (d,), length 1; `document_id` and
    `kind` name the only document and the only kind to look at."""

    text: str
    language: str
    vector: Vector
    scopes: tuple[str, ...] | None
    day: date
    generation: int
    document_id: str | None = None
    kind: str | None = None
    validity: Validity = Validity.IN_FORCE


def retrieve(store: Store, query: Query, limit: int) -> list[Hit]:
    """The best passages with their sentences' vectors, best first."""
    return _ask(store, query, limit, with_sentences=True)


def search(store: Store, query: Query, limit: int) -> list[Hit]:
    """The best passages, best first, the best of every document before the second of any."""
    seen: set[str] = set()
    first: list[Hit] = []
    further: list[Hit] = []
    for hit in _ask(store, query, limit * DEPTH, with_sentences=False):
        (further if hit.document.id in seen else first).append(hit)
        seen.add(hit.document.id)
    return (first + further)[:limit]


def _ask(store: Store, query: Query, limit: int, with_sentences: bool) -> list[Hit]:
    return store.index.query(
        IndexQuery(
            vector=query.vector,
            terms=_terms(query),
            generation=query.generation,
            day=query.day,
            scopes=query.scopes,
            language=query.language,
            lexical_weight=LEXICAL_WEIGHT,
            sentence_weight=SENTENCE_WEIGHT,
            limit=limit,
            with_sentences=with_sentences,
            document_id=query.document_id,
            kind=query.kind,
            validity=query.validity,
        )
    )


def _terms(query: Query) -> SparseVector:
    """Words where question and passages share a language; else only what is the same in all."""
    if query.language == "de":
        return encode_terms_query(query.text, "de")
    return encode_terms_query(" ".join(_NUMBER_OR_SECTION.findall(query.text)), "de")
