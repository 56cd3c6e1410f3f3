"""Whether a drafted statement says what its passages say, no more and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from core.encoder import Encoder, normalise
from core.languages import detect_language
from core.types import Hit, Vector
from service.aligned import Near, find_near, read_alone
from service.doubts import Doubt, find_doubts
from service.drafted import Draft
from service.evidence import (
    Evidence,
    evidence_of,
    missing_facts,
    sentence_with_lead,
)
from service.extract import Pick
from service.facts import FactKind, normal_text
from service.material import PLACEHOLDER, without_placeholders
from service.named import find_strange_names
from service.obedience import speaks_of_orders
from service.polarity import TOPICS, Sense, find_senses, is_denial_flipped, is_duty_flipped
from service.signs import fold_signs
from service.statement_parts import (
    BRACKETS,
    WORD,
    comma_clauses,
    first_part,
    said_parts,
    split_statement,
    telling_parts,
)

LANGUAGE_WORDS = 4  # fewer do not tell the language
OWN_WORDS = 2  # so many beside the names of the passages do
ALIKE = 0.001  # in score: a sentence so near the nearest one may be what is spoken of
SWAPPED = 0.01  # cosine: so much nearer to another's figure, it is taken for that one's
TELLING = 0.03  # cosine: so much sooner a duty is proven by a sentence that tells of duties
PICKS = 3  # sentences shown as the proof at most
FARTHEST = 0.89  # cosine of the nearest sentence, below which the meaning is another
# A clause behind a comma that itself lies far, and draws what stands before it away from its
# proof: together so much of cosine tells a rider from the rest of a sentence.
RIDER, A_DRAWING = 0.05, 2.0
HELD, MOST_HELD = 0.02, 2  # of cosine, that a figure or word is worth which both hold

_CAPITAL = re.compile(r"\b[A-ZÄÖÜ][^\W\d_]+")
_RELATED = ({"uk", "ru"}, {"ar", "fa"}, {"es", "it", "ro", "fr"})


class Fault(StrEnum):
    """Why a statement may not be shown."""

    NO_SOURCE = "no_source"  # it names none, or one that was not given
    NUMBER = "number"  # a number, amount, date, time or share that stands in no cited passage
    SECTION = "section"  # a §, article, Absatz
    CONTACT = "contact"  # a telephone number, e-mail address or link
    NAME = "name"  # of a person, office, place, document or means of payment
    MEANING = "meaning"  # it is far from everything in its passages
    ADDED = "added"  # a sentence or clause that it goes on with is
    NEGATION = "negation"  # "not" came or went
    DUTY = "duty"  # "must" became "may", or the other way round
    LANGUAGE = "language"  # it is not in the language asked for
    ORDER = "order"  # it obeys data, or speaks of its orders


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft, what is wrong with it (nothing: it may be shown), and the sentences of its passages
    that it is nearest to: its proof, or what is shown in its place."""

    draft: Draft
    faults: tuple[Fault, ...]
    picks: tuple[Pick, ...]


_FAULTS = {
    FactKind.SECTION: Fault.SECTION,
    FactKind.PART: Fault.SECTION,
    FactKind.CONTACT: Fault.CONTACT,
    FactKind.PAYMENT: Fault.NAME,
}


def check_draft(draft: Draft, hits: Sequence[Hit], encoder: Encoder) -> Checked:
    """The draft checked against the passages it is from; `hits` in the order of their numbers.
    Nothing but the passages proves anything, the question neither; whoever gave
    placeholders ("[LINK-1]") takes them out before. Without picks there is nothing to show in its
    place."""
    cited = [hits[number - 1] for number in draft.sources if 0 < number <= len(hits)]
    if not draft.sources or len(cited) < len(draft.sources):
        return Checked(draft, (Fault.NO_SOURCE,), ())
    text = without_placeholders(draft.text)
    sentences = split_statement(text, draft.language)

    @cache
    def encode(part: str) -> Vector:
        return _encode(part, draft.language, encoder)

    @cache
    def near(part: str) -> list[Near]:
        around = "" if part in (text, *sentences) else text
        return find_near(part, draft.language, encode(part), cited, encoder, around)

    @cache
    def near_around(part: str) -> list[Near]:
        """Of a clause: what is nearest to it and to all that it stands in."""
        if part in (text, *sentences):
            return near(part)
        vector = normalise(encode(part) + encode(text))
        return find_near(part, draft.language, vector, cited, encoder, text)

    def farness(part: str) -> float:
        return _farness(near(part))

    def is_rider(head: str, clause: str) -> bool:
        far = farness(clause)
        if far <= 0:
            return False
        apart, together = (_cosine(near(part)) for part in (head, f"{head}, {clause}"))
        return far + A_DRAWING * (apart - together) > RIDER

    proof = near(text)
    evidence = [evidence_of(hit) for hit in cited]
    known = _words(evidence)
    faults: list[Fault] = []
    if speaks_of_orders(text) or PLACEHOLDER.search(draft.text):
        faults.append(Fault.ORDER)
    if not _is_in_language(text, draft.language, known):
        faults.append(Fault.LANGUAGE)
    faults += _wrong_facts(text, draft.language, evidence)
    if Fault.NUMBER not in faults and _is_swapped(draft, text, cited, encoder):
        faults.append(Fault.NUMBER)
    if find_strange_names(text, draft.language, known):
        faults.append(Fault.NAME)
    if min(farness(part) for part in (text, first_part(sentences))) > 0:
        faults.append(Fault.MEANING)
    elif any(farness(part) > 0 for part in said_parts(sentences, draft.language, known)) or any(
        is_rider(*two) for two in comma_clauses(sentences, draft.language, known)
    ):
        faults.append(Fault.ADDED)
    for sentence in sentences:
        for part in telling_parts(sentence, draft.language):  # each has a proof of its own
            faults += _flips(part, draft.language, near_around(part), is_part=part != text)
    return Checked(draft, tuple(dict.fromkeys(faults)), tuple(one.pick for one in proof[:PICKS]))


def _wrong_facts(text: str, language: str, evidence: Sequence[Evidence]) -> list[Fault]:
    missing = missing_facts(normal_text(text, language), language, evidence)
    faults = {_FAULTS.get(fact.kind, Fault.NUMBER) for fact in missing}
    return sorted(faults)


def _is_swapped(draft: Draft, text: str, cited: Sequence[Hit], encoder: Encoder) -> bool:
    """Whether the statement gives something the figure of something else: the words around it stand
    beside another figure of its kind or, where words do not tell, lie nearer to that one."""
    doubts = find_doubts(text, draft.language, [evidence_of(hit) for hit in cited])
    if any(doubt.lead > 1 for doubt in doubts):
        return True
    lead = max((doubt.lead for doubt in doubts), default=-1)
    if lead < 0:
        return False
    vectors = [_encode(doubt.bare, draft.language, encoder) for doubt in doubts]
    alone = [read_alone(hit, encoder) for hit in cited]

    def gain(number: int, rival: Doubt | None = None) -> float:
        """How much nearer the words around a figure are to another's sentences than to its."""
        doubt = doubts[number]
        own, others = (
            max(float(alone[hit][place] @ vectors[number]) for hit, place in places)
            for places in (doubt.own, rival.own if rival else doubt.others)
        )
        return others - own

    pairs = [
        gain(one, doubts[two]) + gain(two, doubts[one])
        for one in range(len(doubts))
        for two in range(one)
        if doubts[one].is_mutual(doubts[two])
    ]
    if pairs:
        return max(pairs) > (-SWAPPED if lead else SWAPPED)
    if lead:
        return any(gain(number) >= 0 for number, doubt in enumerate(doubts) if doubt.lead)
    return any(
        gain(number) > SWAPPED and not doubt.is_told and _is_in_list(doubt, cited)
        for number, doubt in enumerate(doubts)
        if doubt.lead == 0
    )


def _is_in_list(doubt: Doubt, cited: Sequence[Hit]) -> bool:
    """Whether a figure stands in rows or items, where it is easily taken for that of the next."""
    quotes = [cited[hit].passage for hit, _ in doubt.own]
    places = [place for _, place in doubt.own]
    return not any(
        passage.quote(passage.sentences[place]).endswith((".", "!", "?"))
        for passage, place in zip(quotes, places, strict=True)
    )


def _encode(text: str, language: str, encoder: Encoder) -> Vector:
    """The vector of a text without its brackets: a German word in them draws it to where the word
    stands, not to what is said of it."""
    bare = " ".join(BRACKETS.sub(" ", text).split())
    return encoder.encode_question(bare or text, language)


def _words(evidence: Sequence[Evidence]) -> frozenset[str]:
    return frozenset().union(*(one.words for one in evidence))


def _flips(text: str, language: str, proof: Sequence[Near], *, is_part: bool) -> list[Fault]:
    """What is denied, or a duty, that the sentences which it may speak of have otherwise."""
    said = find_senses(text, language)
    told = []
    for near in proof:
        quote, own = sentence_with_lead(near.pick), near.pick.hit.passage.language
        clauses = telling_parts(quote, own) if is_part else []
        told.append((near, [find_senses(clause, own) for clause in (quote, *clauses)]))
    ranked = sorted(
        ((near.score + TELLING * _count_told(said, senses), near, senses) for near, senses in told),
        key=lambda entry: -entry[0],
    )
    found: list[list[Fault]] = []
    for score, near, senses in ranked:
        if ranked[0][0] - score <= ALIKE or near.held - ranked[0][1].held:
            found += [_flipped(said, one) for one in senses]
    return min(found, key=bool, default=[])


def _count_told(said: frozenset[Sense], senses: Sequence[frozenset[Sense]]) -> float:
    """How much sooner a sentence is what is spoken of: where both tell of duties, and once more
    where it is about the same: whether a fee rises, say. That both are free tells half of that, as
    another thing may be."""
    told = frozenset().union(*senses)
    shared = any(topic & said and topic & told for topic in TOPICS)
    return bool(said and told) + shared + 0.5 * (Sense.FREE in said & told)


def _flipped(said: frozenset[Sense], senses: frozenset[Sense]) -> list[Fault]:
    faults = []
    if is_denial_flipped(said, senses):
        faults.append(Fault.NEGATION)
    if is_duty_flipped(said, senses):
        faults.append(Fault.DUTY)
    return faults


def _cosine(proof: Sequence[Near]) -> float:
    return max((near.cosine for near in proof), default=0.0)


def _farness(proof: Sequence[Near]) -> float:
    """How much farther a statement lies from its nearest sentence than what is proven does."""
    nearest = (near.cosine + HELD * min(MOST_HELD, len(near.held)) for near in proof)
    return FARTHEST - max(nearest, default=0.0)


def _is_in_language(text: str, language: str, known: frozenset[str]) -> bool:
    """Whether a statement is in a language, German in brackets and the names of the passages aside.
    A few words do not tell one from a related one."""
    bare = BRACKETS.sub(" ", text)
    words = len(WORD.findall(bare))
    if words < LANGUAGE_WORDS:
        return True
    own = _CAPITAL.sub(lambda word: " " if fold_signs(word[0]) in known else word[0], bare)
    found = detect_language(own if len(WORD.findall(own)) >= OWN_WORDS else bare)
    is_related = any({found, language} <= related for related in _RELATED)
    return found == language or (is_related and words < 2 * LANGUAGE_WORDS)
