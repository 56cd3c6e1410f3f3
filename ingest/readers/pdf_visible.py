"""Which words of a PDF page people can see, by drawing it with and without those in doubt.

Most words are plainly seen, which costs next to nothing to tell: dark letters of a readable size on
the page, with nothing drawn over them. A page is drawn only for the others.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

if TYPE_CHECKING:
    from PIL import Image  # slow to import, and few pages need it

SMALLEST_TYPE = 4.0  # points: nobody reads smaller letters
LIGHT = 200  # of 255: paler letters may be lost on white
FAINT = 64  # of 255: more transparent ones on anything
LIKE = 40  # of 255: a difference in each colour below which letters are lost on their ground
SEEN = 16  # of 255: what a word must change on the page
SCANNED = 40  # of 255: the contrast under a word that another program recognised in a picture
SCAN_SHARE = 0.5  # of the page, that a picture covers on a scan
SMALLEST_COVER = 3.0  # points
MOST_OBJECTS = 20_000
MOST_CLIP_POINTS = 12
PIXELS_A_POINT = 2.0
LONGEST_SIDE = 2_000  # pixels

Box = tuple[float, float, float, float]  # left, bottom, right, top, as PDF counts: upwards
_Colour = tuple[int, int, int]
_EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))
_NOWHERE: Box = (float("inf"), float("inf"), float("-inf"), float("-inf"))
_LAYER = "OC\0".encode("utf-16-le")  # the mark of what can be switched off


@dataclass(frozen=True, slots=True)
class _Look:
    """How a text object is drawn: not at all, hardly or in a way that only the picture tells, or
    within a clip; when, and on what."""

    is_undrawn: bool
    is_odd: bool
    clip: Box
    place: float
    like_ground: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that people may not see: which one, where, and what draws it."""

    word: int
    box: Box
    drawn: raw.FPDF_PAGEOBJECT
    is_undrawn: bool


class Sight:
    """What may hide the words of a page, gathered in one pass over what it draws."""

    def __init__(self, page: pdfium.PdfPage, box: Box) -> None:
        self._page = page
        self._box = box
        self._places: dict[int, int] = {}  # of text objects, in the order of drawing
        self._covers: list[tuple[int, Box]] = []
        self._fills: list[tuple[int, Box, _Colour]] = []
        self._picture = 0.0  # the area of the largest
        self._looks: dict[int, _Look] = {}
        self._sides = [ctypes.c_float() for _ in range(4)]
        self._shades = [ctypes.c_uint() for _ in range(4)]
        self._modes = [ctypes.c_int(), ctypes.c_int()]
        self._name = (ctypes.c_ushort * 8)()
        self._gather()

    def doubt(self, word: int, drawn: raw.FPDF_PAGEOBJECT, box: Box, size: float) -> Doubt | None:
        """The doubt that a word is seen, None where it plainly is."""
        if not drawn:
            return None
        address = ctypes.addressof(drawn.contents)
        look = self._looks.get(address)
        if look is None:
            look = self._looks[address] = self._look(drawn, address)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if (
            look.is_odd
            or size < SMALLEST_TYPE
            or not _holds(self._box, x, y)
            or not _holds(look.clip, x, y)
            or any(_holds(ground, x, y) for ground in look.like_ground)
            or any(place > look.place and _holds(cover, x, y) for place, cover in self._covers)
        ):
            return Doubt(word, box, drawn, look.is_undrawn)
        return None

    def unseen(self, doubts: Sequence[Doubt], sizes: Sequence[float]) -> set[int]:
        """The words that people cannot see."""
        from PIL import ImageChops

        drawn = {ctypes.addressof(doubt.drawn.contents): doubt.drawn for doubt in doubts}
        with_words = self._draw()
        for text in drawn.values():
            raw.FPDFPageObj_SetIsActive(text, False)
        without = self._draw()
        for text in drawn.values():
            raw.FPDFPageObj_SetIsActive(text, True)
        change = ImageChops.difference(with_words, without)
        area = (self._box[2] - self._box[0]) * (self._box[3] - self._box[1])
        is_scan = self._picture > SCAN_SHARE * area
        found: set[int] = set()
        for doubt, size in zip(doubts, sizes, strict=True):
            place = self._pixels(doubt.box, change.size)
            if doubt.is_undrawn and is_scan:  # what another program read in the picture
                is_seen = _contrast(without, place) >= SCANNED
            else:
                is_seen = size >= SMALLEST_TYPE and _brightest(change, place) >= SEEN
            if not is_seen:
                found.add(doubt.word)
        return found

    def _gather(self) -> None:
        page = self._page
        count = raw.FPDFPage_CountObjects(page)
        if count > MOST_OBJECTS:
            return
        for place in range(count):
            drawn = raw.FPDFPage_GetObject(page, place)
            kind = raw.FPDFPageObj_GetType(drawn)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self._places[ctypes.addressof(drawn.contents)] = place
                continue
            left, bottom, right, top = box = self._bounds(drawn)
            if min(right - left, top - bottom) < SMALLEST_COVER:
                continue
            if kind == raw.FPDF_PAGEOBJ_PATH:
                fill, stroke = self._modes
                raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
                *colour, opacity = self._colour(drawn)
                if not fill.value or opacity < FAINT:
                    continue
                self._fills.append((place, box, (colour[0], colour[1], colour[2])))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._picture = max(self._picture, (right - left) * (top - bottom))
            if self._places:  # nothing covers before there is text
                self._covers.append((place, box))

    def _look(self, drawn: raw.FPDF_PAGEOBJECT, address: int) -> _Look:
        mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
        red, green, blue, opacity = self._colour(drawn)
        is_undrawn = mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
        is_plain = mode in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
        is_light = 0.3 * red + 0.59 * green + 0.11 * blue > LIGHT
        place = self._places.get(address)
        if place is None or self._is_in_layer(drawn):  # in a form, or on a page that draws too much
            return _Look(is_undrawn, True, _EVERYWHERE, float("inf"), ())
        alike = tuple(
            box
            for at, box, colour in self._fills
            if at < place
            and all(abs(a - b) < LIKE for a, b in zip(colour, (red, green, blue), strict=True))
        )
        return _Look(
            is_undrawn,
            not is_plain or opacity < FAINT or is_light,
            self._clip(drawn),
            place,
            alike,
        )

    def _is_in_layer(self, drawn: raw.FPDF_PAGEOBJECT) -> bool:
        name, size = self._name, ctypes.c_ulong()
        for number in range(max(0, raw.FPDFPageObj_CountMarks(drawn))):
            mark = raw.FPDFPageObj_GetMark(drawn, number)
            raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), size)
            if bytes(name)[: size.value] == _LAYER:
                return True
        return False

    def _clip(self, drawn: raw.FPDF_PAGEOBJECT) -> Box:
        """Around what a text object may be drawn in; nowhere, where that has many corners."""
        path = raw.FPDFPageObj_GetClipPath(drawn)
        left, bottom, right, top = _EVERYWHERE
        x, y, *_ = self._sides
        for number in range(max(0, raw.FPDFClipPath_CountPaths(path)) if path else 0):
            count = raw.FPDFClipPath_CountPathSegments(path, number)
            if count > MOST_CLIP_POINTS:
                return _NOWHERE
            if count <= 0:
                continue
            points = []
            for place in range(count):
                segment = raw.FPDFClipPath_GetPathSegment(path, number, place)
                raw.FPDFPathSegment_GetPoint(segment, x, y)
                points.append((x.value, y.value))
            left = max(left, min(point[0] for point in points))
            right = min(right, max(point[0] for point in points))
            bottom = max(bottom, min(point[1] for point in points))
            top = min(top, max(point[1] for point in points))
        return left, bottom, right, top

    def _bounds(self, drawn: raw.FPDF_PAGEOBJECT) -> Box:
        raw.FPDFPageObj_GetBounds(drawn, *self._sides)
        left, bottom, right, top = (side.value for side in self._sides)
        return left, bottom, right, top

    def _colour(self, drawn: raw.FPDF_PAGEOBJECT) -> tuple[int, int, int, int]:
        raw.FPDFPageObj_GetFillColor(drawn, *self._shades)
        red, green, blue, opacity = (shade.value for shade in self._shades)
        return red, green, blue, opacity

    def _draw(self) -> Image.Image:
        scale = min(PIXELS_A_POINT, LONGEST_SIDE / max(*self._page.get_size(), 1))
        picture: Image.Image = self._page.render(scale=scale).to_pil().convert("RGB")
        return picture

    def _pixels(self, box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Where a box of the page is on its picture."""
        x, y = ctypes.c_int(), ctypes.c_int()
        points = []
        for across, up in ((box[0], box[1]), (box[2], box[3])):
            raw.FPDF_PageToDevice(self._page, 0, 0, *size, 0, across, up, x, y)
            points.append((x.value, y.value))
        (x0, y0), (x1, y1) = points
        return min(x0, x1), min(y0, y1), max(x0, x1) + 1, max(y0, y1) + 1


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _brightest(picture: Image.Image, place: tuple[int, int, int, int]) -> int:
    """The highest value of any colour in a part of the picture, 0 outside of it."""
    return max((high for _, high in _extremes(picture, place)), default=0)


def _contrast(picture: Image.Image, place: tuple[int, int, int, int]) -> int:
    return max((high - low for low, high in _extremes(picture, place)), default=0)


def _extremes(picture: Image.Image, place: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The lowest and highest value of each colour in a part of the picture; none outside of it."""
    left, top = max(0, place[0]), max(0, place[1])
    right, bottom = min(picture.width, place[2]), min(picture.height, place[3])
    if left >= right or top >= bottom:
        return []
    part = picture.crop((left, top, right, bottom))
    levels = [part.getchannel(colour).tobytes() for colour in "RGB"]
    return [(min(level), max(level)) for level in levels]
