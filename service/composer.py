"""What was found becomes an answer: word for word, or in a language model's words with proof."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import uuid4

from core.store import Store
from core.types import Answer, Citation, Coming, Mode, Statement, Status
from service.approved_sources import WaitingEntries
from service.cite import Citer, cite
from service.coming import ComingVersions, coming_changes
from service.endings import lead
from service.findings import Found, related, without_repeats
from service.generate import Order, Proven, generate, prompt_for
from service.language_model import LanguageModel
from service.parts import Closing, Opening, Part, Waiting, take_apart
from service.usage import Course
from service.wording import Text, base_language, message

Glossary = Callable[[str, str], Mapping[str, str]]
"""The words of a town (by its key or name) in a language."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how a question is answered: from a generation, as of a day, in a wording; whether
    the day is one that the question names, which the answer then tells."""

    generation: int
    day: date
    wording: str
    is_named: bool = False


class Composer:
    """Makes answers of what was found."""

    def __init__(self, store: Store, waiting: WaitingEntries, glossary: Glossary) -> None:
        self._store = store
        self._waiting = waiting
        self._glossary = glossary
        self._coming: tuple[int, ComingVersions] | None = None

    def quote(self, findings: Sequence[Found], moment: Moment) -> Answer | None:
        """The answer word for word; None where no sentence stands on its page."""
        picks = without_repeats(findings)
        statements, citations = cite(picks, self._store.registry, moment.generation, moment.day)
        if not statements:
            return None
        is_curated = all(found.is_curated for found in findings)
        quoted = {statement.language for statement in statements}
        cited = {citation.document.id for citation in citations}
        return Answer(
            id=uuid4().hex,
            status=Status.ANSWERED,
            mode=Mode.CURATED if is_curated else Mode.EXTRACTIVE,
            language=moment.wording,
            message=lead(
                {found.town for found in findings},
                moment.wording,
                quoted,
                moment.day if moment.is_named else None,
                is_sure=all(found.is_sure for found in findings),
            ),
            statements=statements,
            citations=citations,
            related=related((hit for found in findings for hit in found.hits), cited),
            changes=self._changes(statements, citations, moment),
        )

    def write(
        self,
        model: LanguageModel,
        answer: Answer,
        findings: Sequence[Found],
        question: str,
        moment: Moment,
        deadline: float,
        course: Course,
    ) -> Generator[Part, None, None]:
        """The parts of what a model writes in place of an `answer` word for word, which stands
        where the model's does not. `question` is the masked one, `deadline` a `time.monotonic()`;
        `course` learns what was made of the drafts, and why the model failed.
        """
        order = self._order(findings, question, moment)
        course.asks(model.name, prompt_for(moment.wording))
        encoder, note, failed = self._store.encoder, course.judged.append, course.failed
        citer = Citer(self._store.registry, moment.generation, moment.day)
        is_open = False
        said = answer.message
        with closing(generate(model, order, encoder, citer, deadline, note, failed)) as written:
            for part in written:
                match part:
                    case Proven():
                        if not is_open:
                            yield _opening(replace(answer, mode=Mode.GENERATED))
                            is_open = True
                        yield part.statement
                        yield from part.citations
                    case Waiting():
                        yield part
                    case _:
                        said = f"{said} {message(Text.BROKEN_OFF, moment.wording)}"
        if not is_open:
            yield from take_apart(answer)
            return
        cited = {citation.document.id for citation in citer.citations}
        yield from self._changes(citer.quotes, citer.citations, moment)
        beside = related((hit for found in findings for hit in found.hits), cited)
        yield Closing(answer.id, said, beside)

    def _order(self, findings: Sequence[Found], question: str, moment: Moment) -> Order:
        """What the model is to write; approved words are translated with nothing put in."""
        is_approved = any(found.is_curated for found in findings)
        town = next((found.town for found in findings if found.town), None)
        others = [hit for found in findings for hit in found.hits]
        return Order(
            question,
            moment.wording,
            picks=without_repeats(findings),
            others=[] if is_approved else others,
            is_approved=is_approved,
            glossary=self._glossary(
                (town.key or town.name) if town else "", base_language(moment.wording)
            ),
        )

    def _changes(
        self, statements: Sequence[Statement], citations: Sequence[Citation], moment: Moment
    ) -> tuple[Coming, ...]:
        return coming_changes(
            statements,
            citations,
            self._coming_versions(moment.generation),
            self._store,
            moment.day,
            moment.generation,
            partial(self._waiting.sources, moment.generation, moment.day),
        )

    def _coming_versions(self, generation: int) -> ComingVersions:
        """The versions to come of a generation, read anew when it moves."""
        if self._coming is None or self._coming[0] != generation:
            self._coming = generation, ComingVersions.of(self._store.registry.standing())
        return self._coming[1]


def may_reword(findings: Sequence[Found], wording: str) -> bool:
    """Whether a model may put what was found into other words: people's answers only where they
    have none in the asker's language."""
    spoken = base_language(wording)
    return not any(
        found.is_curated and found.picks[0].hit.passage.language == spoken for found in findings
    )


def no_glossary(_town: str, _language: str) -> Mapping[str, str]:
    """A glossary without words."""
    return {}


def _opening(answer: Answer) -> Opening:
    return next(part for part in take_apart(answer) if isinstance(part, Opening))
