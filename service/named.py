"""The names in a statement, of people, places, offices and documents, as far as they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cache
from itertools import pairwise

from anyascii import anyascii
from babel import Locale
from babel.dates import get_day_names, get_month_names
from rapidfuzz import fuzz, process

from core.languages import SUPPORTED
from service.atlas import atlas
from service.elsewhere import Region, listed_places, unlisted_places
from service.german_terms import OFFICE_WORDS
from service.personal_names import find_names
from service.personal_words import COMMON_NOUN
from service.signs import fold_signs
from service.spelling import cases, fold, split_words

ALIKE = 78  # in percent: how like a word of the passages a name must be, as names are inflected

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_TRANSLATED = re.compile(  # "Vatandaş Bürosu (Bürgerbüro)": the name of what stands in the bracket
    r"(?:\b[A-ZÀ-ÖØ-ÞİŞĞŁŚŻŹĆȘȚĂА-ЯЁЄІЇҐ][^\s()]*\s+){1,4}(?:[^\W\d_]+\s+)?\(([^(),،]+)[^()]*\)"
)
_START = re.compile(r"(?:^|[.!?:;…]\s+|[«„“\"]\s?)$")
_OFFICE = re.compile(  # what is a name by itself, and what is one with what stands before it
    r"(?:\w*(?:gericht|ministerium|bücherei|kammer|konsulat|jobcenter)|\w+(?:amt|ämter|büro|stelle"
    r"|behörde|kasse|zentrum|verwaltung|agentur|straße|strasse|gasse|allee|platz))$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:Herrn?|Frau|Dr\.|Familie|Firma|Fa\.)\s+(?:[A-ZÄÖÜ]\w+\s?){1,2}")
_ANYWHERE = Region((), frozenset())
# Polite words with a capital, and words for places in a text.
_PLAIN_WORDS = """
    вы вас вам вами ваш ваша ваше ваши вашего вашему вашей вашу ви вашої państwo państwa
    państwu pani pan panu lei suo sua suoi ella usted ud uds section article absatz art
    abs estado estados stato stati état unión union unione unia uniunea europea européenne
    europejskiej niemiec niemczech niemcy єс ес nr sie ihr ihre ihren ihrem euro eur eu
    dem der die das ihrer ihres paese paesi
"""
_PLAIN = frozenset(map(fold_signs, _PLAIN_WORDS.split()))


def find_strange_names(text: str, language: str, known: Set[str]) -> list[str]:
    """The names in a text that none of the known words, folded, is like."""
    names = [name for name in _names(text, language, known) if not _is_known(name, language, known)]
    return [*names, *_strange_pairs(text, known)] if language == "de" else names


def _names(text: str, language: str, known: Set[str]) -> Iterator[str]:
    yield from _places(text)
    for start, end in find_names(text, ()):
        yield from _WORD.findall(text[start:end])
    if language == "de":  # where every noun is written as a name is
        yield from _german_names(text)
        return
    office = re.compile(OFFICE_WORDS.get(language, "$"), re.IGNORECASE)  # no name by itself
    text = _TRANSLATED.sub(lambda found: _without_translated(found, language, known), text)
    for match in _WORD.finditer(text):
        is_acronym = match[0].isupper() and not _LATIN.match(match[0])  # "РАЦС", "ЗАГС"
        if not match[0][0].isupper() or is_acronym or office.match(match[0]):
            continue
        if not _START.search(text[: match.start()]):
            yield match[0]


def _without_translated(found: re.Match[str], language: str, known: Set[str]) -> str:
    """A name with a bracket, without the name where the bracket has words of the passages; an
    office's only where the name is that of an office, and no person's in it."""
    words = _WORD.findall(found[1])
    is_said = words and all(_is_known(word, "de", known) for word in words)
    is_office = any(map(_OFFICE.match, words))
    told = re.search(rf"\b(?:{OFFICE_WORDS.get(language, '')})", found[0], re.IGNORECASE)
    return "( )" if is_said and (told or not is_office) else found[0]


def _places(text: str) -> Iterator[str]:
    """The words of the places in a text."""
    words = split_words(text)
    for mention in (*listed_places(words, _ANYWHERE), *unlisted_places(words)):
        yield from mention.place.name.split()


def _german_names(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if _OFFICE.match(match[0]) and match[0][0].isupper():
            yield match[0]
    for match in _NAMED.finditer(text):
        yield from match[0].split()[1:]


def _strange_pairs(text: str, known: Set[str]) -> Iterator[str]:
    """Two words with capitals in a row in a German text, both strange: "Karl Meierhofer"."""
    for first, second in pairwise(_WORD.finditer(text)):
        pair = first[0], second[0]
        is_pair = all(word[0].isupper() and not COMMON_NOUN.fullmatch(word) for word in pair)
        if not is_pair or text[first.end() : second.start()] != " ":
            continue
        before = text[: first.start()]
        is_start = before.endswith("(") or _START.search(before)
        if not is_start and not any(_is_known(word, "de", known) for word in pair):
            yield from pair


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
    places = (place for case in cases(fold(name)) for place in atlas().get((case,), ()))
    if any(
        fold_signs(own) in known for place in places for own in (place.name, *place.other_names)
    ):
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
