"""What the layout of a page is made of: words, lines, ruling lines and tables with their places.

Places are in points from the page's upper left corner, x to the right, y downwards, turned so
that most of the text reads from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word without white space; `y` is its baseline, `size` the type size in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line that was drawn."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline without a wide gap between them."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool

    @property
    def top(self) -> float:
        """Where its letters begin."""
        return self.y - 0.8 * self.size

    @property
    def bottom(self) -> float:
        """Where its letters end."""
        return self.y + 0.2 * self.size


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows of cells; `edges` are the left edges of its columns, `header` is empty where
    none was found."""

    page: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    edges: tuple[float, ...]
    x0: float = 0
    x1: float = 0
    top: float = 0
    bottom: float = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read. `number` counts from 1; `is_recognised` marks text from pictures,
    where sizes and weights of type are unknown, with the engine's mean confidence in percent, and
    the words' `places` on the page as it is shown (see `scan_words`); `hidden`: words that people
    cannot see."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()
    is_recognised: bool = False
    confidence: float = 100.0
    hidden: tuple[str, ...] = ()
    places: str = ""


def make_line(words: Sequence[Word]) -> Line:
    """The line that words make, given from left to right; it reads as its script does."""
    letters = sum(len(word.text) for word in words)
    bold = sum(len(word.text) for word in words if word.is_bold)
    main = max(words, key=lambda word: (len(word.text), word.size))
    return Line(
        text=" ".join(_reading_order([word.text for word in words])),
        x0=words[0].x0,
        x1=max(word.x1 for word in words),
        y=main.y,
        size=main.size,
        is_bold=bold > 0.8 * letters,
    )


def _reading_order(words: list[str]) -> list[str]:
    """The words of a line as they are read: from the right where most are Arabic or Hebrew, but
    figures and names in Latin letters among them from the left."""
    from_right = [_RIGHT_TO_LEFT.search(word) is not None for word in words]
    if 2 * sum(from_right) <= len(words):
        return words
    ordered: list[str] = []
    start = 0
    for word, is_from_right in zip(reversed(words), reversed(from_right), strict=True):
        if is_from_right:
            start = len(ordered) + 1
        ordered.insert(start if not is_from_right else len(ordered), word)
    return ordered
