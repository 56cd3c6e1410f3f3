"""Names of people, told by what announces them in twelve languages: nobody knows all names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.personal_words import (
    COMMON_NOUN,
    FOLLOWED_BY_BIRTH,
    GREETINGS,
    INTRODUCTIONS,
    MAIDEN,
    MENTIONS,
    NO_NAMES,
    OFFICES,
    PARTICLES,
    POSSESSIVE,
    TITLES,
)

Span = tuple[int, int]

_MOST_WORDS, _MOST_WITHOUT_CASE = 4, 3
# An apostrophe parts a Turkish ending from a name, but stands inside O'Brien and Мар'яна.
_WORD = re.compile(
    r"[^\W\d_](?:\.(?=[ -]?[^\W\d_])|[^\W\d_]*(?:(?:[-‐]"
    r"|['’ʼ](?=[A-ZÀ-ÞА-Яа-яІЇЄҐіїєґ]))[^\W\d_]+)*)"
)
_GAP = re.compile(r"(?<=\.)-|[ \u200c]{1,2}")
_CASELESS_STOP = re.compile(r"و(?:رقم|عنوان|أ|ا|كيف|هاتف|بريد|تاريخ|مولود|سكن|ي)")


def find_names(text: str, others: Sequence[Span]) -> Iterator[Span]:
    """Names that something announces. `others` are the places of other personal data: no part of a
    name, and what stands before an address on a line of its own is one."""
    is_small = not any(letter.isupper() for letter in text[1:])
    for cue in INTRODUCTIONS.finditer(text):
        yield from _named(text, cue.end(), others, in_small=True, fewest=1)
    for cue in MENTIONS.finditer(text):
        yield from _named(text, cue.end(), others, in_small=False, fewest=2)
    for pattern in (GREETINGS, MAIDEN):
        for cue in pattern.finditer(text):
            yield from _named(text, cue.end(), others, in_small=is_small, fewest=1)
    for cue in TITLES.finditer(text):
        is_noun = POSSESSIVE.search(text, max(0, cue.start() - 30), cue.start()) is not None
        fewest = 2 if is_noun else 1
        for start, end in _named(text, cue.end(), others, in_small=is_small, fewest=fewest):
            if not COMMON_NOUN.fullmatch(text, start, end):
                yield start, end
    yield from _followed(text, others)


def _named(
    text: str, start: int, others: Sequence[Span], *, in_small: bool, fewest: int
) -> Iterator[Span]:
    """The name that begins at a place, if one of so many words does."""
    end, count = start, 0
    position = start
    while count < _MOST_WORDS and (word := _WORD.match(text, position)):
        if _is_inside(word.start(), others) or not _may_be_name(word[0], count):
            break
        is_particle = word[0] in PARTICLES
        if not is_particle:
            if not (word[0][0].isupper() or _has_no_case(word[0]) or in_small):
                break
            is_plain = _has_no_case(word[0]) or not word[0][0].isupper()
            if is_plain and count >= _MOST_WITHOUT_CASE:
                break
            end, count = word.end(), count + 1
        gap = _GAP.match(text, word.end())
        if gap is None:
            break
        position = gap.end()
    is_long = end - start > 1
    if count >= fewest and is_long and not OFFICES.search(text, start, end):
        yield start, end


def _may_be_name(word: str, count: int) -> bool:
    folded = word.casefold().rstrip(".")
    if folded in NO_NAMES and folded not in PARTICLES:
        return False
    if count and _CASELESS_STOP.match(word):
        return False
    return not (COMMON_NOUN.fullmatch(word) and word[0].isupper())


def _followed(text: str, others: Sequence[Span]) -> Iterator[Span]:
    """Two to four words in capitals that stand right before a birth or an address."""
    ends = [match.start() for match in FOLLOWED_BY_BIRTH.finditer(text)]
    for start, _ in others:
        before = text[:start].rstrip()
        if before.endswith((",", "\n", ":")) or text[len(before) : start].count("\n"):
            ends.append(len(before.rstrip(",: ")))
    for end in ends:
        words = list(re.finditer(r"\S+", text[max(0, end - 60) : end]))
        name: list[re.Match[str]] = []
        for word in reversed(words):
            is_particle = word[0] in PARTICLES and name
            is_capital = _WORD.fullmatch(word[0]) and word[0][0].isupper()
            is_name = is_capital and _may_be_name(word[0], 1) and len(name) < _MOST_WORDS
            if not (is_name or is_particle):
                break
            name.append(word)
        while name and name[-1][0] in PARTICLES:
            name.pop()
        capitals = [word for word in name if word[0] not in PARTICLES]
        offset = max(0, end - 60)
        if len(capitals) >= 2:
            start, last = offset + name[-1].start(), offset + name[0].end()
            if not OFFICES.search(text, start, last) and not _is_inside(start, others):
                yield start, last


def _is_inside(position: int, spans: Sequence[Span]) -> bool:
    return any(start <= position < end for start, end in spans)


def _has_no_case(word: str) -> bool:
    return not word[0].isupper() and not word[0].islower()
