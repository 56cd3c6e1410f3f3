"""What can be checked to the letter in a text of any served language: numbers with their units,
dates, times, days of the week, sections, contacts and means of payment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from service.contacts import find_contacts
from service.signs import fold_signs
from service.spelled import (
    WEEKDAYS,
    month_pattern,
    short_weekdays,
    spell_out,
    table,
    unit_pattern,
    weekday_pattern,
)


class FactKind(StrEnum):
    """What sort of thing it is."""

    NUMBER = "number"
    DATE = "date"  # "2025-06-01"; "-06-01": of any year
    MONTH = "month"
    WEEKDAY = "weekday"  # "mon"
    TIME = "time"  # "08:00"
    PERIOD = "period"  # how often: "month" of "108 euros a month"
    SECTION = "section"  # a §
    PART = "part"  # Absatz, Nummer, Satz; an article
    CONTACT = "contact"  # a link, an e-mail address, a telephone number, a handle, an account
    CODE = "code"  # letters and digits, as a room's or a file's
    PAYMENT = "payment"  # how something is paid: "cash"


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


_CODE = re.compile(r"(?<![^\W_])(?!(?:eur|euro|avro|usd|chf)\d|m[23]\b)[a-z]+\d[a-z0-9]*\b")
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
# Words that are months only after such others: "may", Romanian "mai" (more), Polish "mają".
_UNSURE = ("may", "march", "mai", "maja")
_SURE = re.compile(
    r"\b(?:(?:in|from|until|through|since|of|between|month) (?:may|march)"
    r"|(?:luna|lunii|in|din|bis|von|im|ab|en|de|fin) mai|(?:od|do|z|miesiaca) maja)\b"
)
_TIME = re.compile(
    r"(?<![\d.,])(?P<hour>[01]?\d|2[0-4])"
    r"(?:(?:\s?[:h]\s?|\.)(?P<minute>[0-5]\d))?(?!\d|[.,]\d)\s?"
    r"(?P<half>[ap]\.?m\b\.?|noon|uhr|o'clock|h\b)?"
)
_COUNT = re.compile(
    r"(?<![\w.,])(?:(?P<before>€|eur|euro|%|yuzde|avro|(?:us ?)?\$|usd|£|chf) ?)?"
    r"(?P<whole>\d{1,3}(?:[., ']\d{3})+(?!\d)|\d+)(?:[.,](?P<part>\d{1,2})(?!\d))?"
)
_RANGE = re.compile(r"\s?(?:-|bis|to|ila|до|do|a|la|الی|تا)\s?\d+(?![\d.,:])")
_BEFORE = {"%": "percent", "yuzde": "percent"} | dict.fromkeys(("€", "eur", "euro", "avro"), "euro")
_SAME = {
    "week": (Decimal(7), "day"),
    "year": (Decimal(12), "month"),
    "hour": (Decimal(60), "minute"),
    "cent": (Decimal("0.01"), "euro"),
}
_GLUED = re.compile(r"(?<=[^\W\dA-Z_])\.(?=[A-ZÄÖÜ][^\W\dA-Z_])")  # a sentence's end
_THROUGH = re.compile(  # the end of "montags bis", "du lundi au", "pazartesiden"
    r"(?:(?:-|\b(?:bis|to|through|till|until|до|по|do|au|al?|alla|pana|الی|حتی|تا))\s?(?:zum |la )?"
    r"|d[ae]n )$"
)
_ARABIC_AND = re.compile(r"\bو(?=\d)")
_JOINT = re.compile(
    r"\.?-?\s?(?:de |di |of )?(?:zusammenhangende[nrs]? |aufeinanderfolgende[nrs]? |volle[nrs]? "
    r"|consecutive |full |working |business |is (?=gun)|робоч\w+ |рабоч\w+ |roboczych )?"
)


def normal_text(text: str, language: str) -> str:
    """The text as facts are found in it: folded, number words as digits."""
    text = _GLUED.sub(". ", text)
    return spell_out(_ARABIC_AND.sub("و ", fold_signs(text)), language)


def find_facts(normal: str, language: str) -> list[Fact]:
    """The facts of a normal text in order. Language: whose months are read, beside German ones."""
    facts: list[Fact] = []
    finders: tuple[Callable[[str, str], Iterator[Fact]], ...] = (
        _contacts,
        _sections,
        _dates,
        _weekdays,
        _times,
        _codes,
        _periods,
        _counts,
        _payments,
    )
    for find in finders:  # what one has found, the next ones no longer see
        found = list(find(normal, language))
        facts += found
        for fact in found:
            blank = " " * (fact.end - fact.start)
            normal = f"{normal[: fact.start]}{blank}{normal[fact.end :]}"
    return sorted(facts, key=lambda fact: fact.start)


def _contacts(normal: str, _: str) -> Iterator[Fact]:
    for value, start, end in find_contacts(normal):
        yield Fact(FactKind.CONTACT, value, "", start, end)


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


def _weekdays(normal: str, language: str) -> Iterator[Fact]:
    """The days of the week; of "Monday to Friday" those between, too."""
    found = [
        (match, str(match.lastgroup)[:3]) for match in weekday_pattern(language).finditer(normal)
    ]
    for key in dict.fromkeys((language, "de")):
        if patterns := short_weekdays(key):
            for chain in patterns[0].finditer(normal):
                days = patterns[1].finditer(normal, *chain.span())
                found += [(match, str(match.lastgroup)) for match in days]
    last, end = "", 0
    for match, day in sorted(found, key=lambda entry: entry[0].start()):
        if last and _THROUGH.search(normal, end - 3, match.start()):
            first, after = WEEKDAYS.index(last), WEEKDAYS.index(day)
            for between in range(first + 1, after + (7 if after < first else 0)):
                yield Fact(FactKind.WEEKDAY, WEEKDAYS[between % 7], "", *match.span())
        yield Fact(FactKind.WEEKDAY, day, "", *match.span())
        last, end = day, match.end()


def _times(normal: str, _: str) -> Iterator[Fact]:
    for match in _TIME.finditer(normal):
        sign = normal[match.end("hour") : match.end("hour") + 2].strip()[:1]
        if not (match["half"] or (match["minute"] and sign in (":", "h"))):
            continue
        unit = None if match["half"] else _unit_behind(normal, match.end())
        if unit and not (sign == ":" and unit[0] == "hour"):  # Turkish "20:00 saatleri" is a time
            continue
        hour, half = int(match["hour"]), (match["half"] or "")[:1]
        if half == "p" and hour < 12:
            hour += 12
        elif half == "a" and hour == 12:
            hour = 0
        yield Fact(FactKind.TIME, f"{hour:02}:{match['minute'] or '00'}", "", *match.span())


def _codes(normal: str, _: str) -> Iterator[Fact]:
    for match in _CODE.finditer(normal):
        yield Fact(FactKind.CODE, match[0], "", *match.span())


def _periods(normal: str, _: str) -> Iterator[Fact]:
    for match in _period_pattern().finditer(normal):
        yield Fact(FactKind.PERIOD, str(match.lastgroup), "", *match.span())


@cache
def _period_pattern() -> re.Pattern[str]:
    """How often, at its place: the name of the group that matches is the unit's."""
    words = table("every")
    units = table("units")
    each = "|".join(
        rf"(?P<{unit}>(?:\b(?:{words['before']})(?: |(?<='))|/ ?)(?:{units[unit]})"
        r"(?!\w|  | (?:19|20)\d\d\b)"  # not "im Jahr 2026", nor where a month stood
        rf"|\b(?<!\d )(?<!\d-)(?:{own})(?!\w))"
        for unit, own in words.items()
        if unit != "before"
    )
    return re.compile(each)


def _counts(normal: str, language: str) -> Iterator[Fact]:
    for match in _COUNT.finditer(normal):
        whole = re.sub(r"\D", "", match["whole"])
        value = Decimal(f"{whole}.{match['part'] or 0}")
        unit, end = _BEFORE.get(match["before"], "money") if match["before"] else "", match.end()
        behind = _unit_behind(normal, end)
        if large := _large().match(normal, end):  # "2 Millionen Euro"
            value, end = value * int(str(large.lastgroup)[1:]), large.end()
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


def _payments(normal: str, _: str) -> Iterator[Fact]:
    for match in _payment_pattern().finditer(normal):
        yield Fact(FactKind.PAYMENT, str(match.lastgroup), "", *match.span())


@cache
def _payment_pattern() -> re.Pattern[str]:
    means = (f"(?P<{name}>{words})" for name, words in table("payments").items())
    return re.compile(rf"\b(?:{'|'.join(means)})(?!\w)")


@cache
def _large() -> re.Pattern[str]:
    sizes = (f"(?P<_{size}>{words})" for size, words in table("thousands").items())
    return re.compile(rf"\s?(?:{'|'.join(sizes)})(?!\w)")


def _count(value: Decimal, unit: str, start: int, end: int) -> Fact:
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Fact(FactKind.NUMBER, plain, unit, start, end)


def _unit_behind(normal: str, end: int) -> tuple[str, int] | None:
    """The unit that follows a number, and where it ends."""
    joint = _JOINT.match(normal, end)
    match = unit_pattern().match(normal, joint.end() if joint else end)
    return (str(match.lastgroup), match.end()) if match else None
