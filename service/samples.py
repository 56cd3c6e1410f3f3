"""Live answers scored without a judge and without their questions: do they still hold?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from core.registry import Registry
from core.statistics import Sample
from core.types import Answer, Mode

SLOW = 1000.0  # milliseconds, from which on an answer counts as late

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def score_sample(
    registry: Registry,
    generation: int,
    answer: Answer,
    milliseconds: float,
    today: date,
    town: str = "",
    as_of: date | None = None,
) -> Sample:
    """The sample that is kept of an answer of today, given at a generation as of a day (None:
    today), asked in a town by its key or name, "" for none. Its scores, from 0 to
    1: quotes that stand verbatim on their page; numbers of statements that a cited quote has;
    whether it came in time; and, of what people or a model worded, the share in the asker's
    language (what is quoted is in the documents' own)."""

    @cache
    def page(document: str, number: int | None) -> str:
        return _packed(registry.page_text(document, number, generation, as_of or today) or "")

    quotes = {citation.number: citation.quote for citation in answer.citations}
    numbers = [
        (number, set().union(*(_numbers(quotes[n]) for n in statement.citations)))
        for statement in answer.statements
        for number in _numbers(statement.text)
    ]
    scores = {
        "quote_verbatim": _share(
            _packed(c.quote) in page(c.document.id, c.page) for c in answer.citations
        ),
        "number_exact": _share(number in known for number, known in numbers),
        "in_time": float(milliseconds < SLOW),
    }
    if answer.mode is not Mode.EXTRACTIVE:
        worded = (statement.language for statement in answer.statements)
        scores["answer_language"] = _share(language == answer.language for language in worded)
    return Sample(
        day=today.isoformat(),
        answer={
            "mode": answer.mode.value,
            "language": answer.language,
            "labels": [citation.label for citation in answer.citations],
            "milliseconds": round(milliseconds, 1),
            "town": town,
        },
        scores=scores,
    )


def _share(fits: Iterable[bool]) -> float:
    """The share of what fits; 1 where there is nothing that could fail to."""
    found = list(fits)
    return sum(found) / len(found) if found else 1.0


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _packed(text: str) -> str:
    return "".join(text.split())
