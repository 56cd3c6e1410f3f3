"""What the cited passages say, made ready for statements to be compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from core.labels import label
from core.types import Hit
from service.extract import ITEM, Pick
from service.facts import Fact, FactKind, find_facts, normal_text
from service.signs import fold_signs
from service.spelled import ordinal_patterns

_CLAUSE = re.compile(
    r";|\.(?=\s(?!\d)|$)|[,،؛](?=\s(?!(?:wenn|falls|sofern|if|si|jesli|якщо|если|daca)\b)|$)"
    r"|\s(?:und|and|ve|ile|и|та|і|а|و|et|y|e|i|si|iar|oraz|ise|while|sowie)\s|\sو(?=[^\W\d_])"
)
_NUMBERED = re.compile(r"\((\d+[a-z]?)\)|^\s*(\d+[a-z]?)[.)](?=\s)", re.MULTILINE)
_FREE = re.compile(r"kostenlos|gebuhrenfrei|unentgeltlich|free of charge")
_SAME = re.compile(r"(?:\(\d+\w?\) )?(?:D(?:as|ies)(?:selbe)?|Gleiches) gilt\b")
_NOTHING = "nothing"  # the unit of a number that counts nothing
_NOON = Decimal(12)
_PAID = ("euro", "cent", "money", "")  # amounts, and "twice": what has a period
_WORKDAY = re.compile(r"\bwerktag")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: its facts, its ordinals and its words."""

    facts: tuple[Fact, ...]
    ordinals: frozenset[int]
    words: frozenset[str]
    bare: str  # without the facts
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of a passage with all that is said around it, and its clauses."""

    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    normal: str
    words: frozenset[str]  # that names are looked for in
    marks: tuple[frozenset[str], ...]  # of its sentences


def sentence_with_lead(pick: Pick) -> str:
    """A sentence; an item of a list with the words before the list: "Nicht gestattet ist";
    "Dasselbe gilt für …" with the sentence before."""
    passage = pick.hit.passage
    quotes = [passage.quote(sentence) for sentence in passage.sentences[: pick.sentence + 1]]
    if _SAME.match(quotes[-1]) and len(quotes) > 1:
        return f"{quotes[-2]} {quotes[-1]}"
    if ITEM.match(quotes[-1]):
        leads = [quote for quote in quotes if not ITEM.match(quote)]
        if leads and not leads[-1].endswith((".", "!", "?")):
            return f"{leads[-1]} {quotes[-1]}"
    return quotes[-1]


def evidence_of(hit: Hit) -> Evidence:
    """What a passage proves, from its text, its context, its label and its document's title."""
    passage, document = hit.passage, hit.document
    places = {label(document, passage.section, None, s.mark) for s in passage.sentences}
    town = document.jurisdiction.name if document.jurisdiction else ""
    around = " . ".join([passage.context, document.title, passage.heading, town, *sorted(places)])
    sentences = tuple(passage.quote(sentence) for sentence in passage.sentences)
    return _evidence(passage.text, around, sentences, passage.language)


def marks_of(text: str, language: str) -> frozenset[str]:
    """What tells a sentence from others in any language: its figures, ordinals, German words."""
    normal = normal_text(text, language)
    facts = find_facts(normal, language)
    figures = {
        " ".join(map(str, fact.measure)) if fact.kind is FactKind.NUMBER else fact.value
        for fact in facts
        if fact.kind is not FactKind.PERIOD  # "a year" tells none from another
    }
    ordinals = {f"{number}." for number in _ordinals(normal, language)}
    return frozenset(figures | ordinals) | _words(_without(facts, normal, 0, len(normal)))


@lru_cache(maxsize=512)
def _evidence(text: str, around: str, sentences: tuple[str, ...], language: str) -> Evidence:
    normal = normal_text(f"{text} . {around}", language)
    parts = list(_NUMBERED.finditer(normal))
    plain = _NUMBERED.sub(lambda match: " " * len(match[0]), normal)
    facts = [_as_said(fact, plain) for fact in find_facts(plain, language)]
    facts += [Fact(FactKind.PART, part[1] or part[2], "", *part.span()) for part in parts]
    clauses = tuple(
        replace(clause, sentence=number)
        for number, sentence in enumerate(sentences)
        for clause in split_clauses(sentence, language)
    )
    words = frozenset(re.findall(r"[^\W\d_]{3,}", normal))
    common = _words(normal_text(around, language))  # what all of it is about tells nothing apart
    marks = tuple(marks_of(sentence, language) - common for sentence in sentences)
    return Evidence(tuple(facts), clauses, normal, words, marks)


def _as_said(fact: Fact, normal: str) -> Fact:
    """A number without a unit that is no figure of a table counts nothing: a room's, a street's."""
    is_figure = "," in normal[fact.start : fact.end] or normal[: fact.start].rstrip()[-1:] == ":"
    if fact.kind is FactKind.NUMBER and not fact.unit and not is_figure:
        return replace(fact, unit=_NOTHING)
    return fact


def split_clauses(text: str, language: str) -> Iterator[Clause]:
    """The clauses of a text that hold a fact."""
    normal, facts = _read(text, language)
    borders = [
        match.end()
        for match in _CLAUSE.finditer(normal)
        for start in [match.end() - len(match[0].lstrip())]
        if not any(fact.start < match.end() and start < fact.end for fact in facts)
    ]
    start = 0
    for end in [*borders, len(normal)]:
        clause = _clause(normal, facts, language, start, end)
        if clause.facts:
            yield clause
        start = end


def whole_clause(text: str, language: str) -> Clause:
    """All of a text as if it were one clause."""
    normal, facts = _read(text, language)
    return _clause(normal, facts, language, 0, len(normal))


def _read(text: str, language: str) -> tuple[str, list[Fact]]:
    normal = normal_text(text.replace(" è ", " = "), language)  # folded it would be "and"
    return normal, find_facts(normal, language)


def _clause(normal: str, facts: Sequence[Fact], language: str, start: int, end: int) -> Clause:
    own = tuple(fact for fact in facts if start <= fact.start < end)
    words = normal[start:end]
    bare = _without(own, normal, start, end)
    return Clause(own, _ordinals(words, language), _words(words), bare)


def missing_facts(normal: str, language: str, evidence: Sequence[Evidence]) -> list[Fact]:
    """The facts of a normal text that stand nowhere in the evidence."""
    held = [fact for one in evidence for fact in one.facts]
    text = " ".join(one.normal for one in evidence)
    found = find_facts(normal, language)
    has_amount = any(fact.kind is FactKind.NUMBER and fact.unit in _PAID for fact in found)
    missing = [
        fact
        for fact in found
        if (has_amount or fact.kind is not FactKind.PERIOD) and not _stands(fact, held, text)
    ]
    return missing + list(_wrong_days(normal, language, evidence))


def _wrong_days(normal: str, language: str, evidence: Sequence[Evidence]) -> Iterator[Fact]:
    """The days of the week with times that the evidence has on other days only."""
    rows: dict[tuple[int, int], list[Fact]] = {}
    for number, one in enumerate(evidence):
        for clause in one.clauses:
            rows.setdefault((number, clause.sentence), []).extend(clause.facts)
    for clause in split_clauses(normal, language):
        times = [fact for fact in clause.facts if fact.kind is FactKind.TIME]
        with_times = [
            row
            for row in rows.values()
            if all(any(is_same(time, held) for held in row) for time in times)
        ]
        if not (times and with_times and all(map(_has_day, with_times))):
            continue
        for fact in clause.facts:
            if fact.kind is FactKind.WEEKDAY and not any(_is_on(fact, row) for row in with_times):
                yield fact


def _has_day(row: Sequence[Fact]) -> bool:
    return any(fact.kind is FactKind.WEEKDAY or _is_daily(fact) for fact in row)


def _is_on(day: Fact, row: Sequence[Fact]) -> bool:
    return any(is_same(day, held) or _is_daily(held) for held in row)


def _is_daily(fact: Fact) -> bool:
    return fact.kind is FactKind.PERIOD and fact.value == "day"


def is_same(one: Fact, other: Fact) -> bool:
    """Whether two facts say the same, however they are written."""
    if one.kind is FactKind.NUMBER and other.kind is FactKind.NUMBER:
        if one.unit and other.unit and _NOTHING not in (one.unit, other.unit):
            return one.measure == other.measure
        if _NOTHING in (one.unit, other.unit) and one.unit and other.unit:
            return False
        return Decimal(one.value) == Decimal(other.value)
    if one.kind is FactKind.MONTH and other.kind is FactKind.DATE:
        return other.value[-5:-3] == f"{int(one.value):02}"
    if one.kind is FactKind.DATE and other.kind is FactKind.DATE:
        return one.value == other.value or (one.value[0] == "-" and other.value.endswith(one.value))
    if one.kind is FactKind.NUMBER and other.kind is FactKind.TIME and one.unit in ("", "hour"):
        return f"{Decimal(one.value):05.2f}".replace(".", ":") == other.value
    return one.kind is other.kind and one.value == other.value


def _stands(fact: Fact, held: Sequence[Fact], text: str) -> bool:
    if any(is_same(fact, other) for other in held):
        return True
    if fact.kind is FactKind.NUMBER:
        return _stands_otherwise(fact, held, text)
    if fact.kind is FactKind.WEEKDAY:
        is_workday = fact.value != "sun" and _WORKDAY.search(text) is not None
        return is_workday or any(map(_is_daily, held))
    if fact.kind is FactKind.PERIOD:
        once = replace(fact, kind=FactKind.NUMBER, value="1", unit=fact.value)
        return any(is_same(once, other) for other in held if other.unit)
    if fact.kind is FactKind.PART:
        return any(
            one.kind in (FactKind.SECTION, FactKind.PART) and one.value == fact.value
            for one in held
        )
    if fact.kind is FactKind.DATE and fact.value[0] != "-":
        year, rest = fact.value[:4], fact.value[4:]
        return year in text and any(one.value == rest for one in held)
    if fact.kind is FactKind.CONTACT and ("." in fact.value or "@" in fact.value):
        return fact.value.rstrip("/") in text
    if fact.kind is FactKind.TIME and fact.value.endswith(":00"):
        hour = Decimal(fact.value[:2])
        return any(
            one.kind is FactKind.NUMBER and one.unit in ("", "hour") and Decimal(one.value) == hour
            for one in held
        )
    return False


def _stands_otherwise(fact: Fact, held: Sequence[Fact], text: str) -> bool:
    """A number as a part of a date or a time ("2 to 4 pm"), "for one month" as "im Monat",
    nothing as "kostenlos"."""
    value = Decimal(fact.value)
    if not fact.unit:
        whole = fact.value.rjust(2, "0")
        if any(one.kind is FactKind.DATE and whole in one.value.split("-") for one in held):
            return True
    if fact.unit in ("", "hour"):
        hours = {f"{value + shift:05.2f}".replace(".", ":") for shift in (0, _NOON)}
        if any(one.kind is FactKind.TIME and one.value in hours for one in held):
            return True
    if value == 1 and fact.unit:
        return any(one.kind is FactKind.PERIOD and one.value == fact.unit for one in held)
    return value == 0 and _FREE.search(text) is not None


def _ordinals(normal: str, language: str) -> frozenset[int]:
    patterns = [*ordinal_patterns(language), *ordinal_patterns("de")]
    return frozenset(number for number, pattern in patterns if pattern.search(normal))


def _without(facts: Sequence[Fact], normal: str, start: int, end: int) -> str:
    letters = list(normal[start:end])
    for fact in facts:
        letters[fact.start - start : fact.end - start] = " " * (fact.end - fact.start)
    return " ".join("".join(letters).split())


def _words(normal: str) -> frozenset[str]:
    """The beginnings of the longer words, as words inflect, and those with a letter: of
    "Grundsteuer A"."""
    found = re.findall(r"([a-z]{5,})( [a-d]\b(?!'))?", fold_signs(normal))
    return frozenset(word[:8] + end for word, letter in found for end in {"", letter})
