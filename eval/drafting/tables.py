"""Patterns for rows of tables: what is the fee, when is it open, which number do I call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.drafting.clauses import tidy
from eval.drafting.words import CLOCKS, MONEY, Draft, is_clean, without_mark
from eval.questions import QuestionKind

_BARE = r"\d[\d.]*(?:,(?:\d\d|-+|–))"
_NUMBERING = re.compile(r"^(?:lfd\.?[ -]?)?(?:Nr|Nummer|Ziff|Pos|Tarif|Zimmer)\b", re.IGNORECASE)
_HOURS = re.compile(r"Öffnungszeit|Sprechzeit|Servicezeit|Vormittag|Nachmittag")
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_OFFICES = (  # an office's ending, and its article
    (r"(?:amt|büro|bad|museum|archiv)", "das"),
    (r"(?:stelle|verwaltung|bücherei|bibliothek|kasse|behörde|schule|halle)", "die"),
    (r"(?:hof|friedhof|markt)", "der"),
)


def draft_row(line: str, before: Sequence[str], turn: int) -> Draft | None:
    """A row with named cells, "Dokument: Reisepass | Gebühr: 70,00 €". Of several sums one is asked
    for, another in every row."""
    if " | " not in line or not is_clean(line):
        return None
    cells = [_cell(text) for text in line.split(" | ")]
    named = [cell for cell in cells if not (_NUMBERING.search(cell[0]) or cell[1].isdigit())]
    if len(named) < 2 or not all(name for name, _ in named[1:]):
        return None
    (head, label), *others = named
    if head == "Tag" and label not in _WEEKDAYS:
        return None
    if label in _WEEKDAYS and any(_HOURS.search(name) for name, _ in others):
        return _weekday(line, label, others, before)
    if not re.match(r"[A-ZÄÖÜa-zäöü]", label):
        label = f"{head} {label}"
    label = without_mark(label)
    if not 4 <= len(label) <= 90 or re.search(r"\b(?:von|in|mit)$|-$|\b[a-z]\)", label):
        return None
    lead = next((above for above in reversed(before) if " | " not in above), "")
    sums = [(name, value) for name, value in others if _sum_of(name, value, lead)]
    if not sums:
        return _hours_or_number(line, label, others)
    name, value = sums[turn % len(sums)]
    extras = [text for column, text in others if not _sum_of(column, text, lead)]
    told = [label, *(text for text in extras if re.match(r"(?:je|pro|ab|bis) ", text))]
    column = tidy(re.sub(r"\(?(?:in )?(?:€|Euro|EUR)[^ ]*\)?", "", name))
    opening = "Was kostet das?"
    if found := re.fullmatch(r"(?P<fee>\w*[Gg]ebühr)(?P<when> (?:im|je|pro) \w+)?", column):
        opening = f"Wie hoch ist die {found['fee']}{found['when'] or ''}?"
    elif column and not re.fullmatch(r"\w*(?:[Pp]reis|[Kk]osten|[Bb]etrag|[Ee]ntgelt)", column):
        told.append(column)
    if found := re.search(r"(?:beträgt|betragen) (?P<of>für [^,]{4,60}?):?$", lead):
        told.append(found["of"])
    price = _sum_of(name, value, lead)
    unit = "" if re.search(MONEY, price) else " Euro"
    asked = ", ".join(told)
    reference = f"{asked}: {price}{unit}."
    return Draft(QuestionKind.AMOUNT, f"{asked}: {opening}", reference, (price,), (line,))


def _cell(text: str) -> tuple[str, str]:
    """A cell's column, "" where it has no name, and what it holds."""
    name, divider, value = text.partition(": ")
    return (name, value) if divider else ("", text)


def _sum_of(name: str, value: str, lead: str) -> str:
    """The sum of money in a cell, "" where it holds something else."""
    if found := re.fullmatch(rf"(?P<sum>{MONEY})(?: ?(?:/|je|pro) ?.{{1,25}})?", value):
        return found["sum"]
    has_unit = re.search(r"€|Euro|EUR", f"{name} {lead}")
    return value if has_unit and re.fullmatch(_BARE, value) else ""


def _weekday(
    line: str, day: str, others: Sequence[tuple[str, str]], before: Sequence[str]
) -> Draft | None:
    """An office's hours on a day; the office is the last that was named above the table."""
    above = " ".join(part for part in before if " | " not in part)
    offices = re.findall(r"\b[A-ZÄÖÜ][\wäöüß-]+", above)
    office = next((name for word in reversed(offices) if (name := _with_article(word))), None)
    times = tuple(time for _, value in others for time in re.findall(CLOCKS, value))
    if office is None or not times:
        return None
    hours = ", ".join(f"{name} {value}" for name, value in others)
    plain = f"{office[4:]}, {day}: {hours}."
    question = f"Wann hat {office} am {day} geöffnet?"
    return Draft(QuestionKind.FACT, question, plain, times, (line,))


def _hours_or_number(line: str, label: str, others: Sequence[tuple[str, str]]) -> Draft | None:
    """A row without money: an office's hours or telephone."""
    office = _with_article(label)
    for name, value in others:
        times = tuple(re.findall(CLOCKS, value))
        plain = f"{label}: {name} {value}."
        if _HOURS.search(name) and times:
            question = f"Wann hat {office} geöffnet?" if office else f"{label}: Wann ist geöffnet?"
            return Draft(QuestionKind.FACT, question, plain, times, (line,))
        if name.startswith("Telefon") and office:
            question = f"Welche Telefonnummer hat {office}?"
            return Draft(QuestionKind.FACT, question, plain, (value,), (line,))
    return None


def _with_article(word: str) -> str | None:
    """ "das Standesamt", for words that end as offices do; else None."""
    for ending, article in _OFFICES:
        if re.fullmatch(rf"[A-ZÄÖÜ][\w-]*?{ending}", word):
            return f"{article} {word}"
    return None
