"""Makes a PDF with fpdf2: ragged right, Bitstream Vera embedded, tables ruled or with dots."""

from __future__ import annotations

from pathlib import Path

import reportlab
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from source import Block, Heading, Items, Source, Table, Text

FONTS = Path(reportlab.__file__).parent / "fonts"
MARGIN = 22  # millimetres, as all lengths here
LINE = 5.2
INDENT = 6
AMOUNT_WIDTH = 32


def make(source: Source) -> bytes:
    """The PDF."""
    pages = _Pages(source)
    pages.add_page()
    pages.add_title()
    for block in source.blocks:
        pages.add(block)
    return bytes(pages.output())


class _Pages(FPDF):
    """A4 pages with the sender on top and the page number below."""

    def __init__(self, source: Source) -> None:
        super().__init__(format="A4")
        self._source = source
        self._is_by_law = source.print.style == "by-law"
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=24)
        self.add_font("Vera", fname=FONTS / "Vera.ttf")
        self.add_font("Vera", style="B", fname=FONTS / "VeraBd.ttf")
        self.set_title(source.title)
        self.set_author(source.print.sender)
        self.set_producer("fpdf2")
        self.set_lang("de-DE")
        self.set_creation_date(source.made_at)

    def header(self) -> None:
        """The sender and the title, above a line."""
        self.set_font("Vera", size=8)
        self.set_y(12)
        self.cell(0, 4, self._source.print.sender)
        self.set_x(MARGIN)
        self.cell(0, 4, self._source.title, align="R")
        self.line(MARGIN, 17.5, self.w - MARGIN, 17.5)
        self.set_xy(MARGIN, 24)

    def footer(self) -> None:
        """The day of the text and the page number."""
        self.set_font("Vera", size=8)
        self.set_xy(MARGIN, -15)
        self.cell(0, 4, f"Stand: {self._source.as_of:%d.%m.%Y}")
        self.set_x(MARGIN)
        self.cell(0, 4, f"Seite {self.page_no()} von {{nb}}", align="R")

    def add_title(self) -> None:
        self.set_font("Vera", "B", 15)
        self._write(self._source.title, 7.5, "C" if self._is_by_law else "L")
        self.ln(3)

    def add(self, block: Block) -> None:
        """A block below what is there."""
        match block:
            case Heading(_, text):
                self.ln(2.5)
                if self.will_page_break(4 * LINE):
                    self.add_page()
                self.set_font("Vera", "B", 11)
                self._write(text, 6, "C" if self._is_by_law else "L")
                self.ln(1)
            case Text(text):
                self.set_font("Vera", size=9.5)
                self._write(text, LINE, "L")
                self.ln(2)
            case Items(is_numbered, items):
                self.set_font("Vera", size=9.5)
                for number, item in enumerate(items, 1):
                    self.cell(INDENT, LINE, f"{number}." if is_numbered else "•")
                    self._write(item, LINE, "L")
                self.ln(2)
            case Table() if self._source.print.tables == "leaders":
                self.set_font("Vera", size=9.5)
                for label, amount in block.rows:
                    self._add_leader(label, amount)
                self.ln(2)
            case Table():
                self._add_table(block)

    def _write(self, text: str, line: float, align: str) -> None:
        self.multi_cell(0, line, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def _add_leader(self, label: str, amount: str) -> None:
        width = self.epw - AMOUNT_WIDTH
        dots = int((width - self.get_string_width(f"{label} ")) / self.get_string_width("."))
        self.cell(width, LINE, f"{label} {'.' * (dots - 1)}")
        self.cell(AMOUNT_WIDTH, LINE, amount, align="R", new_x="LMARGIN", new_y="NEXT")

    def _add_table(self, table: Table) -> None:
        is_ruled = self._source.print.tables == "ruled"
        borders = TableBordersLayout.ALL if is_ruled else TableBordersLayout.NONE
        aligns = tuple("RIGHT" if amount else "LEFT" for amount in table.is_amount)
        self.set_font("Vera", size=9.5)
        with self.table(
            [table.header, *table.rows],
            borders_layout=borders,
            text_align=aligns,
            line_height=LINE + 1,
            col_widths=(1, 2) if not any(table.is_amount) else (2, 1),
        ):
            pass
        self.ln(3)
