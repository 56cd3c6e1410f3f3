"""Personal data in what people type: found, and replaced by placeholders.

No model does this: numbers have check digits, addresses a form, and names are announced by what
stands around them ("my name is", "Frau", "Mit freundlichen Grüßen"). A name that nothing announces
is not seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.personal_contacts import find_births, find_phones
from service.personal_names import find_names
from service.personal_numbers import (
    find_accounts,
    find_insurance_numbers,
    find_mails,
    find_papers,
    find_tax_numbers,
)
from service.personal_places import find_addresses

Span = tuple[int, int]

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_LEVELLED = {**_SPACES, **_HYPHENS}


class PersonalKind(StrEnum):
    """What a piece of personal data is."""

    PERSON = "PERSON"
    ADDRESS = "ADDRESS"
    IBAN = "IBAN"
    TAX_ID = "TAX_ID"
    ID_CARD = "ID_CARD"
    SSN = "SSN"
    DOB = "DOB"
    PHONE = "PHONE"
    EMAIL = "EMAIL"


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Characters `start` to `end` of a text, and what they are."""

    start: int
    end: int
    kind: PersonalKind


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with "[PERSON-1]" in place of a name; `words`: what each placeholder stands for."""

    text: str
    words: Mapping[str, str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the placeholders stand for, each kind once."""
        return tuple(dict.fromkeys(word[1:].rpartition("-")[0] for word in self.words))


def find_personal(text: str) -> tuple[PersonalSpan, ...]:
    """The personal data in a text, in order, without overlaps."""
    level = _level(text)
    spans = _Spans()
    spans.add(find_mails(level), PersonalKind.EMAIL)
    if any(map(str.isdigit, level)):
        _add_numbers(spans, level)
    places = [(start, end) for start, end, _ in spans.taken]
    names = sorted(find_names(level, places), key=_longest)
    spans.add(names, PersonalKind.PERSON)
    return tuple(PersonalSpan(start, end, kind) for start, end, kind in sorted(spans.taken) if kind)


def _add_numbers(spans: _Spans, text: str) -> None:
    """Takes in what has digits: the surest first, so that none is taken for another."""
    for span, is_valid in find_accounts(text):
        spans.add([span], PersonalKind.IBAN if is_valid else None)
    spans.add(find_insurance_numbers(text), PersonalKind.SSN)
    spans.add(find_tax_numbers(text), PersonalKind.TAX_ID)
    spans.add(find_papers(text), PersonalKind.ID_CARD)
    spans.add(find_births(text), PersonalKind.DOB)
    # The longest first: one pattern may see less of an address than another.
    spans.add(sorted(find_addresses(text), key=_longest), PersonalKind.ADDRESS)
    spans.add(find_phones(text), PersonalKind.PHONE)


def _longest(span: Span) -> int:
    return span[0] - span[1]


def mask_personal(text: str) -> Masked:
    """The text without its personal data. The same words get the same placeholder, and none that
    stands in the text already."""
    parts: list[str] = []
    words: dict[str, str] = {}
    known: dict[tuple[PersonalKind, str], str] = {}
    end = 0
    for span in find_personal(text):
        said = text[span.start : span.end]
        key = span.kind, "".join(said.casefold().split())
        if key not in known:
            known[key] = _placeholder(span.kind, text, words)
            words[known[key]] = said
        parts.extend((text[end : span.start], known[key]))
        end = span.end
    return Masked("".join((*parts, text[end:])), words)


def _placeholder(kind: PersonalKind, text: str, words: Mapping[str, str]) -> str:
    number = 1
    while (placeholder := f"[{kind}-{number}]") in words or placeholder in text:
        number += 1
    return placeholder


class _Spans:
    """What was found, the surest first; a kind of None takes a place without being personal."""

    def __init__(self) -> None:
        self.taken: list[tuple[int, int, PersonalKind | None]] = []

    def add(self, found: Iterator[Span] | list[Span], kind: PersonalKind | None) -> None:
        """Takes in what overlaps nothing that is there."""
        for start, end in found:
            if all(end <= other or start >= last for other, last, _ in self.taken):
                self.taken.append((start, end, kind))


def _level(text: str) -> str:
    """The text, character for character, with plain spaces, hyphens and digits."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text.translate(_LEVELLED)
    )
