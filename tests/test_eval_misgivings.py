"""What tells a concern is trained on questions that stand apart, and asked for enough certainty."""

from __future__ import annotations

import numpy as np

from core.languages import SUPPORTED
from eval.dataset import QUESTIONS, read_rows
from eval.misgivings import FALSE, HELP, NONE, fit, fit_least, load_examples
from service.concerns import Concern


def test_every_situation_is_told_in_every_language() -> None:
    rows = list(read_rows(QUESTIONS / "concerns.jsonl"))
    names = {str(concern) for concern in Concern}
    assert len(rows) > 400
    for row in rows:
        assert row["concern"] is None or row["concern"] in names
        assert all(row[language].strip() for language in SUPPORTED)


def test_the_evaluation_set_is_not_trained_on() -> None:
    lines = list(read_rows(QUESTIONS / "auental.jsonl"))[1:]
    asked = {text for row in lines for text in row["question"].values()}
    assert asked
    assert not asked & {example.text for example in load_examples()}


def test_all_cries_for_help_are_one() -> None:
    named = {example.concern for example in load_examples()}
    assert {HELP, NONE, "injection"} <= named
    assert not named & {"suicide", "fire", "legal_advice"}


def test_so_few_ordinary_questions_reach_what_a_concern_must() -> None:
    chance = np.random.default_rng(0)
    names = np.array([NONE] * 10_000 + [HELP] * 10)
    held_out = chance.random((10_010, 3)).astype(np.float32)
    least = fit_least(held_out, names, ["injection", HELP])
    above = np.mean(held_out[names == NONE][:, 0] > least[0])
    assert abs(above - FALSE) < 2e-4
    assert least[0] > least[1]


def test_weights_come_in_the_order_that_is_asked_for() -> None:
    vectors = np.array([[1, 0], [0, 1], [-1, -1]] * 20, np.float32)
    names = np.array(["b", "a", "c"] * 20)
    weights, biases = fit(vectors, names, ["a", "b", "c"])
    told = (vectors @ weights.T + biases).argmax(axis=1)
    assert list(told[:3]) == [1, 0, 2]
