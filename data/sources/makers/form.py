"""Makes a form that can be filled in on the screen: ReportLab with AcroForm fields.

A list item "[text:iban] IBAN" is a text field, "[check:lastschrift] Ich …" a box to tick.
"""

from __future__ import annotations

import re
from io import BytesIO

from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from source import Heading, Items, Source, Table, Text

MARGIN = 22 * mm
LABEL_WIDTH = 68 * mm
WIDTH = A4[0] - 2 * MARGIN
BOTTOM = 20 * mm
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"

_FIELD = re.compile(r"\[(?P<kind>text|check):(?P<name>\w+)\] (?P<label>.+)")


def make(source: Source) -> bytes:
    """The PDF with its fields."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    canvas.setTitle(source.title)
    canvas.setAuthor(source.print.sender)
    _Form(canvas, source).draw()
    canvas.save()
    return written.getvalue()


class _Form:
    """Draws the form from top to bottom; `y` is where the next thing goes, in points."""

    def __init__(self, canvas: Canvas, source: Source) -> None:
        self.canvas = canvas
        self.source = source
        self.y = A4[1] - 20 * mm

    def draw(self) -> None:
        """All blocks, the frame of the office around them."""
        self._write(f"{self.source.print.sender} · Steueramt", PLAIN, 9)
        self.y -= 6
        self._write(self.source.title, BOLD, 16)
        self.y -= 4
        for block in self.source.blocks:
            match block:
                case Heading(_, text):
                    self.y -= 3
                    self._write(text, BOLD, 10.5)
                case Text(text):
                    self._write(text, PLAIN, 9)
                case Items(_, items):
                    for item in items:
                        self._add_field(item)
                    self.y -= 4
                case Table():
                    raise ValueError("A form has no tables.")
        if self.y < BOTTOM:
            raise ValueError("The form does not fit on one page.")
        self.canvas.setFont(PLAIN, 8)
        self.canvas.drawCentredString(A4[0] / 2, 10 * mm, "Seite 1 von 1")

    def _write(self, text: str, font: str, size: float) -> None:
        self.canvas.setFont(font, size)
        for line in simpleSplit(text, font, size, WIDTH):
            self.y -= size * 1.25
            self.canvas.drawString(MARGIN, self.y, line)
        self.y -= 3

    def _add_field(self, item: str) -> None:
        match = _FIELD.fullmatch(item)
        if match is None:
            raise ValueError(f"This is not a field: {item}")
        name, label = match["name"], match["label"]
        self.y -= 17
        self.canvas.setFont(PLAIN, 9)
        look = {"borderColor": black, "fillColor": white, "borderWidth": 0.5, "tooltip": label}
        if match["kind"] == "check":
            self.canvas.acroForm.checkbox(
                name=name, x=MARGIN, y=self.y, size=11, buttonStyle="cross", **look
            )
            self.canvas.drawString(MARGIN + 16, self.y + 2, label)
        else:
            self.canvas.acroForm.textfield(
                name=name,
                x=MARGIN + LABEL_WIDTH,
                y=self.y - 1,
                width=WIDTH - LABEL_WIDTH,
                height=14,
                fontName=PLAIN,
                fontSize=9,
                **look,
            )
            self.canvas.drawString(MARGIN, self.y + 2, label)
