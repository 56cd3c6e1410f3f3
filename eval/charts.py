"""Bar charts as SVG, made by hand: readable in light and dark, and to those who hear them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

SLOT, BAR = 64, 52  # widths of a bar with and without the space around it, in pixels
PLOT = 120  # height of a bar of 1
LINE = 15  # height of a line of text
SPACE = 20  # around and between panels

MIDDLE = 'text-anchor="middle"'

# an image in a page does not inherit the page's colour
_STYLE = (
    ".chart { color: #1f2328; font: 12px system-ui, sans-serif; } .loss { fill: #f59f00; } "
    "@media (prefers-color-scheme: dark) "
    "{ .chart { color: #e6edf3; } .loss { fill: #a34700; } }"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1, None where there is none, and the lines of text below it."""

    value: float | None
    lines: Sequence[str]
    is_strong: bool = True  # or pale


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars beside each other under a name; `target` is named, and drawn as a line across them."""

    name: str
    bars: Sequence[Bar]
    target: float | None = None


def draw_panels(title: str, description: str, panels: Sequence[Panel], columns: int) -> str:
    """An SVG of panels in rows of so many columns; panels are as wide as the one with most bars."""
    width = max(len(panel.bars) for panel in panels) * SLOT
    lines = max(len(bar.lines) for panel in panels for bar in panel.bars)
    height = LINE + PLOT + lines * LINE
    rows = -(-len(panels) // columns)
    top = 2 * SPACE
    size = columns * (width + SPACE) + SPACE, top + rows * (height + SPACE)
    drawn = [
        _panel(
            panel,
            SPACE + number % columns * (width + SPACE),
            top + number // columns * (height + SPACE),
            width,
        )
        for number, panel in enumerate(panels)
    ]
    return draw_picture(title, description, size, drawn)


def draw_picture(
    title: str, description: str, size: tuple[float, float], parts: Sequence[str]
) -> str:
    """An SVG of so many pixels, with its title in the upper left corner."""
    width, height = (f"{side:g}" for side in size)
    drawn = "\n".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="title desc" \
width="{width}" height="{height}" viewBox="0 0 {width} {height}" fill="currentColor">
<title id="title">{escape(title)}</title>
<desc id="desc">{escape(description)}</desc>
<style>{_STYLE}</style>
<text x="{SPACE}" y="{SPACE}" font-size="15" font-weight="bold">{escape(title)}</text>
{drawn}
</svg>
"""


def draw_text(x: float, y: float, text: str, style: str = "") -> str:
    """A text that begins, or as its style says has its middle or end, at a place."""
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(text)}</text>'


def draw_line(points: Sequence[tuple[float, float]], style: str = "") -> str:
    """A line through points."""
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{way}" fill="none" stroke="currentColor" {style}/>'


def write_charts(charts: Mapping[str, str], folder: Path) -> None:
    """Writes SVGs, by file name, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in charts.items():
        (folder / name).write_text(chart, "utf-8")


def _panel(panel: Panel, left: int, top: int, width: int) -> str:
    """A panel whose upper left corner lies there: its name, bars, ground and target."""
    ground = top + LINE + PLOT
    name = panel.name
    if panel.target is not None:
        name += f", target {panel.target:.2f}"
    parts = [draw_text(left, top, name, 'font-weight="bold"')]
    parts += [_bar(bar, left + SLOT * number, ground) for number, bar in enumerate(panel.bars)]
    parts.append(_level(left, ground, width))
    if panel.target is not None:
        parts.append(_level(left, ground - PLOT * panel.target, width, 'stroke-dasharray="5 3"'))
    return f"<g>{''.join(parts)}</g>"


def _level(left: float, y: float, width: float, style: str = "") -> str:
    return draw_line([(left, y), (left + width, y)], style)


def _bar(bar: Bar, left: int, ground: int) -> str:
    """A bar, its number at its foot, where no target crosses it, and the lines below."""
    middle = left + SLOT / 2
    parts = [
        draw_text(middle, ground + LINE * number, line, MIDDLE)
        for number, line in enumerate(bar.lines, start=1)
    ]
    if bar.value is not None:
        height = PLOT * bar.value
        opacity = 0.35 if bar.is_strong else 0.12
        parts += [
            f'<rect x="{left + (SLOT - BAR) / 2:g}" y="{ground - height:.1f}" width="{BAR}" '
            f'height="{height:.1f}" fill-opacity="{opacity}"/>',
            draw_text(middle, ground - 6, f"{bar.value:.2f}", MIDDLE),
        ]
    return "".join(parts)
