"""A question becomes a cited answer: the steps in reading order, one Status at every end."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import uuid4

from core.errors import SettingInvalid, UsageError
from core.languages import detect_language
from core.languages import warm_up as language_warm_up
from core.settings import Settings
from core.store import Store
from core.types import Answer, Hit, Level, Mode, Status
from core.usage import UsageCounts
from service.approved import load_same_question, matching_entries, nearest_rules, pick_entry
from service.approved_sources import WaitingEntries
from service.atlas import warm_up as atlas_warm_up
from service.cite import cite
from service.coming import ComingVersions, coming_changes
from service.endings import NOT_FOUND, Ending, end_at_the_door, lead, reply_language
from service.extract import pick_sentences
from service.filters import UNFILTERED, Filters, narrow
from service.findings import Found, related, rival_places, without_repeats
from service.guard import (
    MAX_QUESTION_LENGTH,
    Finding,
    check_context,
    check_length,
    check_question,
)
from service.known_towns import KnownTowns
from service.misgivings import load_misgivings
from service.originals import OriginalFile, find_original
from service.questions import Asked, language_of, read_message
from service.retrieve import Query, retrieve, search
from service.selector import load_selector
from service.towns import ForeignPlace, Gazetteer, Town
from service.usage import Course, count_answer
from service.wording import Text

__all__ = ["MAX_QUESTION_LENGTH", "Answerer", "check_length", "warm_up"]

HITS = 10  # passages an answer is sought in, and related documents
TOWNS_NAMED = 5


class Answerer:
    """Answers questions and searches, with a store that stays open."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._towns = KnownTowns(store, settings)
        self._coming: tuple[int, ComingVersions] | None = None
        self._waiting = WaitingEntries(store)
        self.usage = UsageCounts(keeps_questions=settings.keep_questions)  # written by who serves

    def answer(
        self,
        question: str,
        *,
        context: str | None = None,
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
        is_counted: bool = True,
    ) -> Answer:
        """The answer to a question, in the asker's language; to several in one message, one after
        the other. `context` is what was asked before, for a question that leans on it; one that is
        not `is_counted` stays out of the figures on what citizens ask.

        Raises QuestionEmpty, QuestionTooLong, TownUnknown, TownAmbiguous, or an IndexFailure.
        """
        course = Course()
        question = check_length(question)
        context = check_context(context) if context else ""
        answer = self._answer(question, context, town, language, as_of or date.today(), course)
        if is_counted:
            count_answer(self.usage, self._store.registry, answer, question, town, context, course)
        return answer

    def _answer(
        self,
        question: str,
        context: str,
        town: str | None,
        language: str | None,
        day: date,
        course: Course,
    ) -> Answer:
        """What `answer` gives to a clean question; `course` learns how it goes."""
        if finding := check_question(question):
            course.language = language_of(question, context)
            return self._end(end_at_the_door(finding), reply_language(language or course.language))

        generation = course.generation = self._store.registry.generation()
        gazetteer = self._towns.at(generation)
        home = self._towns.home(gazetteer, town)
        questions = read_message(question, context, gazetteer)
        course.language = questions[0].language
        course.town = (home.key or home.name) if home else ""
        reply_in = reply_language(language or course.language)
        if questions[0].is_leaning and (finding := check_question(f"{context} {question}")):
            return self._end(end_at_the_door(finding), reply_in)

        course.done("read")
        findings: list[Found] = []
        silent = NOT_FOUND
        for asked in questions:
            found = self._look_up(asked, home, gazetteer, day, course)
            if isinstance(found, Found):
                findings.append(found)
            elif found.status in (Status.NOT_IN_DOCUMENTS, Status.OUT_OF_SCOPE):
                silent = found
            else:
                return self._end(found, reply_in)

        picks = without_repeats(findings)
        statements, citations = cite(picks, self._store.registry, generation, day)
        course.done("check")
        if not statements:
            return self._end(silent, reply_in)
        is_curated = all(found.is_curated for found in findings)
        towns = {found.town for found in findings}
        quoted = {statement.language for statement in statements}
        cited = {citation.document.id for citation in citations}
        return Answer(
            id=uuid4().hex,
            status=Status.ANSWERED,
            mode=Mode.CURATED if is_curated else Mode.EXTRACTIVE,
            language=reply_in,
            message=lead(towns, reply_in, quoted),
            statements=statements,
            citations=citations,
            related=related((hit for found in findings for hit in found.hits), cited),
            changes=coming_changes(
                statements,
                citations,
                self._coming_versions(generation),
                self._store,
                day,
                generation,
                partial(self._waiting.sources, generation, day),
            ),
        )

    def search(
        self,
        query: str,
        *,
        town: str | None = None,
        as_of: date | None = None,
        limit: int = 10,
        filters: Filters = UNFILTERED,
    ) -> list[Hit]:
        """The passages for a query, the best of every document before the second of any; raises as
        `answer` does."""
        query = check_length(query, is_search=True)
        generation = self._store.registry.generation()
        gazetteer = self._towns.at(generation)
        place, rest = gazetteer.part(query)
        asked = gazetteer.nearer(place, self._towns.home(gazetteer, town))
        if isinstance(place, ForeignPlace):  # no filter has its name, but a passage may
            rest = query
        language = detect_language(query) or "de"
        day = as_of or date.today()
        asked_for = self._query(rest, language, asked, gazetteer, day, generation)
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
        """The scopes that apply in a town, by default the site's; None for all. Raises TownUnknown
        or TownAmbiguous."""
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
        """Makes the encoder ready for German questions and for those in other languages."""
        for language in ("de", "en"):
            self._store.encoder.encode_question("", language)

    def _look_up(
        self,
        asked: Asked,
        home: Town | None,
        gazetteer: Gazetteer,
        day: date,
        course: Course,
    ) -> Found | Ending:
        """What the documents say to one question, or why they do not."""
        generation = course.generation
        town = gazetteer.nearer(asked.place, home)
        query = self._query(asked.text, asked.language, town, gazetteer, day, generation)
        course.done("encode")
        model = self._store.encoder.model_id
        misgivings = load_misgivings(model)
        if misgivings and (concern := misgivings.tell(query.vector)):
            return end_at_the_door(Finding.of(concern))
        for place in (asked.place, home):
            if place and self._towns.is_elsewhere(place, gazetteer):
                return Ending(Status.OTHER_TOWN, Text.OTHER_TOWN, place=place.name)

        hits = retrieve(self._store, query, HITS)
        course.done("search")
        entries = matching_entries(query, hits, load_same_question(model))
        entries, hits = self._waiting.leave_out(entries, hits, generation, day)
        picks = pick_sentences(query, hits, load_selector(model))
        if entries:  # the approved words, then the rule itself
            picks = pick_entry(query, entries[0], self._store.index) + nearest_rules(picks)
        course.done("pick")
        if not picks and isinstance(asked.place, ForeignPlace):  # a country: only towns ended above
            return Ending(Status.OTHER_TOWN, Text.OTHER_TOWN, place=asked.place.name)
        if not picks:
            return NOT_FOUND
        quoted = entries or [pick.hit for pick in picks]
        if town is None and (rivals := rival_places(quoted, hits)):
            return Ending(Status.NEEDS_TOWN, Text.NEEDS_TOWN, towns=rivals[:TOWNS_NAMED])
        return Found(town, hits, picks, is_curated=bool(entries))

    def _query(
        self,
        text: str,
        language: str,
        town: Town | None,
        gazetteer: Gazetteer,
        day: date,
        generation: int,
    ) -> Query:
        return Query(
            text=text,
            language=language,
            vector=self._store.encoder.encode_question(text, language),
            scopes=gazetteer.scopes(town) if town else None,
            day=day,
            generation=generation,
        )

    def _coming_versions(self, generation: int) -> ComingVersions:
        """The versions to come of a generation, read anew when it moves."""
        if self._coming is None or self._coming[0] != generation:
            self._coming = generation, ComingVersions.of(self._store.registry.standing())
        return self._coming[1]

    def _end(self, ending: Ending, language: str) -> Answer:
        return ending.answer(language, self._settings.contact)


def warm_up() -> None:
    """Loads what the first question would wait for: language detector, places, guard."""
    language_warm_up()
    atlas_warm_up()
    check_question("")
