"""The calibrated no is fitted so that few answerable questions of a language are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.types import Vector
from eval.answers import PageQuestion
from eval.certainty import REFUSED, fit_certainty, save_certainty
from eval.reading import Example
from service.certainty import load_certainty
from service.sentences import COSINE, FEATURES


def example(number: int, language: str, cosine: float, is_answered: bool) -> tuple[Example, Vector]:
    form = np.zeros((1, FEATURES), np.float32)
    form[0, COSINE] = cosine
    asked = PageQuestion(f"q{number}", "", language, "page", frozenset())
    vector = np.zeros(4, np.float32)
    answers = [np.array([is_answered], np.float32)]
    return Example(asked, vector, [form], [vector[None]], [], answers), np.array([0.5], np.float32)


@pytest.fixture
def fitting() -> tuple[list[Example], list[list[Vector]]]:
    chance = np.random.default_rng(1)
    drawn = [
        example(n, language, chance.normal(1.0 if answered else -1.0) + shift, answered)
        for language, shift in (("de", 0.0), ("tr", -3.0))
        for answered in (True, False)
        for n in range(200)
    ]
    return [e for e, _ in drawn], [[p] for _, p in drawn]


def test_few_of_a_languages_answerable_questions_are_refused(
    fitting: tuple[list[Example], list[list[Vector]]],
) -> None:
    certainty = fit_certainty(*fitting)
    for language in ("de", "tr"):
        margins = {
            answered: [
                certainty.margin(language, e.forms, p)
                for e, p in zip(*fitting, strict=True)
                if e.question.language == language and e.is_answered is answered
            ]
            for answered in (True, False)
        }
        refused = np.mean(np.array(margins[True]) < 0)
        assert refused == pytest.approx(REFUSED, abs=0.01)
        assert np.mean(np.array(margins[False]) < 0) > 3 * refused
    assert certainty.enough["tr"] < certainty.enough["de"], "its cosines are lower"


def test_what_is_written_is_what_is_served(
    fitting: tuple[list[Example], list[list[Vector]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "certainty.json"
    monkeypatch.setattr("eval.certainty.CERTAINTY", path)
    monkeypatch.setattr("service.certainty.CERTAINTY", path)
    certainty = fit_certainty(*fitting)
    save_certainty(certainty)
    load_certainty.cache_clear()
    try:
        served = load_certainty(json.loads(path.read_text("utf-8"))["model"])
    finally:
        load_certainty.cache_clear()
    assert served is not None
    assert served.enough == certainty.enough
    assert served.weights == pytest.approx(certainty.weights, abs=1e-4)
