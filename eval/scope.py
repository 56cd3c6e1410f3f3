"""Whether what no town hall answers is not answered, cries for help are heard, and the rest is
answered; per language and in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.settings import Settings
from core.types import Answer, Status
from eval.cases import Case, excerpt, spread
from eval.dataset import Question, follow, load_questions, open_set, read_rows
from service.answerer import Answerer

ALL = "all"
EMERGENCY = "emergency"  # the kind of a question that is a cry for help
ANSWERABLE = "answerable"  # the kind of a question that the index answers
WANTED = {EMERGENCY: Status.EMERGENCY, ANSWERABLE: Status.ANSWERED}  # others: any but ANSWERED


@dataclass(frozen=True, slots=True)
class Ending:
    """A question, what kind it is, how it ended, and what was said."""

    id: str
    text: str
    language: str
    kind: str
    status: Status
    said: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it should have ended otherwise."""
        if self.kind in WANTED:
            return self.status is not WANTED[self.kind]
        return self.status is Status.ANSWERED


@dataclass(frozen=True, slots=True)
class ScopeScores:
    """`not_answered`: share of the questions out of scope that end in anything but an answer;
    `emergencies`: share of the cries for help among them that are recognised; `wrongly_refused`:
    share of answerable questions that end without an answer. None where there are no such.
    `wrong`: some of the questions that should have ended otherwise."""

    questions: int
    not_answered: float | None
    emergencies: float | None
    answerable: int
    wrongly_refused: float | None
    wrong: Sequence[Case] = field(default=(), repr=False)


def measure_scope(
    folder: Path, pages: Path, settings: Settings, split: str = "dev", state: Path | None = None
) -> dict[str, ScopeScores]:
    """Asks the questions of a set, out of scope, of an index with the documents of the set `pages`,
    naming no town; and the answerable questions of a split of `pages`, in their town."""
    with open_set(pages, settings, state) as store:
        endings = ask(
            Answerer(store, settings.model_copy(update={"town": None})), folder, pages, split
        )
    scores = {}
    for language in sorted({ending.language for ending in endings}):
        own = [ending for ending in endings if ending.language == language]
        scores[language] = replace(score_endings(own), wrong=wrong_cases(own))
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
        _ending(question, kind, answerer.answer(question.text, town=question.town))
        for question, kind in follow(asked, "Asking")
    ]


def _ending(question: Question, kind: str, answer: Answer) -> Ending:
    said = " ".join(statement.text for statement in answer.statements) or answer.message
    return Ending(question.id, question.text, question.language, kind, answer.status, said)


def wrong_cases(endings: Sequence[Ending]) -> tuple[Case, ...]:
    """Some of the endings that should have been others."""
    return spread(
        [
            Case(
                ending.text,
                (f"{ending.kind}: {WANTED.get(ending.kind, 'no answer')}",),
                (f"{ending.status}: {excerpt(ending.said)}",),
            )
            for ending in endings
            if ending.is_wrong
        ]
    )


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
