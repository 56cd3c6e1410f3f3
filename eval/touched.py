"""The questions that changed passages touch, and which of them got worse: what an editor is to know
before a version is published."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from eval.comparison import RowChange, row_change
from eval.runs import Row, Run


class Touch(StrEnum):
    """How a question hangs on a passage: its answer should stand there, quotes it, or was sought
    in it too."""

    SOURCE = "source"
    CITED = "cited"
    RETRIEVED = "retrieved"


@dataclass(frozen=True, slots=True)
class TouchedQuestion:
    """A question that hangs on a changed passage, and how. `change` is None where its answer is as
    good as before, or there is no run after the change."""

    id: str
    language: str
    kind: str
    question: str
    touches: tuple[Touch, ...]
    change: RowChange | None

    @property
    def is_worse(self) -> bool:
        """Whether its answer got worse."""
        return self.change is not None and self.change.is_worse


@dataclass(frozen=True, slots=True)
class Touched:
    """The questions that changed passages touch, in the set's order; those of them that got worse,
    the furthest first."""

    questions: tuple[TouchedQuestion, ...]
    worse: tuple[TouchedQuestion, ...]


def touched_questions(
    before: Run,
    after: Run | None,
    *,
    passages: Set[str] = frozenset(),
    places: Set[tuple[str, str]] = frozenset(),
) -> Touched:
    """Which questions these changed passages touch, and which of them got worse.

    Passages are named by their ids, or by their places: document and section. A question is touched
    where a passage was retrieved for it or where its source or a citation lies in the section, in
    either run. A passage's section is known from the runs alone: of one that no question retrieved,
    name the place too. Without a run after the change nothing has got worse yet.
    """
    runs = (before.rows, after.rows if after else ())
    old, new = ({row.key: row for row in rows} for rows in runs)
    places = places | {
        (passage.document_id, passage.section)
        for rows in runs
        for row in rows
        for passage in row.retrieved
        if passage.id in passages
    }
    found = []
    for key in dict.fromkeys((*old, *new)):
        versions = [row for row in (old.get(key), new.get(key)) if row]
        touches = {touch for row in versions for touch in _touches(row, passages, places)}
        if touches:
            row = versions[-1]
            change = row_change(*versions) if len(versions) == 2 else None
            order = tuple(touch for touch in Touch if touch in touches)
            found.append(
                TouchedQuestion(row.id, row.language, row.kind, row.question, order, change)
            )
    worse = [question for question in found if question.is_worse]
    return Touched(tuple(found), tuple(sorted(worse, key=_loss)))


def _touches(row: Row, passages: Set[str], places: Set[tuple[str, str]]) -> Iterator[Touch]:
    if not places.isdisjoint(row.sources):
        yield Touch.SOURCE
    if any((citation.document_id, citation.section) in places for citation in row.citations):
        yield Touch.CITED
    if any(
        passage.id in passages or (passage.document_id, passage.section) in places
        for passage in row.retrieved
    ):
        yield Touch.RETRIEVED


def _loss(question: TouchedQuestion) -> float:
    return question.change.after - question.change.before if question.change else 0.0
