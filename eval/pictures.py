"""The report's pictures as SVG, made by hand like `charts`: readable in light and dark, and with
every number written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from xml.sax.saxutils import escape

from babel import Locale

from eval.charts import Bar, Panel, draw_panels
from eval.reliability import Reliability, reliability_charts
from eval.statistics import Difference, Figure, Latency, goodness

CELL = 66, 24  # width and height of a cell of the heat map, in pixels
NAMES = 110  # width of the column of names
LINE = 15  # height of a line of text
SPACE = 20  # around a picture
PLOT = 200  # height of a curve
POINT = 76  # between two points of a curve
BARS = 460  # width of the longest bar
FAR = 0.2  # a score so far behind the best is shaded most
WORST_SHADE = 0.85  # opacity

# an image in a page does not inherit the page's colour
_STYLE = (
    ".chart { color: #1f2328; font: 12px system-ui, sans-serif; } "
    ".loss { fill: #f59f00; } "
    "@media (prefers-color-scheme: dark) "
    "{ .chart { color: #e6edf3; } .loss { fill: #a34700; } }"
)

_MIDDLE = 'text-anchor="middle"'
_HEAD = f'{_MIDDLE} font-size="11"'


@cache
def language_name(code: str) -> str:
    """A language's English name, its code where none is known."""
    return str(Locale("en").languages.get(code, code))


def metric_label(name: str) -> str:
    """A metric's name in words."""
    return "chrF" if name == "chrf" else name.replace("_", " ")


def written_share(value: float | None) -> str:
    """A share with three places, never rounded up to a whole one; a dash for none."""
    if value is None:
        return "–"
    return "0.999" if 0.999 <= value < 1 else f"{value:.3f}"


def heat_map(figures: Mapping[str, Mapping[str, Figure]], metrics: Sequence[str]) -> str:
    """Figures by language and metric, a line for each language; shaded is how far each lies behind
    the metric's best."""
    lines = [metric_label(name).split() for name in metrics]
    head = SPACE * 2 + LINE * max((len(words) for words in lines), default=0)
    parts = []
    for column, (name, words) in enumerate(zip(metrics, lines, strict=True)):
        middle = SPACE + NAMES + CELL[0] * (column + 0.5)
        top = head - LINE * (len(words) - 1) - 5
        parts += [_text(middle, top + LINE * n, word, _HEAD) for n, word in enumerate(words)]
        known = [of[name].value for of in figures.values() if name in of]
        best = max((goodness(name, value) for value in known if value is not None), default=0.0)
        for row, of in enumerate(figures.values()):
            value = of[name].value if name in of else None
            behind = 0.0 if value is None else best - goodness(name, value)
            parts.append(_cell(middle, head + CELL[1] * row, value, behind))
    for row, language in enumerate(figures):
        parts.append(_text(SPACE, head + CELL[1] * row + 16, language_name(language)))
    width = 2 * SPACE + NAMES + CELL[0] * len(metrics)
    return _picture(
        "Scores by language and metric",
        "A line for each language, a column for each metric, the mean score in each cell. The "
        "darker a cell, the further it lies behind the metric's best language.",
        (width, head + CELL[1] * len(figures) + SPACE),
        parts,
    )


def recall_bars(figures: Mapping[str, Figure]) -> str:
    """Context recall by language as bars, the best first."""
    known = _sorted({name: of.value for name, of in figures.items() if of.value is not None})
    bars = [Bar(value, [language_name(language)]) for language, value in known.items()]
    return draw_panels(
        "Context recall by language",
        "Share of the sources of an answer that were found, by language, the best first.",
        [Panel("", bars)],
        columns=1,
    )


def recall_curve(differences: Mapping[str, Difference]) -> str:
    """Context recall by language before and after, the best language first, and below
    which changes are significant."""
    after = _sorted({name: of.after for name, of in differences.items() if of.after is not None})
    values = {name: (differences[name].before or 0.0, value) for name, value in after.items()}
    floor = min((int(min(pair) * 10) / 10 for pair in values.values()), default=0.0)
    floor = min(floor, 0.9)
    top, left = 3 * SPACE, 2 * SPACE + 20

    def place(number: int, value: float) -> tuple[float, float]:
        return left + POINT * (number + 0.5), top + PLOT * (1 - (value - floor) / (1 - floor))

    width = left + POINT * len(values) + SPACE
    parts = []
    step = 0.1 if floor < 0.9 else 0.02
    for number in range(round((1 - floor) / step) + 1):
        value = floor + step * number
        y = place(0, value)[1]
        parts.append(
            f'<path d="M{left} {y:.1f}H{width - SPACE}" stroke="currentColor" '
            'stroke-opacity="0.2"/>'
        )
        parts.append(_text(left - 6, y + 4, f"{value:.2f}", 'text-anchor="end"'))
    for moment, dashes in ((0, ' stroke-dasharray="4 3" stroke-opacity="0.6"'), (1, "")):
        points = [place(number, pair[moment]) for number, pair in enumerate(values.values())]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="currentColor"{dashes}/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill-opacity="{0.4 + 0.6 * moment}"/>'
            for x, y in points
        ]
    for number, (language, (before, now)) in enumerate(values.items()):
        x, ground = place(number, 0)[0], top + PLOT + 2
        change = differences[language]
        words = [language_name(language), f"{before:.3f}", f"→ {now:.3f}"]
        words.append("significant" if change.is_significant else "")
        parts += [_text(x, ground + LINE * n, word, _MIDDLE) for n, word in enumerate(words, 1)]
    parts.append(
        _text(SPACE, 2 * SPACE, "dashed: before; solid: after; the axis does not begin at 0")
    )
    return _picture(
        "Context recall by language, before and after",
        "Share of the sources of an answer that were found, by language: before as a dashed line, "
        "after as a solid one, over the answers that both runs have.",
        (width, top + PLOT + 5 * LINE + SPACE),
        parts,
    )


def latency_bars(latencies: Mapping[str, Latency]) -> str:
    """How long answers took, by language: half of them, and 95 % of them."""
    longest = max((of.p95 for of in latencies.values()), default=0.0) or 1.0
    parts, top = [], 3 * SPACE
    left = SPACE + NAMES
    for number, (language, of) in enumerate(latencies.items()):
        y = top + CELL[1] * number
        parts.append(_text(SPACE, y + 15, language_name(language)))
        for share, opacity in ((of.p95, 0.15), (of.p50, 0.35)):
            parts.append(
                f'<rect x="{left}" y="{y + 2}" width="{BARS * share / longest:.1f}" '
                f'height="{CELL[1] - 6}" fill-opacity="{opacity}"/>'
            )
        numbers = f"{of.p50:.0f} · {of.p95:.0f} ms"
        parts.append(_text(left + BARS * of.p95 / longest + 8, y + 15, numbers))
    parts.append(_text(SPACE, 2 * SPACE + 4, "strong: half of the answers; pale: 95 % of them"))
    return _picture(
        "Time to an answer by language",
        "By language, the milliseconds within which half of the answers came, and 95 % of them.",
        (left + BARS + 120, top + CELL[1] * len(latencies) + SPACE),
        parts,
    )


def draw_pictures(
    figures: Mapping[str, Mapping[str, Figure]],
    metrics: Sequence[str],
    latencies: Mapping[str, Latency],
    before: Mapping[str, Mapping[str, Difference]] | None = None,
    reliability: Reliability | None = None,
) -> dict[str, str]:
    """The pictures that there is something for, SVG by file name. `figures` and `before` are by
    language and metric."""
    pictures = {"heat-map.svg": heat_map(figures, metrics)}
    recall = "context_recall"
    differences = {name: of[recall] for name, of in (before or {}).items() if recall in of}
    if any(of.after is not None for of in differences.values()):
        pictures["context-recall.svg"] = recall_curve(differences)
    elif any(of[recall].value is not None for of in figures.values() if recall in of):
        pictures["context-recall.svg"] = recall_bars(
            {name: of[recall] for name, of in figures.items() if recall in of}
        )
    if reliability:
        named = {language_name(language): bins for language, bins in reliability.items()}
        pictures |= reliability_charts(named)
    if latencies:
        pictures["latency.svg"] = latency_bars(latencies)
    return pictures


def inline(svg: str, name: str) -> str:
    """A picture to stand in a page beside others: its ids bear a name of its own."""
    return (
        svg.replace('aria-labelledby="title desc"', f'aria-labelledby="{name}-title {name}-desc"')
        .replace('<title id="title">', f'<title id="{name}-title">')
        .replace('<desc id="desc">', f'<desc id="{name}-desc">')
    )


def _sorted(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: -item[1]))


def _cell(middle: float, top: float, value: float | None, behind: float) -> str:
    """A cell, shaded by how far its value lies behind the best."""
    if value is None:
        return _text(middle, top + 16, "–", _MIDDLE)
    shade = WORST_SHADE * min(1.0, behind / FAR)
    return (
        f'<rect class="loss" x="{middle - CELL[0] / 2 + 1:g}" y="{top}" width="{CELL[0] - 2}" '
        f'height="{CELL[1] - 2}" fill-opacity="{shade:.2f}"/>'
    ) + _text(middle, top + 16, written_share(value), _MIDDLE)


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(text)}</text>'


def _picture(title: str, description: str, size: tuple[float, float], parts: Sequence[str]) -> str:
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
