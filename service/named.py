"""The names in a statement, of people, places, offices and documents, as far as they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cache

from anyascii import anyascii
from babel import Locale
from babel.dates import get_day_names, get_month_names
from rapidfuzz import fuzz, process

from core.languages import SUPPORTED
from service.signs import fold_signs

ALIKE = 78  # in percent: how like a word of the passages a name must be, as names are inflected

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_START = re.compile(r"(?:^|[.!?:;…]\s+|[«„“\"]\s?)$")
_OFFICE = re.compile(
    r"\w*(?:amt|ämter|büro|stelle|behörde|kasse|gericht|ministerium|zentrum|bücherei|kammer|konsulat"
    r"|verwaltung|agentur|jobcenter)$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:Herrn?|Frau|Dr\.|Familie)\s+(?:[A-ZÄÖÜ]\w+\s?){1,2}")
# Polite words with a capital, and words for places in a text.
_PLAIN_WORDS = """
    вы вас вам вами ваш ваша ваше ваши вашего вашему вашей вашу ви вашої państwo państwa
    państwu pani pan panu lei suo sua suoi ella usted ud uds section article absatz art
    abs estado estados stato stati état unión union unione unia uniunea europea européenne
    europejskiej niemiec niemczech niemcy єс ес nr sie ihr ihre ihren ihrem euro eur eu
    dem der die das
"""
_PLAIN = frozenset(map(fold_signs, _PLAIN_WORDS.split()))


def find_strange_names(text: str, language: str, known: Set[str]) -> list[str]:
    """The names in a text that none of the known words, folded, is like."""
    return [name for name in _names(text, language) if not _is_known(name, language, known)]


def _names(text: str, language: str) -> Iterator[str]:
    if language == "de":  # where every noun is written as a name is
        for match in _WORD.finditer(text):
            if _OFFICE.match(match[0]) and match[0][0].isupper():
                yield match[0]
        for match in _PERSON.finditer(text):
            yield from match[0].split()[1:]
        return
    for match in _WORD.finditer(text):
        is_acronym = match[0].isupper() and not _LATIN.match(match[0])  # "РАЦС", "ЗАГС"
        if match[0][0].isupper() and not is_acronym and not _START.search(text[: match.start()]):
            yield match[0]


def _is_known(name: str, language: str, known: Set[str]) -> bool:
    folded = fold_signs(name).split("'")[0]  # "Almanya'ya"
    if (
        len(folded) < 3
        or folded in _PLAIN
        or folded.startswith(_calendar(language))
        or folded in known
    ):
        return True
    latin = folded if _LATIN.match(folded) else fold_signs(anyascii(folded))
    if any(word in latin or latin in word for word in known if len(word) > 4 and len(latin) > 4):
        return True
    if process.extractOne(latin, known, scorer=fuzz.ratio, score_cutoff=ALIKE):
        return True
    return any(
        german == "deutschland" or german in known
        for own, german in _countries(language)
        if own[:5] == folded[:5]
    )


@cache
def _calendar(language: str) -> tuple[str, ...]:
    """Days and months, which are checked elsewhere; "Thursdays" begins with one."""
    return tuple(
        fold_signs(word)
        for names in (get_day_names, get_month_names)
        for word in names("wide", "format", language).values()
    )


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    """The words of countries' names in a language, each with the German name."""
    if language not in SUPPORTED:
        return ()
    german = Locale("de").territories
    return tuple(
        (fold_signs(word), fold_signs(german[code]))
        for code, name in Locale(language).territories.items()
        if code.isalpha() and code in german
        for word in name.split()
        if len(word) > 3
    )
