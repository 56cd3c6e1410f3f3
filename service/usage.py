"""What an answer leaves behind: counts, and nothing that could be about a person."""

from __future__ import annotations

from collections.abc import Iterable

from core.asked import Question
from core.usage import UsageCounts
from service.guard import has_personal_data


def count_answer(
    usage: UsageCounts,
    cited: Iterable[str],
    question: str,
    language: str,
    town: str | None,
    context: str,
) -> None:
    """Counts an answer for each document cited; and the question, unless it leans on another or may
    hold personal data."""
    usage.count(cited)
    if not context and not has_personal_data(question):
        usage.ask(Question(question, language, town or ""))
