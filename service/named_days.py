"""The day whose law a question asks for, where it names one: "2023", "ab 1.1.2027", "next year"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from service.facts import Fact, FactKind, find_facts, normal_text
from service.phrases import Phrase
from service.question_words import QUESTION_WORDS
from service.signs import fold_signs

MIDYEAR = 7, 1  # month and day that stand for a year
WINDOW = 25  # years from today; "2000" is a number more often
RECENT = 3  # years from today; so near, a number of four digits is a year wherever it stands
NEAR = 2  # words before or after a year that tell what is of it

_CLAUSE_END = re.compile(r"[;:!?؟،؛–]|,(?![-\d])|(?<!\d)\.(?!\s*\d)(?!\d)")
_YEAR = re.compile(r"(?:\d{1,2}\.\s?\d{1,2}\.\s?)?\b[2٢۲][0٠۰]\d\d\b")
# Beside a year, but for one that ends its clause: else it is a number ("2020 Besucher").
_OF_A_YEAR = re.compile(
    fold_signs(
        r"(?:jahr\w*|in|ab|anfang|mitte|ende|years?|from|during|yıl\w*|ро[кц]\w*|год\w*|у|в|سنة|عام|العام"
        r"|لعام|لسنة|سال|في|در|années?|ann?|en|rok\w*|w|años?|anno|nel|del|anul|în)"
    )
)
_NUMBERED = re.compile(fold_signs(r"\w*straße|str|seite|page|no|nr|postfach|zimmer|room"))
# Before a year that a thing may be of: "ein Führerschein von 2024".
_MADE_IN = re.compile(fold_signs(r"(?:von|vom|aus|of|de|du|di|z|від|от|من|از)"))
_NOW = re.compile(
    fold_signs(
        r"\b(?:heute|jetzt|aktuell|derzeit|dieses jahr|today|now|this year|bugün|şimdi|bu yıl"
        r"|сьогодні|зараз|сегодня|сейчас|اليوم|الآن|امروز|اکنون|الان|aujourd'hui|maintenant|dziś|teraz"
        r"|hoy|ahora|oggi|adesso|astăzi|acum)\b"
    )
)
_JOINED = ("-", "/")  # to other figures: "WG-2023", "2023/24"
_WORD = re.compile(r"[^\W\d_]+")

# Beside a year: since then, or made then. Such a year is meant only where it is to come.
_SINCE = re.compile(
    fold_signs(
        r"(?:seit|ab|geb|geboren\w*|jahrg[aä]ng\w*|ausgestellt\w*|erteilt\w*|gekauft\w*|erworben\w*|bought|zur|baujahr\w*|bj|modell|since|from|born|built|model|beri|itibaren"
        r"|doğum\w*|doğdu\w*|з|із|від|народ\w+|с|со|от|рожд\w+|родил\w+|منذ|من|مواليد|از|متولد|depuis|dès"
        r"|née?|od|urodz\w+|rocznik\w*|desde|nacid\w+|dal?|nat[oa]|din|născut\w*)"
    )
)

_LAST_YEAR = re.compile(
    fold_signs(
        r"(?:letzte[ns]|vergangene[ns]|vorige[ns]) jahr|last year|geçen (?:yıl|sene)"
        r"|(?:минул|торі)\w+ ро[кц]\w+|прошл\w+ год\w*|(?:العام الماضي|السنة الماضية)"
        r"|سال (?:گذشته|قبل)|پارسال|(?:année|an) (?:dernière?|passée?)|(?:zeszł|ubiegł)ym roku"
        r"|año pasado|anno scorso|anul trecut"
    )
)
_NEXT_YEAR = re.compile(
    fold_signs(
        r"(?:nächste[ns]|kommende[ns]) jahr|next year|(?:gelecek|önümüzdeki) (?:yıl|sene)"
        r"|наступн\w+ ро[кц]\w+|(?:следующ|будущ)\w+ год\w*|(?:العام|السنة) (?:القادمة?|المقبلة?)"
        r"|سال (?:آینده|بعد)|(?:année|an) prochaine?|przyszłym roku|próximo año|año que viene"
        r"|anno prossimo|prossimo anno|anul viitor"
    )
)


def named_day(question: str, language: str, today: date) -> date | None:
    """The day named in the clauses that ask, 1 July where it is but a year, the first of a month;
    today's year, and "now", mean today. None where there is none, or not one alone: "2026 und
    2027"."""
    if language not in QUESTION_WORDS:
        return None
    clauses = _CLAUSE_END.split(question)
    asking = [clause for clause in clauses if Phrase.of(clause, language).asks]
    days = {day for clause in asking or clauses for day in _days(clause, language, today)}
    return days.pop() if len(days) == 1 else None


def without_years(question: str) -> str:
    """A question without the days and years that it names: what is in force then has them seldom,
    and the filter has them already."""
    return _YEAR.sub("", question)


def _days(clause: str, language: str, today: date) -> Iterator[date | None]:
    """The days that a clause may mean; None for a number that may be a year or not."""
    normal = normal_text(clause, language)
    for fact in find_facts(normal, language):
        before = _WORD.findall(normal[: fact.start])[-NEAR:]
        after = _WORD.findall(normal[fact.end :])[:NEAR]
        day = _day(fact, today)
        if day is None or abs(day.year - today.year) > WINDOW:
            continue
        if day <= today and any(map(_SINCE.fullmatch, before + after)):
            continue
        is_recent = abs(day.year - today.year) <= RECENT
        if fact.kind is not FactKind.NUMBER or _is_year(normal, fact, before, after, is_recent):
            yield day
        else:
            yield None
    for phrase, shift in ((_LAST_YEAR, -1), (_NEXT_YEAR, 1)):
        for found in phrase.finditer(normal):
            before = _WORD.findall(normal[: found.start()])[-NEAR:]
            if shift > 0 or not any(_SINCE.fullmatch(word) for word in before):
                yield date(today.year + shift, *MIDYEAR)
    if _NOW.search(normal):
        yield today


def _day(fact: Fact, today: date) -> date | None:
    """The day that a fact may mean; None where it is no day, or has no year."""
    try:
        if fact.kind is FactKind.DATE:
            return date.fromisoformat(fact.value)
        if fact.kind is FactKind.MONTH:
            return date(int(fact.unit), int(fact.value), 1)
        if fact.kind is FactKind.NUMBER and fact.unit in ("", "year"):
            year = int(fact.value)
            return today if year == today.year else date(year, *MIDYEAR)
    except (ValueError, OverflowError):  # there is no 31.2., nor a day without a year
        pass
    return None


def _is_year(normal: str, fact: Fact, before: list[str], after: list[str], is_recent: bool) -> bool:
    """Whether a number of a clause is a year: it is a recent one, a word beside it says so, or it
    ends the clause."""
    sign = normal[fact.end : fact.end + 1]
    is_joined = sign in _JOINED or normal[: fact.start].endswith(_JOINED)
    if is_joined or any(map(_NUMBERED.fullmatch, before[-1:])):
        return False
    if is_recent and not any(map(_MADE_IN.fullmatch, before[-1:])):
        return True
    is_told = fact.unit or any(map(_OF_A_YEAR.fullmatch, before[-1:] + after[:1]))
    return bool(is_told) or not after or sign == "'"  # it ends the clause, or Turkish says "in"
