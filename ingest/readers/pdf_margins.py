"""Running headers, footers and page numbers: found by standing at one place on many pages.

An address, a telephone number or the "Stand" in them is kept once, before or after everything
else: people ask for it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from ingest.readers.pdf_layout import find_rows
from ingest.readers.pdf_shapes import Line, Page

TOP, BOTTOM = 0.16, 0.8  # shares of the page's height that end and begin the margins
MOST_ROWS = 6  # rows at either end that are looked at
SAME_PLACE = 8.0  # points
FEWEST_PAGES, SMALLEST_SHARE = 2, 0.3

_PAGE_NUMBER = re.compile(
    r"(?i)(?P<sign>[-–—|\s]*(?:Seite|S\.|Blatt|Page)?)\s*(?P<number>\d{1,4})(?P<of>\s*(?:von|/|of)\s*\d{1,4})?[-–—|\s]*"
)
_TOLD_ONCE = re.compile(
    r"\bTel\b|Telefon|\bFax\b|@|\b\d{5} [A-ZÄÖÜ]|\d Uhr|Postfach|Sprechzeit|\bStand\s*:"
)

_Stretch = tuple[float, float, float]  # of a row to drop: its baseline, from where to where


@dataclass(frozen=True, slots=True)
class _MarginRow:
    """A row at the top or bottom of a page; `key` is its text with the figures masked, `numbers`
    are the lines of it that count pages."""

    text: str
    key: str
    page: int  # place among the pages
    y: float
    is_top: bool
    numbers: tuple[Line, ...]
    is_number: bool


def drop_margins(pages: Sequence[Page]) -> list[Page]:
    """The pages without what stands at the same place on at least two of them and on three in
    ten, and without page numbers."""
    rows = [row for place, page in enumerate(pages) for row in _margin_rows(place, page)]
    by_key: dict[str, list[_MarginRow]] = defaultdict(list)
    for row in rows:
        key = row.key
        if pages[row.page].is_recognised and key not in by_key and not row.text.isdecimal():
            # Misread letters differ from page to page.
            key = next(iter(get_close_matches(key, list(by_key)[-200:], 1, 0.8)), key)
        by_key[key].append(row)
    # Copies of one page (a form printed twice) count once: they repeat everything.
    faces = [" ".join(word.text for word in page.words) for page in pages]
    needed = max(FEWEST_PAGES, SMALLEST_SHARE * len(set(faces)))
    dropped: dict[int, list[_Stretch]] = defaultdict(list)
    for same in by_key.values():
        for beside in _by_place(same):
            is_running = len({faces[row.page] for row in beside}) >= needed
            for row in beside:
                # Where it parts no sentence that goes on on the next page.
                ends = [other for other in same if other.is_top == row.is_top]
                kept = ends[0] if row.is_top else ends[-1]
                is_kept = row is kept and _TOLD_ONCE.search(row.text) is not None
                if row.is_number or (is_running and not is_kept):
                    dropped[row.page].append((row.y, -math.inf, math.inf))
                else:
                    dropped[row.page] += [(row.y, line.x0, line.x1) for line in row.numbers]
    return [_without(page, dropped[place]) for place, page in enumerate(pages)]


def _by_place(rows: Sequence[_MarginRow]) -> list[list[_MarginRow]]:
    """The rows in groups that stand at the same height of their pages."""
    groups: list[list[_MarginRow]] = []
    for row in sorted(rows, key=lambda row: row.y):
        if groups and row.y - groups[-1][-1].y <= SAME_PLACE:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _margin_rows(place: int, page: Page) -> list[_MarginRow]:
    rows = find_rows(page.words)
    outer = {id(row) for row in (*rows[:MOST_ROWS], *rows[-MOST_ROWS:])}
    edge = {id(row) for row in (*rows[:1], *rows[-1:])}
    found = []
    for row in rows:
        y = row[0].y
        is_top = y <= TOP * page.height
        if id(row) in outer and (is_top or y >= BOTTOM * page.height):
            text = " ".join(line.text for line in row)
            is_number = id(row) in edge and _is_page_number(text, page.number)
            numbers = tuple(
                line for line in row if id(row) in edge and _is_count(line, page.number)
            )
            key = re.sub(r"\d+", "0", text)
            if text.isdecimal():  # "83" may be "§ 3" misread: numbers must count with the pages
                key = f"page + {int(text) - page.number}"
            found.append(_MarginRow(text, key, place, y, is_top, numbers, is_number))
    return found


def _is_page_number(text: str, number: int) -> bool:
    """Whether the text counts pages: "Seite 3 von 5", "- 3 -", or the page's own number."""
    match = _PAGE_NUMBER.fullmatch(text)
    return match is not None and (bool(match["sign"].strip()) or int(match["number"]) == number)


def _is_count(line: Line, number: int) -> bool:
    """Whether a line beside others counts pages: "Seite 3 von 5", or "Seite 3" on that page; not
    "Blatt 4711" of a register."""
    match = _PAGE_NUMBER.fullmatch(line.text)
    return (
        match is not None
        and bool(match["sign"].strip())
        and (bool(match["of"]) or int(match["number"]) == number)
    )


def _without(page: Page, stretches: Sequence[_Stretch]) -> Page:
    if not stretches:
        return page
    # A row's words stand within 0.35 of their size of its baseline (find_rows).
    kept = (
        word
        for word in page.words
        if not any(
            abs(word.y - y) < 0.35 * word.size and x0 <= word.x0 <= x1 for y, x0, x1 in stretches
        )
    )
    return replace(page, words=tuple(kept))
