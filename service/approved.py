"""Approved answers: FAQ entries that ask what the citizen asks, given whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path

from core.index import PassageIndex
from core.lexical import encode_terms_query
from core.types import Hit, Kind, Passage
from service.extract import Pick
from service.retrieve import Query

SAME_QUESTION = Path(__file__).parent.parent / "data/models/same_question.json"

COVERED = 3 / 4  # of the asker's words: "Kindergeld beantragen" is not "Wohngeld beantragen"
FEWEST = 2  # words that tell what is asked for: "Wie melde ich mich an?" may mean a dog or a move
SAME = 0.99  # cosine of questions that differ by a sign or an ending
RULES = 3  # sentences of the rule itself below an approved answer, at most
LEAD = 0.01  # of the nearest entry before the next; nearer ones may both be meant


@cache
def load_same_question(model_id: str) -> float:
    """The cosine above which one question asks what another asks, fitted for a model; for one that
    it was not fitted for, that of the same words."""
    fitted = json.loads(SAME_QUESTION.read_text("utf-8"))
    return float(fitted["cosine"]) if fitted["model"] == model_id else SAME


def matching_entries(query: Query, hits: Sequence[Hit], threshold: float) -> list[Hit]:
    """The hits whose entry asks what the citizen asks, the nearest first: its question is at least
    as near as the threshold, and it speaks of what the citizen names. None where two entries of one
    document are about as near. The question of an entry is the row after those of its sentences
    (`ingest.publish`)."""
    near = [(_nearness(query, hit), hit) for hit in hits]
    near = sorted((pair for pair in near if pair[0] >= threshold), key=lambda pair: -pair[0])
    if any(near[0][0] - cosine < LEAD and _is_rival(near[0][1], hit) for cosine, hit in near):
        return []
    return [hit for cosine, hit in near if cosine >= SAME or _speaks_of_it(query, hit)]


def pick_entry(query: Query, found: Hit, index: PassageIndex, spoken: str) -> list[Pick]:
    """Every sentence of the entry that a hit is of, in the language `spoken` with the asker where
    the entry has a wording in it, else in the question's, else in the hit's."""
    passages = index.fetch(found.document.id, query.generation, query.day)
    return [
        Pick(part, number, 0.0)
        for passage in _find_wording(passages, found, (spoken, query.language))
        for part in [replace(found, passage=passage, sentence_vectors=None)]
        for number in range(len(passage.sentences))
    ]


def nearest_rules(picks: Sequence[Pick]) -> list[Pick]:
    """The likeliest sentences of statutes, in the order of `picks`: the rule itself, to stand below
    an approved answer."""
    rules = [pick for pick in picks if pick.hit.document.kind is Kind.STATUTE]
    last = sorted(pick.distance for pick in rules)[:RULES]
    return [pick for pick in rules if pick.distance <= last[-1]][:RULES]


def _nearness(query: Query, hit: Hit) -> float:
    """The cosine of the asker's question with the one that a hit's entry answers; 0 for a hit that
    is no entry."""
    if hit.sentence_vectors is None:
        return 0.0
    questions = hit.sentence_vectors[len(hit.passage.sentences) :]
    return float((questions @ query.vector).max(initial=0.0))


def _is_rival(hit: Hit, other: Hit) -> bool:
    """Whether two hits are of different entries of one document, in the same language."""
    first, second = hit.passage, other.passage
    return (
        hit.document.id == other.document.id
        and first.language == second.language
        and first.heading != second.heading
    )


def _speaks_of_it(query: Query, hit: Hit) -> bool:
    """Whether enough of the asker's words stand in the entry; True between languages, where words
    cannot be compared."""
    passage = hit.passage
    if passage.language != query.language:
        return True
    asked = set(encode_terms_query(query.text, passage.language).indices)
    entry = encode_terms_query(f"{passage.heading} {passage.text}", passage.language).indices
    return len(asked) >= FEWEST and len(asked.intersection(entry)) >= COVERED * len(asked)


def _find_wording(
    passages: Sequence[Passage], found: Hit, languages: Sequence[str]
) -> list[Passage]:
    """The passages of the wording in the first of these languages that there is one in, among all
    of a document, in its order: an entry has the document's language first, then its
    translations."""
    entry: dict[str, list[Passage]] = {}
    has_found = False
    for (_, spoken), run in groupby(passages, key=lambda p: (p.heading, p.language)):
        if spoken == found.document.language or spoken in entry:
            if has_found:
                break
            entry = {}
        entry[spoken] = list(run)
        has_found = has_found or any(p.id == found.passage.id for p in entry[spoken])
    wanted = (*languages, found.passage.language)
    return next((entry[language] for language in wanted if language in entry), [])
