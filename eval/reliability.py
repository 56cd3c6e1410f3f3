"""`python -m eval reliability FOLDER`: how sure the honest no is, by language.

The selector says no where its log-odds of an answer stay below what is enough in the question's
language. Here questions are grouped by how far above or below they lie, and counted is how many of
each group have an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Column, Table

from core.settings import Settings
from core.types import Mode, Status
from eval.answers import ask_pages, load_page_questions, load_pages
from eval.charts import Bar, Panel, draw_panels
from eval.dataset import open_set
from eval.runs import Row
from service.selector import load_selector

EDGES = (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0)  # between bins, in log-odds


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose distance is at least `low` and less than `high` (None: without end): how
    many, and the share of them that have an answer, or that were answered rightly; None where there
    are none."""

    low: float | None
    high: float | None
    questions: int
    share: float | None


Reliability = Mapping[str, Sequence[Bin]]  # by language, or GERMAN and OTHERS

GERMAN, OTHERS = "German", "other languages"


def measure_reliability(
    folder: Path, settings: Settings, split: str | None = None, state: Path | None = None
) -> dict[str, list[Bin]]:
    """Ingests a set, unless `state` has it, and asks every question of its page, of which people
    have said whether it answers; of the other pages nobody has."""
    questions = load_page_questions(folder, load_pages(folder), split)
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    with open_set(folder, settings, state) as store:
        selector = load_selector(store.encoder.model_id)
        if selector is None:
            raise SystemExit(f"No selector was trained for {store.encoder.model_id}.")
        for question, (query, hits) in zip(questions, ask_pages(store, questions), strict=True):
            _, margin = selector.read(query, hits)
            found[question.language].append((margin, bool(question.lines)))
    return {language: fill_bins(rows) for language, rows in sorted(found.items())}


def answer_reliability(rows: Iterable[Row]) -> dict[str, list[Bin]]:
    """The bins of a run, by how sure the extractor was: the share that was right, for German and
    for all other languages. Left out are approved answers, which do not hang on it, and what ended
    before it read anything."""
    found: dict[str, list[tuple[float, bool]]] = {GERMAN: [], OTHERS: []}
    for row in rows:
        if row.certainty is not None and row.mode is not Mode.CURATED:
            language = GERMAN if row.language == "de" else OTHERS
            found[language].append((row.certainty, is_right(row)))
    return {name: fill_bins(own) for name, own in found.items() if own}


def is_right(row: Row) -> bool:
    """Whether a question ended as it should and, if answered, with a place that proves it."""
    if row.status is not row.wanted:
        return False
    return row.status is not Status.ANSWERED or bool(row.scores.get("citation_correct"))


def fill_bins(rows: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The bins from the lowest to the highest, of distances and what is counted of them."""
    bins = []
    for low, high in pairwise((None, *EDGES, None)):
        inside = [
            is_counted
            for distance, is_counted in rows
            if (low is None or distance >= low) and (high is None or distance < high)
        ]
        share = sum(inside) / len(inside) if inside else None
        bins.append(Bin(low, high, len(inside), share))
    return bins


def reliability_table(reliability: Reliability) -> Table:
    """A line for each bin, a column for each language: the share and of how many."""
    table = Table(
        Column("distance", no_wrap=True),
        *reliability,
        box=SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title="Share that has an answer, by the distance of its log-odds from what is enough",
        caption="Below 0 the answer is no.",
    )
    for row in zip(*reliability.values(), strict=True):
        cells = ("–" if b.share is None else f"{b.share:.2f} of {b.questions}" for b in row)
        table.add_row(" ".join(range_words(row[0])), *cells)
    return table


def reliability_charts(reliability: Reliability) -> dict[str, str]:
    """An SVG by file name, with a panel for each language; bars below the threshold are pale."""
    panels = [
        Panel(
            language,
            [
                Bar(b.share, (*range_words(b), f"of {b.questions}"), b.high is None or b.high > 0)
                for b in bins
            ],
        )
        for language, bins in reliability.items()
    ]
    chart = draw_panels(
        "Share with an answer, by distance from what is enough",
        "Share of questions that have an answer, by how far the log-odds of an answer lie from "
        "what is enough in the language. Below it, pale, the answer is no.",
        panels,
        columns=1,
    )
    return {"reliability.svg": chart}


def range_words(of: Bin) -> tuple[str, str]:
    """A bin's ends in words, in two parts."""
    low, high = (f"{end:.2f}".replace("-", "−") for end in (of.low or 0.0, of.high or 0.0))
    if of.low is None:
        return "below", high
    return ("from", low) if of.high is None else (low, f"to {high}")
