"""The geometry of two pictures, columns over time and bars by name; a template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 440.0
COLUMNS_HEIGHT, GROUND = 190.0, 162.0  # of the picture, and where its columns stand
LEFT, TOP = 50.0, 12.0
BAR_LINE, BAR, NAMES = 30.0, 18.0, 190.0  # a row of bars; its bar; room for names
LONGEST_NAME = 24  # characters; the table below has the whole name


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a picture; `series` 1 or 2."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Label:
    """A text in a picture; `anchor` as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws: rectangles, texts, and lines from one side to the other."""

    width: float
    height: float
    rectangles: tuple[Rectangle, ...]
    labels: tuple[Label, ...]
    levels: tuple[float, ...] = ()


def draw_columns(
    names: Sequence[str],
    values: Sequence[Sequence[float]],
    top: float | None = None,
    unit: str = "",
) -> Chart:
    """Columns in a row, each of one or two values on top of each other; `top`: what the highest
    one could be, by default what it is. Only some names have room."""
    highest = top or max((sum(column) for column in values), default=0) or 1
    slot = (WIDTH - LEFT) / max(len(names), 1)
    scale = (GROUND - TOP) / highest
    rectangles = []
    for number, column in enumerate(values):
        ground = GROUND
        for series, value in enumerate(column, start=1):
            height = round(value * scale, 1)
            ground -= height
            if height:
                x = round(LEFT + number * slot + slot * 0.1, 1)
                width = round(min(slot * 0.8, 80), 1)
                rectangles.append(Rectangle(x, round(ground, 1), width, height, series))
    step = -(-len(names) // 5) or 1
    labels = [
        Label(round(LEFT + number * slot + slot * 0.1, 1), GROUND + 20, name)
        for number, name in enumerate(names)
        if number % step == 0
    ]
    levels = (GROUND, TOP)
    scales = [
        Label(LEFT - 6, GROUND + 4, "0", "end"),
        Label(LEFT - 6, TOP + 5, f"{highest:g}{unit}", "end"),
    ]
    return Chart(WIDTH, COLUMNS_HEIGHT, tuple(rectangles), (*scales, *labels), levels)


def draw_bars(rows: Sequence[tuple[str, float, str]], top: float | None = None) -> Chart:
    """A bar for each name, its value as text beside it."""
    longest = top or max((value for _, value, _ in rows), default=0) or 1
    room = WIDTH - NAMES - 70
    rectangles, labels = [], []
    for number, (name, value, text) in enumerate(rows):
        y = number * BAR_LINE + 8
        width = round(room * value / longest, 1)
        rectangles.append(Rectangle(NAMES, y, max(width, 1.0), BAR, 1))
        labels.append(Label(NAMES - 10, y + 14, _short(name), "end"))
        labels.append(Label(round(NAMES + width + 8, 1), y + 14, text))
    return Chart(WIDTH, len(rows) * BAR_LINE + 8, tuple(rectangles), tuple(labels))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
