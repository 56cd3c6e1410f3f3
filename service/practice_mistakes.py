"""Mistakes put into a German sentence and its source, for people to practise checking answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random


class Mistake(StrEnum):
    """What was changed."""

    NUMBER = "number"
    DATE = "date"
    NEGATION = "negation"
    SECTION = "section"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer, and the label of its source ("§ 5 Hundesteuersatzung, S. 3")."""

    text: str
    label: str


_MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
_DATE = re.compile(
    r"\b(?P<day>0?[1-9]|[12]\d|3[01])\. ?"
    rf"(?:(?P<month>{'|'.join(_MONTHS)})\b|(?:0?[1-9]|1[0-2])\.)"
    r"(?: ?\d{4}\b)?"
)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?P<rest>(?:[:.]\d\d)? Uhr)")
# Not the figures of a date, of an item in a list, or of a §: they are other mistakes, or too small.
_NUMBER = re.compile(
    r"(?<![\w.,§/(–-])(?<!§ )(?<!Abs\. )(?<!Nr\. )(?<!Satz )(?<!Absatz )(?<!Nummer )"
    r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?P<part>,\d{1,2})?(?![\d.)/:–-]|,\d)(?! Uhr)"
)
_SECTION = re.compile(r"(?P<sign>(?:§|Art\.) ?)(?P<number>\d+)")
# What stands at the front is put in place of what follows it; the first that fits is taken.
_DENIALS = (
    (re.compile(r"\bnicht (?=\w)"), ""),
    (re.compile(r"\bkeine(?P<end>[rnms]?)\b"), r"eine\g<end>"),
    (re.compile(r"\bkein\b"), "ein"),
    (re.compile(r"\b(?P<verb>ist|sind|wird|werden|kann|können|darf|dürfen|muss|müssen|gilt|gelten)\b"
                r"(?! nicht)(?= \w)"), r"\g<verb> nicht"),
)  # fmt: skip


def make_mistake(claim: Claim, mistake: Mistake, others: Sequence[str], random: Random) -> Claim:
    """The claim with a mistake in it; unchanged where it has no room for that one. `others` are the
    labels of other sources."""
    if mistake is Mistake.SOURCE:
        labels = sorted({label for label in others if label != claim.label})
        return replace(claim, label=random.choice(labels)) if labels else claim
    if mistake is Mistake.SECTION:
        match = _SECTION.search(claim.label)
        if match is None:
            return claim
        number = _other_than(int(match["number"]), 1, 3, random)
        return replace(claim, label=_put(claim.label, match, f"{match['sign']}{number}"))
    change = _IN_TEXT[mistake]
    return replace(claim, text=change(claim.text, random))


def _change_number(text: str, random: Random) -> str:
    dates = [match.span() for match in _DATE.finditer(text)]
    found = [
        match
        for match in _NUMBER.finditer(text)
        if not any(start <= match.start() < end for start, end in dates)
    ]
    if not found:
        return text
    match = random.choice(found)
    whole = int(match["whole"].replace(".", ""))
    step = 10 ** max(len(str(whole)) - 2, 0)  # the second figure: easily read past
    other = _other_than(whole, step, 4, random)
    written = f"{other:,}".replace(",", ".") if "." in match["whole"] else str(other)
    return _put(text, match, f"{written}{match['part'] or ''}")


def _change_date(text: str, random: Random) -> str:
    if match := _DATE.search(text):
        if match["month"]:
            others = [month for month in _MONTHS if month != match["month"]]
            return _put(text, match, match[0].replace(match["month"], random.choice(others)))
        day = (int(match["day"]) + random.randint(0, 13)) % 28 + 1
        written = f"{day:02}" if match["day"].startswith("0") else str(day)
        return _put(text, match, f"{written}{match[0][len(match['day']) :]}")
    if match := _TIME.search(text):
        hour = (int(match["hour"]) + random.choice((1, 2, 22, 23))) % 24
        return _put(text, match, f"{hour}{match['rest']}")
    return text


def _flip(text: str, _: Random) -> str:
    for pattern, instead in _DENIALS:
        if match := pattern.search(text):
            return _put(text, match, match.expand(instead))
    return text


_IN_TEXT: dict[Mistake, Callable[[str, Random], str]] = {
    Mistake.NUMBER: _change_number,
    Mistake.DATE: _change_date,
    Mistake.NEGATION: _flip,
}


def _other_than(number: int, step: int, most: int, random: Random) -> int:
    """A number some steps away, never below 1."""
    steps = [n for n in range(-most, most + 1) if n and number + n * step >= 1]
    return number + step * random.choice(steps)


def _put(text: str, match: re.Match[str], instead: str) -> str:
    return f"{text[: match.start()]}{instead}{text[match.end() :]}"
