"""Where a run falls short is said by target, by group, by answer and by failure."""

from __future__ import annotations

import pytest
from rows import HEAD, row_of

from core.types import Status
from eval.runs import Quoted, Row
from eval.statistics import figures_of
from eval.weaknesses import (
    MENDED_FIRST,
    WORST,
    TargetResult,
    check_targets,
    count_failures,
    find_weaknesses,
    worst_answers,
)

SILENT = Status.NOT_IN_DOCUMENTS


def checked(metric: str, scope: str, target: float, **values: float) -> TargetResult:
    rows = [row_of(language=language, scores={metric: value}) for language, value in values.items()]
    by_language = {row.language: figures_of([row], [metric]) for row in rows}
    (found,) = check_targets({metric: {scope: target}}, figures_of(rows, [metric]), by_language)
    return found


def test_a_target_for_all_is_held_against_the_mean_of_all() -> None:
    found = checked("m", "all", 0.75, de=1.0, tr=0.5)
    assert (found.value, found.missed_by, found.is_reached) == (0.75, 0.0, True)
    assert not checked("m", "all", 0.8, de=1.0, tr=0.5).is_reached


def test_a_target_for_a_language_is_held_against_that_language() -> None:
    found = checked("m", "de", 0.97, de=0.9, tr=1.0)
    assert found.value == 0.9
    assert found.missed_by == pytest.approx(0.07)


def test_the_others_are_as_good_as_their_worst_which_are_named() -> None:
    found = checked("m", "others", 0.93, de=0.1, tr=0.9, ar=0.8, pl=0.95)
    assert (found.value, found.languages) == (0.8, ("tr", "ar"))
    assert found.missed_by == pytest.approx(0.13)
    assert checked("m", "others", 0.93, de=0.1, pl=0.95).is_reached


def test_a_language_with_a_target_of_its_own_is_none_of_the_others() -> None:
    rows = [row_of(language="tr", scores={"m": 0.5}), row_of(language="pl", scores={"m": 0.9})]
    by_language = {row.language: figures_of([row], ["m"]) for row in rows}
    found = check_targets({"m": {"tr": 0.4, "others": 0.9}}, figures_of(rows, ["m"]), by_language)
    assert [of.is_reached for of in found] == [True, True]


def test_a_spread_is_how_far_the_worst_language_lies_behind_german() -> None:
    found = checked("m", "spread", 0.05, de=1.0, tr=0.96, ar=0.9)
    assert found.value == pytest.approx(0.1)
    assert found.missed_by == pytest.approx(0.05)
    assert found.languages == ("ar",)
    assert checked("m", "spread", 0.05, de=0.9, tr=1.0).is_reached


def test_of_noise_there_may_be_so_much_at_most() -> None:
    assert checked("noise_sensitivity", "all", 0.2, de=0.1).is_reached
    found = checked("noise_sensitivity", "others", 0.2, de=0.1, tr=0.1, ar=0.5)
    assert (found.value, found.languages) == (0.5, ("ar",))
    assert found.missed_by == pytest.approx(0.3)


@pytest.mark.parametrize("scope", ["all", "fr", "others", "spread"])
def test_what_was_not_measured_is_not_reached(scope: str) -> None:
    (found,) = check_targets({"m": {scope: 0.5}}, {}, {})
    assert (found.value, found.missed_by, found.is_reached) == (None, 0.0, False)


def group(kind: str, count: int, value: float, document: str = "hund") -> list[Row]:
    return [
        row_of(f"{kind}{n}", kind=kind, scores={"m": value}, sources=((document, "§ 1"),))
        for n in range(count)
    ]


def test_what_loses_most_over_all_its_answers_comes_first() -> None:
    rows = [*group("deadline", 4, 0.0, "bad"), *group("amount", 40, 0.7), *group("fact", 9, 1.0)]
    found = find_weaknesses(rows, {"m": {"all": 0.9}}, HEAD)
    assert [(of.group, of.rows) for of in found] == [
        ("Questions of the kind “amount”", 40),
        ("Questions on “Hundesteuersatzung” (hund)", 49),
        ("Questions of the kind “deadline”", 4),
        ("Questions on “Badeordnung” (bad)", 4),
    ]
    assert (found[0].value, found[0].level, found[0].is_target) == pytest.approx((0.7, 0.9, True))
    assert found[0].lost == pytest.approx(40 * 0.2)


def test_each_answer_is_held_against_the_target_of_its_language() -> None:
    rows = [row_of("a", of, {"m": 0.0}) for of in ("de", "tr", "ar")]
    targets = {"m": {"de": 1.0, "others": 0.7, "ar": 0.4, "spread": 0.05}}
    assert find_weaknesses(rows, targets, HEAD)[0].lost == pytest.approx(2.1)


def test_without_a_target_a_group_is_held_against_the_mean() -> None:
    rows = [*group("amount", 10, 0.0), *group("fact", 10, 1.0)]
    found = find_weaknesses(rows, {}, HEAD)[0]
    assert (found.level, found.is_target, found.lost) == (0.5, False, pytest.approx(5))


def test_much_noise_is_a_loss() -> None:
    rows = [row_of(str(number), scores={"noise_sensitivity": 0.9}) for number in range(5)]
    assert find_weaknesses(rows, {"noise_sensitivity": {"all": 0.1}}, HEAD)[
        0
    ].lost == pytest.approx(4)
    assert find_weaknesses(rows, {"noise_sensitivity": {"all": 0.95}}, HEAD) == ()


def test_next_to_nothing_is_no_weakness_and_only_the_first_are_named() -> None:
    assert find_weaknesses(group("fact", 3, 0.8), {"m": {"all": 0.9}}, HEAD) == ()
    many = [row for number in range(30) for row in group(f"k{number}", 5, 0.0)]
    assert len(find_weaknesses(many, {"m": {"all": 1.0}}, HEAD)) == MENDED_FIRST


def test_answers_that_should_not_be_are_laid_to_their_kind_and_to_no_document() -> None:
    """Those that rightly were none quote nothing, so that of a document failures alone are left."""
    quoted = (Quoted("bad", 1, "§ 1", None, "", ""),)
    rows = [
        row_of(str(number), kind="unanswerable", wanted=SILENT, sources=(), citations=quoted)
        for number in range(5)
    ]
    found = find_weaknesses(rows, {"abstention_recall": {"all": 0.95}}, HEAD)
    assert [of.group for of in found] == ["Questions of the kind “unanswerable”"]


def test_the_worst_answers_come_first_each_question_once() -> None:
    rows = [
        row_of("fine", scores={"m": 1.0}),
        row_of("half", "de", {"m": 0.5}),
        row_of("half", "tr", {"m": 0.4}),
        row_of("half", "ar", {"m": 0.9}),
        row_of("silent", status=SILENT),
        row_of("invented", wanted=SILENT),
    ]
    found = worst_answers(rows)
    assert [(of.row.id, of.row.language) for of in found] == [
        ("invented", "de"), ("silent", "de"), ("half", "tr"),
    ]  # fmt: skip
    assert found[2].elsewhere == {"de": 0.5}
    assert [of.score for of in found] == [0.0, 0.0, 0.4]


def test_only_so_many_of_the_worst_are_shown() -> None:
    rows = [row_of(str(number), scores={"m": number / 100}) for number in range(60)]
    found = worst_answers(rows)
    assert len(found) == WORST
    assert [of.row.id for of in found[:3]] == ["0", "1", "2"]


def test_failures_are_counted_by_metric_and_named() -> None:
    slow = {"faithfulness": "The judge took longer than 60 s."}
    rows = [
        *(row_of(str(number), failures=slow) for number in range(3)),
        row_of("x", "tr", failures={"faithfulness": "NaN: no claims", "chrf": "broken"}),
        row_of("y"),
    ]
    faithfulness, chrf = count_failures(rows)
    assert (faithfulness.metric, faithfulness.rows) == ("faithfulness", 4)
    assert faithfulness.reasons == {"The judge took longer than 60 s.": 3, "NaN: no claims": 1}
    assert faithfulness.examples == ("0 de", "1 de", "2 de", "x tr")
    assert (chrf.metric, chrf.rows) == ("chrf", 1)
