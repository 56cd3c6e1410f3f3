"""Patterns for sentences that hold a sum or a size: how much, what does it cost, how long."""

from __future__ import annotations

import re

from eval.drafting.clauses import Clause, ask, lower_first, tidy, upper_first
from eval.drafting.words import COUNT, DURATION, MEASURE, MONEY, PERCENT, Found, cut
from eval.questions import QuestionKind


def ask_amount(clause: Clause) -> Found | None:
    """ "Die Ruhezeit beträgt 20 Jahre." """
    if clause.verb not in ("beträgt", "betragen") or clause.condition:
        return None
    quantities = re.findall(rf"{MONEY}|{PERCENT}|{DURATION}|{MEASURE}", clause.rest)
    found = re.search(
        rf"(?P<least>mindestens |höchstens |bis zu |maximal )?(?:jeweils |etwa |rund )?"
        rf"(?P<what>{MONEY}|{PERCENT}|{DURATION}|{MEASURE})",
        clause.rest,
    )
    if found is None or len(quantities) != 1:
        return None
    what, left = found["what"], cut(clause.rest, found)
    measure = "groß" if re.fullmatch(MEASURE, what) else "hoch"
    measure = "lang" if re.fullmatch(DURATION, what) else measure
    bound = {"mindestens ": " mindestens"}.get(found["least"] or "", "")
    bound = bound or (" höchstens" if found["least"] else "")
    be = "ist" if clause.verb == "beträgt" else "sind"
    said = (
        (left, lower_first(clause.front))
        if clause.is_fronted
        else (lower_first(clause.front), left)
    )
    kind = QuestionKind.FACT if measure == "groß" else QuestionKind.AMOUNT
    kind = QuestionKind.DEADLINE if measure == "lang" else kind
    return kind, tidy(f"Wie {measure} {be} {said[0]} {said[1]}{bound}") + "?", (what,)


def ask_price(clause: Clause) -> Found | None:
    """ "Eine Meldebescheinigung kostet 8,00 Euro.", "Die Anmeldung ist kostenlos." """
    if clause.verb in ("kostet", "kosten") and not clause.is_fronted:
        prices = list(re.finditer(MONEY, clause.rest))
        if len(prices) == 1:
            question = ask("Was", clause, cut(clause.rest, prices[0]))
            return QuestionKind.AMOUNT, question, (prices[0][0],)
    free = re.fullmatch(r"(?:kosten|gebühren)(?:los|frei)|unentgeltlich", clause.rest)
    if clause.verb in ("ist", "sind") and free and clause.front and not clause.is_fronted:
        cost = "kostet" if clause.verb == "ist" else "kosten"
        return QuestionKind.AMOUNT, tidy(f"Was {cost} {lower_first(clause.front)}") + "?", ()
    return None


def ask_fee(clause: Clause) -> Found | None:
    """ "… wird gegen eine Gebühr von 5,00 Euro ausgegeben": which fee."""
    found = re.search(
        r"(?:\b(?P<with>gegen|mit|um|zu) )?\b(?P<of>eine[mnrs]?) (?P<noun>(?:[a-zäöüß]+e[nrms]? )?"
        r"(?:[A-ZÄÖÜ][\w-]*)?(?:[Gg]ebühr|[Gg]eldbuße|[Pp]auschale|[Ee]ntschädigung|[Zz]uschlag"
        r"|[Aa]ufpreis|[Ee]ntgelt|[Bb]ußgeld|[Bb]eitrag|[Kk]aution|[Zz]uschuss))"
        rf" (?:bis zu|von|von bis zu|in Höhe von|von mindestens|von höchstens) (?P<sum>{MONEY}"
        rf"|{PERCENT})(?: bis (?:zu )?(?P<most>{MONEY}))?",
        clause.rest,
    )
    if found is None or len(re.findall(MONEY, clause.rest)) != 1 + bool(found["most"]):
        return None
    which = "welch" + found["of"].removeprefix("ein")
    opening = " ".join(part for part in (found["with"], which, found["noun"]) if part)
    numbers = tuple(number for number in (found["sum"], found["most"]) if number)
    left = cut(clause.rest, found)
    return QuestionKind.AMOUNT, ask(upper_first(opening), clause, left), numbers


def ask_sum(clause: Clause) -> Found | None:
    """ "Für das Mittagessen werden 4,20 Euro je Mahlzeit erhoben." """
    sums = list(re.finditer(MONEY, clause.rest))
    if len(sums) != 1 or re.search(
        r"(?:von|bis|über|um|zu|mit|auf|höchstens|mindestens|nicht|als|gegen|je|Höhe) $",
        clause.rest[: sums[0].start()],
    ):
        return None
    left = cut(clause.rest, sums[0])
    return QuestionKind.AMOUNT, ask("Wie viel Euro", clause, left), (sums[0][0],)


def ask_size(clause: Clause) -> Found | None:
    """ "Die Leine darf höchstens zwei Meter lang sein." """
    found = re.fullmatch(
        rf"(?P<left>.*?) ?(?P<bound>höchstens|mindestens|maximal) (?P<what>{MEASURE}"
        rf"|{COUNT} Meter) (?P<size>lang|breit|hoch|tief|groß|stark) sein",
        clause.rest,
    )
    if found is None or re.search(r"\d", found["left"]):
        return None
    left = f"{found['left']} {found['bound']} sein"
    return QuestionKind.FACT, ask(f"Wie {found['size']}", clause, left), (found["what"],)
