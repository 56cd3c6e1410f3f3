"""Tables that ruling lines draw: lattices of lines, and the words in their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.readers.pdf_cells import label_row, read_cells
from ingest.readers.pdf_layout import find_rows
from ingest.readers.pdf_shapes import Line, Page, Rule, Table, Word
from ingest.readers.pdf_text import is_amount, join_lines

NEAR = 3.0  # points within which two ruling lines count as one
MOST_RULES = 3000  # more are a drawing


def find_ruled_tables(page: Page) -> tuple[list[Table], list[Word]]:
    """The tables that ruling lines draw, and the words outside of them."""
    tables: list[Table] = []
    words = list(page.words)
    for grid in _find_grids(page.rules):
        inside = [word for word in words if grid.holds(word)]
        table = _fill_grid(grid, inside, page.number)
        if table:
            tables.append(table)
            words = [word for word in words if not grid.holds(word)]
    return tables, words


@dataclass(frozen=True, slots=True)
class _Grid:
    """A lattice of ruling lines: `xs` and `ys` are its lines' places, `uprights` the vertical
    lines, which may end where cells are joined."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    uprights: tuple[Rule, ...]

    def holds(self, word: Word) -> bool:
        middle, height = (word.x0 + word.x1) / 2, word.y - 0.3 * word.size
        return (
            self.xs[0] - 1 <= middle <= self.xs[-1] + 1
            and self.ys[0] - 1 <= height <= self.ys[-1] + 1
        )

    def column(self, x: float, y: float) -> int:
        """The column at a place: the one whose left line is really drawn at this height."""
        column = max(0, min(bisect_right(self.xs, x) - 1, len(self.xs) - 2))
        while column and not any(
            abs(rule.x0 - self.xs[column]) <= NEAR and rule.y0 - NEAR <= y <= rule.y1 + NEAR
            for rule in self.uprights
        ):
            column -= 1
        return column


def _find_grids(rules: Sequence[Rule]) -> list[_Grid]:
    """Lattices of at least two columns and two rows among the page's ruling lines."""
    uprights = _join_collinear([rule for rule in rules if not rule.is_horizontal])
    levels = [_swapped(r) for r in _join_collinear([_swapped(r) for r in rules if r.is_horizontal])]
    grids = []
    for group in _touching(uprights, levels):
        own_uprights = tuple(rule for rule in group if not rule.is_horizontal)
        xs = _places([(rule.x0 + rule.x1) / 2 for rule in own_uprights])
        ys = _places([(rule.y0 + rule.y1) / 2 for rule in group if rule.is_horizontal])
        # Many makers leave out the outer lines.
        left, right = min(rule.x0 for rule in group), max(rule.x1 for rule in group)
        top, bottom = min(rule.y0 for rule in group), max(rule.y1 for rule in group)
        xs, ys = _places([*xs, left, right]), _places([*ys, top, bottom])
        if len(xs) >= 3 and len(ys) >= 3:
            grids.append(_Grid(xs, ys, own_uprights))
    return sorted(grids, key=lambda grid: grid.ys[0])


def _swapped(rule: Rule) -> Rule:
    return Rule(rule.y0, rule.x0, rule.y1, rule.x1)


def _join_collinear(uprights: Sequence[Rule]) -> list[Rule]:
    """Vertical lines drawn in pieces, one for each cell, as whole lines."""
    joined: list[Rule] = []
    for rule in sorted(uprights, key=lambda rule: (round(rule.x0), rule.y0)):
        above = joined[-1] if joined else None
        if above and abs(above.x0 - rule.x0) <= NEAR / 2 and rule.y0 <= above.y1 + NEAR:
            joined[-1] = replace(above, y1=max(above.y1, rule.y1))
        else:
            joined.append(rule)
    return joined


def _touching(uprights: Sequence[Rule], levels: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of ruling lines that cross or meet."""
    rules = [*uprights, *levels]
    if len(rules) > MOST_RULES:
        return []
    group = list(range(len(rules)))

    def root(place: int) -> int:
        while group[place] != place:
            group[place] = group[group[place]]
            place = group[place]
        return place

    for i, upright in enumerate(uprights):
        for j, level in enumerate(levels, len(uprights)):
            if (
                level.x0 - NEAR <= upright.x1
                and upright.x0 <= level.x1 + NEAR
                and upright.y0 - NEAR <= level.y1
                and level.y0 <= upright.y1 + NEAR
            ):
                group[root(i)] = root(j)
    members: dict[int, list[Rule]] = {}
    for place, rule in enumerate(rules):
        members.setdefault(root(place), []).append(rule)
    return [found for found in members.values() if len(found) > 3]


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """The values in order, near ones as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NEAR:
            places.append(value)
    return tuple(places)


def _fill_grid(grid: _Grid, words: Sequence[Word], page: int) -> Table | None:
    cells: list[list[list[Word]]] = [[[] for _ in grid.xs[1:]] for _ in grid.ys[1:]]
    for word in words:
        height = word.y - 0.3 * word.size
        row = max(0, min(bisect_right(grid.ys, height) - 1, len(grid.ys) - 2))
        cells[row][grid.column((word.x0 + word.x1) / 2, height)].append(word)
    rows = [row for row in cells if any(row)]
    used = [column for column in range(len(grid.xs) - 1) if any(row[column] for row in rows)]
    rows = [[row[column] for column in used] for row in rows]
    if len(used) < 2 or len(rows) < 2 or sum(sum(map(bool, row)) > 1 for row in rows) < 2:
        return None
    ends = [grid.xs[column + 1] for column in used]
    texts = [read_cells([_cell_lines(cell) for cell in row], ends) for row in rows]
    header: tuple[str, ...] = ()
    first = next((i for i, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    if _is_header(rows[first], rows[first + 1 :], texts[first:]):
        end = first + 1
        while end < len(rows) and _goes_on_header(texts[end]):
            end += 1
        header = tuple(join_lines(cell) for cell in zip(*texts[first:end], strict=True))
        texts = [*texts[:first], *texts[end:]]
    elif len(used) == 2:
        texts = [label_row(row) for row in texts]
    edges = tuple(grid.xs[column] for column in used)
    top, bottom = grid.ys[0], grid.ys[-1]
    return Table(page, header, tuple(texts), edges, grid.xs[0], grid.xs[-1], top, bottom)


def _is_header(
    first: Sequence[Sequence[Word]],
    others: Sequence[Sequence[Sequence[Word]]],
    texts: Sequence[tuple[str, ...]],
) -> bool:
    """Whether the first row names the columns: in bold alone, or without figures over figures."""
    if sum(map(bool, first)) < 2 or any(map(is_amount, texts[0])):
        return False
    is_bold = all(word.is_bold for cell in first for word in cell)
    if is_bold:
        return not all(word.is_bold for row in others for cell in row[1:] for word in cell)
    has_figures = any(letter.isdigit() for cell in texts[0][1:] for letter in cell)
    over_figures = any(is_amount(cell) for row in texts[1:] for cell in row[1:])
    return over_figures and not has_figures and all(texts[0][1:])


def _goes_on_header(row: Sequence[str]) -> bool:
    """Whether a row below the header is its second line: nothing in front, no figures."""
    return not row[0] and not any(letter.isdigit() for cell in row for letter in cell)


def _cell_lines(cell: Sequence[Word]) -> list[Line]:
    return [line for row in find_rows(cell) for line in row]
