"""Patterns for sentences that hold a deadline, a date or hours: when, until when, for how long."""

from __future__ import annotations

import re

from eval.drafting.clauses import Clause, ask, lower_first
from eval.drafting.words import CLOCK, CLOCKS, DATE, DURATION, Found, cut
from eval.questions import QuestionKind

_OF_YEAR = r"(?: (?:des (?:Vorjahres|Folgejahres|laufenden Jahres)|(?:eines )?jeden Jahres))?"


def ask_within(clause: Clause) -> Found | None:
    """ "… ist innerhalb eines Monats anzuzeigen." """
    found = re.search(
        rf"(?:spätestens )?(?:innerhalb|binnen) (?:von |der ersten )?(?P<time>{DURATION})",
        clause.rest,
    )
    if found is None or len(re.findall(DURATION, clause.rest)) != 1:
        return None
    question = ask("Innerhalb welcher Frist", clause, cut(clause.rest, found))
    return QuestionKind.DEADLINE, question, (found["time"],)


def ask_before(clause: Clause) -> Found | None:
    """ "… ist mindestens zwei Wochen vorher zu beantragen", "… bis zum 15. März anzumelden"."""
    found = re.search(
        rf"(?:mindestens |spätestens |bis )?(?P<time>{DURATION}) (?:vorher|zuvor)", clause.rest
    )
    if found:
        question = ask("Wie lange vorher", clause, cut(clause.rest, found))
        return QuestionKind.DEADLINE, question, (found["time"],)
    for opening, pattern in (
        ("Bis wann", rf"(?:spätestens )?bis (?:spätestens )?(?:zum )?(?P<time>{DATE}{_OF_YEAR})"),
        ("Bis wann", rf"spätestens (?:am|zum|bis zum) (?P<time>{DATE}{_OF_YEAR})"),
        ("Von wann bis wann", rf"(?:in der Zeit )?(?:von|zwischen) (?P<time>{CLOCKS})"),
        (
            "Bis wie viel Uhr",
            rf"(?<!Uhr )(?:spätestens )?bis (?P<time>{CLOCK})(?: desselben Tages)?",
        ),
        ("Ab wie viel Uhr", rf"ab (?P<time>{CLOCK})"),
    ):
        found = re.search(pattern, clause.rest)
        others = (
            re.findall(rf"{DATE}|{CLOCK}", clause.rest.replace(found["time"], "")) if found else []
        )
        if found and not others:
            left = re.sub(r"\bnur ", "", cut(clause.rest, found))
            question = ask(opening, clause, left)
            return QuestionKind.DEADLINE, question, (found["time"],)
    return None


def ask_how_long(clause: Clause) -> Found | None:
    """ "Der Ausweis gilt zwölf Monate.", "… wird für zwölf Monate bewilligt." """
    if len(re.findall(DURATION, clause.rest)) != 1:
        return None
    if clause.verb in ("dauert", "gilt", "gelten"):
        found = re.match(rf"(?:etwa |rund |nur |höchstens )?(?P<time>{DURATION})", clause.rest)
        opening = "Wie lange"
    else:
        found = re.search(
            rf"(?:für|auf) (?:die Dauer von )?(?P<time>{DURATION})(?= [a-zäöü]+t\b)", clause.rest
        )
        opening = "Für wie lange"
    if found is None:
        return None
    question = ask(opening, clause, cut(clause.rest, found))
    return QuestionKind.DEADLINE, question, (found["time"],)


def ask_when(clause: Clause) -> Found | None:
    """ "Die Steuerpflicht beginnt mit …", "Die Gebühr wird … fällig." """
    ends = re.search(r"(?:zur Zahlung )?fällig$", clause.rest)
    if clause.verb in ("ist", "sind", "wird", "werden") and ends and "," not in clause.rest:
        if clause.is_fronted or not clause.front or " und " in clause.rest:
            return None
        numbers = tuple(re.findall(DATE, clause.rest)) or tuple(re.findall(DURATION, clause.rest))
        question = f"Wann {clause.verb} {lower_first(clause.front)} fällig?"
        return QuestionKind.DEADLINE, question, numbers
    if clause.verb not in ("beginnt", "endet", "entsteht", "erlischt") or clause.condition:
        return None
    if re.search(r" und |;", clause.rest) or not clause.front:
        return None
    said = re.match(
        r"(?P<subject>(?:der|die|das) [A-ZÄÖÜ]\w+)(?: (?:mit|am|zum|im|nach|ab|erst)\b)",
        clause.rest,
    )
    if clause.is_fronted:
        if not said:
            return None
        subject = f"{said['subject']} {lower_first(clause.front)}"
    else:
        if not re.match(
            r"(?:mit|am|zum|im|nach|ab|erst|frühestens|sobald|wenn|jeweils)\b", clause.rest
        ):
            return None
        subject = lower_first(clause.front)
    numbers = tuple(re.findall(DATE, clause.rest))
    return QuestionKind.DEADLINE, f"Wann {clause.verb} {subject}?", numbers
