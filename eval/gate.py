"""The gate: what figures of a run must reach (eval/gate.yaml), and which of them do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from core.languages import SUPPORTED
from core.types import Status
from eval.questions import SetInvalid
from eval.runs import Row
from eval.weaknesses import SPREAD

GATE = Path(__file__).parent / "gate.yaml"
BEHIND = 0.05  # how far the lowest language may lie behind German
ABSTENTION_PRECISION, ABSTENTION_RECALL = "abstention_precision", "abstention_recall"


class Asked(StrEnum):
    """Whose questions a bar is for: German ones, the worst other language's, or all."""

    GERMAN = "de"
    OTHERS = "others"
    ALL = "all"


class Bar(BaseModel):
    """What a figure must reach for a change to land, and what is aimed at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    languages: Asked
    at_least: float = Field(ge=0, le=1)
    target: float | None = Field(None, ge=0, le=1)
    since: date
    reason: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Reached:
    """A bar, the figure of a run, and the language it is of where it is the worst of several."""

    bar: Bar
    figure: float | None
    language: str

    @property
    def is_passed(self) -> bool:
        """Whether the figure was measured and is high enough."""
        return self.figure is not None and self.figure >= self.bar.at_least


def load_bars(path: Path) -> list[Bar]:
    """The bars of a file. Raises SetInvalid where it cannot be used."""
    try:
        bars = TypeAdapter(list[Bar]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SetInvalid(f"The gate {path} cannot be used: {where}: {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        told = " ".join(str(error).split())
        raise SetInvalid(f"The gate {path} cannot be used: {told}") from error
    if not bars:
        raise SetInvalid(f"The gate {path} cannot be used: it has no bars, so all would pass.")
    return bars


def targets_of(bars: Sequence[Bar]) -> dict[str, dict[str, float]]:
    """What is aimed at, by metric; of those with one for German and one for the others also that no
    language lies far behind German."""
    targets: dict[str, dict[str, float]] = {}
    for bar in bars:
        if bar.target is not None:
            targets.setdefault(bar.metric, {})[bar.languages.value] = bar.target
    for of_metric in targets.values():
        if of_metric.keys() >= {Asked.GERMAN, Asked.OTHERS}:
            of_metric[SPREAD] = BEHIND
    return targets


def check_gate(rows: Sequence[Row], bars: Sequence[Bar]) -> list[Reached]:
    """What a run reaches of every bar."""
    return [_check_bar(rows, bar) for bar in bars]


def figure(rows: Sequence[Row], metric: str) -> float | None:
    """The mean of a metric over the rows that it applies to, or how often "no" was said rightly, of
    those that were said (precision) or were to be said (recall)."""
    if metric in (ABSTENTION_PRECISION, ABSTENTION_RECALL):
        said = [row.status is not Status.ANSWERED for row in rows]
        wanted = [row.wanted is not Status.ANSWERED for row in rows]
        both = sum(a and b for a, b in zip(said, wanted, strict=True))
        of = sum(said if metric == ABSTENTION_PRECISION else wanted)
        return both / of if of else None
    found = (row.scores.get(metric) for row in rows)
    scores = [score for score in found if score is not None and not math.isnan(score)]
    return sum(scores) / len(scores) if scores else None


def print_gate(reached: Sequence[Reached], console: Console) -> None:
    """A table of all bars, those that are not passed first, and why each of these is there."""
    table = Table("", "figure", "questions", "today", "gate", "target", box=SIMPLE)
    for one in sorted(reached, key=lambda one: one.is_passed):
        today = "–" if one.figure is None else f"{one.figure:.3f}"
        target = "" if one.bar.target is None else f"{one.bar.target:.2f}"
        asked = one.bar.languages.value + (f" ({one.language})" if one.language else "")
        below = "not measured" if one.figure is None else "BELOW"
        mark = "passed" if one.is_passed else below
        gate = f"{one.bar.at_least:.3f}"
        table.add_row(mark, one.bar.metric, asked, today, gate, target)
    console.print(table)
    for one in reached:
        if not one.is_passed:
            said = f"{one.bar.metric}, {one.bar.languages.value}, since {one.bar.since}"
            console.print(f"{said}: {one.bar.reason}", markup=False, highlight=False)


def _check_bar(rows: Sequence[Row], bar: Bar) -> Reached:
    if bar.languages is Asked.ALL:
        return Reached(bar, figure(rows, bar.metric), "")
    if bar.languages is Asked.GERMAN:
        return Reached(bar, figure([row for row in rows if row.language == "de"], bar.metric), "")
    others = {
        language: found
        for language in SUPPORTED
        if language != "de"
        and (found := figure([r for r in rows if r.language == language], bar.metric)) is not None
    }
    if not others:
        return Reached(bar, None, "")
    worst = min(others, key=lambda language: others[language])
    return Reached(bar, others[worst], worst)
