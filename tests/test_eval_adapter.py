"""Training the question adapter: what the losses reward."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from core.types import Vector
from eval.adapter import draw, misspell
from eval.dataset import Question
from eval.pages import Pages, page_loss


def towards(*weights: float) -> Vector:
    vector: Vector = np.array([*weights, 0, 0, 0][:3], np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


PAGES = Pages(
    passages=np.stack([towards(1, 0.2), towards(0, 1), towards(1, 0.1)]),
    sentences=np.stack([towards(1), towards(0.5, 1), towards(0, 1), towards(1)]),
    starts=[0, 2, 3],
    ends=[2, 3, 4],
    documents=["a", "b", "c"],
    towns=["Hier", "Hier", "Dort"],
)


def ask(page: str, town: str | None = "Hier") -> float:
    question = Question("q", "Was?", "en", town, frozenset({page}))
    return page_loss(question, torch.from_numpy(towards(1)), PAGES).item()


def test_the_nearest_page_costs_little_and_a_far_one_much() -> None:
    assert ask("a") < 0.01 < 1 < ask("b")


def test_pages_of_another_town_do_not_compete() -> None:
    assert ask("a", "Hier") < ask("a", None)


@pytest.mark.parametrize("seed", range(5))
def test_misspelt_text_stays_recognisable(seed: int) -> None:
    random.seed(seed)
    typed = {misspell("Wo melde ich meinen Wohnsitz für zwei Jahre ab?", "de") for _ in range(40)}
    assert len(typed) > 5
    assert all(30 <= len(text) <= 50 for text in typed)


def test_a_translation_is_drawn_with_its_german() -> None:
    random.seed(1)
    news, questions = [{"de": "Satz", "bg": "Изречение"}], [{"de": "Frage?", "en": "Question?"}]
    rows = [draw([news, questions], (1, 1)) for _ in range(20)]
    assert {(row.language, row.german, row.is_question) for row in rows} == {
        ("bg", "Satz", False),
        ("en", "Frage?", True),
    }
