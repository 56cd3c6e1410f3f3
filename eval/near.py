"""`python -m eval near`: where the front desk draws its line between passages and near misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from core.settings import Settings
from core.store import Store
from core.types import Hit
from eval.dataset import alone, held_out, open_set, read_rows
from eval.questions import load_rows, locate_sources
from eval.towns import AS_OF, TownQuestion, holds_value
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.desk.columns import HITS, NEAR

PROJECT = Path(__file__).parent.parent
DOCUMENTS = PROJECT / "data/documents"
QUESTIONS = PROJECT / "data/questions/auental.jsonl"
TOWN_QUESTIONS = PROJECT / "data/questions/towns.jsonl"
NEIGHBOURS = "ortsrecht-bw"  # the set with the towns
TOWN = "Auental"  # what the first set is about
MARGINS = tuple(step / 100 for step in range(2, 17))
MOST_MISSED = 0.02  # of the questions whose answer is shown, for which it may be below the line


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a clerk about a document, and what answers it: passages by their ids, or values
    said of a place."""

    text: str
    document: str
    town: str | None
    day: date
    place: str = ""
    values: tuple[str, ...] = ()
    passages: frozenset[str] = frozenset()

    def is_answered_by(self, hit: Hit) -> bool:
        """Whether a passage holds the answer."""
        if not self.values:
            return hit.passage.id in self.passages
        place = hit.document.jurisdiction
        is_there = place is not None and place.name == self.place
        return is_there and holds_value(hit.passage.text, self.values)


@dataclass(frozen=True, slots=True)
class Asked:
    """The passages that a question found: how far each is below the best, and whether it holds the
    answer."""

    passages: tuple[tuple[float, bool], ...]

    @property
    def answer(self) -> float | None:
        """How far the nearest passage with the answer is below the best; None where none has it."""
        return min((below for below, holds in self.passages if holds), default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """What a margin makes of some questions: shares of those whose answer is shown only below the
    line (`missed`), of passages below it that hold the answer (`holding`), and how many passages
    stand above it."""

    margin: float
    missed: float
    holding: float
    above: float


def measure_near(data: Path, settings: Settings, console: Console, state: Path | None) -> None:
    """Prints for each margin what stands above and below the line, on the sample town and its
    neighbours: for the questions of train, by which it is chosen, and for those of dev."""
    parts: dict[str, list[Asked]] = {"train": [], "dev": []}
    with neighbours(data, settings, state) as (store, own):
        answerer = Answerer(store, own)
        for question in clerk_questions(store):
            part = "dev" if held_out(NEIGHBOURS, question.document) else "train"
            parts[part].append(_search(answerer, question))
    chosen = choose_margin(parts["train"])
    for part, asked in parts.items():
        console.print(_table(asked, part, chosen))
    console.print(f"The line is at {NEAR:g}; train chooses {chosen:g}.")


@contextmanager
def neighbours(
    data: Path, settings: Settings, state: Path | None = None
) -> Iterator[tuple[Store, Settings]]:
    """A store of its own with the sample town and the by-laws of the towns of `towns.jsonl`, and
    its settings. To read them takes minutes: `state` keeps it for the next time."""
    with open_set(data / NEIGHBOURS, settings, state, "towns.jsonl") as store:
        own = alone(settings, store.originals.parent)
        ingest([DOCUMENTS], Publisher(store), own)
        yield store, own


def choose_margin(asked: Sequence[Asked]) -> float:
    """The smallest margin that leaves at most MOST_MISSED of the answers below the line."""
    lines = (draw_line(asked, margin) for margin in MARGINS)
    return next((line.margin for line in lines if line.missed <= MOST_MISSED), MARGINS[-1])


def draw_line(asked: Sequence[Asked], margin: float) -> Line:
    """What a margin makes of these questions; those whose answer is not shown at all count only
    with their passages."""
    answers = [one.answer for one in asked if one.answer is not None]
    below = [holds for one in asked for far, holds in one.passages if far > margin]
    return Line(
        margin,
        missed=fmean([answer > margin for answer in answers] or [0]),
        holding=fmean(below or [0]),
        above=fmean([sum(far <= margin for far, _ in one.passages) for one in asked] or [0]),
    )


def clerk_questions(store: Store) -> list[Question]:
    """The German questions that the documents of `neighbours` answer."""
    questions: list[Question] = []
    rows = [row for row in load_rows(QUESTIONS) if row.sources and not row.context]
    places = locate_sources(rows, store)
    for row in rows:
        ids = {i for s in row.sources for i in places[s.document_id, s.section, s.quote]}
        text, document = row.question["de"], row.sources[0].document_id
        questions.append(Question(text, document, TOWN, row.as_of, passages=frozenset(ids)))
    for asked in (TownQuestion(**row) for row in read_rows(TOWN_QUESTIONS)):
        if asked.document_id and asked.lang == "de":
            of, values = asked.document_id, tuple(asked.values)
            questions.append(Question(asked.text, of, asked.town, AS_OF, asked.place, values))
    return questions


def _search(answerer: Answerer, question: Question) -> Asked:
    hits = answerer.search(question.text, town=question.town, as_of=question.day, limit=HITS)
    best = max((hit.score for hit in hits), default=0.0)
    return Asked(tuple((best - hit.score, question.is_answered_by(hit)) for hit in hits))


def _table(asked: Sequence[Asked], title: str, chosen: float) -> Table:
    found = sum(one.answer is not None for one in asked)
    table = Table(
        "margin",
        "answer only below the line",
        "passages below that hold it",
        "passages above",
        title=f"{title}: {len(asked)} questions, the answer shown for {found}",
    )
    for margin in MARGINS:
        line = draw_line(asked, margin)
        mark = " ←" if margin == chosen else ""
        table.add_row(
            f"{margin:.2f}{mark}",
            f"{line.missed:.1%}",
            f"{line.holding:.1%}",
            f"{line.above:.1f} of {HITS}",
        )
    return table
