"""The questions whose answers change when what is prepared is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from core.approvals import Wording
from core.encoder import Encoder
from core.errors import UsageError
from core.index import STAGED, IndexQuery, PassageIndex
from core.registry import Registry
from core.settings import Settings
from core.store import Store
from core.types import Answer, Hit, Kind, Status, Vector
from service.answerer import Answerer
from service.approved_sources import WaitingEntries, wording_of
from service.prepared import PreparedRegistry
from service.preview_questions import PreviewQuestion
from service.said_numbers import unsaid_numbers

SAME = 0.001  # of a score: what rounding changes where vectors are stored anew

Progress = Callable[[int, int, str], None]  # questions done, questions in all, the last one


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question, and its answers as of a day: as citizens get it now, and as they will."""

    question: PreviewQuestion
    day: date
    before: Answer
    after: Answer

    @property
    def lost(self) -> tuple[str, ...]:
        """The numbers of a good answer that it has now and no longer will have: an amount that was
        changed by mistake, or a set that is to be brought up to date."""
        missing, will_miss = (
            unsaid_numbers(self.question.numbers, [s.text for s in answer.statements])
            for answer in (self.before, self.after)
        )
        return tuple(number for number in will_miss if number not in missing)

    @property
    def is_worse(self) -> bool:
        """Whether it is answered now and no longer will be, or without a number of its."""
        is_silenced = self.after.status is not Status.ANSWERED
        return (self.before.status is Status.ANSWERED and is_silenced) or bool(self.lost)


def changed_answers(
    store: Store,
    settings: Settings,
    questions: Iterable[PreviewQuestion],
    progress: Progress | None = None,
) -> list[ChangedAnswer]:
    """The questions whose status, statements or cited places change, those that get worse first.

    Asked as of today, and as of the first day of each prepared version that is yet to come into
    force; not as of today where all are, as today's law then stays as it is. A question that cannot
    be asked (empty, of an unknown town) is left out.
    """
    prepared = PreparedRegistry(store.registry)
    if not prepared.prepared:
        return []
    questions = list(questions)
    store = replace(store, encoder=cast(Encoder, _Remembering(store.encoder, questions)))
    after = replace(store, registry=cast(Registry, prepared))
    waiting, will_wait = WaitingEntries(store), WaitingEntries(after)
    generation = store.registry.generation()
    probe = _Probe(
        store.index,
        {document.id for document in prepared.prepared},
        lambda day: waiting.on(generation, day) ^ will_wait.on(STAGED, day),
    )
    probing = Answerer(replace(store, index=cast(PassageIndex, probe)), settings)
    now = Answerer(store, settings)
    then = Answerer(after, settings)
    has_new_places = _places(store.registry) != _places(cast(Registry, prepared))

    asked = list(_asked(questions, _days(prepared)))
    found: list[ChangedAnswer] = []
    for number, (question, day) in enumerate(asked, start=1):
        try:
            if has_new_places or _is_touched(probing, probe, question, day):
                said, will_say = _ask(now, question, day), _ask(then, question, day)
                if _essence(said) != _essence(will_say):
                    found.append(ChangedAnswer(question, day, said, will_say))
        except UsageError:
            continue
        finally:
            if progress:
                progress(number, len(asked), question.text)
    return sorted(found, key=lambda changed: not changed.is_worse)


def changed_answer_json(changed: ChangedAnswer) -> dict[str, Any]:
    """A changed answer in plain types, for the API and `--json`."""
    question = changed.question
    return {
        "question": question.text,
        "context": question.context,
        "language": question.language,
        "town": question.town,
        "why": question.why.value,
        "as_of": changed.day.isoformat(),
        "worse": changed.is_worse,
        "lost": list(changed.lost),
        "before": _answer_json(changed.before),
        "after": _answer_json(changed.after),
    }


class _Probe:
    """An index that finds nothing, so that no time is spent on an answer, and notes whether what
    there is to find changes with what is prepared."""

    def __init__(
        self,
        index: PassageIndex,
        prepared: set[str],
        changing: Callable[[date], frozenset[Wording]],
    ) -> None:
        self._index = index
        self._prepared = prepared
        self._changing = changing  # approved words that begin or cease to wait
        self.is_touched = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def query(self, query: IndexQuery) -> list[Hit]:
        """Nothing."""
        asked = replace(query, with_sentences=False)
        now, then = self._index.query(asked), self._index.query(replace(asked, generation=STAGED))
        self.is_touched = self.is_touched or not (
            [_seen(hit) for hit in now] == [_seen(hit) for hit in then]
            and all(abs(a.score - b.score) < SAME for a, b in zip(now, then, strict=True))
            # An entry is given whole, in wordings that were not found themselves.
            and not any(self._is_prepared_entry(hit) for hit in now)
            and self._changing(query.day).isdisjoint(map(wording_of, now))
        )
        return []

    def _is_prepared_entry(self, hit: Hit) -> bool:
        return hit.document.kind is Kind.FAQ and hit.document.id in self._prepared


class _Remembering:
    """An encoder that encodes no question twice, and none whose vector is known."""

    def __init__(self, encoder: Encoder, questions: Sequence[PreviewQuestion]) -> None:
        self._encoder = encoder
        self._vectors: dict[tuple[str, str], Vector] = {
            (question.text, question.language): question.vector
            for question in questions
            if question.vector is not None
        }

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_question(self, question: str, language: str) -> Vector:
        """As the encoder."""
        key = question, language
        if key not in self._vectors:
            self._vectors[key] = self._encoder.encode_question(question, language)
        return self._vectors[key]


def _days(prepared: PreparedRegistry) -> list[date]:
    """The days on which what is prepared may first change an answer."""
    today = date.today()
    return sorted({max(today, document.valid_from or today) for document in prepared.prepared})


def _asked(
    questions: Iterable[PreviewQuestion], days: Sequence[date]
) -> Iterator[tuple[PreviewQuestion, date]]:
    """Every question with every day that it is asked as of; each wording once."""
    seen = set()
    for question in questions:
        wording = question.text, question.context, question.town, question.day
        if wording not in seen:
            seen.add(wording)
            yield from ((question, day) for day in ([question.day] if question.day else days))


def _is_touched(probing: Answerer, probe: _Probe, question: PreviewQuestion, day: date) -> bool:
    probe.is_touched = False
    _ask(probing, question, day)
    return probe.is_touched


def _ask(answerer: Answerer, question: PreviewQuestion, day: date) -> Answer:
    return answerer.answer(
        question.text,
        context=question.context,
        town=question.town,
        language=question.language,
        as_of=day,
    )


def _places(registry: Registry) -> set[object]:
    """The places that questions are understood by."""
    return {version.document.jurisdiction for version in registry.standing()}


def _seen(hit: Hit) -> tuple[object, ...]:
    """What an answer takes from a hit, apart from its vectors and its days."""
    document, passage = hit.document, hit.passage
    return (
        document.id,
        document.title,
        document.kind,
        document.jurisdiction,
        passage.language,
        passage.section,
        passage.heading,
        passage.text,
    )


def _essence(answer: Answer) -> tuple[object, ...]:
    """What makes one answer another: how it ends, what it says, and the places that prove it."""
    return (
        answer.status,
        sorted(statement.text for statement in answer.statements),
        {(citation.document.id, citation.section) for citation in answer.citations},
    )


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status.value,
        "message": answer.message,
        "statements": [statement.text for statement in answer.statements],
        "citations": [
            {
                "document_id": citation.document.id,
                "title": citation.document.title,
                "label": citation.label,
                "section": citation.section,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
    }
