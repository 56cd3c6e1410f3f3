"""The line below the passages of the front desk: drawn where few answers fall below it."""

from __future__ import annotations

import pytest

from eval.near import MARGINS, Asked, choose_margin, draw_line


def asked(*passages: tuple[float, bool]) -> Asked:
    return Asked(passages)


NEAR_ANSWER = asked((0.0, True), (0.05, False), (0.10, False))
FAR_ANSWER = asked((0.0, False), (0.05, False), (0.10, True))
NO_ANSWER = asked((0.0, False), (0.20, False))


def test_a_line_tells_what_it_leaves_below() -> None:
    line = draw_line([NEAR_ANSWER, FAR_ANSWER, NO_ANSWER], 0.06)
    assert line.missed == pytest.approx(1 / 2)  # of the two whose answer is shown
    assert line.holding == pytest.approx(1 / 3)
    assert line.above == pytest.approx((2 + 2 + 1) / 3)


def test_an_answer_counts_by_the_nearest_passage_that_holds_it() -> None:
    both = asked((0.0, False), (0.03, True), (0.10, True))
    assert both.answer == pytest.approx(0.03)
    assert NO_ANSWER.answer is None


def test_the_smallest_margin_that_misses_few_answers_is_chosen() -> None:
    few = [NEAR_ANSWER] * 99 + [FAR_ANSWER]
    assert choose_margin(few) == MARGINS[0]
    assert choose_margin([NEAR_ANSWER, FAR_ANSWER]) == pytest.approx(0.10)
    assert choose_margin([asked((0.0, False), (0.5, True))]) == MARGINS[-1]
    assert draw_line([], 0.06).above == 0
