"""Where the words that were typed stand in a text, and which part of it a list shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.lexical import encode_terms_query
from service.spelling import fold

SNIPPET = 240  # characters that a list shows of a passage
_BEFORE = 60  # of them before the first word that was typed
_SHORTEST = 3  # letters of a word that is marked
_LONG = 6  # letters of a word whose ending may differ
_ENDING = 2  # letters
_WORD = re.compile(r"\w+")
_SPELT = {"a": "(?:ä|ae?)", "o": "(?:ö|oe?)", "u": "(?:ü|ue?)", "s": "(?:ss?|ß)"}
_SPELLINGS = re.compile("[aou]|ss?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is marked."""

    text: str
    is_marked: bool = False


def mark_words(text: str, query: str) -> list[Piece]:
    """The text in pieces; marked are words that begin as a typed one does, stop words aside."""
    pattern = _pattern(query)
    return list(_pieces(text, pattern)) if pattern else [Piece(text)]


def snippet(text: str, query: str) -> list[Piece]:
    """The beginning of a passage, or what lies around the first word that was typed."""
    text = " ".join(text.split())
    if len(text) <= SNIPPET:
        return mark_words(text, query)
    pattern = _pattern(query)
    found = pattern.search(text) if pattern else None
    first = found.start() if found else 0
    start = text.find(" ", first - _BEFORE) + 1 if first > SNIPPET - _BEFORE else 0
    end = text.rfind(" ", start, start + SNIPPET) if len(text) > start + SNIPPET else len(text)
    end = end if end > start else start + SNIPPET
    return mark_words(
        f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}", query
    )


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    position = 0
    for match in pattern.finditer(text):
        if match.start() > position:
            yield Piece(text[position : match.start()])
        yield Piece(match[0], is_marked=True)
        position = match.end()
    if position < len(text):
        yield Piece(text[position:])


@lru_cache(maxsize=64)
def _pattern(query: str) -> re.Pattern[str] | None:
    """What words are marked for a query; None where none of its words counts."""
    words = {word for word in _WORD.findall(query) if encode_terms_query(word, "de").indices}
    stems = [_stem(word) for word in sorted(words) if len(word) >= _SHORTEST or word.isdigit()]
    return re.compile(rf"\b(?:{'|'.join(stems)})", re.IGNORECASE) if stems else None


def _stem(word: str) -> str:
    """The pattern of the words that begin as this one does, however umlauts are spelt."""
    if word.isdigit():
        return rf"{word}\b"
    folded = fold(word)
    stem = folded[:-_ENDING] if len(folded) >= _LONG else folded
    return _SPELLINGS.sub(lambda found: _SPELT[found[0][0]], stem) + r"\w*"
