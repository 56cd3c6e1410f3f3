"""Whether "not" came or went, "must" became "may" or "at least" "at most" between two texts of any
language."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources

from service.signs import fold_signs
from service.spelled import table


class Sense(StrEnum):
    """What a text says of duty, denial and bounds; the words stand under these names in
    `polarity.toml`."""

    IGNORED = "ignored"
    LIMITED = "limited"
    UNASKED = "unasked"
    FREE = "free"
    PAID = "paid"
    NEEDLESS = "needless"
    FORBIDDEN = "forbidden"
    MUST = "must"
    MAY = "may"
    NOT = "not"
    OPEN = "open"
    EXEMPT = "exempt"
    ONLY = "only"
    LEAST = "least"
    MOST = "most"
    EARLIEST = "earliest"
    LATEST = "latest"
    BEFORE = "before"
    AFTER = "after"
    RISES = "rises"
    FALLS = "falls"
    ABOVE = "above"
    BELOW = "below"


_DENIALS = frozenset({Sense.NEEDLESS, Sense.FORBIDDEN, Sense.NOT})
_OPPOSITES = (
    {Sense.LEAST, Sense.MOST},
    {Sense.EARLIEST, Sense.LATEST},
    {Sense.BEFORE, Sense.AFTER},
    {Sense.RISES, Sense.FALLS},
    {Sense.ABOVE, Sense.BELOW},
)
# What a text is about, whichever side it takes.
TOPICS = (*_OPPOSITES, {Sense.ONLY})
_READ_WHOLE = frozenset({Sense.EXEMPT, Sense.ONLY}).union(*_OPPOSITES)
_TIMES = ("minute", "hour", "day", "week", "month", "year")


@lru_cache(maxsize=4096)
def find_senses(text: str, language: str) -> frozenset[Sense]:
    """What a text in a served language says of duty, denial and bounds."""
    text = fold_signs(text)
    found = set()
    for sense, pattern in _patterns(language).items():
        text, count = (
            pattern.subn(" ; ", text)
            if sense not in _READ_WHOLE
            else (text, len(pattern.findall(text)))
        )
        if count:
            found.add(sense)
    if Sense.LIMITED in found:
        found.add(Sense.OPEN)
    return frozenset(found - {Sense.IGNORED, Sense.LIMITED})


def is_denial_flipped(said: frozenset[Sense], proof: frozenset[Sense]) -> bool:
    """Whether what is said is denied by its proof, or denies it, or is its opposite."""
    if _are_opposite(said, proof) or _is_only_one_limited(said, proof):
        return True
    if Sense.ONLY in proof and Sense.MUST in said:
        return False  # "only with an appointment": one is needed
    if Sense.UNASKED in said ^ proof and Sense.NEEDLESS in said ^ proof:
        return False  # "meldet die Stadt ab": you need not
    is_denied, is_proof_denied = bool(said & _DENIALS), bool(proof & _DENIALS)
    if Sense.FREE in said and Sense.FREE in proof:
        return is_denied and not is_proof_denied and Sense.NOT in said
    if {Sense.FREE, Sense.EXEMPT} <= said and Sense.EXEMPT in proof:
        return False  # "vergiden muaf"
    if (Sense.EXEMPT in said) != (Sense.EXEMPT in proof) or Sense.OPEN in said | proof:
        return False
    if Sense.FREE in said:
        return not is_proof_denied
    if Sense.FREE in proof:
        return Sense.PAID in said and Sense.PAID not in proof and not is_denied
    return is_denied != is_proof_denied


def _are_opposite(said: frozenset[Sense], proof: frozenset[Sense]) -> bool:
    """Whether each has one side of a pair, and not the same."""
    sides = ((said & pair, proof & pair) for pair in _OPPOSITES)
    return any(len(one) == len(other) == 1 and one != other for one, other in sides)


def _is_only_one_limited(said: frozenset[Sense], proof: frozenset[Sense]) -> bool:
    """Whether "only" came, or went without a denial or a duty that says the same."""
    if Sense.ONLY in said:
        return Sense.OPEN not in proof
    return Sense.ONLY in proof and not said & {Sense.OPEN, Sense.MUST, *_DENIALS}


def is_duty_flipped(said: frozenset[Sense], proof: frozenset[Sense]) -> bool:
    """Whether a duty became a choice, or the other way round."""
    if Sense.OPEN in said | proof or (Sense.EXEMPT in said) != (Sense.EXEMPT in proof):
        return False
    if Sense.UNASKED in proof and Sense.MUST in said and Sense.UNASKED not in said:
        return True
    if Sense.NEEDLESS in said and Sense.MUST in proof and Sense.NEEDLESS not in proof:
        return True  # "wer nicht … , muss zahlen" denies no duty
    if said & _DENIALS and proof & _DENIALS:
        one, other = said & _DENIALS, proof & _DENIALS
        return {*one, *other} == {Sense.NEEDLESS, Sense.FORBIDDEN} and one != other
    if said & _DENIALS or proof & _DENIALS:
        return False
    duty = {Sense.MUST, Sense.MAY}
    return {*(said & duty), *(proof & duty)} == duty and len(said & duty) == len(proof & duty) == 1


@cache
def _patterns(language: str) -> dict[Sense, re.Pattern[str]]:
    """The words of a language in the order in which they are read."""
    text = (resources.files(__package__) / "polarity.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    words = dict(tables["all"])
    for sense, own in tables.get(language, {}).items():
        words[sense] = f"{words[sense]}|{own}" if sense in words else own
    units = table("units")
    time = f"(?:{'|'.join(units[unit] for unit in _TIMES)})"
    return {
        sense: re.compile(rf"\b(?:{fold_signs(words[sense]).replace('{time}', time)})(?!\w)")
        for sense in (*sorted(_READ_WHOLE), *Sense)
        if sense in words
    }
