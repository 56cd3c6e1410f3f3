"""Whether what no town hall answers is not answered, cries for help are heard, and the rest is
answered; per language and in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from core.types import Status
from eval.dataset import Question, follow, load_questions, open_set, read_rows
from service.answerer import Answerer

ALL = "all"
EMERGENCY = "emergency"  # the kind of a question that is a cry for help
ANSWERABLE = "answerable"  # the kind of a question that the index answers


@dataclass(frozen=True, slots=True)
class Ending:
    """A question, what kind it is, and how it ended."""

    id: str
    text: str
    language: str
    kind: str
    status: Status


@dataclass(frozen=True, slots=True)
class ScopeScores:
    """`not_answered`: share of the questions out of scope that end in anything but an answer;
    `emergencies`: share of the cries for help among them that are recognised; `wrongly_refused`:
    share of answerable questions that end without an answer. None where there are no such."""

    questions: int
    not_answered: float | None
    emergencies: float | None
    answerable: int
    wrongly_refused: float | None


def measure_scope(
    folder: Path, pages: Path, settings: Settings, split: str = "dev", state: Path | None = None
) -> dict[str, ScopeScores]:
    """Asks the questions of a set, out of scope, of an index with the documents of the set `pages`,
    naming no town; and the answerable questions of a split of `pages`, in their town."""
    with open_set(pages, settings, state) as store:
        endings = ask(
            Answerer(store, settings.model_copy(update={"town": None})), folder, pages, split
        )
    languages = sorted({ending.language for ending in endings})
    scores = {
        language: score_endings([ending for ending in endings if ending.language == language])
        for language in languages
    }
    return {**scores, ALL: score_endings(endings)}


def ask(answerer: Answerer, folder: Path, pages: Path, split: str) -> list[Ending]:
    """How every question of both sets ends."""
    asked = [
        (Question(row["_id"], row["text"], row["lang"], None, frozenset()), row["kind"])
        for row in read_rows(folder / "queries.jsonl")
    ]
    asked += [
        (question, ANSWERABLE) for question in load_questions(pages, split) if question.relevant
    ]
    return [
        Ending(q.id, q.text, q.language, kind, answerer.answer(q.text, town=q.town).status)
        for q, kind in follow(asked, "Asking")
    ]


def score_endings(endings: Sequence[Ending]) -> ScopeScores:
    """The shares of the endings."""
    outside = [ending for ending in endings if ending.kind != ANSWERABLE]
    inside = [ending for ending in endings if ending.kind == ANSWERABLE]
    cries = [ending for ending in outside if ending.kind == EMERGENCY]
    return ScopeScores(
        questions=len(outside),
        not_answered=_share([ending.status is not Status.ANSWERED for ending in outside]),
        emergencies=_share([ending.status is Status.EMERGENCY for ending in cries]),
        answerable=len(inside),
        wrongly_refused=_share([ending.status is not Status.ANSWERED for ending in inside]),
    )


def _share(cases: Sequence[bool]) -> float | None:
    return sum(cases) / len(cases) if cases else None
