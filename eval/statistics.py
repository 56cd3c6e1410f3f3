"""Figures of a run with what chance allows: means, abstention, latency and paired differences.

A question stands in the set in up to twelve languages, and its answers rise and fall together. So
intervals come from drawing whole questions, with all their rows, with replacement: the cluster
bootstrap, percentile method (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.types import Status
from eval.runs import Row

LOWER_IS_BETTER = frozenset({"noise_sensitivity"})
ABSTENTION = ("abstention_precision", "abstention_recall")
DRAWS = 2000
SEED = 20
ENDS = (2.5, 97.5)  # of a 95 % interval, in percent
# Were all of five questions to change the same way, chance would still do so in 6 % of cases.
FEWEST = 6  # questions that an interval can be given for

NOTHING = 1e-9  # what adding up in another order may leave of 0
_GRAVE = {Status.ANSWERED, Status.EMERGENCY}  # endings that no other may stand for

Floats = NDArray[np.float64]


class Verdict(StrEnum):
    """What a paired difference says."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "no clear change"


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over so many rows of so many questions, None without rows; `low` and `high` are the
    ends of its 95 % interval, None where there are fewer than FEWEST questions."""

    value: float | None
    low: float | None
    high: float | None
    rows: int
    questions: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two means, after less before with its 95 % interval, and what it says; None as in Figure."""

    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    rows: int
    questions: int
    verdict: Verdict

    @property
    def is_significant(self) -> bool:
        """Whether the interval excludes 0."""
        return self.verdict is not Verdict.UNCLEAR


@dataclass(frozen=True, slots=True)
class Latency:
    """The time that half, and that 95 % of so many answers stay within, in milliseconds."""

    p50: float
    p95: float
    rows: int


def scores_of(row: Row) -> dict[str, float | None]:
    """A row's scores by metric, None where there is none (what is no number is none), and last its
    part in the precision and recall of abstention: of the questions that were not answered, those
    that should not have been; of those that should not be answered, those that were not."""
    scores = {
        name: None if value is None or math.isnan(value) else value
        for name, value in row.scores.items()
        if name not in ABSTENTION
    }
    should, did = (status is not Status.ANSWERED for status in (row.wanted, row.status))
    precision, recall = ABSTENTION
    scores[precision] = float(should) if did else None
    scores[recall] = float(did) if should else None
    return scores


def metric_names(rows: Iterable[Row]) -> tuple[str, ...]:
    """Every metric that occurs, in the order of its first occurrence, those of abstention last."""
    names = dict.fromkeys(name for row in rows for name in row.scores if name not in ABSTENTION)
    return (*names, *ABSTENTION)


def row_score(row: Row, names: Iterable[str] | None = None) -> float:
    """How good an answer is, 0 to 1: the mean of its scores that apply (or of those named), lower
    ones turned round; 0 where it was answered and should not have been, or should have been and was
    not, and likewise for emergencies; 1 where it has no scores."""
    if row.status is not row.wanted and {row.status, row.wanted} & _GRAVE:
        return 0.0
    scores = scores_of(row)
    wanted = (name for name in (scores if names is None else names) if name not in ABSTENTION)
    values = [goodness(name, value) for name in wanted if (value := scores.get(name)) is not None]
    return sum(values) / len(values) if values else 1.0


def goodness(metric: str, value: float) -> float:
    """A score turned so that higher is better."""
    return 1 - value if metric in LOWER_IS_BETTER else value


def figures_of(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Figure]:
    """The figure of each metric over some rows."""
    questions = [row.id for row in rows]
    scored = [scores_of(row) for row in rows]
    return {name: mean_figure([scores.get(name) for scores in scored], questions) for name in names}


def mean_figure(values: Sequence[float | None], questions: Sequence[str]) -> Figure:
    """The mean of the values that are there, drawing questions for its interval.

    Where all values are the same the interval has no width. It then says that nothing else was
    seen, not that nothing else can come: of n questions without a failure, up to 3 in n may fail.
    """
    sums, counts = _totals(values, questions)
    if not len(counts):
        return Figure(None, None, None, 0, 0)
    low, high = _ends(sums, counts)
    rows = int(counts.sum())
    return Figure(float(sums.sum() / rows), low, high, rows, len(counts))


def differences_of(pairs: Sequence[tuple[Row, Row]], names: Sequence[str]) -> dict[str, Difference]:
    """What became of each metric, over rows of a run before and the same rows of a run after.

    Each is judged for itself at 95 %. Of many comparisons of equal runs about one in twenty comes
    out as a change by chance alone, so a single one among dozens is a hint, and to be looked at; a
    change that one was looking for before, or that several languages share, weighs more.
    """
    questions = [before.id for before, _ in pairs]
    scored = [(scores_of(before), scores_of(after)) for before, after in pairs]
    return {
        name: _difference(
            name,
            [before.get(name) for before, _ in scored],
            [after.get(name) for _, after in scored],
            questions,
        )
        for name in names
    }


def latency_of(rows: Sequence[Row]) -> Latency | None:
    """How long answers took; None without rows."""
    if not rows:
        return None
    p50, p95 = np.percentile([row.milliseconds for row in rows], (50, 95))
    return Latency(float(p50), float(p95), len(rows))


def endings_of(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """How many rows ended how, by how they should have ended."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        came = found.setdefault(row.wanted.value, {})
        came[row.status.value] = came.get(row.status.value, 0) + 1
    return found


def _difference(
    name: str,
    before: Sequence[float | None],
    after: Sequence[float | None],
    questions: Sequence[str],
) -> Difference:
    """Over the rows that have both scores; for abstention, where which rows count is what changes,
    over those that each run has."""
    if name not in ABSTENTION:
        has_both = [a is not None and b is not None for a, b in zip(before, after, strict=True)]
        before = [value if both else None for value, both in zip(before, has_both, strict=True)]
        after = [value if both else None for value, both in zip(after, has_both, strict=True)]
    known = sorted(
        {
            question
            for question, *both in zip(questions, before, after, strict=True)
            if any(value is not None for value in both)
        }
    )
    sums, counts = zip(
        *(_totals(values, questions, known) for values in (before, after)), strict=True
    )
    if not all(of.sum() for of in counts):
        return Difference(None, None, None, None, None, 0, 0, Verdict.UNCLEAR)
    means = [float(s.sum() / c.sum()) for s, c in zip(sums, counts, strict=True)]
    low, high = _ends(sums[1], counts[1], sums[0], counts[0])
    return Difference(
        before=means[0],
        after=means[1],
        change=means[1] - means[0],
        low=low,
        high=high,
        rows=int(max(of.sum() for of in counts)),
        questions=len(known),
        verdict=_verdict(name, low, high),
    )


def _verdict(name: str, low: float | None, high: float | None) -> Verdict:
    if low is None or high is None or (low <= NOTHING and high >= -NOTHING):
        return Verdict.UNCLEAR
    return Verdict.BETTER if (low > 0) != (name in LOWER_IS_BETTER) else Verdict.WORSE


def _totals(
    values: Sequence[float | None], questions: Sequence[str], known: Sequence[str] | None = None
) -> tuple[Floats, Floats]:
    """The sum and the number of each question's values, both of shape (questions,): of those that
    have values, or of those that are known."""
    totals: dict[str, tuple[float, int]] = {} if known is None else dict.fromkeys(known, (0.0, 0))
    for value, question in zip(values, questions, strict=True):
        if value is not None:
            total, count = totals.get(question, (0.0, 0))
            totals[question] = total + value, count + 1
    # sorted, so that the order of the rows is nothing to the interval
    table = np.array([totals[question] for question in sorted(totals)], np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _ends(
    sums: Floats,
    counts: Floats,
    other_sums: Floats | None = None,
    other_counts: Floats | None = None,
) -> tuple[float, float] | tuple[None, None]:
    """The interval's ends of a mean, or of a mean less another's, given each question's totals."""
    if len(counts) < FEWEST:
        return None, None
    drawn = _drawn(len(counts))
    with np.errstate(invalid="ignore"):  # a draw may hold none of the rows that count
        means = (drawn @ sums) / (drawn @ counts)
        if other_sums is not None and other_counts is not None:
            means = means - (drawn @ other_sums) / (drawn @ other_counts)
    low, high = np.percentile(means[~np.isnan(means)], ENDS)
    return float(low), float(high)


@lru_cache(maxsize=64)
def _drawn(questions: int) -> Floats:
    """How often each question is in each draw, shape (DRAWS, questions)."""
    chosen = np.random.default_rng(SEED).integers(questions, size=(DRAWS, questions))
    rows = np.arange(DRAWS)[:, None] * questions
    counts = np.bincount((chosen + rows).ravel(), minlength=DRAWS * questions)
    return counts.reshape(DRAWS, questions).astype(np.float64)
