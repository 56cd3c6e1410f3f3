"""Which sentences are cited for a statement, and which one stands in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from core.types import Hit
from service.drafted import Draft
from service.extract import Pick
from service.facts import find_facts, normal_text

_WORD = re.compile(r"[^\W\d_]{4,}")


def proving_sentences(draft: Draft, picks: Sequence[Pick], hits: Sequence[Hit]) -> list[Pick]:
    """As few sentences of the passages that a draft is from as hold every figure of it that any
    does, those among its `picks` (the nearest) before others; where it has none, the picks. A row
    of a table is nearer to many sentences than the row that they are about."""
    missing = set(_figures(draft.text, draft.language))
    every = _every_sentence(draft, picks, hits)
    held = [(pick, _figures(_quote(pick), pick.hit.passage.language)) for pick in every]
    chosen: list[Pick] = []
    while held and missing:
        pick, figures = max(held, key=lambda pair: len(pair[1] & missing))
        if not figures & missing:
            break
        chosen.append(pick)
        missing -= figures
    return chosen or list(picks)


def nearest_sentence(draft: Draft, picks: Sequence[Pick], hits: Sequence[Hit]) -> Pick:
    """The sentence that a draft is about: one that shares most of its words, the nearest of such.
    `picks` are not empty."""
    words = _words(draft.text)
    every = _every_sentence(draft, picks, hits)
    return max(every, key=lambda pick: len(words & _words(_quote(pick))))


def _every_sentence(draft: Draft, picks: Sequence[Pick], hits: Sequence[Hit]) -> list[Pick]:
    """The picks, then all sentences of the passages that a draft is from."""
    cited = [hits[source - 1] for source in draft.sources]
    others = [Pick(hit, n, 0.0) for hit in cited for n in range(len(hit.passage.sentences))]
    return [*picks, *others]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _quote(pick: Pick) -> str:
    passage = pick.hit.passage
    return passage.quote(passage.sentences[pick.sentence])


@lru_cache(maxsize=4096)
def _figures(text: str, language: str) -> frozenset[tuple[str, str]]:
    """The numbers, dates and contacts of a text, however they are written."""
    facts = find_facts(normal_text(text, language), language)
    return frozenset((fact.kind.value, fact.value) for fact in facts)
