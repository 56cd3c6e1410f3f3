"""Tables to rows that carry their header, so that each row can be read alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.types import Block, BlockKind


def join_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Block]:
    """A block for each row that holds text: "Hund: Ersthund | Steuer: 96,00 Euro".

    A cell whose column has no name stands alone, as does a cell that spans the whole row. A
    header without rows becomes a row itself.
    """
    names = [_tidy(name).rstrip(":") for name in header]
    texts = [text for row in rows if (text := _join_row(names, row))]
    if not texts:
        texts = [" | ".join(name for name in names if name)]
    return [Block(text, BlockKind.ROW) for text in texts if text]


def _join_row(names: Sequence[str], row: Sequence[str]) -> str:
    cells = [_tidy(cell) for cell in row]
    filled = [index for index, cell in enumerate(cells) if cell]
    if len(filled) == 1 and len(cells) > 1 and filled[0] == 0:
        return cells[0]  # a heading inside the table
    parts: list[str] = []
    previous = ""
    for index in filled:
        name = names[index] if index < len(names) else ""
        if name and name == previous:  # one name over several columns
            parts[-1] = f"{parts[-1]} {cells[index]}"
        else:
            parts.append(f"{name}: {cells[index]}" if name else cells[index])
        previous = name
    return " | ".join(parts)


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
