"""The words that were recognised on a scan and their boxes, as they are kept beside its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Box = tuple[float, float, float, float]  # left, top, right, bottom
PlacedWord = tuple[str, Box]

PARTS = 10_000  # of the page's width and height in which boxes are kept
MOST_WORDS = 20_000


def write_words(words: Iterable[PlacedWord], width: float, height: float) -> str:
    """The words of a picture of some size as text, a line for each: its box in parts of the page,
    and the word."""
    sides = width, height, width, height
    lines = []
    for text, box in words:
        parts = (round(PARTS * place / side) for place, side in zip(box, sides, strict=True))
        lines.append(f"{' '.join(map(str, parts))} {text}")
    return "\n".join(lines[:MOST_WORDS])


def read_words(text: str, width: float, height: float) -> Iterator[PlacedWord]:
    """The words that `write_words` wrote, by their places in a picture of some size."""
    for line in text.split("\n") if text else ():
        left, top, right, bottom, word = line.split(" ", 4)
        x0, x1 = (int(part) * width / PARTS for part in (left, right))
        y0, y1 = (int(part) * height / PARTS for part in (top, bottom))
        yield word, (x0, y0, x1, y1)
