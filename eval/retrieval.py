"""How often the right document is found: recall at 1 and 5, and MRR, per language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from eval.dataset import Question, follow, load_questions, open_set
from service.answerer import Answerer

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the questions of one language."""

    questions: int
    recall_1: float
    recall_5: float
    reciprocal_rank: float


def measure_retrieval(
    folder: Path, settings: Settings, split: str | None = None, state: Path | None = None
) -> dict[str, Scores]:
    """Ingests a set, into a fresh index unless `state` has it, and searches every question that has
    an answer in it.

    Returns scores by language; a question counts as found at rank r when the r-th passage is of a
    relevant document.
    """
    with open_set(folder, settings, state) as store:
        answerer = Answerer(store, settings.model_copy(update={"town": None}))
        return score(answerer, load_questions(folder, split))


def score(answerer: Answerer, questions: Sequence[Question]) -> dict[str, Scores]:
    """Searches every question with a relevant document, in the question's town."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    for question in follow(questions, "Searching"):
        if question.relevant:
            hits = answerer.search(question.text, town=question.town, limit=DEPTH)
            found = [hit.document.id in question.relevant for hit in hits]
            ranks[question.language].append(found.index(True) if True in found else None)
    return {language: _scores(found) for language, found in sorted(ranks.items())}


def _scores(ranks: list[int | None]) -> Scores:
    count = len(ranks)
    return Scores(
        questions=count,
        recall_1=sum(rank == 0 for rank in ranks) / count,
        recall_5=sum(rank is not None and rank < 5 for rank in ranks) / count,
        reciprocal_rank=sum(1 / (rank + 1) for rank in ranks if rank is not None) / count,
    )
