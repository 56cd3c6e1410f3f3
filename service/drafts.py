"""What an approved answer may begin with: the likeliest sentences of the best passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.store import Store
from core.types import Hit, Kind, Vector
from service.expected import kinds_asked, kinds_held
from service.extract import EXPECTED, NEARLY
from service.retrieve import Query, retrieve
from service.selector import load_selector
from service.sentences import vectors_of

HITS, SENTENCES = 10, 4
_UNFIT = frozenset({Kind.FORM, Kind.FAQ})  # filled in, not quoted; approved for something else


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a draft, and the hit that it stands in."""

    hit: Hit
    text: str


def draft_answer(
    store: Store, question: str, language: str, scopes: tuple[str, ...] | None
) -> list[Drafted]:
    """The sentences, in the order of reading, that are likeliest to answer a question in some
    scopes, None for all, however unlikely that is: a person has to see whether they do."""
    vector = store.encoder.encode_question(question, language)
    generation = store.registry.generation()
    query = Query(question, language, vector, scopes, date.today(), generation)
    hits = [hit for hit in retrieve(store, query, HITS) if hit.document.kind not in _UNFIT]
    likely = _likelihoods(query, hits, store.encoder.model_id)
    best = max((float(row.max(initial=0)) for row in likely), default=0.0)
    ranked = sorted(
        (-float(value), number, place)
        for number, row in enumerate(likely)
        for place, value in enumerate(row)
        if value >= NEARLY * best
    )
    return [
        Drafted(hits[number], _quotes(hits[number])[place])
        for number, place in sorted(found[1:] for found in ranked[:SENTENCES])
    ]


def _likelihoods(query: Query, hits: Sequence[Hit], model_id: str) -> list[Vector]:
    """For each hit the likelihood of each of its sentences, shape (sentences,); more where it holds
    what is asked for, such as an amount. Without a selector, cosines."""
    selector = load_selector(model_id)
    if selector is None:
        return [vectors_of(hit) @ query.vector for hit in hits]
    probabilities, _ = selector.read(query, hits)
    asked = np.array(kinds_asked(query.text))
    return [
        row + EXPECTED * np.array([any(asked & kinds_held(t)) for t in _quotes(hit)], np.float32)
        for hit, row in zip(hits, probabilities, strict=True)
    ]


def _quotes(hit: Hit) -> list[str]:
    return [hit.passage.quote(sentence) for sentence in hit.passage.sentences]
