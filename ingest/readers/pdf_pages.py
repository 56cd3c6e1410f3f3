"""pdfium at work: a PDF's pages as words and ruling lines, its pictures, its information."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.pdf_shapes import Page, Rule, Word
from ingest.readers.pdf_text import plain
from ingest.readers.pdf_visible import Doubt, Sight

if TYPE_CHECKING:
    from PIL import Image  # slow to import, and only scans need it

MOST_OBJECTS = 20_000  # a page that draws more is a map, and its lines are not a table's
THICKEST_RULE = 3.0  # points
SHORTEST_RULE = 8.0
HEAVY = 600  # weight of type from which it counts as bold

_Box = tuple[float, float, float, float]  # left, bottom, right, top, as PDF counts: upwards
# pdfium runs a word that is broken at the end of a line into its rest, with one of these between.
_WORD = re.compile(r"[^\s\u0002\ufffe]+[\u0002\ufffe]?")
_BOLD_NAME = re.compile(r"bold|black|heavy|semib|demi|halbfett", re.IGNORECASE)
_SQUARED = re.compile(r"(?:[cdk]?m|qm)[23]$")
_USELESS_TITLE = re.compile(
    r"microsoft|untitled|unbenannt|^\W*$|\.(?:docx?|xlsx?|pptx?|odt|indd|qxd|cdr|tmp|pdf)\b|^(?:dokument|document|scan)\d*$",
    re.IGNORECASE,
)


def read_page(document: pdfium.PdfDocument, index: int) -> list[Page]:
    """The page as its text runs: once for each direction of writing, the most used one first;
    nothing where the page has no text layer. Words that people cannot see are `hidden`, of the
    first."""
    page = document[index]
    try:
        box = page.get_bbox()
        found, hidden = _read_words(page, box)
        pages: list[Page] = []
        for quarter, words in sorted(found.items(), key=lambda item: -len(item[1])):
            size = box[2] - box[0], box[3] - box[1]
            width, height = reversed(size) if quarter % 2 else size
            rules = () if pages else tuple(_read_rules(page, quarter, box))
            pages.append(Page(index + 1, width, height, tuple(words), rules, hidden=hidden))
            hidden = ()
        if hidden:
            pages.append(Page(index + 1, box[2] - box[0], box[3] - box[1], (), hidden=hidden))
        return pages
    finally:
        page.close()


def has_picture(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether something other than text is drawn on the page that is not one plain colour."""
    page = document[index]
    try:
        if raw.FPDFPage_CountObjects(page) == 0:
            return False
        darkest, brightest = page.render(scale=0.5, grayscale=True).to_pil().getextrema()
        return bool(brightest - darkest > 40)
    finally:
        page.close()


def picture_share(document: pdfium.PdfDocument, index: int) -> float:
    """The share of the page that its largest picture covers, 0 to 1."""
    page = document[index]
    try:
        largest = 0.0
        for place in range(min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)):
            drawn = raw.FPDFPage_GetObject(page, place)
            if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_IMAGE:
                x0, y0, x1, y1 = _bounds(drawn)
                largest = max(largest, (x1 - x0) * (y1 - y0))
        return min(1.0, largest / max(1.0, float(page.get_width() * page.get_height())))
    finally:
        page.close()


def render(document: pdfium.PdfDocument, index: int, dots_per_inch: int) -> Image.Image:
    """A grey picture of the page as a reader sees it."""
    page = document[index]
    try:
        longest = max(page.get_size())
        scale = min(dots_per_inch / 72, 10_000 / max(longest, 1))  # a poster stays a small picture
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
        return picture
    finally:
        page.close()


def read_hints(document: pdfium.PdfDocument) -> dict[str, object]:
    """The title where it is one, and the pages' labels where they are not 1, 2, 3…"""
    hints: dict[str, object] = {}
    title = " ".join(plain(document.get_metadata_value("Title")).split())
    if title and not _USELESS_TITLE.search(title) and not title.startswith("<"):
        hints["title"] = title
    labels = [document.get_page_label(index) for index in range(len(document))]
    if any(label not in ("", str(number)) for number, label in enumerate(labels, 1)):
        hints["page_labels"] = labels
    return hints


def _read_words(page: pdfium.PdfPage, box: _Box) -> tuple[dict[int, list[Word]], tuple[str, ...]]:
    """The page's words by the quarter turns that they take against the clock, and those that people
    cannot see."""
    text_page = page.get_textpage()
    try:
        letters = read_letters(text_page)
        fonts = _Fonts(text_page)
        sight = Sight(page, box)
        doubts: list[Doubt] = []
        turned: list[tuple[int, Word]] = []
        for match in _WORD.finditer(letters):
            text = match[0]
            if not (text.isascii() and text.isprintable()):
                text = "".join(filter(str.isprintable, plain(text))).strip()
                if not text:
                    continue
            first, last = match.start(), match.end() - 1
            drawn = fonts.drawn(first)
            size, is_bold, quarter = fonts.describe(first, drawn)
            if _SQUARED.search(text) and fonts.is_raised(first, last, size):
                text = text[:-1] + ("²" if text.endswith("2") else "³")
            corner = _corner(quarter, box)
            left, bottom, right, top = place = fonts.box(first, last)
            if doubt := sight.doubt(len(turned), drawn, place, size):
                doubts.append(doubt)
            x0, _ = _point(left, bottom, quarter, corner)
            x1, _ = _point(right, top, quarter, corner)
            _, baseline = _point(*fonts.origin(first), quarter, corner)
            word = Word(text, min(x0, x1), max(x0, x1), baseline, size, is_bold)
            turned.append((quarter, word))
        unseen: set[int] = set()
        if doubts:
            unseen = sight.unseen(doubts, [turned[doubt.word][1].size for doubt in doubts])
        found: dict[int, list[Word]] = {}
        for number, (quarter, word) in enumerate(turned):
            if number not in unseen:
                found.setdefault(quarter, []).append(word)
        return found, tuple(turned[number][1].text for number in sorted(unseen))
    finally:
        text_page.close()


def read_letters(text_page: pdfium.PdfTextPage) -> str:
    """One character for each of pdfium's, so that places in the text are pdfium's indices."""
    count = text_page.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        letters = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(letters) == count:
            return letters
    codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
    return "".join(
        chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else " " for code in codes
    )


class _Fonts:
    """Size, weight, direction and places of letters, asked for with as few calls as can be."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self._page = text_page.raw
        self._matrix = raw.FS_MATRIX()
        self._box = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._known: dict[int, tuple[float, bool, int]] = {}

    def drawn(self, index: int) -> raw.FPDF_PAGEOBJECT:
        """The text object that draws a letter, null for none."""
        return raw.FPDFText_GetTextObject(self._page, index)

    def describe(self, index: int, drawn: raw.FPDF_PAGEOBJECT) -> tuple[float, bool, int]:
        """Type size in points, whether bold, and quarter turns against the clock, of a letter and
        what draws it: all letters of one text object share these."""
        if not drawn:
            return self._describe(index)
        address = ctypes.addressof(drawn.contents)
        if address not in self._known:
            self._known[address] = self._describe(index)
        return self._known[address]

    def _describe(self, index: int) -> tuple[float, bool, int]:
        matrix = self._matrix
        raw.FPDFText_GetMatrix(self._page, index, matrix)
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        size = raw.FPDFText_GetFontSize(self._page, index) * scale
        raw.FPDFText_GetFontInfo(self._page, index, self._name, 128, self._flags)
        is_bold = (
            raw.FPDFText_GetFontWeight(self._page, index) >= HEAVY
            or _BOLD_NAME.search(self._name.value.decode("latin-1")) is not None
        )
        if abs(matrix.b) <= abs(matrix.a):
            quarter = 0 if matrix.a >= 0 else 2
        else:
            quarter = 1 if matrix.b > 0 else 3
        return max(1.0, min(size, 200.0)), is_bold, quarter

    def box(self, first: int, last: int) -> _Box:
        """The box around a word's first and last letter."""
        box = self._box
        raw.FPDFText_GetLooseCharBox(self._page, first, box)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if last != first:
            raw.FPDFText_GetLooseCharBox(self._page, last, box)
            left, right = min(left, box.left), max(right, box.right)
            bottom, top = min(bottom, box.bottom), max(top, box.top)
        return left, bottom, right, top

    def origin(self, index: int) -> tuple[float, float]:
        """The point on the baseline where a letter begins."""
        raw.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._x.value, self._y.value

    def is_raised(self, first: int, last: int, size: float) -> bool:
        """Whether the last letter stands higher than the first."""
        return self.origin(last)[1] - self.origin(first)[1] > 0.15 * size


def _corner(quarter: int, box: _Box) -> tuple[float, float]:
    """The corner of the page's box that is upper left once the page is turned."""
    left, bottom, right, top = box
    return ((left, top), (left, bottom), (right, bottom), (right, top))[quarter]


def _point(x: float, y: float, quarter: int, corner: tuple[float, float]) -> tuple[float, float]:
    """A point of the page as a place from the upper left corner of the turned page."""
    right, up = x - corner[0], y - corner[1]
    return ((right, -up), (up, right), (-right, up), (-up, -right))[quarter]


def _bounds(drawn: raw.FPDF_PAGEOBJECT) -> _Box:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(drawn, *sides)
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _read_rules(page: pdfium.PdfPage, quarter: int, box: _Box) -> Iterator[Rule]:
    corner = _corner(quarter, box)
    count = raw.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        return
    for place in range(count):
        drawn = raw.FPDFPage_GetObject(page, place)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        for left, bottom, right, top in _edges(drawn):
            x0, y0 = _point(left, bottom, quarter, corner)
            x1, y1 = _point(right, top, quarter, corner)
            yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _edges(drawn: raw.FPDF_PAGEOBJECT) -> Iterator[_Box]:
    """The straight lines that a path draws: itself where it is thin, else its strokes."""
    left, bottom, right, top = _bounds(drawn)
    width, height = right - left, top - bottom
    if min(width, height) <= THICKEST_RULE:
        if max(width, height) >= SHORTEST_RULE:
            yield left, bottom, right, top
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    if not stroke.value:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = previous = (0.0, 0.0)
    for number in range(min(raw.FPDFPath_CountSegments(drawn), MOST_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(drawn, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(previous, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        previous = point


def _straight(start: tuple[float, float], end: tuple[float, float]) -> Iterator[_Box]:
    left, right = sorted((start[0], end[0]))
    bottom, top = sorted((start[1], end[1]))
    if min(right - left, top - bottom) <= 1 and max(right - left, top - bottom) >= SHORTEST_RULE:
        yield left, bottom, right, top
