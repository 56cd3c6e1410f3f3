"""The practice corner, `/practice`: staff learns to check answers and to spot personal data.

An exercise is its address: the question, the seed, what was marked, and the score so far. Nothing
is stored about who practises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.asked import most_asked
from core.errors import UsageError
from core.proposals import State, read_proposals
from core.types import Document, Level
from service.answerer import Answerer
from service.practice import PracticeSentence, find_places, make_exercise
from service.practice_letters import make_letter
from web.citizen.sources import source_address
from web.editor.towns import town_options, usual_town
from web.parts import Parts
from web.people.rights import Role

AREA = "/practice"
MOST_ASKED, QUESTIONS = 50, 12
SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Score:
    """What a learner found in this sitting: carried from address to address, kept nowhere."""

    exercises: int = 0
    found: int = 0
    missed: int = 0
    false: int = 0  # marked, and nothing was wrong with it

    def with_marks(self, marked: set[int], wrong: set[int]) -> Score:
        """The score after one more exercise."""
        return Score(
            self.exercises + 1,
            self.found + len(wrong & marked),
            self.missed + len(wrong - marked),
            self.false + len(marked - wrong),
        )

    @property
    def values(self) -> dict[str, int]:
        """As an address holds it."""
        return {"exercises": self.exercises, "found": self.found} | {
            "missed": self.missed,
            "false": self.false,
        }


Count = Annotated[int, Query(ge=0, le=10_000)]
Seed = Annotated[int, Query(ge=0, lt=SEEDS)]
Marks = Annotated[list[Annotated[int, Query(ge=0, le=100)]], Query(max_length=100)]
Town = Annotated[str, Query(max_length=200)]


def read_score(
    exercises: Count = 0, found: Count = 0, missed: Count = 0, false: Count = 0
) -> Score:
    """A dependency: the score so far, of a request's address."""
    return Score(exercises, found, missed, false)


def practice_routes(parts: Parts) -> APIRouter:
    """`/practice` and its two kinds of exercises; all of them only read."""
    clerk = Depends(parts.staff.needs(Role.CLERK))
    router = APIRouter(include_in_schema=False, dependencies=[clerk])
    quoting = Answerer(parts.store, parts.settings)  # no model: what is true has to be certain

    def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
        visitor = parts.staff.visitor(request)
        return parts.pages.render(f"editor/{template}", visitor, status, AREA, **values)

    @router.get(AREA)
    def show(
        request: Request,
        town: Town | None = None,
        score: Score = Depends(read_score),  # noqa: B008  the way to name a dependency here
    ) -> Response:
        visitor = parts.staff.visitor(request)
        options = town_options(parts, visitor.person, Role.CLERK) if visitor else []
        chosen = usual_town(options) if town is None else town
        if chosen and visitor and chosen not in dict(options):
            raise HTTPException(403)
        return render(
            request,
            "practice.html",
            towns=options,
            town=chosen,
            score=score,
            questions=[
                (question, address("answer", score, q=question, town=chosen, seed=_seed(question)))
                for question in find_questions(parts, chosen)
            ],
            letter=address("letter", score, town=chosen, seed=_seed(chosen, score)),
        )

    @router.get(f"{AREA}/answer")
    def answer(
        request: Request,
        q: Annotated[str, Query(max_length=1000)],
        town: Town = "",
        seed: Seed = 1,
        mark: Marks = [],  # noqa: B006  never changed
        check: bool = False,
        score: Score = Depends(read_score),  # noqa: B008
    ) -> Response:
        problem = ""
        sentences: tuple[PracticeSentence, ...] = ()
        try:
            places = find_places(quoting, q, town or None, date.today())
            sentences = make_exercise(places, seed)
        except UsageError:
            problem = "unknown"
        wrong = {n for n, sentence in enumerate(sentences) if sentence.mistake}
        after = score.with_marks(set(mark), wrong) if check and sentences else score
        return render(
            request,
            "practice_answer.html",
            200 if sentences else 404,
            question=q,
            town=town,
            seed=seed,
            marks=set(mark),
            is_checked=check,
            problem=problem or ("" if sentences else "empty"),
            sentences=[(sentence, _source(sentence)) for sentence in sentences],
            before=score,
            score=after,
            again=address("answer", after, q=q, town=town, seed=(seed + 1) % SEEDS),
            all=address("", after, town=town),
        )

    @router.get(f"{AREA}/letter")
    def letter(
        request: Request,
        town: Town = "",
        seed: Seed = 1,
        mark: Marks = [],  # noqa: B006  never changed
        check: bool = False,
        score: Score = Depends(read_score),  # noqa: B008
    ) -> Response:
        titles = [document.title for document in documents_of(parts, town)]
        pieces = make_letter(titles, seed) if titles else ()
        wrong = {number for number, piece in enumerate(pieces) if piece.is_personal}
        after = score.with_marks(set(mark), wrong) if check and pieces else score
        return render(
            request,
            "practice_letter.html",
            200 if pieces else 404,
            town=town,
            seed=seed,
            marks=set(mark),
            is_checked=check,
            pieces=pieces,
            before=score,
            score=after,
            again=address("letter", after, town=town, seed=(seed + 1) % SEEDS),
            all=address("", after, town=town),
        )

    return router


def is_of(place: str, town: str) -> bool:
    """Whether what is of a place, by its key or name ("" for all), holds in a town; "" for any."""
    is_around = not place or (place.isdecimal() and town.startswith(place))
    return not town or town == place or is_around


def documents_of(parts: Parts, town: str) -> list[Document]:
    """The German documents that stand for a town, "" for all; its own first, each once."""
    known: dict[str, Document] = {}
    for version in parts.store.registry.standing():
        document, place = version.document, version.document.jurisdiction
        own = "" if place is None else place.key if place.key is not None else place.name
        if document.language == "de" and is_of(own, town):
            known[document.id] = document
    return sorted(known.values(), key=lambda document: (not _is_towns(document), document.title))


def find_questions(parts: Parts, town: str) -> list[str]:
    """Questions to practise with: approved ones, those asked most, then documents' titles."""
    engine = parts.store.registry.engine
    approved = [
        proposal.own.question
        for proposal in read_proposals(engine)
        if proposal.state is State.APPROVED and proposal.town in ("", town)
    ]
    asked = [
        question.text
        for question in most_asked(engine, MOST_ASKED)
        if question.language == "de" and question.town in ("", town)
    ]
    documents = documents_of(parts, town)
    Random(town).shuffle(documents)  # noqa: S311  the same page every time
    documents.sort(key=lambda document: not _is_towns(document))
    titles = [document.title for document in documents]
    return list(dict.fromkeys([*approved, *asked, *titles]))[:QUESTIONS]


def address(page: str, score: Score, **values: object) -> str:
    """The address of an exercise, or of all for "", with the score so far."""
    path = f"{AREA}/{page}" if page else AREA
    kept = {name: value for name, value in score.values.items() if value}
    return f"{path}?{urlencode({**values, **kept})}"


def _is_towns(document: Document) -> bool:
    place = document.jurisdiction
    return place is not None and place.level is Level.MUNICIPALITY


def _seed(*parts: object) -> int:
    """Another seed for everything that differs."""
    return Random(repr(parts)).randrange(SEEDS)  # noqa: S311


def _source(sentence: PracticeSentence) -> str:
    """The address of the page where the true sentence stands."""
    place = sentence.place
    return source_address(place.document.id, place.page, place.text)
