"""The parts of a statement that need a proof of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.sentences import split_sentences
from service.facts import find_facts, normal_text
from service.polarity import find_senses
from service.signs import fold_signs

CLAUSE_WORDS = 2  # fewer are no clause
RIDER_WORDS = 4  # fewer behind a comma say nothing by themselves
TERM_WORDS = 2  # a bracket of more is no term

_ADDED = re.compile(  # between a clause and what is added to it: "…; dafür", "…, sonst droht"
    r"[;؛]\s|[,،]\s(?=(?:sonst|andernfalls|ansonsten|otherwise|or (?:you|they|he|she|it|we)|sinon"
    r"|yoksa|aksi|інакше|иначе|وإلا|وگرنه|در غیر|inaczej|de lo contrario|altrimenti|altfel)\b)",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,،]\s(?=\D)")
_CLAUSE_END = re.compile(r";\s|[,،؛]\s(?=\D)")
BRACKETS = re.compile(r"\([^()]*\)")
WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER_END = re.compile(r"(?<=[^\W_])(?<!\.)(?:(?<=\d)|(?<= h))\.\s+(?=[^\W\d_])")


def split_statement(text: str, language: str) -> list[str]:
    """The sentences. Only German writes its ordinals as "1." and its nouns with a capital; in other
    languages a sentence ends there: "oda 1. Kayıt ücretsizdir."."""
    spans = [text[start:end] for start, end in split_sentences(text, language)]
    if language == "de":
        return spans
    return [part for span in spans for part in _split_numbers(span)]


def _split_numbers(sentence: str) -> Iterator[str]:
    start = 0
    for match in _NUMBER_END.finditer(sentence):
        if not sentence[match.end()].islower():
            yield sentence[start : match.start() + 1]
            start = match.end()
    yield sentence[start:]


def first_part(sentences: Sequence[str]) -> str:
    """What the first sentence says before anything is added to it."""
    return _ADDED.split(sentences[0])[0] if sentences else ""


def said_parts(sentences: Sequence[str], language: str, known: frozenset[str]) -> Iterator[str]:
    """What has to be proven by itself: the sentences, of one with added clauses those, and brackets
    that hold more than the passages' own words. A clause with a figure does not: of "telefono 09999
    123" the figure is what is said."""
    for sentence in sentences:
        brackets = [one[1:-1] for one in BRACKETS.findall(sentence) if _is_remark(one, known)]
        clauses = [clause for clause in _ADDED.split(sentence) if WORD.search(clause)]
        for part in [*clauses, *brackets]:
            if part == sentence or not find_facts(normal_text(part, language), language):
                yield part


def comma_clauses(
    sentences: Sequence[str], language: str, known: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The clauses behind the commas of a sentence: all that stands before each, and it. Not those
    with figures, or in other languages words of the passages, which are what is said."""
    for bare in (BRACKETS.sub(_without_commas, sentence) for sentence in sentences):
        for comma in _COMMA.finditer(bare):
            head, clause = bare[: comma.start()], _COMMA.split(bare[comma.end() :])[0]
            is_long = min(len(WORD.findall(part)) for part in (head, clause)) >= RIDER_WORDS
            words = set() if language == "de" else set(_LONG_WORD.findall(fold_signs(clause)))
            if is_long and not (
                words & known or find_facts(normal_text(clause, language), language)
            ):
                yield head, clause


def _without_commas(bracket: re.Match[str]) -> str:
    return re.sub("[,،]", "", bracket[0])


def _is_remark(bracket: str, known: frozenset[str]) -> bool:
    """Whether a bracket says something, and is no German term of the passages."""
    parts = [WORD.findall(part) for part in re.split("[,،]", fold_signs(bracket))]
    is_term = [known.issuperset(words) for words in parts]
    if any(is_term) and len(parts) > 1:  # "Altstadt, old town"
        return any(
            len(part) > TERM_WORDS and not term for part, term in zip(parts, is_term, strict=True)
        )
    return not all(is_term) and sum(map(len, parts)) > TERM_WORDS


def telling_parts(sentence: str, language: str) -> list[str]:
    """The sentence, or where it has several clauses those that deny, grant or oblige."""
    clauses = _CLAUSE_END.split(sentence)
    if len(clauses) == 1 or any(len(WORD.findall(c)) < CLAUSE_WORDS for c in clauses):
        return [sentence]
    return [clause for clause in clauses if find_senses(clause, language)] or [sentence]
