"""The amounts, dates and periods that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from babel.dates import get_month_names

from core.languages import SUPPORTED


class ValueKind(StrEnum):
    """What sort of figure it is."""

    AMOUNT = "amount"  # money and percentages
    DATE = "date"
    PERIOD = "period"  # "zwei Wochen"


@dataclass(frozen=True, slots=True)
class Value:
    """An amount, date or period: its characters in the text, how it is written, and what it means
    ("96.00", "2025-01-01"; "-02-15": every year). Two ways to write the same mean the same."""

    kind: ValueKind
    start: int
    end: int
    text: str
    meaning: str


_COUNT = r"(?:\d{1,3}(?:[.\u202f\u00a0 ]\d{3})+|\d{1,3}(?:,\d{3})+|\d+)"
_AMOUNT = re.compile(
    rf"""(?:€|EUR)\ ?{_COUNT}(?:[.,]\d\d)?(?!\d)
    |(?<![\d.,]){_COUNT}(?:[.,]\d{{1,2}}|,[-–]+|\.-+)?\s?
        (?:€|(?:Euro|EUR|Cent|Prozent|vom\ Hundert)\b|%|v\.\s?H\.)
    # in a table the unit stands in the column's head: "Gebühr in Euro: 96,00 | …"
    |(?<![\d.,]){_COUNT},\d\d(?=\ \||$)
    |(?<=:\ )\d+(?=\ \||$)
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_CENTS = re.compile(r"[.,](\d\d?)$")
_NUMERIC_DATE = re.compile(r"\b(?:(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})|(\d{4})-(\d\d)-(\d\d))\b")
# "1. Januar 2025", "15. Februar", "Januar 2025", "1 de enero de 2025", "January 1, 2025"
_WRITTEN_DATE = re.compile(
    r"(?:\b(?P<day>\d{1,2})(?:\.|er|º|°)?\s?(?:de\s)?)?\b(?P<month>[^\W\d_]{3,})\b"
    r"(?:\s(?P<day_behind>\d{1,2})(?=,\s\d{4}))?(?:,?\s(?:de\s)?(?P<year>\d{4})\b)?"
)
_ONE_TO_TWELVE = "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_PERIOD = re.compile(
    rf"\b(\d+|{_ONE_TO_TWELVE.replace(' ', '|')}|eine[mnrs]?)"
    r" (Stunde|Tag|Werktag|Woche|Monat|Quartal|Jahr)(?:e[ns]?|s|n)?\b"
)


def find_values(text: str) -> list[Value]:
    """The values of a text in order; where two overlap, the one that begins first. Periods are
    read in German only."""
    found = list(_periods(text))
    if _DIGIT.search(text):
        found += [*_amounts(text), *_dates(text)]
    apart: list[Value] = []
    for value in sorted(found, key=lambda value: (value.start, -value.end)):
        if not apart or value.start >= apart[-1].end:
            apart.append(value)
    return apart


def _amounts(text: str) -> Iterator[Value]:
    for match in _AMOUNT.finditer(text):
        number = re.sub(r"[^\d.,]", "", match[0]).rstrip(".,")
        cents = _CENTS.search(number)
        euros = re.sub(r"\D", "", number[: cents.start()] if cents else number)
        unit = "%" if re.search(r"%|Prozent|H", match[0]) else "c" if "Cent" in match[0] else ""
        meaning = f"{euros}.{cents[1] if cents else '':0<2}{unit}"
        yield Value(ValueKind.AMOUNT, *match.span(), match[0], meaning)


def _dates(text: str) -> Iterator[Value]:
    for match in _NUMERIC_DATE.finditer(text):
        day, month, year = match.groups()[:3] if match[1] else match.groups()[:2:-1]
        meaning = f"{year}-{int(month):02}-{int(day):02}"
        yield Value(ValueKind.DATE, *match.span(), match[0], meaning)
    for match in _WRITTEN_DATE.finditer(text):
        day, year = match["day"] or match["day_behind"], match["year"]
        number = _months().get(match["month"].casefold())
        if number and (day or year):
            meaning = f"{year or ''}-{number:02}-{int(day or 0):02}"
            yield Value(ValueKind.DATE, *match.span(), match[0], meaning)


def _periods(text: str) -> Iterator[Value]:
    for match in _PERIOD.finditer(text):
        word = "ein" if match[1].startswith("ein") else match[1]
        number = int(word) if word.isdigit() else _ONE_TO_TWELVE.split().index(word) + 1
        yield Value(ValueKind.PERIOD, *match.span(), match[0], f"{number} {match[2]}")


@cache
def _months() -> dict[str, int]:
    """The months' names in every language that is served."""
    return {
        name.casefold(): number
        for language in SUPPORTED
        for context in ("format", "stand-alone")
        for number, name in get_month_names("wide", context, language).items()
    }
