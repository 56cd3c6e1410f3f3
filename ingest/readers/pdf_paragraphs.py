"""Rows of a page to paragraphs, list entries with their amount, and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_layout import Item, Row, find_rows, order_items
from ingest.readers.pdf_shapes import Page, Table
from ingest.readers.pdf_tables import find_aligned_table
from ingest.readers.pdf_text import (
    ends_sentence,
    is_amount,
    join_lines,
    opens_item,
    opens_provision,
    split_leader,
)

INDENT = 0.8  # times the type size: less is no indent
WIDE_STEP = 1.3  # times the usual step between lines: more parts paragraphs

_PAGE_REFERENCE = re.compile(r"(?:S\. ?)?\d{1,3}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or list entry with the looks that tell headings. `begins_part` marks the first
    of a column or page, which may go on with the last paragraph of the one before."""

    text: str
    page: int
    size: float
    is_bold: bool
    is_centred: bool
    is_row: bool = False
    is_recognised: bool = False
    begins_part: bool = False


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A row of a page as one line of text, with the amount that stands apart at its end."""

    text: str
    amount: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool
    is_centred: bool


@dataclass(frozen=True, slots=True)
class _Measure:
    """How the lines of a part are set: right margin, and the usual step from line to line."""

    right: float
    step: float
    is_recognised: bool


def read_paragraphs(page: Page, tables: Sequence[Table]) -> list[Piece | Table]:
    """The page's paragraphs, list entries and tables in reading order; `page` holds the words
    outside of the tables given."""
    lines = [line for row in find_rows(page.words) for line in row]
    found: list[Piece | Table] = []
    for part in order_items([*lines, *tables]):
        found.extend(_read_part(part, page))
    return found


def _read_part(items: Sequence[Item], page: Page) -> list[Piece | Table]:
    found: list[Piece | Table] = []
    rows: list[Row] = []
    begins = True
    for item in items:
        if isinstance(item, Table):
            found.extend(_read_rows(rows, page, begins))
            found.append(item)
            rows, begins = [], False
        elif rows and abs(item.y - rows[-1][0].y) < 0.4 * min(item.size, rows[-1][0].size):
            rows[-1].append(item)
        else:
            rows.append([item])
    found.extend(_read_rows(rows, page, begins))
    return found


def _read_rows(rows: Sequence[Row], page: Page, begins: bool) -> list[Piece | Table]:
    """Rows between ruled tables: aligned tables, and paragraphs around them."""
    ordered = [sorted(row, key=lambda line: line.x0) for row in rows]
    found: list[Piece | Table] = []
    waiting: list[Row] = []
    place = 0
    while place < len(ordered):
        aligned = find_aligned_table(ordered[place:], page.number)
        if aligned is None:
            waiting.append(ordered[place])
            place += 1
            continue
        table, length = aligned
        found.extend(_read_prose(waiting, page, begins))
        found.append(table)
        waiting, begins = [], False
        place += length
    found.extend(_read_prose(waiting, page, begins))
    return found


def _read_prose(rows: Sequence[Row], page: Page, begins: bool) -> list[Piece]:
    if not rows:
        return []
    left = min(row[0].x0 for row in rows)
    right = max(row[-1].x1 for row in rows)
    lines = [_text_line(row, left, right) for row in rows]
    measure = _Measure(
        right=sorted(line.x1 for line in lines)[int(0.95 * (len(lines) - 1))],
        step=_usual_step(lines),
        is_recognised=page.is_recognised,
    )
    groups: list[list[_TextLine]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, measure):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_piece(group, page, begins and place == 0) for place, group in enumerate(groups)]


def _text_line(row: Row, left: float, right: float) -> _TextLine:
    text, amount = " ".join(line.text for line in row), ""
    if parted := split_leader(text):
        label, end = parted
        if _PAGE_REFERENCE.fullmatch(end):  # a line of a table of contents
            text = f"{label} ........ {end}"
        else:
            text, amount = label, end
    else:
        first = next((i for i in range(len(row), 0, -1) if not is_amount(row[i - 1].text)), 0)
        if 0 < first < len(row):
            text = " ".join(line.text for line in row[:first])
            amount = " | ".join(line.text for line in row[first:])
    size = max(row, key=lambda line: len(line.text)).size
    x0, x1 = row[0].x0, row[-1].x1
    is_inset = x0 - left > 2 * size and right - x1 > 2 * size
    return _TextLine(
        text=text,
        amount=amount,
        x0=x0,
        x1=x1,
        y=row[0].y,
        size=size,
        is_bold=all(line.is_bold for line in row),
        is_centred=is_inset and abs((x0 - left) - (right - x1)) < 0.06 * (right - left),
    )


def _usual_step(lines: Sequence[_TextLine]) -> float:
    """The usual distance between baselines, in points."""
    steps = [
        below.y - above.y
        for above, below in pairwise(lines)
        if 0 < below.y - above.y < 2 * below.size
    ]
    return median(steps) if steps else 1.3 * lines[0].size


def _goes_on(group: Sequence[_TextLine], line: _TextLine, measure: _Measure) -> bool:
    """Whether a line goes on with the paragraph above it."""
    previous = group[-1]
    if previous.amount:
        return False
    usual = previous.y - group[-2].y if len(group) > 1 else measure.step
    step = line.y - previous.y
    if is_amount(line.text) and not line.amount and line.x0 > previous.x0 + 10 * line.size:
        return step < 2 * line.size  # an amount that found no room on its label's line
    if not 0 <= step <= max(WIDE_STEP * min(usual, measure.step), 1.1 * line.size):
        return False
    is_small = line.text[0].islower() and not opens_item(line.text)
    is_open = is_small and not ends_sentence(previous.text)
    if not measure.is_recognised and abs(line.size - previous.size) > 0.08 * previous.size:
        return is_open and step <= measure.step
    if line.is_bold != previous.is_bold and not (is_open or _is_full(previous, line, measure)):
        return False
    if line.is_centred and previous.is_centred:
        return not opens_provision(line.text)
    if opens_item(line.text):
        is_reference = line.text.startswith("(") or line.text[0].isdigit()
        return (
            is_reference
            and not ends_sentence(previous.text)
            and not opens_item(group[0].text)
            and abs(line.x0 - group[-1].x0) < INDENT * line.size
            and re.search(
                r"(?:Abs\.|Absatz|Nr\.|Nummer|§|am|zum|vom|der|und|bis|den)$", previous.text
            )
            is not None
        )
    if opens_provision(line.text):
        return _is_full(previous, line, measure) and not ends_sentence(previous.text)
    if is_open:
        return True
    is_full = _is_full(previous, line, measure) or (
        line.text[0].isdigit() and not ends_sentence(previous.text) and len(previous.text) > 40
    )
    return is_full and _is_in_place(group, line)


def _is_full(previous: _TextLine, line: _TextLine, measure: _Measure) -> bool:
    """Whether the next line's first word had no room left on the line above."""
    first = line.text.split(" ", 1)[0]
    width = (line.x1 - line.x0) * (len(first) + 1) / max(len(line.text), 1)
    return previous.x1 + width > measure.right - 0.5 * line.size


def _is_in_place(group: Sequence[_TextLine], line: _TextLine) -> bool:
    """Whether a line begins where the paragraph's next line may begin."""
    previous = group[-1]
    indent = line.x0 - previous.x0
    if abs(indent) < INDENT * line.size:
        return True
    if len(group) > 1:
        return False
    hangs = opens_item(previous.text) or opens_provision(previous.text)
    return hangs if indent > 0 else indent > -4 * line.size


def _piece(lines: Sequence[_TextLine], page: Page, begins_part: bool) -> Piece:
    texts = [line.text for line in lines]
    amount = lines[-1].amount
    if not amount and len(lines) > 1 and is_amount(texts[-1]) and lines[-1].x0 > lines[0].x0 + 100:
        amount = texts.pop()
    text = join_lines(texts)
    if amount:
        text = f"{text.rstrip(' :')}: {amount}"
    return Piece(
        text=text,
        page=page.number,
        size=max(lines, key=lambda line: len(line.text)).size,
        is_bold=all(line.is_bold for line in lines),
        is_centred=all(line.is_centred for line in lines),
        is_row=bool(amount),
        is_recognised=page.is_recognised,
        begins_part=begins_part,
    )
