"""How an answer came about: steps, hits, sentences, checks; and nothing of what a citizen wrote."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import TraceUnknown
from core.types import Answer, Hit
from service.generate import Judged
from service.usage import Course, Failure

MOST = 1000  # answers; the text of TraceUnknown names it


@dataclass(frozen=True, slots=True)
class TracedHit:
    """A passage that was found, the best first. `score` is what hits are ordered by, `similarity`
    the cosine with the question."""

    document_id: str
    section: str
    page: int | None
    passage_id: str
    score: float
    similarity: float


@dataclass(frozen=True, slots=True)
class TracedPick:
    """A sentence that was picked: the number of its hit and its own there, from 1. `probability` is
    the selector's, None for words that people approved or where there is no selector;
    `below_best` how far it lies below the best, with what an amount that was asked for adds."""

    hit: int
    sentence: int
    probability: float | None
    below_best: float


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about. `town` is the key or name of the one that was asked in, "" for
    none; `model` is "" and `prompts` are empty where no language model was asked, `failures` where
    it did what it was asked; `steps` in their order, in milliseconds."""

    id: str
    made: datetime
    status: str
    mode: str
    language: str
    asked_in: str
    town: str
    generation: int
    milliseconds: float
    steps: tuple[tuple[str, float], ...]
    hits: tuple[TracedHit, ...]
    picks: tuple[TracedPick, ...]
    model: str
    prompts: tuple[str, ...]
    drafts: tuple[Judged, ...]
    failures: tuple[Failure, ...]


class Traces:
    """The traces of the last MOST answers, in this process's memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Trace] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, trace: Trace) -> None:
        """Keeps a trace, and forgets the oldest where there are too many."""
        with self._lock:
            self._kept[trace.id] = trace
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def find(self, answer_id: str) -> Trace:
        """The trace of an answer; raises TraceUnknown."""
        with self._lock:
            trace = self._kept.get(answer_id)
        if trace is None:
            raise TraceUnknown
        return trace


def trace_of(answer: Answer, course: Course) -> Trace:
    """The trace of an answer that has come to its end."""
    number = {hit.passage.id: place for place, hit in reversed([*enumerate(course.hits, 1)])}
    return Trace(
        id=answer.id,
        made=datetime.now(UTC),
        status=answer.status.value,
        mode=answer.mode.value,
        language=answer.language,
        asked_in=course.language,
        town=course.town,
        generation=course.generation,
        milliseconds=course.total,
        steps=tuple(course.milliseconds.items()),
        hits=tuple(_traced(hit) for hit in course.hits),
        picks=tuple(
            TracedPick(
                number.get(pick.hit.passage.id, 0),
                pick.sentence + 1,
                pick.probability,
                pick.distance,
            )
            for pick in course.picks
        ),
        model=course.model,
        prompts=tuple(course.prompts),
        drafts=tuple(course.judged),
        failures=tuple(course.failures),
    )


def trace_json(trace: Trace) -> dict[str, Any]:
    """The trace as JSON values."""
    rows = {
        name: getattr(trace, name)
        for name in ("id", "status", "mode", "language", "asked_in", "town", "generation")
    }
    return {
        **rows,
        "made": trace.made.isoformat(timespec="seconds"),
        "milliseconds": round(trace.milliseconds, 1),
        "steps": [{"step": step, "milliseconds": round(took, 1)} for step, took in trace.steps],
        "hits": [
            {
                "number": number,
                "document_id": hit.document_id,
                "section": hit.section,
                "page": hit.page,
                "passage_id": hit.passage_id,
                "score": round(hit.score, 4),
                "similarity": round(hit.similarity, 4),
            }
            for number, hit in enumerate(trace.hits, 1)
        ],
        "picks": [
            {
                "hit": pick.hit or None,
                "sentence": pick.sentence,
                "probability": pick.probability and round(pick.probability, 4),
                "below_best": round(pick.below_best, 4),
            }
            for pick in trace.picks
        ],
        "model": trace.model or None,
        "prompts": list(trace.prompts),
        "drafts": [
            {
                "sources": list(draft.sources),
                "faults": [fault.value for fault in draft.faults],
                "outcome": draft.outcome.value,
            }
            for draft in trace.drafts
        ],
        "failures": [asdict(failure) for failure in trace.failures],
    }


def _traced(hit: Hit) -> TracedHit:
    passage = hit.passage
    return TracedHit(
        passage.document_id, passage.section, passage.page, passage.id, hit.score, hit.similarity
    )
