"""A question as it comes in: cleaned, masked, and what the guard sees in it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.concerns import Concern
from service.follow_up import Turn, hear_turns
from service.guard import Finding, check_context, check_length, check_question, without_orders
from service.personal import Masked, mask_personal


@dataclass(frozen=True, slots=True)
class Asking:
    """A clean question, and what it is asked with. `masked`: as a model may see it; `finding`: what
    the guard sees in it; `is_dated`: whether the day was told beside it; `deadline`: a
    `time.monotonic()` by which a model is done."""

    question: str
    masked: Masked
    finding: Finding | None
    context: str
    turns: Sequence[Turn]
    town: str | None
    language: str | None
    day: date
    is_dated: bool
    deadline: float


def take_question(
    question: str,
    context: str | None,
    turns: Sequence[Turn],
    town: str | None,
    language: str | None,
    as_of: date | None,
    seconds: float,
) -> Asking:
    """What is asked, where a model may take so many seconds. Raises QuestionEmpty or
    QuestionTooLong."""
    deadline = time.monotonic() + seconds
    question = check_length(question)
    finding = check_question(question)
    if finding and finding.concern is Concern.INJECTION:
        question = without_orders(question)
        finding = check_question(question)
    heard = hear_turns(turns, context)
    before = check_context(context) if context else heard[-1].question if heard else ""
    masked, day = mask_personal(question), as_of or date.today()
    return Asking(
        question, masked, finding, before, heard, town, language, day, as_of is not None, deadline
    )
