"""The calibrated no is fitted so that few answerable questions of a language are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.types import Vector
from eval.certainty import (
    DOUBTED,
    DOUBTED_IN_GERMAN,
    REFUSED,
    REFUSED_IN_GERMAN,
    Told,
    fit_certainty,
    save_certainty,
)
from service.certainty import SIGNS, load_certainty


@pytest.fixture
def told() -> list[Told]:
    chance = np.random.default_rng(1)
    return [
        Told(language, signs(chance.normal(1.0 if answered else -1.0) + shift), answered)
        for language, shift in (("de", 0.0), ("tr", -3.0))
        for answered in (True, False)
        for _ in range(200)
    ]


def signs(first: float) -> Vector:
    row = np.zeros(SIGNS, np.float32)
    row[0] = first
    return row


def test_few_of_a_languages_answerable_questions_are_refused(told: list[Told]) -> None:
    certainty = fit_certainty(told)
    for language in ("de", "tr"):
        refused = {
            is_answered: np.mean(
                [
                    certainty.margin(language, one.signs) < 0
                    for one in told
                    if one.language == language and one.is_answered is is_answered
                ]
            )
            for is_answered in (True, False)
        }
        few = REFUSED_IN_GERMAN if language == "de" else REFUSED
        assert refused[True] == pytest.approx(few, abs=0.01)
        assert refused[False] > 3 * refused[True]
        sure = np.mean(
            [
                certainty.is_sure(language, certainty.margin(language, one.signs))
                for one in told
                if one.language == language and one.is_answered
            ]
        )
        doubted = DOUBTED_IN_GERMAN if language == "de" else DOUBTED
        assert sure == pytest.approx(1 - doubted, abs=0.01)
    assert certainty.enough["tr"] < certainty.enough["de"], "its cosines are lower"


def test_what_is_written_is_what_is_served(
    told: list[Told],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "certainty.json"
    monkeypatch.setattr("eval.certainty.CERTAINTY", path)
    monkeypatch.setattr("service.certainty.CERTAINTY", path)
    certainty = fit_certainty(told)
    save_certainty(certainty)
    load_certainty.cache_clear()
    try:
        served = load_certainty(json.loads(path.read_text("utf-8"))["model"])
    finally:
        load_certainty.cache_clear()
    assert served is not None
    assert served.enough == certainty.enough
    assert served.sure == certainty.sure
    assert served.weights == pytest.approx(certainty.weights, abs=1e-4)
