"""Whether a drafted statement says what its passages say, no more and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from core.encoder import Encoder
from core.languages import detect_language
from core.sentences import split_sentences
from core.types import Hit, Vector
from service.aligned import Near, find_near
from service.doubts import Doubt, find_doubts
from service.drafted import Draft
from service.evidence import (
    Evidence,
    evidence_of,
    missing_facts,
    sentence_with_lead,
)
from service.extract import Pick
from service.facts import FactKind, find_facts, normal_text
from service.material import PLACEHOLDER, without_placeholders
from service.named import find_strange_names
from service.obedience import speaks_of_orders
from service.polarity import Sense, find_senses, is_denial_flipped, is_duty_flipped
from service.sentences import vectors_of
from service.signs import fold_signs

CLAUSE_WORDS = 2  # fewer are no clause
TERM_WORDS = 2  # a bracket of more is no term
LANGUAGE_WORDS = 4  # fewer do not tell the language
ALIKE = 0.001  # in score: a sentence so near the nearest one may be what is spoken of
SWAPPED = 0.0025  # cosine: so much nearer to another's figure, it is taken for that one's
CROSSED = 0.0025  # the same for two figures of a statement together, each the other's
TELLING = 0.01  # cosine: so much sooner a duty is proven by a sentence that tells of duties
PICKS = 3  # sentences shown as the proof at most
# Cosine of the nearest sentence, below which the meaning is another: of a statement of ten words.
# In the language of the documents it lies higher, and it grows with each word up to fourteen.
FARTHEST, FARTHEST_GERMAN = 0.838, 0.853
WORDS, MOST_WORDS, A_WORD = 10, 14, 0.004
ADDED_WORDS = 6  # what is added to a statement in fewer is taken for one of so many
HELD, MOST_HELD = 0.01, 2  # of cosine, that a figure or word is worth which both hold

_ADDED = re.compile(  # between a clause and what is added to it: "…; dafür", "…, sonst droht"
    r"[;؛]\s|[,،]\s(?=(?:sonst|andernfalls|ansonsten|otherwise|or (?:you|they|he|she|it|we)|sinon"
    r"|yoksa|aksi|інакше|иначе|وإلا|وگرنه|در غیر|inaczej|de lo contrario|altrimenti|altfel)\b)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r";\s|[,،؛]\s(?=\D)")
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_RELATED = ({"uk", "ru"}, {"ar", "fa"}, {"es", "it", "ro", "fr"})


class Fault(StrEnum):
    """Why a statement may not be shown."""

    NO_SOURCE = "no_source"  # it names none, or one that was not given
    NUMBER = "number"  # a number, amount, date, time or share that stands in no cited passage
    SECTION = "section"  # a §, article, Absatz
    CONTACT = "contact"  # a telephone number, e-mail address or link
    NAME = "name"  # of a person, office, place or document
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
}


def check_draft(draft: Draft, hits: Sequence[Hit], encoder: Encoder) -> Checked:
    """The draft checked against the passages it is from; `hits` in the order of their numbers, with
    sentence vectors. Nothing but the passages proves anything, the question neither; whoever gave
    placeholders ("[LINK-1]") takes them out before. Without picks there is nothing to show in its
    place."""
    cited = [hits[number - 1] for number in draft.sources if 0 < number <= len(hits)]
    if not draft.sources or len(cited) < len(draft.sources):
        return Checked(draft, (Fault.NO_SOURCE,), ())
    text = without_placeholders(draft.text)
    sentences = [text[start:end] for start, end in split_sentences(text, draft.language)]

    @cache
    def near(part: str) -> list[Near]:
        is_clause = part not in (text, *sentences)
        return _nearest(draft, part, cited, encoder, text if is_clause else "")

    proof = near(text)
    evidence = [evidence_of(hit) for hit in cited]
    faults: list[Fault] = []
    if speaks_of_orders(text) or PLACEHOLDER.search(draft.text):
        faults.append(Fault.ORDER)
    if not _is_in_language(text, draft.language):
        faults.append(Fault.LANGUAGE)
    faults += _wrong_facts(text, draft.language, evidence)
    if Fault.NUMBER not in faults and _is_swapped(draft, text, cited, encoder):
        faults.append(Fault.NUMBER)
    if find_strange_names(text, draft.language, _words(evidence)):
        faults.append(Fault.NAME)
    if _farness(text, draft.language, proof) > 0:
        faults.append(Fault.MEANING)
    elif any(
        _farness(part, draft.language, near(part), is_added=is_added) > 0
        for part, is_added in _said(sentences, draft.language, _words(evidence))
    ):
        faults.append(Fault.ADDED)
    for part in _parts(sentences, draft.language):  # each has a proof of its own
        faults += _flips(part, draft.language, near(part), is_clause=part not in sentences)
    return Checked(draft, tuple(dict.fromkeys(faults)), tuple(one.pick for one in proof[:PICKS]))


def _nearest(
    draft: Draft, text: str, cited: Sequence[Hit], encoder: Encoder, around: str = ""
) -> list[Near]:
    """The sentences nearest to a statement, the nearest first."""
    vector = _encode(text, draft.language, encoder)
    return find_near(text, draft.language, vector, cited, around)


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

    def gain(number: int, rival: Doubt | None = None) -> float:
        """How much nearer the words around a figure are to another's sentences than to its."""
        doubt = doubts[number]
        own, others = (
            max(float(vectors_of(cited[hit])[place] @ vectors[number]) for hit, place in places)
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
        return max(pairs) > (-CROSSED if lead else CROSSED)
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
    bare = " ".join(_BRACKETS.sub(" ", text).split())
    return encoder.encode_question(bare or text, language)


def _words(evidence: Sequence[Evidence]) -> frozenset[str]:
    return frozenset().union(*(one.words for one in evidence))


def _said(
    sentences: Sequence[str], language: str, known: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    """What has to be proven by itself, and whether it is added to something before: the sentences,
    of one with added clauses those, and brackets that hold more than the passages' own words. A
    clause with a figure does not: of "telefono 09999 123" the figure is what is said."""
    for number, sentence in enumerate(sentences):
        brackets = [one[1:-1] for one in _BRACKETS.findall(sentence) if _is_remark(one, known)]
        clauses = [clause for clause in _ADDED.split(sentence) if _WORD.search(clause)]
        for place, part in enumerate([*clauses, *brackets]):
            if part == sentence or not find_facts(normal_text(part, language), language):
                yield part, number + place > 0


def _is_remark(bracket: str, known: frozenset[str]) -> bool:
    """Whether a bracket says something, and is no German term of the passages."""
    words = _WORD.findall(fold_signs(bracket))
    return len(words) > TERM_WORDS and not known.issuperset(words)


def _parts(sentences: Sequence[str], language: str) -> Iterator[str]:
    """The sentences, and of one with several clauses those that deny, grant or oblige."""
    for sentence in sentences:
        clauses = _CLAUSE_END.split(sentence)
        if len(clauses) == 1 or any(len(_WORD.findall(c)) < CLAUSE_WORDS for c in clauses):
            yield sentence
            continue
        telling = [clause for clause in clauses if find_senses(clause, language)]
        yield from telling or [sentence]


def _flips(text: str, language: str, proof: Sequence[Near], *, is_clause: bool) -> list[Fault]:
    """What is denied, or a duty, that the sentences which it may speak of have otherwise."""
    said = find_senses(text, language)
    told = [
        (near, [find_senses(clause, near.pick.hit.passage.language) for clause in clauses])
        for near in proof
        for quote in [sentence_with_lead(near.pick)]
        for clauses in [[quote, *quote.split(";")] if is_clause else [quote]]
    ]
    ranked = sorted(
        (
            (near.score + TELLING * bool(said and any(senses)), near, senses)
            for near, senses in told
        ),
        key=lambda entry: -entry[0],
    )
    found: list[list[Fault]] = []
    for score, near, senses in ranked:
        if ranked[0][0] - score <= ALIKE or near.held - ranked[0][1].held:
            found += [_flipped(said, one) for one in senses]
    return min(found, key=bool, default=[])


def _flipped(said: frozenset[Sense], senses: frozenset[Sense]) -> list[Fault]:
    faults = []
    if is_denial_flipped(said, senses):
        faults.append(Fault.NEGATION)
    if is_duty_flipped(said, senses):
        faults.append(Fault.DUTY)
    return faults


def _farness(text: str, language: str, proof: Sequence[Near], *, is_added: bool = False) -> float:
    """How much farther a statement lies from its nearest sentence than what is proven does;
    `is_added`: it stands behind another, and must be as near as one of some words."""
    nearest = (near.cosine + HELD * min(MOST_HELD, len(near.held)) for near in proof)
    words = len(_WORD.findall(_BRACKETS.sub(" ", text)))
    if is_added and not any(near.held for near in proof):
        words = max(words, ADDED_WORDS)
    farthest = FARTHEST_GERMAN if language == "de" else FARTHEST
    return farthest + A_WORD * (min(words, MOST_WORDS) - WORDS) - max(nearest, default=0.0)


def _is_in_language(text: str, language: str) -> bool:
    """Whether a statement is in a language, German in brackets aside. A few words do not tell one
    from a related one."""
    bare = _BRACKETS.sub(" ", text)
    words = len(_WORD.findall(bare))
    if words < LANGUAGE_WORDS:
        return True
    found = detect_language(bare)
    is_related = any({found, language} <= related for related in _RELATED)
    return found == language or (is_related and words < 2 * LANGUAGE_WORDS)
