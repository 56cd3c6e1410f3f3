"""Makes a PDF with ReportLab: Helvetica, which the reader's software has to bring along."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid
from reportlab.platypus.tableofcontents import TableOfContents
from source import Block, Heading, Items, Source, Table, Text

MARGIN = 25 * mm
WIDTH = A4[0] - 2 * MARGIN


def make(source: Source) -> bytes:
    """The PDF; what will be scanned has its font embedded, so that it looks the same anywhere."""
    fonts = _embed_vera() if source.print.scanned else ("Helvetica", "Helvetica-Bold")
    written = BytesIO()
    _Layout(source, fonts).write(written)
    return written.getvalue()


def _embed_vera() -> tuple[str, str]:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("VeraBold", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, folder / file))
    return "Vera", "VeraBold"


class _Layout:
    """One document's styles and how its blocks become flowables."""

    def __init__(self, source: Source, fonts: tuple[str, str]) -> None:
        self.source = source
        self.plain, self.bold = fonts
        is_by_law = source.print.style == "by-law"
        self.text = ParagraphStyle(
            "text",
            fontName=self.plain,
            fontSize=11 if is_by_law else 10.5,
            leading=15 if is_by_law else 14,
            spaceAfter=6,
            alignment=TA_JUSTIFY if is_by_law else 0,
            hyphenationLang="de_DE" if is_by_law else "",
        )
        self.cell = ParagraphStyle("cell", self.text, fontSize=9.5, leading=12, spaceAfter=0)
        self.cell.hyphenationLang = ""
        self.cell.alignment = 0
        heading = ParagraphStyle(
            "heading",
            self.text,
            fontName=self.bold,
            spaceBefore=10,
            keepWithNext=1,
            alignment=TA_CENTER if is_by_law else 0,
            hyphenationLang="",
        )
        self.title = ParagraphStyle("title", heading, fontSize=15, leading=19, spaceAfter=16)
        self.headings = {
            1: ParagraphStyle("h1", heading, fontSize=12, spaceBefore=16),
            2: heading,
            3: ParagraphStyle("h3", heading, alignment=0),
        }

    def write(self, written: BytesIO) -> None:
        """Sets the pages twice, as the table of contents needs the page numbers."""
        document = _Document(
            written,
            pagesize=A4,
            title=self.source.title,
            author=self.source.print.sender,
            creator="Textverarbeitung Rathaus",
            invariant=1,
        )
        frame = Frame(MARGIN, 22 * mm, WIDTH, A4[1] - 50 * mm, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("page", frame))
        document.multiBuild(list(self._story()), canvasmaker=self._canvas)

    def _canvas(self, *args: Any, **options: Any) -> Canvas:
        return _NumberedCanvas(self.source, self.plain, *args, **options)

    def _story(self) -> Iterator[Flowable]:
        yield Paragraph(escape(self.source.title), self.title)
        if self.source.print.contents:
            contents = TableOfContents(dotsMinLevel=0)
            entry = ParagraphStyle("entry", self.text, spaceAfter=2, hyphenationLang="")
            contents.levelStyles = [entry]
            yield contents
            yield PageBreak()
        for block in self.source.blocks:
            yield from self._flow(block)

    def _flow(self, block: Block) -> Iterator[Flowable]:
        match block:
            case Heading(level, text):
                if text.startswith("Anlage"):
                    yield PageBreak()
                yield Paragraph(escape(text), self.headings[level])
            case Text(text):
                yield Paragraph(escape(text), self.text)
            case Items(is_numbered, items):
                entries = [ListItem(Paragraph(escape(item), self.text)) for item in items]
                look = {"bulletFormat": "%s."} if is_numbered else {"start": "–"}
                kind = "1" if is_numbered else "bullet"
                yield ListFlowable(
                    entries,
                    bulletType=kind,
                    bulletFontName=self.plain,
                    bulletFontSize=self.text.fontSize,
                    leftIndent=18,
                    **look,
                )
            case Table() if self.source.print.tables == "leaders":
                rows = [_Leader(label, amount, self.plain) for label, amount in block.rows]
                yield KeepTogether([*rows, Spacer(0, 6)])
            case Table():
                yield self._grid(block)
                yield Spacer(0, 8)

    def _grid(self, table: Table) -> Grid:
        head = ParagraphStyle("head", self.cell, fontName=self.bold)
        cells = [[Paragraph(escape(cell), head) for cell in table.header]]
        cells += [[Paragraph(escape(cell), self.cell) for cell in row] for row in table.rows]
        grid = Grid(cells, colWidths=_widths(table), repeatRows=1)
        look: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), "#eeeeee"),
        ]
        if self.source.print.tables == "ruled":
            look.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        grid.setStyle(TableStyle(look))
        return grid


def _widths(table: Table) -> list[float]:
    """Column widths by the longest cell of each column, together the width of the page."""
    lengths = [
        max(10, min(28, max(map(len, column))))
        for column in zip(table.header, *table.rows, strict=True)
    ]
    return [WIDTH * length / sum(lengths) for length in lengths]


class _Leader(Flowable):
    """A fee with its label on the left, its amount on the right and dots between."""

    def __init__(self, label: str, amount: str, font: str) -> None:
        super().__init__()
        self.label, self.amount, self.font = label, amount, font
        self.width, self.height = WIDTH, 16.0

    def draw(self) -> None:
        size = 10.5
        start = pdfmetrics.stringWidth(self.label + " ", self.font, size)
        end = WIDTH - pdfmetrics.stringWidth(" " + self.amount, self.font, size)
        dots = int((end - start) // pdfmetrics.stringWidth(".", self.font, size))
        self.canv.setFont(self.font, size)
        self.canv.drawString(0, 4, f"{self.label} {'.' * dots}")
        self.canv.drawRightString(WIDTH, 4, self.amount)


class _Document(BaseDocTemplate):
    """Tells the table of contents where each § stands."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 ReportLab's name
        if isinstance(flowable, Paragraph) and flowable.style.name == "heading":
            self.notify("TOCEntry", (0, escape(flowable.getPlainText()), self.page))


class _NumberedCanvas(Canvas):
    """Holds the pages back until their number is known, then adds "Seite 2 von 5"."""

    def __init__(self, source: Source, font: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._source, self._font = source, font
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 ReportLab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self._add_frame(number, len(pages))
            super().showPage()
        super().save()

    def _add_frame(self, number: int, total: int) -> None:
        top = A4[1] - 16 * mm
        self.setFont(self._font, 8)
        self.drawString(MARGIN, top, self._source.print.sender)
        self.drawRightString(A4[0] - MARGIN, top, self._source.title)
        self.setLineWidth(0.4)
        self.line(MARGIN, top - 4, A4[0] - MARGIN, top - 4)
        self.drawCentredString(A4[0] / 2, 12 * mm, f"Seite {number} von {total}")
        self.drawRightString(A4[0] - MARGIN, 12 * mm, f"Stand: {self._source.as_of:%d.%m.%Y}")
