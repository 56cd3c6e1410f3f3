"""Tables without ruling lines: texts of several rows that stand under one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.pdf_cells import label_row, read_cells
from ingest.readers.pdf_layout import Row
from ingest.readers.pdf_shapes import Line, Table
from ingest.readers.pdf_text import is_amount, is_mark, join_lines

WIDEST_STEP = 3.2  # times the type size: rows further apart are no table
CLOSE_STEP = 0.7  # of the step to the next row: less belongs to the row above

Columns = list[tuple[float, float]]  # left and right edges


def find_aligned_table(rows: Sequence[Row], page: int) -> tuple[Table, int] | None:
    """The table that begins with the first row, and how many rows it takes; None where the rows
    are a list with one amount each, or no table."""
    if len(rows[0]) < 2:
        return None
    columns = [(line.x0, line.x1) for line in rows[0]]
    length, full = 1, 1
    for above, row in pairwise(rows):
        step = row[0].y - above[0].y
        if step > WIDEST_STEP * max(line.size for line in (*above, *row)):
            break
        merged = _merge_columns(columns, row)
        if merged is None:
            break
        columns = merged
        length += 1
        full += len(row) > 1
    taken = list(rows[:length])
    while len(taken[-1]) < 2 and not (
        _is_wrapped(taken[-1][0], columns) or _is_close(taken, len(taken) - 1)
    ):
        taken.pop()
    if full < 2:
        return None
    header, body = _part_header(taken, columns)
    if (
        len(columns) == 2
        and not header
        and all(is_amount(row[-1].text) for row in body if len(row) > 1)
    ):
        return None
    cells = _logical_rows(body, columns)
    if len(columns) == 2 and not header:
        cells = [label_row(row) for row in cells]
    edges = tuple(x0 for x0, _ in columns)
    return Table(page, header, tuple(cells), edges), len(taken)


def _is_list(ends: Sequence[str]) -> bool:
    """Whether what stands at the right is one amount to each entry, or the pages of a table of
    contents: both read well as "entry: amount" lines."""
    return all(map(is_amount, ends)) or all(map(str.isdecimal, ends))


def _merge_columns(columns: Columns, row: Row) -> Columns | None:
    """The columns widened by a row's lines; None where a line stands across two of them."""
    merged = list(columns)
    for line in row:
        hits = [i for i, (x0, x1) in enumerate(merged) if line.x0 < x1 + 2 and line.x1 > x0 - 2]
        if len(hits) > 1:
            return None
        if hits:
            x0, x1 = merged[hits[0]]
            merged[hits[0]] = (min(x0, line.x0), max(x1, line.x1))
        elif len(row) == 1:
            return None
        else:
            merged.append((line.x0, line.x1))
            merged.sort()
    taken = [next(i for i, c in enumerate(merged) if c[0] <= line.x0 <= c[1]) for line in row]
    return merged if len(set(taken)) == len(row) else None


def _is_wrapped(line: Line, columns: Columns) -> bool:
    """Whether a line alone in the last row goes on with a cell instead of beginning a text."""
    return line.x0 > columns[0][1] or line.text[0].islower()


def _is_close(rows: Sequence[Row], place: int) -> bool:
    """Whether a line alone in its row stands nearer to the row above than to the one below."""
    steps = [below[0].y - above[0].y for above, below in pairwise(rows)]
    if len(rows[place]) > 1 or place == 0:
        return False
    following = steps[place] if place < len(steps) else max(steps)
    return steps[place - 1] < CLOSE_STEP * following


def _column(line: Line, columns: Columns) -> int:
    return next(i for i, (x0, x1) in enumerate(columns) if x0 - 1 <= line.x0 <= x1 + 1)


def _part_header(rows: Sequence[Row], columns: Columns) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The header of aligned rows and what stands below it: the rows in bold, or without figures,
    before the first row with an amount."""
    first = next(
        (i for i, row in enumerate(rows) if any(is_amount(line.text) for line in row[1:])), None
    )
    is_bold = [all(line.is_bold for line in row) for row in rows]
    count = next((i for i, bold in enumerate(is_bold) if not bold), 0)
    if first is not None and count == 0:
        count = first if first <= 3 and len(rows[0]) > 1 else 0
        is_beside = _column(rows[0][0], columns) > 0  # nothing stands over the labels
        if not is_beside and any(map(_has_digit, rows[:count])):
            count = 0
    if not count or (first is not None and count > first):
        return (), rows
    named: list[list[str]] = [[] for _ in columns]
    for row in rows[:count]:
        for line in row:
            named[_column(line, columns)].append(line.text)
    if sum(map(bool, named)) < 2:
        return (), rows
    return tuple(join_lines(texts) for texts in named), rows[count:]


def _has_digit(row: Row) -> bool:
    return any(letter.isdigit() for line in row for letter in line.text)


def _logical_rows(rows: Sequence[Row], columns: Columns) -> list[tuple[str, ...]]:
    """Rows of cells, the lines of wrapped cells joined."""
    logical: list[list[list[Line]]] = []
    has_marks = len(columns) > 2 and any(
        is_mark(row[0].text) or row[0].text.isdigit() for row in rows
    )
    for place, row in enumerate(rows):
        cells: list[list[Line]] = [[] for _ in columns]
        for line in row:
            cells[_column(line, columns)].append(line)
        goes_on = logical and (not cells[0] if has_marks else _goes_on(logical[-1], cells))
        if goes_on or _is_close(rows, place):
            for cell, more in zip(logical[-1], cells, strict=True):
                cell.extend(more)
        else:
            logical.append(cells)
    ends = [x1 for _, x1 in columns]
    return [read_cells(row, ends) for row in logical]


def _goes_on(row: Sequence[Sequence[Line]], cells: Sequence[Sequence[Line]]) -> bool:
    """Whether a line's cells are the wrapped rest of the row above."""
    if not cells[0]:
        return not any(is_amount(line.text) for cell in cells for line in cell)
    label = row[0][-1].text if row[0] else ""
    is_open = label.endswith((",", "-", "/", "(")) or cells[0][0].text[0].islower()
    is_label_only = not any(row[1:])
    has_more = any(cells[1:])
    return is_open and (is_label_only or not has_more)
