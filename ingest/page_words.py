"""The words of a PDF page by their places in its picture, and the strips that mark some of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.page_marks import find_quote, find_row
from ingest.readers.pdf_pages import read_letters
from ingest.readers.scan_words import Box, read_words

MOST_LETTERS = 50_000  # of a page that is searched; a page of small print has 10,000
ABOVE, BELOW = 0.15, 0.3  # of a recognised word's height that a mark takes beyond it
WIDE_GAP = 1.5  # line heights between two marked words that one strip no longer covers

# As in pdf_pages: a word that is broken at the end of a line ends with one of these.
_WORD = re.compile(r"[^\s\u0002\ufffe]+[\u0002\ufffe]?")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word, the characters of the page's text that it takes, and its box in the picture's
    dots."""

    text: str
    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The text of a page, and its words by their places in its picture."""

    letters: str
    words: Sequence[PlacedWord]


def read_placed(page: pdfium.PdfPage, size: tuple[int, int]) -> PlacedText:
    """The text layer of a page by its places in a picture of a size in dots."""
    text_page = page.get_textpage()
    try:
        letters = read_letters(text_page)[:MOST_LETTERS]
        words = [
            PlacedWord(found[0], found.start(), found.end(), box)
            for found in _WORD.finditer(letters)
            if (box := _box(page, text_page, found.span(), size))
        ]
    finally:
        text_page.close()
    return PlacedText(letters, words)


def place_words(words: str, size: tuple[int, int]) -> PlacedText:
    """The words that were recognised on a scan by their places in a picture of a size in dots."""
    placed: list[PlacedWord] = []
    start = 0
    for text, (left, top, right, bottom) in read_words(words, *size):
        height = bottom - top
        box = left, top - ABOVE * height, right, bottom + BELOW * height
        placed.append(PlacedWord(text, start, start + len(text), box))
        start += len(text) + 1
    return PlacedText(" ".join(word.text for word in placed), placed)


def mark_quote(text: PlacedText, quote: str) -> list[Box]:
    """The strips that mark a quote on a page, one for each line it takes, from top to bottom; none
    where it is not found. Each line of the quote is looked for by itself, as the rows of a table
    stand apart."""
    letters, words = text.letters, text.words
    lines = _lines(words)
    texts = [[word.text for word in line] for line in lines]
    marked: set[PlacedWord] = set()
    for piece in quote.split("\n"):
        spans = find_quote(letters, piece, is_whole=True)
        row = [] if spans else find_row(texts, piece)
        if not row:
            spans = spans or find_quote(letters, piece)
        marked |= {lines[number][place] for number, place in row}
        marked |= {
            word
            for word in words
            if any(start < word.end and word.start < end for start, end in spans)
        }
    return [strip for line in lines for strip in _strips([w for w in line if w in marked])]


def _box(
    page: pdfium.PdfPage,
    text_page: pdfium.PdfTextPage,
    span: tuple[int, int],
    size: tuple[int, int],
) -> Box | None:
    """Where some characters are in the picture, None where nothing of them is drawn."""
    box, x, y = raw.FS_RECTF(), ctypes.c_int(), ctypes.c_int()
    xs: list[float] = []
    ys: list[float] = []
    for index in range(*span):
        if not raw.FPDFText_GetLooseCharBox(text_page.raw, index, box):
            continue
        if box.left == box.right or box.top == box.bottom:
            continue
        for corner in ((box.left, box.top), (box.right, box.bottom)):
            raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, *corner, x, y)
            xs.append(x.value)
            ys.append(y.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _lines(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """The words by lines from top to bottom, each from left to right, across all columns."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda word: word.box[1] + word.box[3]):
        _, top, _, bottom = word.box
        middle = (top + bottom) / 2
        if lines and lines[-1][0].box[1] <= middle <= lines[-1][0].box[3]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box[0]) for line in lines]


def _strips(words: Sequence[PlacedWord]) -> list[Box]:
    """The boxes around words of one line, from left to right; two where a wide gap is between."""
    strips: list[Box] = []
    for word in words:
        left, top, right, bottom = word.box
        if strips and left - strips[-1][2] <= WIDE_GAP * (bottom - top):
            x0, y0, x1, y1 = strips[-1]
            strips[-1] = (x0, min(y0, top), max(x1, right), max(y1, bottom))
        else:
            strips.append(word.box)
    return strips
