"""Text recognition: a picture of a page to its words, by tesseract where it is installed."""

from __future__ import annotations

import math
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np
import pytesseract
from PIL import Image

from ingest.readers.pdf_shapes import Page, Word
from ingest.readers.scan_words import Box, PlacedWord, write_words

DOTS_PER_INCH = 300
LANGUAGES = "deu+eng"
ONE_COLUMN = 4  # tesseract's page layout that keeps marks such as "(1)"; columns are our part
LOWEST_CONFIDENCE = 30  # percent; below it, tesseract reads specks and lines as letters
DOUBTFUL_CONFIDENCE = 55  # a page below it may stand on its head or side
LETTER_HEIGHT = 0.9  # share of a line's box that its type size is
MOST_SKEW = 10  # degrees that a scan may be askew
DARKER = 2  # exponent: with less, pale headings are taken for paper, with more, dust for print
LEAST_SKEW = 0.5  # degrees; with less, tesseract reads no better for levelling
LEVEL_GAIN = 2  # times as sharply that lines must stand out from one another once level

_SPECK = re.compile(r"[|_~=«»°\\\[\]{}]*")  # edges, rules and dust, read as characters
_LEADER = re.compile(r"\.{3}|…")


@dataclass(frozen=True, slots=True)
class Sight:
    """What tesseract sees on a picture: its table of words, its mean confidence in percent, and the
    picture as it was read, turned by some degrees against the clock."""

    table: Mapping[str, list[str]]
    confidence: float
    picture: Image.Image
    degrees: float


def missing() -> str:
    """What has to be installed before pages can be recognised; "" where nothing is missing."""
    if shutil.which("tesseract") is None:
        return "tesseract-ocr with the German language pack"
    if not set(LANGUAGES.split("+")) <= set(pytesseract.get_languages()):
        return "the German and English language packs of tesseract-ocr"
    return ""


def recognise(picture: Image.Image, number: int, seconds: float) -> Page | None:
    """The words on the picture of page `number`, drawn with DOTS_PER_INCH; None where tesseract
    takes longer than `seconds` or fails. Pages that stand on their side are turned, and those that
    lie askew are levelled."""
    seen = _look(picture, seconds)
    if seen is None:
        return None
    scale = 72 / DOTS_PER_INCH
    return Page(
        number=number,
        width=seen.picture.width * scale,
        height=seen.picture.height * scale,
        words=tuple(_words(seen.table, scale)),
        is_recognised=True,
        confidence=seen.confidence,
        places=write_words(_places(seen, picture), *picture.size),
    )


def _places(seen: Sight, picture: Image.Image) -> Iterator[PlacedWord]:
    """The words as tesseract read them one after the other, and their boxes in the picture before
    it was turned."""
    for place, text in enumerate(seen.table["text"]):
        if _is_word(seen.table, place):
            left, top, width, height = (
                float(seen.table[key][place]) for key in ("left", "top", "width", "height")
            )
            box = left, top, left + width, top + height
            yield text.strip(), _turned_back(box, seen, picture)


def _turned_back(box: Box, seen: Sight, picture: Image.Image) -> Box:
    """Where a box of the picture as it was read is in the picture before it was turned."""
    cos, sin = math.cos(math.radians(seen.degrees)), math.sin(math.radians(seen.degrees))
    xs, ys = [], []
    for x in (box[0], box[2]):
        for y in (box[1], box[3]):
            right, down = x - seen.picture.width / 2, y - seen.picture.height / 2
            xs.append(picture.width / 2 + right * cos - down * sin)
            ys.append(picture.height / 2 + right * sin + down * cos)
    return min(xs), min(ys), max(xs), max(ys)


def _look(picture: Image.Image, seconds: float) -> Sight | None:
    """What tesseract sees once the picture is turned upright and levelled; None where it takes
    longer than `seconds` or fails."""
    try:
        seen = _read(picture, 0, seconds)
        if seen.confidence < DOUBTFUL_CONFIDENCE and (quarter := _find_turn(picture, seconds)):
            turned = _read(picture.rotate(quarter, expand=True), quarter, seconds)
            if turned.confidence > seen.confidence:
                return turned
    except RuntimeError:  # pytesseract's errors and its time-out
        return None
    return seen


def _read(picture: Image.Image, degrees: float, seconds: float) -> Sight:
    """What tesseract sees on a picture that was turned so far, once it is level."""
    skew = find_skew(picture)
    if abs(skew) >= LEAST_SKEW:
        picture = picture.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        degrees += skew
    darker = picture.point([round(255 * (grey / 255) ** DARKER) for grey in range(256)])
    data = pytesseract.image_to_data(
        darker,
        lang=LANGUAGES,
        config=f"--dpi {DOTS_PER_INCH} --psm {ONE_COLUMN}",
        output_type=pytesseract.Output.DICT,
        timeout=seconds,
    )
    confidences = [
        float(c)
        for c, text in zip(data["conf"], data["text"], strict=True)
        if text.strip() and not _LEADER.search(text)
    ]
    confidence = sum(confidences) / len(confidences) if confidences else 0.0
    return Sight(data, confidence, picture, degrees)


def find_skew(picture: Image.Image) -> float:
    """Degrees that lines of writing fall to the right, 0 where none are found.

    The angle at which rows of dark dots change most sharply from line to gap (Postl, 1986).
    """
    small = np.asarray(picture.convert("L").reduce(4))
    down, right = np.nonzero(small < 160)
    if len(down) == 0:
        return 0.0

    def sharpness(degrees: float) -> float:
        rows = np.round(down - right * math.tan(math.radians(degrees))).astype(int)
        counts = np.bincount(rows - rows.min())
        return float(np.square(np.diff(counts)).sum())

    near = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5), key=sharpness)
    best = float(max(np.arange(near - 0.4, near + 0.45, 0.1), key=sharpness))
    return best if sharpness(best) > LEVEL_GAIN * sharpness(0) else 0.0


def _find_turn(picture: Image.Image, seconds: float) -> int:
    """Degrees against the clock after which letters stand upright; 0 where they do, or are too
    few."""
    try:
        found = pytesseract.image_to_osd(
            picture,
            config="-c min_characters_to_try=20",
            output_type=pytesseract.Output.DICT,
            timeout=seconds,
        )
    except pytesseract.TesseractError:
        return 0
    return -int(found["rotate"])


def _is_word(table: Mapping[str, list[str]], place: int) -> bool:
    """Whether what stands at a place of tesseract's table is more than dust."""
    is_speck = _SPECK.fullmatch(table["text"][place].strip())
    return not is_speck and float(table["conf"][place]) >= LOWEST_CONFIDENCE


def _words(data: Mapping[str, list[str]], scale: float) -> list[Word]:
    """Words in points, level even where the scan is a little askew."""
    lines: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(data["text"])):
        if _is_word(data, place):
            keys = ("block_num", "par_num", "line_num")
            lines[tuple(str(data[key][place]) for key in keys)].append(place)
    if not lines:
        return []

    def number(key: str, place: int) -> float:
        return float(data[key][place]) * scale

    def bottom(place: int) -> float:
        return number("top", place) + number("height", place)

    slopes = [
        (bottom(places[-1]) - bottom(places[0]))
        / (number("left", places[-1]) - number("left", places[0]))
        for places in lines.values()
        if number("left", places[-1]) - number("left", places[0]) > 150
    ]
    slope = median(slopes) if slopes else 0.0
    heights = {
        key: max(number("height", place) for place in places) * LETTER_HEIGHT
        for key, places in lines.items()
    }
    usual = median(heights.values())
    words = []
    for key, places in lines.items():
        # Boxes of short words without tall letters are low; one size for all is nearer the truth.
        size = heights[key] if heights[key] > 1.5 * usual else usual
        baseline = median(bottom(place) - slope * number("left", place) for place in places)
        for place in places:
            left = number("left", place)
            text = data["text"][place].strip()
            words.append(
                Word(text, left, left + number("width", place), baseline - 0.1 * size, size)
            )
    return words
