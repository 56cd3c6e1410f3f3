"""Hits become the sentences that answer, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.types import Hit, Kind, Vector
from service.expected import asks_of_force, is_formal, kinds_asked, kinds_held
from service.retrieve import Query
from service.selector import Selector
from service.sentences import vectors_of

SENTENCES = 8  # of an answer at most
EXPECTED = 0.3  # of probability that a sentence gains which holds what is asked for, as an amount
RULE = 0.3  # of probability that a rule gains on what only tells of it: which is read first
NEARLY = 0.5  # of the best probability: so likely a sentence answers too, unlikely as it is
FAINT = 0.05  # of the likeliest's: what is fainter holds an amount of something else
MARGIN = 0.02  # without a selector, a further sentence counts when its cosine is this near the best

ITEM = re.compile(r"(\d+|[a-z]{1,2})[.)] |[-–•] ")  # "1. für den ersten Hund", "a) …", "– …"


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that answers: the hit it stands in, its number there, and how far it lies below
    the best, in probability or, without a selector, in cosine. `probability`: the selector's, where
    that chose it; `is_sure`: that the hits answer is not in doubt."""

    hit: Hit
    sentence: int
    distance: float
    probability: float | None = None
    is_sure: bool = True


def pick_sentences(
    query: Query, hits: Sequence[Hit], selector: Selector | None = None
) -> list[Pick]:
    """The sentences that answer, the best hit's language first, in it the passage of the surest
    sentence first, a rule rather than what tells of it; empty where none does.

    Hits carry sentence vectors. Sentences compete within their language, as cosines differ between
    languages. A form is filled in, not quoted; of passages in another language than the best hit's,
    only the rules themselves are.
    """
    quotable = [hit for hit in hits if hit.document.kind is not Kind.FORM]
    if not quotable:
        return []
    spoken = quotable[0].passage.language
    picks: list[Pick] = []
    for language in dict.fromkeys(hit.passage.language for hit in quotable):
        group = [
            hit
            for hit in quotable
            if hit.passage.language == language
            and (language == spoken or hit.document.kind is Kind.STATUTE)
        ]
        if not group:
            continue
        if selector:
            picks += _likeliest(query, group, selector)
        else:
            picks += _nearest(query.vector, group)
    chosen = sorted(picks, key=lambda pick: pick.distance)[:SENTENCES]
    chosen += _leads(chosen)
    return sorted(chosen, key=_place_of(chosen, quotable))


def _place_of(picks: Sequence[Pick], hits: Sequence[Hit]) -> Callable[[Pick], tuple[float, ...]]:
    """What tells where a pick is read: with the others of its passage, in their order there."""
    spoken = hits[0].passage.language
    rank = {id(hit): number for number, hit in enumerate(hits)}
    surest: dict[int, float] = {}
    for pick in picks:
        distance = pick.distance - RULE * (pick.hit.document.kind is Kind.STATUTE)
        surest[id(pick.hit)] = min(distance, surest.get(id(pick.hit), distance))
    return lambda pick: (
        pick.hit.passage.language != spoken,
        surest[id(pick.hit)],
        rank[id(pick.hit)],
        pick.sentence,
    )


def _leads(picks: Sequence[Pick]) -> list[Pick]:
    """For items of a list, the words before it that make them sentences: "Die Steuer beträgt"."""
    leads: dict[tuple[str, int], Pick] = {}
    chosen = {(pick.hit.passage.id, pick.sentence) for pick in picks}
    for pick in picks:
        passage = pick.hit.passage
        quotes = [passage.quote(sentence) for sentence in passage.sentences[: pick.sentence + 1]]
        if not ITEM.match(quotes[-1]):
            continue
        before = [number for number, quote in enumerate(quotes) if not ITEM.match(quote)]
        if before and not quotes[before[-1]].endswith((".", "!", "?")):
            lead = passage.id, before[-1]
            if lead not in chosen:
                leads[lead] = Pick(pick.hit, before[-1], pick.distance)
    return list(leads.values())


def _likeliest(query: Query, hits: Sequence[Hit], selector: Selector) -> list[Pick]:
    """The sentences that are likely enough to belong to the answer, at least the likeliest; none
    where there is no answer. Of one who asks what something costs, those with an amount rather than
    others."""
    probabilities, margin = selector.read(query, hits)
    if margin < 0:
        return []
    is_sure = selector.certainty.is_sure(query.language, margin)
    weights = probabilities
    asked = kinds_asked(query.text)
    if any(asked):
        is_any = asks_of_force(query.text)
        weights = [
            row + EXPECTED * np.array([_holds(asked, t, is_any) for t in _quotes(hit)], np.float32)
            for hit, row in zip(hits, probabilities, strict=True)
        ]
    best, likeliest = _highest(weights), _highest(probabilities)
    return [
        Pick(hit, number, best - float(weight), float(row[number]), is_sure)
        for hit, row, weighed in zip(hits, probabilities, weights, strict=True)
        for number, weight in enumerate(weighed)
        if weight >= min(selector.least, NEARLY * best) and row[number] >= FAINT * likeliest
    ]


def _highest(rows: Sequence[Vector]) -> float:
    return max((float(row.max(initial=0)) for row in rows), default=0.0)


def _holds(asked: Sequence[bool], sentence: str, is_any: bool) -> bool:
    """Whether a sentence holds a thing of a kind that is asked for, in a rule unless in any."""
    held = kinds_held(sentence)
    return (is_any or not is_formal(sentence)) and any(
        is_asked and is_held for is_asked, is_held in zip(asked, held, strict=True)
    )


def _quotes(hit: Hit) -> list[str]:
    return [hit.passage.quote(sentence) for sentence in hit.passage.sentences]


def _nearest(question: Vector, hits: Sequence[Hit]) -> list[Pick]:
    """The sentences within the margin of the best: all that a model without a selector can tell."""
    cosines = [
        (hit, number, float(cosine))
        for hit in hits
        if hit.sentence_vectors is not None
        for number, cosine in enumerate(vectors_of(hit) @ question)
    ]
    best = max((cosine for _, _, cosine in cosines), default=0.0)
    return [
        Pick(hit, number, best - cosine)
        for hit, number, cosine in cosines
        if best - cosine <= MARGIN
    ]
