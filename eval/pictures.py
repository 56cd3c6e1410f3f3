"""The report's pictures as SVG, made by hand like `charts`: readable in light and dark, and with
every number written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale

from eval.charts import (
    LINE,
    MIDDLE,
    SPACE,
    Bar,
    Panel,
    draw_line,
    draw_panels,
    draw_picture,
    draw_text,
)
from eval.reliability import Reliability, range_words
from eval.statistics import Difference, Figure, Latency, goodness

CELL = 66, 24  # width and height of a cell of the heat map, in pixels
NAMES = 110  # width of the column of names
PLOT = 200  # height of a curve
POINT = 76  # between two points of a curve
NARROWEST = 420  # width of a curve, for its title and legend
BARS = 460  # width of the longest bar
FAR = 0.2  # a score so far behind the best is shaded most
WORST_SHADE = 0.85  # opacity

_HEAD = f'{MIDDLE} font-size="11"'
_DASHED, _SOLID = 'stroke-dasharray="4 3" stroke-opacity="0.6"', ""


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
        parts += [draw_text(middle, top + LINE * n, word, _HEAD) for n, word in enumerate(words)]
        known = [of[name].value for of in figures.values() if name in of]
        best = max((goodness(name, value) for value in known if value is not None), default=0.0)
        for row, of in enumerate(figures.values()):
            value = of[name].value if name in of else None
            behind = 0.0 if value is None else best - goodness(name, value)
            parts.append(_cell(middle, head + CELL[1] * row, value, behind))
    for row, language in enumerate(figures):
        parts.append(draw_text(SPACE, head + CELL[1] * row + 16, language_name(language)))
    width = 2 * SPACE + NAMES + CELL[0] * len(metrics)
    return draw_picture(
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
    words = [
        [
            language_name(language),
            f"{before:.3f}",
            f"→ {now:.3f}",
            "significant" if differences[language].is_significant else "",
        ]
        for language, (before, now) in values.items()
    ]
    return _curves(
        "Context recall by language, before and after",
        "Share of the sources of an answer that were found, by language: before as a dashed line, "
        "after as a solid one, over the answers that both runs have.",
        "dashed: before; solid: after; the axis does not begin at 0",
        {_DASHED: [was for was, _ in values.values()], _SOLID: [now for _, now in values.values()]},
        words,
        min(floor, 0.9),
    )


def certainty_curve(reliability: Reliability) -> str:
    """How often answers were right, by how sure the extractor was, and of how many: a line for each
    of one or two groups (`reliability.answer_reliability`)."""
    words = [
        [*range_words(at[0]), "", *(f"{_cut(of.share)} of {of.questions}" for of in at)]
        for at in zip(*reliability.values(), strict=True)
    ]
    lines = zip(("solid", "dashed"), reliability, strict=False)
    named = "; ".join(f"{line}: {name}" for line, name in lines)
    curves = zip((_SOLID, _DASHED), reliability.values(), strict=False)
    return _curves(
        "How sure an answer was, and how often it was right",
        "Share of questions that ended as they should and, where answered, with a place that "
        "proves the answer, by how far the log-odds of an answer lay above what is enough. Below 0 "
        "nothing is said, which is right where nothing was to be said.",
        named + "; numbers in this order" * (len(reliability) > 1) + "; below 0 nothing is said",
        {style: [of.share for of in bins] for style, bins in curves},
        words,
    )


def _curves(
    title: str,
    description: str,
    legend: str,
    curves: Mapping[str, Sequence[float | None]],
    words: Sequence[Sequence[str]],
    floor: float = 0.0,
) -> str:
    """Shares as lines, by their style, over lines of words; the axis begins at `floor`. A line is
    broken where it has no value."""
    top, left = 3 * SPACE, 2 * SPACE + 20

    def place(number: float, value: float) -> tuple[float, float]:
        return left + POINT * (number + 0.5), top + PLOT * (1 - (value - floor) / (1 - floor))

    width = max(left + POINT * len(words) + SPACE, NARROWEST)
    parts = [draw_text(SPACE, 2 * SPACE, legend)]
    step = 0.1 if floor < 0.9 else 0.02
    for number in range(round((1 - floor) / step) + 1):
        value = floor + step * number
        y = place(0, value)[1]
        parts.append(draw_line([(left, y), (width - SPACE, y)], 'stroke-opacity="0.2"'))
        parts.append(draw_text(left - 6, y + 4, f"{value:.2f}", 'text-anchor="end"'))
    for style, values in curves.items():
        pieces: list[list[tuple[float, float]]] = [[]]
        for number, known in enumerate(values):
            if known is None:
                pieces.append([])
            else:
                pieces[-1].append(place(number, known))
        opacity = 0.4 if style else 1
        for piece in filter(None, pieces):
            parts.append(draw_line(piece, style))
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill-opacity="{opacity}"/>'
                for x, y in piece
            ]
    ground = top + PLOT + 2
    for number, lines in enumerate(words):
        x = place(number, 0)[0]
        parts += [draw_text(x, ground + LINE * n, word, MIDDLE) for n, word in enumerate(lines, 1)]
    height = top + PLOT + LINE * (1 + max(map(len, words), default=0)) + SPACE
    return draw_picture(title, description, (width, height), parts)


def latency_bars(latencies: Mapping[str, Latency]) -> str:
    """How long answers took, by language: half of them, and 95 % of them."""
    longest = max((of.p95 for of in latencies.values()), default=0.0) or 1.0
    parts, top = [], 3 * SPACE
    left = SPACE + NAMES
    for number, (language, of) in enumerate(latencies.items()):
        y = top + CELL[1] * number
        parts.append(draw_text(SPACE, y + 15, language_name(language)))
        for share, opacity in ((of.p95, 0.15), (of.p50, 0.35)):
            parts.append(
                f'<rect x="{left}" y="{y + 2}" width="{BARS * share / longest:.1f}" '
                f'height="{CELL[1] - 6}" fill-opacity="{opacity}"/>'
            )
        numbers = f"{of.p50:.0f} · {of.p95:.0f} ms"
        parts.append(draw_text(left + BARS * of.p95 / longest + 8, y + 15, numbers))
    parts.append(draw_text(SPACE, 2 * SPACE + 4, "strong: half of the answers; pale: 95 % of them"))
    return draw_picture(
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
        pictures["reliability.svg"] = certainty_curve(reliability)
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


def _cut(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"


def _sorted(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: -item[1]))


def _cell(middle: float, top: float, value: float | None, behind: float) -> str:
    """A cell, shaded by how far its value lies behind the best."""
    if value is None:
        return draw_text(middle, top + 16, "–", MIDDLE)
    shade = WORST_SHADE * min(1.0, behind / FAR)
    return (
        f'<rect class="loss" x="{middle - CELL[0] / 2 + 1:g}" y="{top}" width="{CELL[0] - 2}" '
        f'height="{CELL[1] - 2}" fill-opacity="{shade:.2f}"/>'
    ) + draw_text(middle, top + 16, written_share(value), MIDDLE)
