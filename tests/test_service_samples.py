"""Live answers are scored without a judge, and without their questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fakes import ANSWERED, PUPPIES, RATE

from core.types import Answer, Mode, Statement
from service.samples import score_sample

TODAY = date(2026, 11, 22)


class Pages:
    """A registry whose every page holds a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def page_text(self, document: str, page: int | None, generation: int, day: date) -> str:  # noqa: ARG002  the same everywhere
        return self._text


def scores(answer: Answer, page: str = f"{RATE}\n {PUPPIES}", took: float = 20) -> dict[str, float]:
    sample = score_sample(Pages(page), 1, answer, took, TODAY)  # type: ignore[arg-type]  # all that is asked of it
    assert RATE not in repr(sample)
    return dict(sample.scores)


def test_what_stands_on_its_page_scores_full() -> None:
    assert scores(ANSWERED) == {"quote_verbatim": 1.0, "number_exact": 1.0, "in_time": 1.0}


def test_a_quote_that_is_gone_from_its_page_is_seen() -> None:
    assert scores(ANSWERED, RATE)["quote_verbatim"] == 0.5


def test_a_number_that_no_quote_has_is_seen() -> None:
    wrong = replace(ANSWERED, statements=(Statement("Es sind 69,00 Euro.", "de", (1,)),))
    assert scores(wrong)["number_exact"] == 0.0


def test_worded_answers_are_to_be_in_the_askers_language() -> None:
    statements = (Statement("96,00 euro.", "tr", (1,)), Statement(RATE, "de", (1,)))
    worded = replace(ANSWERED, mode=Mode.GENERATED, language="tr", statements=statements)
    assert scores(worded)["answer_language"] == 0.5


def test_a_late_answer_is_seen() -> None:
    assert scores(ANSWERED, took=1500)["in_time"] == 0.0
