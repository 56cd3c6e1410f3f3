"""`python -m eval quality`: every figure that is to be reached, from fresh indexes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.bar import Bar as DrawnBar
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.settings import Settings
from eval.cases import WrongCases, print_cases
from eval.charts import Bar, Panel, draw_panels
from eval.measurements import MEASUREMENTS, RELIABILITY, Bench, Outcome
from eval.reliability import Bin, Reliability, reliability_charts, reliability_table

LANGUAGES = ("de", "en", "fr", "ar", "uk")  # of omos-qa
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach: at least `target`, or at most. `before`: what plain e5-small reaches, or
    what is named there and reaches it."""

    measurement: str
    figure: str
    before: str
    target: float
    is_at_most: bool = False

    def is_reached(self, value: float) -> bool:
        """Whether a value is as good as the target or better."""
        return value <= self.target if self.is_at_most else value >= self.target


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; where it was not measured, `today` is None and `failure` says why."""

    measurement: str
    figure: str
    before: str
    today: float | None
    target: str
    is_reached: bool
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows, some wrong cases by measurement and language, how sure the no is, and why a
    measurement stopped, by its name."""

    rows: Sequence[Row]
    wrong: Mapping[str, WrongCases] = field(default_factory=dict)
    reliability: Reliability = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)


def measure_quality(
    data: Path, settings: Settings, measurements: Sequence[str], log: Console
) -> Report:
    """What some measurements found, the rows of each in the order of the goals; `log` tells how far
    it is.

    A measurement that fails makes rows that say so, and the others go on.
    """
    rows: list[Row] = []
    wrong: dict[str, WrongCases] = {}
    reliability: dict[str, Sequence[Bin]] = {}
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as states:
        bench = Bench(data, Path(states), settings)
        for name in measurements:
            log.print(f"Measuring {name} …")
            found = Outcome()
            try:
                found = MEASUREMENTS[name](bench)
            except FileNotFoundError as error:
                failures[name] = f"there is no {error.filename}"
            except Exception as error:  # noqa: BLE001 whatever it is, the other rows count
                failures[name] = f"{type(error).__name__}: {error}"
                log.print_exception()
            failure = failures.get(name, "the set has no such questions")
            own = [goal for goal in goals() if goal.measurement == name]
            rows += [_row(goal, found.figures, failure) for goal in own]
            wrong[name] = found.wrong
            reliability.update(found.reliability)
    return Report(rows, wrong, reliability, failures)


def print_quality(report: Report, console: Console, with_wrong: bool = False) -> None:
    """Prints the table, and where they were measured the chart of recall@5 by language, how sure
    the no is and, where asked to, wrong cases."""
    if report.rows:
        console.print(_table(report.rows))
        reached = sum(row.is_reached for row in report.rows)
        console.print(
            f"{reached} of {len(report.rows)} reached. Before: plain e5-small, or what is named; "
            "of sets without splits, over all questions. Today: over dev, or what is held out."
        )
    if panels := _recall_panels(report.rows):
        console.print(_chart(panels))
    if report.reliability:
        console.print(reliability_table(report.reliability))
    elif RELIABILITY in report.failures:
        console.print(f"{RELIABILITY} not measured: {report.failures[RELIABILITY]}", markup=False)
    if with_wrong:
        for name, wrong in report.wrong.items():
            print_cases(name, wrong, console)


def quality_charts(report: Report) -> dict[str, str]:
    """The charts of what was measured: SVG by file name."""
    charts = {}
    if panels := _recall_panels(report.rows):
        charts["recall-at-5.svg"] = draw_panels(
            "Right page among the first five, omos-qa dev",
            "Recall at 5 by language: with plain e5-small before, and today; the dashed line is "
            "the target.",
            panels,
            columns=len(panels),
        )
    if report.reliability:
        charts |= reliability_charts(report.reliability)
    return charts


def goals() -> Iterator[Goal]:
    """The table "To reach" of the issue "The right answer in every language, or an honest no"."""
    recall = {  # before: at 5, at 1
        "de": ("0.94", "0.64"),
        "en": ("0.77", "0.49"),
        "fr": ("0.70", "0.40"),
        "ar": ("0.69", "0.35"),
        "uk": ("0.77", "0.43"),
    }
    for language, (at_5, _) in recall.items():
        target = 0.97 if language == "de" else 0.90
        yield Goal("omos-qa", f"recall@5 {language}", at_5, target)
    for language, (_, at_1) in recall.items():
        target = 0.75 if language == "de" else 0.60
        yield Goal("omos-qa", f"recall@1 {language}", at_1, target)
    yield Goal("xquad", "recall@1 de", "0.90", 0.95)
    yield Goal("xquad", "recall@1 en", "0.83", 0.92)
    yield Goal("xquad", "recall@1 tr", "0.69", 0.88)
    yield Goal("sachsen-buergerportal", "recall@1", "0.79", 0.88)
    yield Goal("sachsen-buergerportal", "recall@5", "0.94", 0.98)
    yield Goal("ortsrecht-bw", "recall@1", "BM25 0.60", 0.75)
    yield Goal("ortsrecht-bw", "recall@5", UNKNOWN, 0.94)
    for language in LANGUAGES:
        target = 0.54 if language == "de" else 0.51
        yield Goal("answers", f"F1 {language}", "DeBERTa 0.48–0.54", target)
    for figure, before, target in (
        ("precision", UNKNOWN, 0.55),
        ("no answer seen", "LLMs 0.73–0.78", 0.80),
        ("answered", "LLMs 0.89–0.93", 0.90),
    ):
        for language in LANGUAGES:
            yield Goal("answers", f"{figure} {language}", before, target)
    yield Goal("towns", "right value, right town", UNKNOWN, 0.95)
    yield Goal("towns", "another town's value given", UNKNOWN, 0, is_at_most=True)
    yield Goal("towns", "absent town refused", UNKNOWN, 0.98)
    yield Goal("out-of-scope", "not answered", UNKNOWN, 0.95)
    yield Goal("out-of-scope", "emergency recognised", UNKNOWN, 1.0)
    yield Goal("out-of-scope", "answerable wrongly refused", UNKNOWN, 0.03, is_at_most=True)
    yield Goal("faq", "precision", UNKNOWN, 0.97)
    yield Goal("faq", "recall", UNKNOWN, 0.80)


def _row(goal: Goal, figures: Mapping[str, float | None], failure: str) -> Row:
    value = figures.get(goal.figure)
    return Row(
        measurement=goal.measurement,
        figure=goal.figure,
        before=goal.before,
        today=value,
        target=f"{'≤' if goal.is_at_most else '≥'} {_written(goal.target)}",
        is_reached=value is not None and goal.is_reached(value),
        failure=failure if value is None else "",
    )


def _table(rows: Sequence[Row]) -> Table:
    table = Table("set", "figure", "before", "today", "target", "", title="To reach")
    for number, row in enumerate(rows):
        is_first = number == 0 or rows[number - 1].measurement != row.measurement
        if is_first and number:
            table.add_section()
        if row.today is None:
            today, mark = UNKNOWN, Text(f"✗ not measured: {row.failure}", "yellow")
        else:
            today = _written(row.today, places=3)
            mark = Text("✓ reached", "green") if row.is_reached else Text("✗ missed", "red")
        name = row.measurement if is_first else ""
        table.add_row(name, row.figure, row.before, today, row.target, mark)
    return table


def _written(value: float, places: int = 2) -> str:
    """A share with so many places, a count as it is."""
    return f"{value:.{places}f}" if isinstance(value, float) else str(value)


def _recall_panels(rows: Sequence[Row]) -> list[Panel]:
    """Recall@5 of omos-qa before and today, by language, with the target; of what was measured."""
    today = {row.figure: row.today for row in rows if row.measurement == "omos-qa"}
    wanted = [
        goal
        for goal in goals()
        if goal.measurement == "omos-qa" and goal.figure.startswith("recall@5")
    ]
    return [
        Panel(
            goal.figure.split()[1],
            [Bar(float(goal.before), ["before"], is_strong=False), Bar(value, ["today"])],
            goal.target,
        )
        for goal in wanted
        if (value := today.get(goal.figure)) is not None
    ]


def _chart(panels: Sequence[Panel]) -> Table:
    """The panels' bars, for the terminal."""
    chart = Table(box=None, show_header=False, title="recall@5 of the right page, omos-qa dev")
    for panel in panels:
        for name, bar in zip((panel.name, ""), panel.bars, strict=True):
            share, colour = bar.value or 0.0, "green" if bar.is_strong else "bright_black"
            drawn = DrawnBar(1, 0, share, width=50, color=colour)
            chart.add_row(f"{name} {bar.lines[0]}".strip(), drawn, f"{share:.2f}")
    return chart
