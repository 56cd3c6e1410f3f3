"""The cells of a table's rows: wrapped lines, several amounts in one cell, tables over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.pdf_shapes import Line, Table
from ingest.readers.pdf_text import is_amount, join_lines

LONGEST_LABEL = 60  # characters of a first cell that names what stands beside it
SAME_EDGE = 12.0  # points by which the columns of a table may move from page to page


def read_cells(cells: Sequence[Sequence[Line]], ends: Sequence[float]) -> tuple[str, ...]:
    """The texts of a row's cells; `ends` are the right edges of its columns. Where the last cell
    holds several amounts, each on the line of what it is for, it becomes "je Seite: 1,00; je Plan:
    7,50"."""
    texts = [join_lines(line.text for line in cell) for cell in cells]
    amounts = [line for line in cells[-1] if is_amount(line.text)]
    place = next((i for i in range(len(cells) - 2, -1, -1) if _is_label(cells[i])), 0)
    labels = cells[place]
    if len(amounts) > 1 and len(labels) > 1 and place == len(cells) - 2:
        texts[place], texts[-1] = _pair(labels, cells[-1], ends[place])
    return tuple(texts)


def label_row(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row of two cells without header as "Anlass: …" where the first cell is a name."""
    name, text = row
    is_name = len(name) <= LONGEST_LABEL and not is_amount(name) and ":" not in name[:-1]
    return (f"{name.rstrip(':')}: {text}",) if name and text and is_name else row


def continue_table(table: Table, following: Table) -> tuple[Table, ...]:
    """Both tables, the second with the first one's header where it goes on with the same columns;
    a row that was torn between the pages is whole again."""
    if not _has_same_columns(table, following):
        return table, following
    rows = following.rows
    if following.header == table.header:
        pass
    elif following.header:
        return table, following
    elif rows and rows[0] == table.header:
        rows = rows[1:]
    if rows and table.rows and not rows[0][0] and any(rows[0]) and following.page != table.page:
        table = replace(table, rows=(*table.rows[:-1], _mend(table.rows[-1], rows[0])))
        rows = rows[1:]
    return (table, replace(following, header=table.header, rows=rows)) if rows else (table,)


def _is_label(lines: Sequence[Line]) -> bool:
    return any(len(line.text) > 3 and not is_amount(line.text) for line in lines)


def _pair(labels: Sequence[Line], amounts: Sequence[Line], right: float) -> tuple[str, str]:
    """What all amounts are for, and each amount with the lines that are only about it."""
    shared: list[Line] = []
    own: list[Line] = []
    pairs: list[str] = []
    words: list[str] = []
    for line in sorted((*labels, *amounts), key=lambda line: (round(line.y / 4), line.x0)):
        if line not in amounts:
            own.append(line)
        elif not is_amount(line.text):
            words.append(line.text)
            shared, own = [*shared, *own], []
        else:
            if not pairs:
                place = _first_own(own, right)
                shared, own = [*shared, *own[:place]], own[place:]
            label = _join(own)
            pairs.append(f"{label}: {line.text}" if label else line.text)
            own = []
    return _join([*shared, *own]), "; ".join(filter(None, [join_lines(words), *pairs]))


def _first_own(lines: Sequence[Line], right: float) -> int:
    """Where the label of the first amount begins: the last line, unless it goes on with a line
    that had no room left; then all of them are about every amount."""
    if len(lines) < 2:
        return 0
    before, last = lines[-2:]
    first_word = (last.x1 - last.x0) * len(last.text.split(" ", 1)[0]) / len(last.text)
    is_full = before.x1 + first_word + 0.3 * last.size > right
    return len(lines) if is_full and before.text[-1] not in ",;:" else len(lines) - 1


def _join(lines: Sequence[Line]) -> str:
    return join_lines(line.text for line in lines)


def _mend(row: tuple[str, ...], rest: tuple[str, ...]) -> tuple[str, ...]:
    """A row and its rest from the next page as one."""
    if len(row) != len(rest):
        return (join_lines([*row, *filter(None, rest)]),)
    return tuple(join_lines(filter(None, cell)) for cell in zip(row, rest, strict=True))


def _has_same_columns(table: Table, other: Table) -> bool:
    return len(table.edges) == len(other.edges) and all(
        abs(a - b) < SAME_EDGE for a, b in zip(table.edges, other.edges, strict=True)
    )
