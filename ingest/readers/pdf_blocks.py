"""The pages of a document as one text: torn paragraphs whole again, headings with their level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.readers.ocr_mending import mend_pieces, mend_umlauts
from ingest.readers.pdf_cells import continue_table
from ingest.readers.pdf_grids import find_ruled_tables
from ingest.readers.pdf_margins import drop_margins
from ingest.readers.pdf_paragraphs import Piece, read_paragraphs
from ingest.readers.pdf_shapes import Page, Table
from ingest.readers.pdf_text import ends_sentence, join_lines, opens_item

LARGER = 1.12  # times the size of the running text, from which a line is a heading
LONGEST_HEADING = 200
DEEPEST_LEVEL = 6

_NO_HEADING = re.compile(r"\([^)]{1,3}\)|[a-z]{1,2}\)|[-–•*·▪]\s|gez\.|[^\W\d_]{0,2}$")
_LETTERS = re.compile(r"[^\W\d_]{2}|§")
_TEXT_END = re.compile(r"[.,;:]$")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A heading (`kind` "heading"), paragraph ("text") or row ("row") as it goes to the parent
    process; `level` counts headings from 1, 0 where sizes of type are unknown."""

    text: str
    kind: str
    page: int
    level: int = 0


def make_blocks(pages: Sequence[Page]) -> list[TextBlock | Table]:
    """The headings, paragraphs, list entries and tables of all pages in reading order."""
    pages = mend_umlauts(pages)
    ruled = [find_ruled_tables(page) for page in pages]
    rest = [
        replace(page, words=tuple(words)) for page, (_, words) in zip(pages, ruled, strict=True)
    ]
    found: list[Piece | Table] = []
    for page, (tables, _) in zip(drop_margins(rest), ruled, strict=True):
        for piece in read_paragraphs(page, tables):
            _append(found, piece)
    recognised = {page.number for page in pages if page.is_recognised}
    return list(_mark_headings(mend_pieces(found, recognised)))


def _append(found: list[Piece | Table], piece: Piece | Table) -> None:
    """Add a piece, joined with what it goes on with."""
    if isinstance(piece, Table):
        _append_table(found, piece)
        return
    above = found[-1] if found else None
    if isinstance(above, Piece) and piece.begins_part and _is_torn(above, piece):
        found[-1] = replace(above, text=join_lines([above.text, piece.text]), is_row=piece.is_row)
    else:
        found.append(piece)


def _append_table(found: list[Piece | Table], table: Table) -> None:
    """Add a table, which may go on with one above it, a note between them or not."""
    for place in range(len(found) - 1, max(len(found) - 3, -1), -1):
        if isinstance(above := found[place], Table):
            whole, *rest = continue_table(above, table)
            found[place] = whole
            found.extend(rest)
            return
    found.append(table)


def _is_torn(above: Piece, piece: Piece) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    return (
        not above.is_row
        and not ends_sentence(above.text)
        and above.is_bold == piece.is_bold
        and (above.is_recognised or abs(above.size - piece.size) < 0.5)
        and piece.text[0].islower()
        and not opens_item(piece.text)
    )


def _mark_headings(found: Sequence[Piece | Table]) -> Iterator[TextBlock | Table]:
    pieces = [piece for piece in found if isinstance(piece, Piece)]
    measured = [piece for piece in pieces if not piece.is_recognised]
    sizes: Counter[float] = Counter()
    for piece in measured:
        sizes[_rounded(piece.size)] += len(piece.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    bold = sum(len(p.text) for p in measured if p.is_bold and _rounded(p.size) == body)
    bold_tells = bold < 0.5 * sizes[body]
    headings = {id(piece) for piece in pieces if _is_heading(piece, body, bold_tells)}
    looks = sorted({_looks(piece) for piece in measured if id(piece) in headings}, reverse=True)
    for item in found:
        if isinstance(item, Table):
            yield item
        elif id(item) in headings:
            level = 0 if item.is_recognised else min(looks.index(_looks(item)) + 1, DEEPEST_LEVEL)
            yield TextBlock(item.text, "heading", item.page, level)
        else:
            yield TextBlock(item.text, "row" if item.is_row else "text", item.page)


def _is_heading(piece: Piece, body: float, bold_tells: bool) -> bool:
    text = piece.text
    if piece.is_row or len(text) > LONGEST_HEADING or not _LETTERS.search(text):
        return False
    if _NO_HEADING.match(text) or _TEXT_END.search(text) or text[0].islower():
        return False
    if piece.is_recognised:
        return piece.is_centred
    is_larger = _rounded(piece.size) >= LARGER * body
    return is_larger or (piece.is_bold and bold_tells) or piece.is_centred


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _looks(piece: Piece) -> tuple[float, bool]:
    return round(piece.size), piece.is_bold
