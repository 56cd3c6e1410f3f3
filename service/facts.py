"""What can be checked to the letter in a text of any served language: numbers with their units,
dates, times, sections and contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from service.signs import fold_signs
from service.spelled import month_pattern, spell_out, table, unit_pattern


class FactKind(StrEnum):
    """What sort of thing it is."""

    NUMBER = "number"
    DATE = "date"  # "2025-06-01"; "-06-01": of any year
    MONTH = "month"
    TIME = "time"  # "08:00"
    SECTION = "section"  # a §
    PART = "part"  # Absatz, Nummer, Satz; an article
    CONTACT = "contact"  # a link, an e-mail address, a telephone number


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact and where it stands in the normal text. `unit`: what is counted, "" where that is not
    said; a month's year."""

    kind: FactKind
    value: str
    unit: str
    start: int
    end: int

    @property
    def measure(self) -> tuple[Decimal, str]:
        """A number in the unit that its unit is told in: two weeks are fourteen days."""
        factor, unit = _SAME.get(self.unit, (Decimal(1), self.unit))
        return Decimal(self.value) * factor, unit


MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s,;)\]]+|(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)*"
    r"(?:\.(?:de|com|org|net|eu|info|gov|example)\b(?:/[^\s,;)\]]*)?|\.[a-z]{2,}/[a-z0-9][^\s,;)\]]*)"
)
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|0)(?:[ /()-]{0,2}\d){6,15}(?![\d:])")
_SECTION = re.compile(
    r"(?:§+|\bsections?|\bsec\.|\bparagraf\w*|\bпараграф\w*)\s?(?P<number>\d+ ?[a-z]?)\b"
)
_PART = re.compile(
    r"\b(?:art(?:\.|ikels?|icles?|iculos?|icol[oi]|icolului?|icolul|ykul\w*)|стат(?:ьи|ья|ье|ью|ті|тя)"
    r"|madde\w*|(?:ال|لل|ل)?ماده|بند|absatz(?:es)?|abs\.|ust\.|alin\w*\.?|comma|apartado|paragraph"
    r"|nr\.|nummer|satz|част[ьи]|частин\w+)\s?\(?(?P<number>\d+ ?[a-z]?)\b"
    r"|(?P<before>\d+)\.? ?(?:madde\w*|стат\w+)"
)
_BRACKETED = re.compile(r"^\s?\((\d+)\)")
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<year>\d{4})(?P<by>[-/.])(?P<month>\d{1,2})(?P=by)(?P<day>\d{1,2})"
    r"|(?P<d>\d{1,2})(?P<sign>[./])\s?(?P<m>\d{1,2})(?:(?P=sign)\s?(?P<y>\d{4})|\.(?!\d)))(?!\d)"
)
_AROUND_MONTH = (
    r"(?:(?P<day>\d{1,2})(?:\.|er\b|st\b|nd\b|rd\b|th\b|º|°|-?го\b|-е\b)?\s?(?:de |of |di )?)?"
    r"\b(?P<month>MONTH)\b(?:'\w+)?"
    r"(?:\s(?P<behind>\d{1,2})(?:st|nd|rd|th)?(?!\d|[:.,]\d))?(?:,?\s(?:de )?(?P<year>\d{4})\b)?"
)
# Words that are months only after such others: "may", Romanian "mai" (more).
_UNSURE = ("may", "march", "mai")
_SURE = re.compile(
    r"\b(?:(?:in|from|until|through|since|of|between|month) (?:may|march)"
    r"|(?:luna|lunii|in|din|bis|von|im|ab|en|de|fin) mai)\b"
)
_TIME = re.compile(
    r"(?<![\d.,])(?P<hour>[01]?\d|2[0-4])"
    r"(?:(?:\s?[:h]\s?|\.)(?P<minute>[0-5]\d))?(?!\d|[.,]\d)\s?"
    r"(?P<half>[ap]\.?m\b\.?|noon|uhr|o'clock|h\b)?"
)
_COUNT = re.compile(
    r"(?<![\w.,])(?:(?P<before>€|eur|euro|%|yuzde|avro) ?)?"
    r"(?P<whole>\d{1,3}(?:[., ']\d{3})+(?!\d)|\d+)(?:[.,](?P<part>\d{1,2})(?!\d))?"
)
_RANGE = re.compile(r"\s?(?:-|bis|to|ila|до|do|a|la|الی|تا)\s?\d+(?![\d.,:])")
_BEFORE = {"%": "percent", "yuzde": "percent"}
_SAME = {
    "week": (Decimal(7), "day"),
    "year": (Decimal(12), "month"),
    "cent": (Decimal("0.01"), "euro"),
}
_ARABIC_AND = re.compile(r"\bو(?=\d)")
_JOINT = re.compile(r"\.?-?\s?(?:de |di |of )?")


def normal_text(text: str, language: str) -> str:
    """The text as facts are found in it: folded, number words as digits."""
    return spell_out(_ARABIC_AND.sub("و ", fold_signs(text)), language)


def find_facts(normal: str, language: str) -> list[Fact]:
    """The facts of a normal text in order. Language: whose months are read, beside German ones."""
    facts: list[Fact] = []
    finders: tuple[Callable[[str, str], Iterator[Fact]], ...] = (
        _contacts,
        _sections,
        _dates,
        _times,
        _counts,
    )
    for find in finders:  # what one has found, the next ones no longer see
        found = list(find(normal, language))
        facts += found
        for fact in found:
            blank = " " * (fact.end - fact.start)
            normal = f"{normal[: fact.start]}{blank}{normal[fact.end :]}"
    return sorted(facts, key=lambda fact: fact.start)


def _contacts(normal: str, _: str) -> Iterator[Fact]:
    seen = 0
    for match in sorted(
        [*MAIL.finditer(normal), *_LINK.finditer(normal), *_PHONE.finditer(normal)],
        key=lambda match: match.start(),
    ):
        if match.start() < seen:
            continue
        value = match[0].rstrip(".,:;/-( ")
        seen = match.start() + len(value)
        if match.re is _PHONE:
            value = re.sub(r"\D", "", value.replace("(0)", ""))
            value = re.sub(r"^(?:00|(?=49))49", "0", value)
        elif match.re is _LINK:
            value = re.sub(r"^https?://", "", value)
        yield Fact(FactKind.CONTACT, value, "", match.start(), seen)


def _sections(normal: str, _: str) -> Iterator[Fact]:
    for match in _SECTION.finditer(normal):
        number = match["number"].replace(" ", "")
        yield Fact(FactKind.SECTION, number, "", *match.span())
        bracket = _BRACKETED.match(normal[match.end() :])
        if bracket:
            start = match.end()
            yield Fact(FactKind.PART, bracket[1], "", start, start + bracket.end())
    for match in _PART.finditer(normal):
        number = (match["number"] or match["before"]).replace(" ", "")
        yield Fact(FactKind.PART, number, "", *match.span())


def _dates(normal: str, language: str) -> Iterator[Fact]:
    taken = []
    for match in _DATE.finditer(normal):
        day, month = match["day"] or match["d"], match["month"] or match["m"]
        if 1 <= int(day) <= 31 and 1 <= int(month) <= 12:
            year = match["year"] or match["y"] or ""
            taken.append(match.span())
            yield Fact(FactKind.DATE, f"{year}-{int(month):02}-{int(day):02}", "", *match.span())
    for number, pattern in _month_patterns(language):
        for match in pattern.finditer(normal):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            day, year = match["day"] or match["behind"], match["year"] or ""
            around = normal[max(0, match.start("month") - 8) : match.end("month")]
            if match["month"] in _UNSURE and not (day or year or _SURE.search(around)):
                continue
            if day and int(day) > 31:
                day = None
            if day:
                value = f"{year}-{number:02}-{int(day):02}"
                yield Fact(FactKind.DATE, value, "", *match.span())
            else:
                yield Fact(FactKind.MONTH, str(number), year, *match.span())


@cache
def _month_patterns(language: str) -> list[tuple[int, re.Pattern[str]]]:
    return [
        (number, re.compile(_AROUND_MONTH.replace("MONTH", pattern.pattern)))
        for number, pattern in month_pattern(language)
    ]


def _times(normal: str, _: str) -> Iterator[Fact]:
    for match in _TIME.finditer(normal):
        sign = normal[match.end("hour") : match.end("hour") + 2].strip()[:1]
        if not (match["half"] or (match["minute"] and sign in (":", "h"))):
            continue
        if not match["half"] and _unit_behind(normal, match.end()):
            continue
        hour, half = int(match["hour"]), (match["half"] or "")[:1]
        if half == "p" and hour < 12:
            hour += 12
        elif half == "a" and hour == 12:
            hour = 0
        yield Fact(FactKind.TIME, f"{hour:02}:{match['minute'] or '00'}", "", *match.span())


def _counts(normal: str, language: str) -> Iterator[Fact]:
    for match in _COUNT.finditer(normal):
        whole = re.sub(r"\D", "", match["whole"])
        value = Decimal(f"{whole}.{match['part'] or 0}")
        unit, end = _BEFORE.get(match["before"], "euro") if match["before"] else "", match.end()
        behind = _unit_behind(normal, end)
        through = None if unit or behind else _RANGE.match(normal, end)
        if not unit and behind:
            unit, end = behind
        elif through and (common := _unit_behind(normal, through.end())):
            unit = common[0]  # "4 bis 6 Wochen"
        yield _count(value, unit, match.start(), end)
    if language == "ar":
        for unit, words in table("pairs").items():
            for match in re.finditer(rf"\b[وبلال]*(?:{words.replace(' ', '|')})\b", normal):
                yield _count(Decimal(2), unit, *match.span())


def _count(value: Decimal, unit: str, start: int, end: int) -> Fact:
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Fact(FactKind.NUMBER, plain, unit, start, end)


def _unit_behind(normal: str, end: int) -> tuple[str, int] | None:
    """The unit that follows a number, and where it ends."""
    joint = _JOINT.match(normal, end)
    match = unit_pattern().match(normal, joint.end() if joint else end)
    return (str(match.lastgroup), match.end()) if match else None
