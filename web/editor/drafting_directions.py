"""What a language model takes for old and for new where it explains a change, and what is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.types import Passage
from service.checking import Fault
from service.evidence import is_same
from service.extract import Pick
from service.facts import Fact, FactKind, find_facts, normal_text
from service.staff_drafts import DraftedSentence, StaffDraft
from web.editor.drafting_changes import AFTER, BEFORE, GONE

# in folded letters: what says of the figure behind it that it is the old or the new one
_MARK = re.compile(
    r"\b(?:(?P<old>bisher\w*|fruher\w*|zuvor|vorher\w*|(?:an)?statt|anstelle|alte[nmrs]?"
    r"|nicht (?:mehr|langer))"
    r"|(?P<new>neu(?:e[nmrs]?)?|jetzt|nun(?:mehr)?|kunftig|auf))\b"
)
_IS_GONE = re.compile(r"entfall|fall\w* weg|weggefallen|gestrichen|aufgehoben|nicht mehr")
_GROWS = re.compile(r"steig|stieg|erhoh|angehoben|verlanger")
_SHRINKS = re.compile(r"sink|sank|gesunken|senk|verkurz|verringer|reduzier|ermassigt")


def told_apart(draft: StaffDraft) -> StaffDraft:
    """The explanation without sentences that take the old for the new: those are faulty. What only
    stands in a sentence that is gone says so."""
    return replace(draft, sentences=tuple(map(_told_apart, draft.sentences)))


def changed_values(difference: Mapping[str, Any]) -> Iterator[str]:
    """What the amounts, dates and periods of a difference were and are, place by place:
    "§ 5 Abs. 1: bisher 96,00 Euro, neu 108,00 Euro"."""
    for value in difference["values"]:
        was, now = value["before"], value["after"]
        said = [f"bisher {was}" if was else "", f"neu {now}" if now else "entfallen"]
        place = f"{value['place']}: " if value["place"] else ""
        yield place + ", ".join(filter(None, said))


def _told_apart(sentence: DraftedSentence) -> DraftedSentence:
    if not sentence.is_sound:
        return _with_faults(sentence, *sentence.faults)
    near = sentence.nearest[0]
    normal = normal_text(sentence.text, "de")
    if _lead(near.hit.passage, near.sentence) == GONE and not sentence.text.startswith(GONE):
        marks = {mark.lastgroup for mark in _MARK.finditer(normal)}
        if "new" in marks and not _IS_GONE.search(normal):
            return _with_faults(sentence, Fault.MEANING)
        return replace(sentence, text=f"{GONE}{sentence.text}")
    return _with_faults(sentence, Fault.NUMBER) if _is_turned(normal, near) else sentence


def _with_faults(sentence: DraftedSentence, *faults: Fault) -> DraftedSentence:
    """A faulty sentence, beside which only such stand as the document still has."""
    nearest = (p for p in sentence.nearest if _lead(p.hit.passage, p.sentence) == AFTER)
    return replace(sentence, faults=faults, nearest=tuple(nearest))


def _is_turned(normal: str, near: Pick) -> bool:
    """Whether a text gives an old figure as the new one or the other way round. Old ones come
    first ("von 96 auf 108 Euro"), unless a word before says what they are ("statt 96 Euro")."""
    told: list[tuple[str, str, Fact]] = []
    place = 0
    for fact in find_facts(normal, "de"):
        if side := _side(fact, near):
            marks = [mark.lastgroup or "" for mark in _MARK.finditer(normal, place, fact.start)]
            goes_on = told and told[-1][0] == side
            told.append((side, (marks or [told[-1][1] if goes_on else ""])[-1], fact))
            place = fact.end
    for number, (side, mark, _) in enumerate(told):
        is_last = not any(later == "new" for later, _, _ in told[number + 1 :])
        if mark not in ("", side) or (side == "old" and not mark and is_last):
            return True
    return _is_misjudged(normal, [(side, fact) for side, _, fact in told])


def _is_misjudged(normal: str, told: list[tuple[str, Fact]]) -> bool:
    """Whether a number that grew is said to have shrunk, or the other way round."""
    figures = {side: fact for side, fact in told if fact.kind is FactKind.NUMBER}
    grows, shrinks = bool(_GROWS.search(normal)), bool(_SHRINKS.search(normal))
    if len(told) != 2 or len(figures) != 2 or grows == shrinks:
        return False
    old, new = figures["old"], figures["new"]
    if old.unit and new.unit and old.unit != new.unit:
        return False
    return (Decimal(new.value) > Decimal(old.value)) != grows


def _side(fact: Fact, near: Pick) -> str:
    """ "old" or "new": in which wording of the nearest sentence a fact stands, else of the whole
    passage; "" in both or none."""
    passage = near.hit.passage
    change = {near.sentence}
    if _lead(passage, near.sentence) == BEFORE:
        change.add(near.sentence + 1)
    elif near.sentence and _lead(passage, near.sentence - 1) == BEFORE:
        change.add(near.sentence - 1)
    for numbers in (change, range(len(passage.sentences))):
        was, now = (_stands(fact, passage, numbers, is_new=is_new) for is_new in (False, True))
        if was != now:
            return "new" if now else "old"
        if was:
            return ""
    return ""


def _stands(fact: Fact, passage: Passage, numbers: Iterable[int], *, is_new: bool) -> bool:
    quotes = (
        passage.quote(passage.sentences[number])
        for number in numbers
        if (_lead(passage, number) == AFTER) == is_new
    )
    return any(is_same(fact, other) for quote in quotes for other in _facts(quote))


def _lead(passage: Passage, number: int) -> str:
    """What stands before a sentence, as `change_hits` writes it."""
    start = passage.text[: passage.sentences[number].start]
    return next(lead for lead in (BEFORE, AFTER, GONE) if start.endswith(lead))


@lru_cache(maxsize=512)
def _facts(quote: str) -> tuple[Fact, ...]:
    return tuple(find_facts(normal_text(quote, "de"), "de"))
