"""How often the right document is found: recall at 1 and 5, and MRR, per language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.settings import Settings
from eval.cases import Case, excerpt, spread
from eval.dataset import Question, follow, load_questions, open_set
from service.answerer import Answerer

DEPTH = 10
SHOWN = 5  # passages of a wrong case

Found = tuple[str, str]  # the id of a document, and a passage of it


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the questions of one language; `wrong`: some whose first passage is of another
    document."""

    questions: int
    recall_1: float
    recall_5: float
    reciprocal_rank: float
    wrong: Sequence[Case] = field(default=(), repr=False)


def measure_retrieval(
    folder: Path,
    settings: Settings,
    split: str | None = None,
    state: Path | None = None,
    with_town: bool = True,
) -> dict[str, Scores]:
    """Ingests a set, into a fresh index unless `state` has it, and searches every question that has
    an answer in it, in the asker's town or, not `with_town`, in all.

    Returns scores by language; a question counts as found at rank r when the r-th passage is of a
    relevant document.
    """
    with open_set(folder, settings, state) as store:
        answerer = Answerer(store, settings.model_copy(update={"town": None}))
        titles = {v.document.id: v.document.title for v in store.registry.standing()}
        return score(answerer, load_answered(folder, split, with_town), titles)


def load_answered(folder: Path, split: str | None = None, with_town: bool = True) -> list[Question]:
    """The questions of a set, or of one split, that a document of it answers; of no town unless
    `with_town`."""
    questions = [question for question in load_questions(folder, split) if question.relevant]
    return questions if with_town else [replace(question, town=None) for question in questions]


def score(
    answerer: Answerer, questions: Sequence[Question], titles: Mapping[str, str]
) -> dict[str, Scores]:
    """Searches every question in its town. `titles`: of the documents, by id."""
    hits = (
        answerer.search(question.text, town=question.town, limit=DEPTH)
        for question in follow(questions, "Searching")
    )
    found = ([(hit.document.id, hit.passage.text) for hit in best] for best in hits)
    return score_found(questions, found, titles)


def score_found(
    questions: Sequence[Question], found: Iterable[Sequence[Found]], titles: Mapping[str, str]
) -> dict[str, Scores]:
    """The scores of what was found for each question, best first, by language. `titles`: of the
    documents, by id."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    wrong: dict[str, list[Case]] = defaultdict(list)
    for question, passages in zip(questions, found, strict=True):
        is_right = [document in question.relevant for document, _ in passages]
        rank = is_right.index(True) if True in is_right else None
        ranks[question.language].append(rank)
        if rank != 0:
            wrong[question.language].append(_case(question, passages, titles))
    return {language: _scores(row, wrong[language]) for language, row in sorted(ranks.items())}


def _case(question: Question, passages: Sequence[Found], titles: Mapping[str, str]) -> Case:
    """The documents that were wanted, and the passages that came first."""
    wanted = (f"{name}: {titles.get(name, 'not in the set')}" for name in sorted(question.relevant))
    came = (f"{document}: {excerpt(text)}" for document, text in passages[:SHOWN])
    return Case(question.text, tuple(wanted), tuple(came))


def _scores(ranks: Sequence[int | None], wrong: Sequence[Case]) -> Scores:
    count = len(ranks)
    return Scores(
        questions=count,
        recall_1=sum(rank == 0 for rank in ranks) / count,
        recall_5=sum(rank is not None and rank < 5 for rank in ranks) / count,
        reciprocal_rank=sum(1 / (rank + 1) for rank in ranks if rank is not None) / count,
        wrong=spread(wrong),
    )
