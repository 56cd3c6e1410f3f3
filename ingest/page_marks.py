"""Finds what is quoted in a text, whatever breaks its lines, and in the rows of a table."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

KNOWN_BY = 12  # letters in a row that tell a place
LEAST_FOUND = 0.8  # share of a quote's letters
SURE = 40  # letters in a row that are enough where the rest stands on another page
LEAST_OF_ROW = 0.75  # share of a row's words, the rare ones counting more
MOST_LINES = 5  # that one row of a table takes
LINE_COST = 0.03  # what a further line must add to a row's share

Span = tuple[int, int]


def find_quote(text: str, quote: str, *, is_whole: bool = False) -> list[Span]:
    """Where a quote stands in a text, as spans of characters in their order: one, or several where
    something else stands in between; none where too little of it is there, or where it `is_whole`
    and anything is missing.

    Only letters, digits, § and signs of amounts are compared, so that broken words, ligatures,
    quotation marks and spaces may differ.
    """
    page, places = fold(text)
    borders = [
        number
        for number, place in enumerate(places)
        if place == 0 or not (text[place - 1].isalnum() or places[number - 1] == place)
    ]
    words = [folded for word in quote.split() if (folded := fold(word)[0])]
    spans: list[Span] = []
    found = longest = at = cursor = 0
    while at < len(words):
        count, start = _longest(page, borders, words[at:], cursor)
        if count == 0 and is_whole:
            return []
        if count == 0:
            at += 1
            continue
        length = sum(map(len, words[at : at + count]))
        cursor = start + length
        spans.append(_with_signs(text, places[start], places[cursor - 1] + 1))
        found += length
        longest = max(longest, length)
        at += count
    total = sum(map(len, words))
    is_enough = found == total if is_whole else longest >= SURE or found >= LEAST_FOUND * total
    return sorted(spans) if is_enough else []


def find_row(lines: Sequence[Sequence[str]], row: str) -> list[tuple[int, int]]:
    """Where a table's row stands in the lines of a page, given as words: line and word of each of
    its words. The reader writes a row as "Hund: Ersthund | Steuer: 96,00 Euro", with names that
    stand in the table's header. None where it is no row, or no few lines that follow each other
    hold most of it."""
    cells = row.split(" | ")
    if len(cells) == 1 and ": " not in row:
        return []
    return _find_lines(lines, " ".join(cell.partition(": ")[2] or cell for cell in cells))


def fold(text: str) -> tuple[str, list[int]]:
    """The characters of a text that are compared, small and without accents, and the place of each
    in it."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _fold(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@cache
def _fold(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in "§€$%")


def _with_signs(text: str, start: int, end: int) -> Span:
    """A span with the brackets, quotation marks and stops that touch it."""
    while start > 0 and not (text[start - 1].isspace() or text[start - 1].isalnum()):
        start -= 1
    while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
        end += 1
    return start, end


def _longest(
    page: str, borders: Sequence[int], words: Sequence[str], cursor: int
) -> tuple[int, int]:
    """How many of the words, from the first one, stand on the page in a row, and where they begin;
    0 where too few to tell a place."""
    low, high = 0, len(words)
    while low < high:  # where many words stand, fewer do too
        middle = (low + high + 1) // 2
        if "".join(words[:middle]) in page:
            low = middle
        else:
            high = middle - 1
    for count in range(low, 0, -1):
        piece = "".join(words[:count])
        if len(piece) < KNOWN_BY and count < len(words):
            break
        starts = [start for start in _occurrences(page, piece) if _is_at(borders, start)]
        if len(piece) < KNOWN_BY:  # a short one must be whole words
            ends = (start + len(piece) for start in starts)
            starts = [
                start
                for start, end in zip(starts, ends, strict=True)
                if end == len(page) or _is_at(borders, end)
            ]
        if starts:
            return count, next((start for start in starts if start >= cursor), starts[0])
    return 0, 0


def _occurrences(page: str, piece: str) -> Iterator[int]:
    start = page.find(piece)
    while start >= 0:
        yield start
        start = page.find(piece, start + 1)


def _is_at(borders: Sequence[int], place: int) -> bool:
    at = bisect_left(borders, place)
    return at < len(borders) and borders[at] == place


def _find_lines(lines: Sequence[Sequence[str]], wanted: str) -> list[tuple[int, int]]:
    """The words on the few lines that hold most of what is wanted."""
    folded = [[fold(word)[0] for word in line] for line in lines]
    needed = Counter(word for text in wanted.split() if (word := fold(text)[0]))
    common = Counter(word for line in folded for word in line)
    weights = {word: min(len(word), 10) / max(1, common[word]) for word in needed}
    total = sum(weights[word] * count for word, count in needed.items()) or 1
    best, best_span = 0.0, (0, 0)
    for first in range(len(lines)):
        held: Counter[str] = Counter()
        for last in range(first, min(first + MOST_LINES, len(lines))):
            held.update(word for word in folded[last] if word in needed)
            share = sum(weights[word] * min(needed[word], held[word]) for word in held) / total
            score = share - LINE_COST * (last - first)
            if share >= LEAST_OF_ROW and score > best:
                best, best_span = score, (first, last + 1)
    marks: list[tuple[int, int]] = []
    left = Counter(needed)
    for number in range(*best_span):
        for place, word in enumerate(folded[number]):
            if left[word] > 0:
                left[word] -= 1
                marks.append((number, place))
    return marks
