"""A question becomes hits: one encode, one hybrid query by town, date and language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from core.index import IndexQuery, Validity
from core.lexical import encode_terms_query
from core.store import Store
from core.types import Hit, SparseVector, Vector

LEXICAL_WEIGHT = 0.05  # of BM25 beside a cosine: chosen on omos-qa train
ONLY_LEXICAL = 100.0  # so that cosines count for nothing
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


def ask_terms(store: Store, query: Query, terms: SparseVector, limit: int) -> list[Hit]:
    """The passages with the most of some terms, wherever the query may look."""
    asked = _index_query(query, limit)
    return store.index.query(replace(asked, terms=terms, lexical_weight=ONLY_LEXICAL))


def _ask(store: Store, query: Query, limit: int, with_sentences: bool) -> list[Hit]:
    asked = _index_query(query, limit)
    return store.index.query(replace(asked, terms=_terms(query), with_sentences=with_sentences))


def _index_query(query: Query, limit: int) -> IndexQuery:
    return IndexQuery(
        vector=query.vector,
        terms=SparseVector((), ()),
        generation=query.generation,
        day=query.day,
        scopes=query.scopes,
        language=query.language,
        lexical_weight=LEXICAL_WEIGHT,
        sentence_weight=SENTENCE_WEIGHT,
        limit=limit,
        document_id=query.document_id,
        kind=query.kind,
        validity=query.validity,
    )


def _terms(query: Query) -> SparseVector:
    """Words where question and passages share a language; else only what is the same in all."""
    if query.language == "de":
        return encode_terms_query(query.text, "de")
    return encode_terms_query(" ".join(_NUMBER_OR_SECTION.findall(query.text)), "de")
