"""Drafts by patterns: the question that a sentence of a by-law or leaflet answers."""

from __future__ import annotations

from collections.abc import Callable

from eval.drafting.amounts import ask_amount, ask_fee, ask_price, ask_size, ask_sum
from eval.drafting.clauses import Clause, parse_clause, speak_as_citizen
from eval.drafting.rules import ask_forbidden, ask_may, ask_what, ask_where, ask_who
from eval.drafting.times import ask_before, ask_how_long, ask_when, ask_within
from eval.drafting.words import Draft, Found, is_askable, plain_words, without_mark

LONGEST_QUESTION = 190

_OF_SENTENCES: tuple[Callable[[str], Found | None], ...] = (ask_who, ask_what, ask_forbidden)
_OF_CLAUSES: tuple[Callable[[Clause], Found | None], ...] = (
    ask_amount,
    ask_price,
    ask_fee,
    ask_within,
    ask_before,
    ask_how_long,
    ask_sum,
    ask_size,
    ask_when,
    ask_where,
    ask_may,
)


def draft_sentence(sentence: str, is_formal: bool = False) -> Draft | None:
    """The question that a sentence answers, or None where no pattern makes a good one of it.
    `is_formal`: whether "Sie" at its beginning means the reader."""
    quote = without_mark(sentence)
    plain = plain_words(quote)
    if not is_askable(plain) or not plain.endswith("."):
        return None
    found = _find(plain[:-1], is_formal)
    if found is None:
        return None
    kind, question, numbers = found
    spoken = speak_as_citizen(question)
    if spoken is None or len(spoken) > LONGEST_QUESTION or len(spoken.split()) < 3:
        return None
    return Draft(kind, spoken, plain, numbers, (quote,))


def _find(sentence: str, is_formal: bool) -> Found | None:
    for of_sentence in _OF_SENTENCES:
        if found := of_sentence(sentence):
            return found
    clause = parse_clause(sentence)
    if clause is None or (clause.front == "Sie" and not is_formal):
        return None
    for of_clause in _OF_CLAUSES:
        if found := of_clause(clause):
            return found
    return None
