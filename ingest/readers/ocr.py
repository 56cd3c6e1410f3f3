"""Text recognition: a picture of a page to its words, by tesseract where it is installed."""

from __future__ import annotations

import math
import re
import shutil
from collections import defaultdict
from collections.abc import Mapping
from statistics import median

import numpy as np
import pytesseract
from PIL import Image

from ingest.readers.pdf_shapes import Page, Word

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
    try:
        upright, picture = picture, _level(picture)
        data, confidence = _read(picture, seconds)
        if confidence < DOUBTFUL_CONFIDENCE and (turned := _turn_upright(upright, seconds)):
            turned = _level(turned)
            other, other_confidence = _read(turned, seconds)
            if other_confidence > confidence:
                picture, data, confidence = turned, other, other_confidence
    except RuntimeError:  # pytesseract's errors and its time-out
        return None
    scale = 72 / DOTS_PER_INCH
    return Page(
        number=number,
        width=picture.width * scale,
        height=picture.height * scale,
        words=tuple(_words(data, scale)),
        is_recognised=True,
        confidence=confidence,
    )


def _read(picture: Image.Image, seconds: float) -> tuple[Mapping[str, list[str]], float]:
    """Tesseract's table of words, and its mean confidence in percent."""
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
    return data, sum(confidences) / len(confidences) if confidences else 0.0


def _level(picture: Image.Image) -> Image.Image:
    """The picture turned by the few degrees that its lines are askew, itself where they are not."""
    skew = find_skew(picture)
    if abs(skew) < LEAST_SKEW:
        return picture
    return picture.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


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


def _turn_upright(picture: Image.Image, seconds: float) -> Image.Image | None:
    """The picture turned as its letters stand; None where they stand upright or are too few."""
    try:
        found = pytesseract.image_to_osd(
            picture,
            config="-c min_characters_to_try=20",
            output_type=pytesseract.Output.DICT,
            timeout=seconds,
        )
    except pytesseract.TesseractError:
        return None
    angle = int(found["rotate"])
    return picture.rotate(-angle, expand=True) if angle else None


def _words(data: Mapping[str, list[str]], scale: float) -> list[Word]:
    """Words in points, level even where the scan is a little askew."""
    lines: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(data["text"]):
        if not _SPECK.fullmatch(text.strip()) and float(data["conf"][place]) >= LOWEST_CONFIDENCE:
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
