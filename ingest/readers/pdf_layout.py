"""A page's words to lines in reading order: rows on one baseline, columns one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_shapes import Line, Table, Word, make_line
from ingest.readers.pdf_text import is_amount, is_mark

WIDE_GAP = 1.5  # times the type size: more than any space between words of one line
NARROW_GAP = 0.6  # times the type size: enough between columns, where many rows have it
FEWEST_GUTTER_ROWS = 8
FEWEST_COLUMN_LINES = 4

Item = Line | Table
Row = list[Line]


def find_rows(words: Sequence[Word]) -> list[Row]:
    """The lines that share a baseline, from top to bottom and from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y, word.x0)):
        if rows and word.y - rows[-1][0].y < 0.35 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    ordered = [sorted(row, key=lambda word: word.x0) for row in _join_raised(rows)]
    gutters = _find_gutters(ordered)
    return [_split_row(row, gutters) for row in ordered]


def _find_gutters(rows: Sequence[Sequence[Word]]) -> set[int]:
    """Where words of many rows begin behind a gap, in whole points: the left edges of columns
    that stand too close for a wide gap. Gaps of justified lines do not line up like that."""
    edges: Counter[int] = Counter()
    for row in rows:
        for previous, word in pairwise(row):
            if word.x0 - previous.x1 > NARROW_GAP * max(word.size, previous.size):
                edges[round(word.x0)] += 1
    return {
        edge for edge in edges if sum(edges[edge + off] for off in (-1, 0, 1)) >= FEWEST_GUTTER_ROWS
    }


def _split_row(words: Sequence[Word], gutters: set[int]) -> Row:
    """The lines of a row, parted at wide gaps; a mark such as "(1)" stays with its text."""
    parts = [[words[0]]]
    for word in words[1:]:
        previous = parts[-1][-1]
        gap = (word.x0 - previous.x1) / max(word.size, previous.size)
        is_wide = gap > WIDE_GAP or (gap > NARROW_GAP and round(word.x0) in gutters)
        if is_wide and not (gap < 6 and is_mark(_text(parts[-1]))):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [make_line(part) for part in parts]


def order_items(items: Sequence[Item]) -> list[list[Item]]:
    """The items in reading order, as parts that each read from top to bottom."""
    cut = _find_columns(items)
    if cut is None:
        return [sorted(items, key=lambda item: (item.top, item.x0))] if items else []
    return [part for piece in cut for part in order_items(piece)]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _join_raised(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows of small raised letters joined with the row they belong to."""
    joined: list[list[Word]] = []
    for row in rows:
        if joined:
            above = joined[-1]
            size, size_above = max(w.size for w in row), max(w.size for w in above)
            gap = row[0].y - above[0].y
            is_raised = size_above < 0.8 * size and gap < 0.6 * size
            is_lowered = size < 0.8 * size_above and gap < 0.4 * size_above
            if is_raised or is_lowered:
                joined[-1] = [*row, *above] if is_raised else [*above, *row]
                continue
        joined.append(row)
    return joined


def _find_columns(items: Sequence[Item]) -> tuple[list[Item], ...] | None:
    """What stands above two columns of prose, the left, the right, and what stands below; None
    where there are no such columns."""
    lines = [item for item in items if isinstance(item, Line)]
    best: tuple[list[Item], ...] | None = None
    most = 0
    for gutter in _gutters(lines):
        crossing = sorted((i for i in items if i.x0 < gutter - 1 and i.x1 > gutter), key=_top)
        ends = [float("-inf"), *(item.top for item in crossing), float("inf")]
        starts = [float("-inf"), *(item.bottom for item in crossing), float("inf")]
        for start, end in zip(starts, ends[1:], strict=False):
            band = [i for i in items if start - 2 <= i.top < end and i not in crossing]
            left = [i for i in band if i.x1 <= gutter]
            right = [i for i in band if i.x0 >= gutter - 1]
            if len(band) > most and _is_prose(left) and _is_prose(right) and _part(left, right):
                top, bottom = min(i.top for i in band), max(i.top for i in band)
                rest = [i for i in items if i not in band]
                above = [i for i in rest if i.top < top]
                below = [i for i in rest if i.top >= top]
                best, most = (above, left, right, below), len(band)
                if any(i.top <= bottom for i in below):
                    best, most = None, 0
    return best


def _top(item: Item) -> float:
    return item.top


def _gutters(lines: Sequence[Line]) -> list[float]:
    """Where right columns may begin: left edges that several lines share, right of other lines."""
    if not lines:
        return []
    size = median(line.size for line in lines)
    leftmost = min(line.x0 for line in lines)
    edges = sorted(line.x0 for line in lines if line.x0 > leftmost + 8 * size)
    gutters: list[float] = []
    for place, edge in enumerate(edges):
        shared = [other for other in edges[place:] if other < edge + 0.4 * size]
        if len(shared) >= FEWEST_COLUMN_LINES and (not gutters or edge > gutters[-1] + 2 * size):
            gutters.append(edge - 0.5)
    return gutters


def _is_prose(items: Sequence[Item]) -> bool:
    lines = [item for item in items if isinstance(item, Line)]
    if len(lines) < FEWEST_COLUMN_LINES or len(lines) < 0.8 * len(items):
        return False
    if sum(is_amount(line.text) for line in lines) > 0.2 * len(lines):
        return False
    widths = sorted(line.x1 - line.x0 for line in lines)
    width = widths[int(0.9 * (len(widths) - 1))]
    words = sum(line.text.count(" ") + 1 for line in lines) / len(lines)
    size = median(line.size for line in lines)
    return width > 10 * size and median(widths) > 0.6 * width and words >= 3


def _part(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether a clear gutter parts the columns and they stand beside each other."""
    size = median(item.size for item in (*left, *right) if isinstance(item, Line))
    ends = sorted(item.x1 for item in left)
    gap = (
        min(i.x0 for i in right) - ends[int(0.95 * (len(ends) - 1))]
    )  # a page number may stand in it
    shared = min(max(i.bottom for i in left), max(i.bottom for i in right)) - max(
        min(i.top for i in left), min(i.top for i in right)
    )
    heights = (max(i.bottom for i in side) - min(i.top for i in side) for side in (left, right))
    return gap > 0.7 * size and shared > 0.5 * min(heights)
