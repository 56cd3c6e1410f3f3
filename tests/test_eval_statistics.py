"""Figures say what chance allows, and count a question once however many languages it stands in."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from rows import row_of

from core.types import Status
from eval.runs import Row
from eval.statistics import (
    FEWEST,
    Difference,
    Verdict,
    differences_of,
    endings_of,
    figures_of,
    latency_of,
    mean_figure,
    metric_names,
    row_score,
    scores_of,
)

TWELVE = [f"l{number}" for number in range(12)]


def scored(values: list[float | None], metric: str = "m") -> list[Row]:
    """A row for each value, each of a question of its own."""
    return [row_of(f"q{number:03}", scores={metric: v}) for number, v in enumerate(values)]


def test_a_mean_leaves_out_what_does_not_apply_and_what_is_no_number() -> None:
    figure = figures_of(scored([1.0, 0.0, None, math.nan]), ["m"])["m"]
    assert (figure.value, figure.rows, figure.questions) == (0.5, 2, 2)


def test_without_values_there_is_no_mean() -> None:
    figure = mean_figure([None], ["a"])
    assert (figure.value, figure.low, figure.high, figure.rows) == (None, None, None, 0)


def test_an_interval_is_as_wide_as_the_normal_theory_says() -> None:
    values = list(np.random.default_rng(1).random(400))
    figure = mean_figure(values, [str(number) for number in range(400)])
    half = 1.96 * np.std(values) / 20
    assert figure.low == pytest.approx(np.mean(values) - half, abs=half / 8)
    assert figure.high == pytest.approx(np.mean(values) + half, abs=half / 8)


def test_the_same_question_in_twelve_languages_is_no_more_evidence() -> None:
    once = [float(number % 3 == 0) for number in range(30)]
    alone = mean_figure(once, [str(number) for number in range(30)])
    repeated = mean_figure(
        [value for value in once for _ in TWELVE], [str(n) for n in range(30) for _ in TWELVE]
    )
    assert (repeated.low, repeated.high) == pytest.approx((alone.low, alone.high))
    as_if_apart = mean_figure(
        [value for value in once for _ in TWELVE], [f"{n}{of}" for n in range(30) for of in TWELVE]
    )
    assert repeated.low is not None
    assert as_if_apart.low is not None
    assert repeated.low < as_if_apart.low - 0.05


def test_an_interval_is_the_same_each_time_and_in_any_order() -> None:
    values, names = [0.1, 0.5, 0.9, 0.3, 1.0, 0.0, 0.7], list("abcdefg")
    first = mean_figure(values, names)
    assert mean_figure(values, names) == first
    turned = mean_figure(values[::-1], names[::-1])
    assert (turned.low, turned.high) == pytest.approx((first.low, first.high))


def test_too_few_questions_have_no_interval() -> None:
    few = mean_figure([0.0, 1.0] * 5, [str(number % (FEWEST - 1)) for number in range(10)])
    enough = mean_figure([0.0, 1.0] * 3, [str(number) for number in range(FEWEST)])
    assert (few.value, few.low, few.high) == (0.5, None, None)
    assert enough.low is not None


def test_abstention_counts_what_was_not_answered_and_what_should_not_be() -> None:
    silent = Status.NOT_IN_DOCUMENTS
    rows = [
        row_of("a", wanted=silent, status=silent),
        row_of("b", wanted=silent, status=Status.OUT_OF_SCOPE),
        row_of("c", wanted=silent),
        row_of("d", status=silent),
        row_of("e"),
        row_of("f", wanted=Status.REFUSED),
    ]
    found = figures_of(rows, metric_names(rows))
    assert found["abstention_precision"].value == pytest.approx(2 / 3)
    assert found["abstention_recall"].value == pytest.approx(2 / 4)
    assert [found[name].rows for name in metric_names(rows)] == [3, 4]


def test_abstention_is_counted_anew_whatever_a_row_says_of_it() -> None:
    row = row_of(scores={"chrf": 1.0, "abstention_recall": 1.0})
    assert metric_names([row]) == ("chrf", "abstention_precision", "abstention_recall")
    assert scores_of(row)["abstention_recall"] is None


def paired(before: list[float | None], after: list[float | None], metric: str = "m") -> Difference:
    pairs = list(zip(scored(before, metric), scored(after, metric), strict=True))
    return differences_of(pairs, [metric])[metric]


def test_a_difference_is_over_the_rows_that_both_have() -> None:
    found = paired([0.5] * 8 + [0.0, None], [0.75] * 8 + [None, 0.0])
    assert (found.before, found.after, found.change) == (0.5, 0.75, 0.25)
    assert (found.rows, found.questions) == (8, 8)
    assert found.verdict is Verdict.BETTER


def test_pairing_shows_what_two_intervals_apart_would_hide() -> None:
    before = [float(value) for value in np.random.default_rng(2).random(40)]
    after = [value - 0.02 for value in before]
    found = paired([*before], [*after])
    first = mean_figure(before, [str(n) for n in range(40)])
    assert found.is_significant
    assert found.verdict is Verdict.WORSE
    assert first.low is not None
    assert found.after is not None
    assert first.low < found.after


def test_what_goes_both_ways_is_no_clear_change() -> None:
    found = paired([0.5] * 20, [0.4, 0.6] * 10)
    assert found.verdict is Verdict.UNCLEAR
    assert not found.is_significant
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_the_same_is_no_change_even_where_adding_up_leaves_a_rest() -> None:
    assert paired([0.5] * 20, [0.5 - 1e-12] * 20).verdict is Verdict.UNCLEAR
    assert paired([0.5] * 20, [0.5 - 1e-3] * 20).verdict is Verdict.WORSE


def test_a_change_in_few_questions_is_none_that_one_can_rely_on() -> None:
    assert paired([1.0] * 5, [0.0] * 5).verdict is Verdict.UNCLEAR
    assert paired([1.0] * 100, [0.0, 0.0] + [1.0] * 98).verdict is Verdict.UNCLEAR
    assert paired([1.0] * 100, [0.0] * 8 + [1.0] * 92).verdict is Verdict.WORSE


def test_noise_is_better_when_there_is_less_of_it() -> None:
    assert paired([0.5] * 9, [0.1] * 9, "noise_sensitivity").verdict is Verdict.BETTER
    assert paired([0.5] * 9, [0.1] * 9, "faithfulness").verdict is Verdict.WORSE


def test_a_difference_without_rows_says_nothing() -> None:
    found = paired([None, 1.0], [1.0, None])
    assert (found.before, found.after, found.rows, found.verdict) == (
        None,
        None,
        0,
        "no clear change",
    )


def test_precision_of_abstention_changes_with_what_is_not_answered() -> None:
    silent = Status.NOT_IN_DOCUMENTS
    names = [f"q{number}" for number in range(20)]
    should = [silent if number < 10 else Status.ANSWERED for number in range(20)]
    before = [row_of(id, wanted=of, status=silent) for id, of in zip(names, should, strict=True)]  # noqa: A001 a row's id
    after = [row_of(id, wanted=of, status=of) for id, of in zip(names, should, strict=True)]  # noqa: A001 a row's id
    found = differences_of(list(zip(before, after, strict=True)), ["abstention_precision"])
    difference = found["abstention_precision"]
    assert (difference.before, difference.after) == (0.5, 1.0)
    assert difference.verdict is Verdict.BETTER


def test_latency_is_the_middle_and_what_nearly_all_stay_within() -> None:
    found = latency_of([row_of(milliseconds=float(number)) for number in range(101)])
    assert found is not None
    assert (found.p50, found.p95, found.rows) == (50.0, 95.0, 101)
    assert latency_of([]) is None


@pytest.mark.parametrize(
    ("wanted", "status", "score"),
    [
        (Status.ANSWERED, Status.ANSWERED, 0.5),
        (Status.ANSWERED, Status.NOT_IN_DOCUMENTS, 0.0),
        (Status.NOT_IN_DOCUMENTS, Status.ANSWERED, 0.0),
        (Status.EMERGENCY, Status.OUT_OF_SCOPE, 0.0),
        (Status.OUT_OF_SCOPE, Status.NOT_IN_DOCUMENTS, 0.5),
    ],
)
def test_a_grave_ending_is_worth_nothing(wanted: Status, status: Status, score: float) -> None:
    row = row_of(
        scores={"a": 1.0, "noise_sensitivity": 1.0, "b": None}, wanted=wanted, status=status
    )
    assert row_score(row) == score
    assert row_score(row, ["a"]) == (1.0 if score else 0.0)


def test_endings_are_counted_by_what_was_wanted() -> None:
    silent = Status.NOT_IN_DOCUMENTS
    rows = [row_of(), row_of(), row_of(status=silent), row_of(wanted=silent)]
    assert endings_of(rows) == {
        "answered": {"answered": 2, "not_in_documents": 1},
        "not_in_documents": {"answered": 1},
    }


def test_all_figures_of_a_whole_set_are_drawn_together() -> None:
    rows = [
        row_of(
            f"q{number}",
            language,
            {f"m{metric}": (number * metric) % 7 / 7 for metric in range(13)},
        )
        for number, language in product(range(136), TWELVE)
    ]
    found = figures_of(rows, metric_names(rows))
    assert len(found) == 15
    assert found["m3"].rows == 1632
    assert found["m3"].questions == 136
