"""A question becomes a cited answer: the steps in reading order, one Status at every end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from core.askers import Askers
from core.errors import SettingInvalid, UsageError
from core.languages import detect_language
from core.languages import warm_up as language_warm_up
from core.settings import Settings
from core.store import Store
from core.types import Answer, Hit, Level, Status
from core.usage import UsageCounts
from service.approved_sources import WaitingEntries
from service.asking import Asking, take_question
from service.atlas import warm_up as atlas_warm_up
from service.composer import Composer, Glossary, Moment, may_reword, no_glossary
from service.endings import NOT_FOUND, Ending, end_at_the_door, reply_language
from service.failure_log import FailureLog
from service.filters import UNFILTERED, Filters, narrow
from service.finder import Finder
from service.findings import Found
from service.follow_up import Turn, complete_question, follow_up_prompt
from service.generate import warm_up as checks_warm_up
from service.guard import MAX_QUESTION_LENGTH, check_length, check_question
from service.known_towns import KnownTowns
from service.language_model import LanguageModel
from service.material import without_placeholders
from service.named_days import named_day
from service.originals import OriginalFile, find_original
from service.parts import Closing, Part, Waiting, put_together, take_apart
from service.personal import mask_personal
from service.questions import language_of, last_question, read_message
from service.retrieve import search
from service.towns import ForeignPlace
from service.trace import Traces, trace_of
from service.usage import Course, count_answer
from service.wording import base_language

__all__ = ["MAX_QUESTION_LENGTH", "Answerer", "check_length", "warm_up"]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What looking up came to: the answer word for word, or that there is none; what it is made of,
    and the question as a model may see it."""

    answer: Answer
    findings: Sequence[Found] = ()
    question: str = ""


class Answerer:
    """Answers questions and searches, with a store that stays open; in other words than the
    documents' only where there is a language `model`, which uses the `glossary`."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        model: LanguageModel | None = None,
        glossary: Glossary = no_glossary,
    ) -> None:
        self._store = store
        self._settings = settings
        self._towns = KnownTowns(store, settings)
        self._model = model
        waiting = WaitingEntries(store)
        self._finder = Finder(store, self._towns, waiting)
        self._composer = Composer(store, waiting, glossary)
        askers = Askers(settings.state_dir)
        self.usage = UsageCounts(keeps_questions=settings.keep_questions, askers=askers)
        self.traces = Traces()
        self._failures = FailureLog()

    def answer(
        self,
        question: str,
        *,
        context: str | None = None,
        turns: Sequence[Turn] = (),
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
        is_counted: bool = True,
    ) -> Answer:
        """The answer to a question, in the asker's language; to several in one message, one after
        the other. `context` is what was asked before, for a question that leans on it, and `turns`
        are questions with their answers, oldest first; figures leave out what is not `is_counted`.

        Raises QuestionEmpty, QuestionTooLong, TownUnknown, TownAmbiguous, or an IndexFailure.
        """
        return put_together(
            self.answer_parts(
                question,
                context=context,
                turns=turns,
                town=town,
                language=language,
                as_of=as_of,
                is_counted=is_counted,
            )
        )

    def answer_parts(
        self,
        question: str,
        *,
        context: str | None = None,
        turns: Sequence[Turn] = (),
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
        is_counted: bool = True,
    ) -> Generator[Part, None, None]:
        """The parts of what `answer` gives, as they come; what it raises is raised at once, before
        anything is looked up. Up to its first part it looks up, after that a model writes, where
        there is one; closing it stops the model."""
        seconds = self._settings.llm_seconds
        asking = take_question(question, context, turns, town, language, as_of, seconds)
        if asking.finding is None:  # a cry for help is answered whatever else is wrong
            self._towns.home(self._towns.at(), town)
            self.is_ready()
        return self._answer(asking, is_counted=is_counted)

    def _answer(self, asking: Asking, *, is_counted: bool) -> Generator[Part, None, None]:
        """The parts of the answer; it is counted and traced when it is whole."""
        if self._model and asking.turns:
            yield Waiting()  # the model may have to make it whole: nobody's turn but its own
        course = Course()
        looked = self._look(asking, course)
        masked = asking.masked
        hidden = masked.text if masked.words else ""
        answer = replace(looked.answer, personal=masked.kinds, question=hidden)
        said: list[Part] = []
        with closing(self._tell(replace(looked, answer=answer), asking, course)) as parts:
            for part in parts:
                said.append(part)
                if isinstance(part, Closing):
                    whole, registry = put_together(said), self._store.registry
                    self.traces.keep(trace_of(whole, course))
                    self._failures.tell(course.failures)
                    if is_counted:
                        town, before = asking.town, asking.context
                        count_answer(self.usage, registry, whole, masked.text, town, before, course)
                yield part

    def _tell(self, looked: _Looked, asking: Asking, course: Course) -> Generator[Part, None, None]:
        """The answer's parts: as they stand in the documents, or as the model words them."""
        answer, model = looked.answer, self._model
        is_worded = looked.findings and may_reword(looked.findings, answer.language)
        if model is None or not is_worded:
            yield from take_apart(answer)
            return
        yield Waiting()
        moment = Moment(course.generation, course.day, answer.language)
        found, words = looked.findings, looked.question
        written = self._composer.write(model, answer, found, words, moment, asking.deadline, course)
        with closing(written):
            for part in written:
                if isinstance(part, Closing):
                    course.done("write")
                yield part

    def _look(self, asking: Asking, course: Course) -> _Looked:
        """What the documents say to a clean question; `course` learns how it goes."""
        question, context, words = asking.question, asking.context, asking.masked.text
        if asking.finding:
            course.language = language_of(question, context)
            wording = reply_language(asking.language or course.language)
            return self._end(end_at_the_door(asking.finding), wording)

        generation = course.generation = self._store.registry.generation()
        gazetteer = self._towns.at(generation)
        home = self._towns.home(gazetteer, asking.town)
        questions = read_message(question, context, gazetteer)
        if context and not questions[0].is_leaning:
            day = asking.day
            questions[0] = self._finder.whole(
                questions[0], context, home, gazetteer, day, generation
            )
        course.language = questions[0].language
        course.town = (home.key or home.name) if home else ""
        reply_in = reply_language(asking.language or course.language)
        told = [questions[0].text]  # whose day is that of the whole message
        if questions[0].is_leaning:
            told = [question, context]
            if finding := check_question(f"{context} {question}"):
                return self._end(end_at_the_door(finding), reply_in)
            if whole := self._complete(asking, course):
                place, words = questions[0].place, whole
                read = read_message(without_placeholders(whole), "", gazetteer)
                questions = [replace(one, place=place or one.place) for one in read]
            else:
                words = f"{without_placeholders(mask_personal(context).text)} {words}"

        course.done("read")
        spoken = base_language(reply_in)
        days = (named_day(text, course.language, asking.day) for text in told)
        named = None if asking.is_dated else next(filter(None, days), None)
        found = self._finder.find_all(questions, home, gazetteer, asking.day, named, spoken, course)
        if isinstance(found, Ending):
            rest = last_question(question, course.language)
            if found.status is Status.REFUSED and rest and not asking.masked.words:
                alone = replace(asking, question=rest, masked=mask_personal(rest))
                return self._look(alone, course)  # what it asks beside the order
            return self._end(found, reply_in)

        moment = Moment(generation, course.day, reply_in, course.day != asking.day)
        answer = self._composer.quote(found, moment)
        course.done("check")
        return _Looked(answer, found, words) if answer else self._end(NOT_FOUND, reply_in)

    def _complete(self, asking: Asking, course: Course) -> str:
        """A question that leans on another as the model makes it whole; "" where it does not."""
        if self._model is None:
            return ""
        course.asks(self._model.name, follow_up_prompt())
        question, turns, deadline = asking.masked.text, asking.turns, asking.deadline
        return complete_question(self._model, question, turns, deadline, course.failed)

    def search(
        self,
        query: str,
        *,
        town: str | None = None,
        as_of: date | None = None,
        limit: int = 10,
        filters: Filters = UNFILTERED,
    ) -> list[Hit]:
        """The passages, the best of every document before any second; raises as `answer` does."""
        query = check_length(query, is_search=True)
        generation = self._store.registry.generation()
        gazetteer = self._towns.at(generation)
        place, rest = gazetteer.part(query)
        asked = gazetteer.nearer(place, self._towns.home(gazetteer, town))
        if isinstance(place, ForeignPlace):  # no filter has its name, but a passage may
            rest = query
        language, day = detect_language(query) or "de", as_of or date.today()
        asked_for = self._finder.query(rest, language, asked, gazetteer, day, generation)
        narrowed = narrow(asked_for, filters, gazetteer)
        return search(self._store, narrowed, limit) if narrowed else []

    def original(self, document_id: str, as_of: date | None = None) -> OriginalFile | None:
        """The uploaded original of a standing document as in force on a day; None where there is
        none. Raises DocumentWithdrawn."""
        return find_original(self._store, document_id, as_of or date.today())

    def towns(self) -> list[tuple[str, str]]:
        """The municipalities in the index: name, and what `town` takes."""
        return [
            (town.name, town.key or town.name)
            for town in self._towns.at().towns
            if town.level is Level.MUNICIPALITY
        ]

    def find_town(self, name: str) -> tuple[str, str]:
        """A town by name or key, as `towns` has it; raises TownUnknown or TownAmbiguous."""
        town = self._towns.at().resolve(name)
        return town.name, town.key or town.name

    def scopes(self, town: str | None) -> tuple[str, ...] | None:
        """The scopes that apply in a town, by default the site's; None for all. Raises as above."""
        gazetteer = self._towns.at()
        home = self._towns.home(gazetteer, town)
        return gazetteer.scopes(home) if home else None

    def check_town(self) -> None:
        """Raises SettingInvalid where the site's town is not one of the index."""
        try:
            self._towns.home(self._towns.at(), None)
        except UsageError as error:
            raise SettingInvalid(f"The setting AUSKUNFT_TOWN cannot be used: {error}") from error

    def is_ready(self) -> bool:
        """Whether index and model answer."""
        self._store.index.count(self._store.registry.generation())
        return True

    def warm_up(self) -> None:
        """Makes the encoder ready for every language, and the checks where there is a model."""
        for language in ("de", "en"):
            self._store.encoder.encode_question("", language)
        if self._model:
            checks_warm_up(self._store.encoder)

    def _end(self, ending: Ending, language: str) -> _Looked:
        return _Looked(ending.answer(language, self._settings.contact))


def warm_up() -> None:
    """Loads what the first question would wait for: language detector, places, guard."""
    language_warm_up()
    atlas_warm_up()
    check_question("")
