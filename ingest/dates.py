"""Dates that a document states itself: its entry into force and end, and its "Stand"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from core.types import BlockKind, Document, Kind, Section

MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
          "September", "Oktober", "November", "Dezember")  # fmt: skip
LONGEST_WAIT = timedelta(days=10 * 366)  # from a text's other dates to its entry into force
LONGEST_LINE = 120  # characters of a line that says no more than "Stand: …"

_MONTH = "|".join(MONTHS)
DAY = rf"\d{{1,2}}\.\s*(?:\d{{1,2}}\.|(?:{_MONTH}))\s*\d{{4}}(?!\d)"
_DAYS = rf"(?:{DAY})(?:(?:\s*[,;]\s*|\s+und\s+)(?:am\s+)?{DAY})*"
_NOUN = r"(?:[\w-]+-\s+und\s+)?[\w-]*(?:satzung|ordnung|richtlinien?|vereinbarung|statut|gesetz)"
_NEW = r"(?!\w*änderung)(?:neufassung\s+(?:der|dieser)\s+)?"
_THIS = (
    rf"\bdies(?:e|es)\s+{_NEW}{_NOUN}"
    rf"(?:\s+der\s+(?:stadt|gemeinde)\s+[\w-]+)?(?:\s+vom\s+{DAY})?"
)
_ITSELF = (
    rf"(?:{_THIS}|\b(?:die|(?:die\s+)?(?:vorstehende|vorliegende))\s+{_NEW}{_NOUN})"
    r"(?:\s+in\s+dieser\s+fassung|\s+(?:und|sowie)\s+das\s+[\w\s]{0,30}gebührenverzeichnis)?"
)
# What amends another text says so; its own closing words count where no other text's stand there.
_AMENDMENT = (
    r"\b{this}\s+(?:\d+\.\s*|[\w-]+\s+)?(?:änderungs[\w-]+|satzungsänderung|"
    r"(?:satzung|verordnung)\s+zur\s+änderung(?:(?!\btritt|kraft|;).){0,150}?)"
)
_ENTRY = r"\s+(?:tritt|treten|trat|traten)\s+(?P<when>(?:(?!kraft|;).){2,200}?)\bin\s*kraft\b"
_END = (
    r"(?:(?P<whole>mit\s+(?:dem\s+)?ablauf\s+(?:des|vom))|am|zum|mit\s+wirkung\s+vom)\s+"
    rf"(?P<day>{DAY})\s+außer\s+kraft"
)
_LIMIT = rf"gilt\s+(?P<whole>bis(?:\s+zum|\s+einschließlich)*)\s+(?P<day>{DAY})(?=\s*(?:[.;]|$))"
_GOING_ON = r"(?:\s*,?\s+und|\.?\s+sie)\s+"
_FLAGS = re.IGNORECASE | re.DOTALL
_ENTRIES = [
    re.compile(subject + _ENTRY, _FLAGS)
    for subject in (_ITSELF, _AMENDMENT.replace("{this}", "diese"))
]
# A text that is an amendment and no more, by its own name.
_AMENDS = re.compile(
    r"(?:\d+\.\s*|\w+te\s+)?(?:[\w-]*änderungssatzung\b|"
    r"(?:satzung|verordnung)\b.{0,60}?\s(?:zur|über\s+die)\s+(?:\d+\.\s*|\w+ten\s+)?änderung\b)",
    _FLAGS,
)
_AMENDMENT_ENTRY = re.compile(_AMENDMENT.replace("{this}", "(?:diese|die)") + _ENTRY, _FLAGS)
_OPENING = 5  # paragraphs, in which a text's name stands
_ENTRY_DAY = re.compile(
    r"(?P<lead>\D{0,60}?)\b(?:am(?:\s+tage)?|zum|ab(?:\s+dem)?|mit\s+wirkung\s+(?:vom|zum))\s+"
    rf"(?P<day>{DAY})\.?(?:\D{{0,60}}|,\s*die\s+änderung.*)",
    _FLAGS,
)
# Whatever enters into force on a day: the text, a change that it holds, or a part of it.
_ANY_ENTRY = re.compile(
    r"\b(?:tritt|treten)\s+[^.;]{0,60}?\b(?:am|zum|ab(?:\s+dem)?|vom)\s+"
    rf"(?P<day>{DAY})(?:(?!kraft|tritt|treten|;).){{0,60}}?\bin\s*kraft\b",
    _FLAGS,
)
_UNCLEAR = re.compile(r"nach|frühestens|spätestens|vorbehaltlich|ausnahme|sobald|wenn", re.I)
_AFTER_PUBLICATION = re.compile(
    r"nach\s+(?:der\s+vollendung\s+)?(?:ihrer|der)\s+(?:öffentlichen\s+)?bekanntmachung", re.I
)
_ENDS = [  # "die Satzung" alone may be the one that is repealed
    re.compile(pattern, _FLAGS)
    for pattern in (
        rf"{_THIS}\s+tritt\s+{_END}",
        rf"{_THIS}\s+{_LIMIT}",
        rf"{_ITSELF}{_ENTRY}{_GOING_ON}(?:tritt\s+)?{_END}",
        rf"{_ITSELF}{_ENTRY}{_GOING_ON}{_LIMIT}",
    )
]
_STAND = re.compile(
    r"(?:.*[\s|·–-])?stand\s*:\s*(?:vom\s+)?"
    rf"(?P<day>{DAY}|(?:{_MONTH})\s+\d{{4}}|\d{{1,2}}[./]\d{{4}})\.?",
    _FLAGS,
)
_RESOLVED = re.compile(
    rf"\bhat\s+(?:der|die)\s(?:(?!gesetz|änderung\s+der|tritt).){{0,250}}?,?\s*"
    r"zuletzt\s+geändert\s+(?:am\s+|durch\s+(?:änderungs)?satzung\s+vom\s+|"
    rf"mit\s+beschluss\s+(?:des\s+\w+\s+)?vom\s+)?(?:{_DAYS})\s*,?\s*"
    r"(?:(?:die\s+)?(?:folgende|nachfolgende)\b|beschlossen)",
    _FLAGS,
)
_WORDING = re.compile(rf"\(?(?:in\s+der\s+fassung|zuletzt\s+geändert)\b.*?{DAY}.*", _FLAGS)
_OTHER_LAW = re.compile(r"gesetz|GVBl|GBl|geändert:|kraft|änderung der", re.I)


def is_amending(sections: Sequence[Section]) -> bool:
    """Whether a text calls itself an amendment of another, as "1. Satzung zur Änderung der …"."""
    opening = sections[:1]
    names = [name for section in opening for name in section.path]
    names += [p.text for section in opening for p in section.paragraphs[:_OPENING]]
    return any(_AMENDS.match(name.strip()) for name in names)


def find_dates(sections: Sequence[Section], kind: Kind) -> dict[str, str]:
    """What the text itself says of `valid_from`, `valid_to` (by-laws, amendments) and `as_of`, ISO
    text.

    A date that is not clear is left out: a wrong one would hide the document from citizens.
    """
    found = {"as_of": _find_stand(sections)}
    if kind is Kind.STATUTE or is_amending(sections):
        text = texts_of(sections)
        found["valid_from"] = _find_entry(text, is_amending(sections))
        found["valid_to"] = _find_end(text)
        if found["valid_from"] and found["valid_to"] and found["valid_to"] < found["valid_from"]:
            found["valid_from"] = found["valid_to"] = None
        found["as_of"] = found["as_of"] or _find_amendment(sections)
    return {name: day.isoformat() for name, day in found.items() if day}


def fit_dates(document: Document, sections: Sequence[Section]) -> tuple[dict[str, str], list[str]]:
    """The text's dates that the document lacks and that fit its own, and a sentence for each date
    that contradicts them; a later day that the text names too is that of an amendment."""
    found = find_dates(sections, document.kind)
    start, end = document.valid_from, document.valid_to
    warnings = []
    entry = _to_date(found.get("valid_from"))
    if is_amending(sections) and not entry and not start:
        warnings.append("It amends another text and names no clear day; valid_from has to say it.")
    if entry and start and entry != start:
        is_amended = entry < start and start in days_in(texts_of(sections))
        if not is_amended:
            warnings.append(f"The text enters into force on {entry}; its metadata say {start}.")
    last = _to_date(found.get("valid_to"))
    if last and end and last != end:
        warnings.append(f"The text is in force until {last}; its metadata say {end}.")
    if entry and end and not start and entry > end:
        del found["valid_from"]
        warnings.append(f"The text enters into force on {entry}, after its metadata's end, {end}.")
    if last and start and not end and last < start:
        del found["valid_to"]
        warnings.append(f"The text ends on {last}, before its metadata's beginning, {start}.")
    begins = start or _to_date(found.get("valid_from"))
    if coming := _find_entry_to_come(document.kind, sections, begins, date.today()):
        warnings.append(
            f"The text names {coming} as a day of entry into force, but would answer before it; "
            "if what it says applies from then on, set valid_from, or publish it "
            f"with --on {coming}."
        )
    return {name: day for name, day in found.items() if getattr(document, name) is None}, warnings


def _find_entry(text: Sequence[str], is_amendment: bool) -> date | None:
    """The day on which the text itself enters into force; None where it names several, or none."""
    for pattern in (*_ENTRIES, *([_AMENDMENT_ENTRY] if is_amendment else ())):
        days = {_entry_day(m["when"]) for part in text for m in pattern.finditer(part)}
        if days:
            day = _only(days)
            return day if day and not _is_misread(day, text) else None
    return None


def _find_entry_to_come(
    kind: Kind, sections: Sequence[Section], begins: date | None, today: date
) -> date | None:
    """The next day on which something in a by-law enters into force that itself has begun by then;
    None where there is no such day."""
    if kind is not Kind.STATUTE:
        return None
    named = (to_day(m["day"]) for part in texts_of(sections) for m in _ANY_ENTRY.finditer(part))
    return min((day for day in named if day and day > max(today, begins or today)), default=None)


def _entry_day(when: str) -> date | None:
    match = _ENTRY_DAY.fullmatch(when.strip())
    if match is None or _UNCLEAR.search(_AFTER_PUBLICATION.sub("", when)):
        return None
    return to_day(match["day"])


def _is_misread(day: date, text: Sequence[str]) -> bool:
    """Whether a day lies far behind all others of the text, as 2076 read in a scan of 2016."""
    others = days_in(text) - {day}
    return bool(others) and day - max(others) > LONGEST_WAIT


def _find_end(text: Sequence[str]) -> date | None:
    """The last day on which the text is in force."""
    return _only(
        {_last_day(m) for part in text for pattern in _ENDS for m in pattern.finditer(part)}
    )


def _last_day(match: re.Match[str]) -> date | None:
    """The day before "am 1. Januar außer Kraft"; "am 31. Dezember" itself, as people mean it."""
    day = to_day(match["day"])
    if day and day.day == 1 and not match["whole"]:
        return day - timedelta(days=1)
    return day


def _find_stand(sections: Sequence[Section]) -> date | None:
    return _only({to_day(m["day"]) for line in _lines(sections) if (m := _STAND.fullmatch(line))})


def _find_amendment(sections: Sequence[Section]) -> date | None:
    """The latest change that the opening words of a by-law name."""
    opening = sections[:1]
    lines = _lines(opening)
    named = [line for line in lines if _WORDING.fullmatch(line) and not _OTHER_LAW.search(line)]
    named += [m[0] for part in texts_of(opening) for m in _RESOLVED.finditer(part)]
    return max(days_in(named), default=None)


def _lines(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield from section.path
        for paragraph in section.paragraphs:
            if paragraph.kind is not BlockKind.ROW and len(paragraph.text) <= LONGEST_LINE:
                yield paragraph.text.strip()


def texts_of(sections: Sequence[Section]) -> list[str]:
    return [" ".join(p.text for p in section.paragraphs) for section in sections]


def days_in(text: Sequence[str]) -> set[date]:
    found = {to_day(words) for part in text for words in re.findall(DAY, part)}
    return {day for day in found if day}


def _to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _only(days: set[date | None]) -> date | None:
    return next(iter(days)) if len(days) == 1 else None


def to_day(text: str) -> date | None:
    """The day of "1. Januar 2024", "01.01.2024"; the first of the month of "06/2024"."""
    *days, month, year = re.findall(r"\d+|[^\W\d]+", text)
    names = [name.casefold() for name in MONTHS]
    try:
        number = int(month) if month.isdecimal() else names.index(month.casefold()) + 1
        return date(int(year), number, int(days[0]) if days else 1)
    except ValueError:
        return None
