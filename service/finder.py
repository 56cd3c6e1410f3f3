"""One question looked up: the sentences of the documents that answer it, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.store import Store
from core.timeline import is_in_force
from core.types import Status
from service.approved import load_same_question, matching_entries, nearest_rules, pick_entry
from service.approved_sources import WaitingEntries
from service.concerns import EMERGENCIES
from service.endings import NOT_FOUND, Ending, end_at_the_door
from service.extract import pick_sentences
from service.findings import Found, rival_places
from service.guard import Finding
from service.known_towns import KnownTowns
from service.levies import is_tax_unknown
from service.misgivings import load_misgivings
from service.named_days import without_years
from service.parts_of_towns import is_a_part
from service.questions import Asked, lean_on
from service.retrieve import Query, retrieve, search
from service.selector import load_selector
from service.towns import ForeignPlace, Gazetteer, Town
from service.usage import Course
from service.wording import Text

HITS = 10  # passages an answer is sought in, and related documents
TOWNS_NAMED = 5
GAIN = 0.02  # of the best passage's score: so much nearer it is where a question leans on another
FEWEST_WORDS = 3  # of what may be no question to an office; "Enten füttern" is looked up


class Finder:
    """Looks questions up in a store that stays open."""

    def __init__(self, store: Store, towns: KnownTowns, waiting: WaitingEntries) -> None:
        self._store = store
        self._towns = towns
        self._waiting = waiting

    def find_all(
        self,
        questions: Sequence[Asked],
        home: Town | None,
        gazetteer: Gazetteer,
        today: date,
        named: date | None,
        spoken: str,
        course: Course,
    ) -> list[Found] | Ending:
        """What the documents say to the questions of a message, or why they do not: on the day that
        it names where that makes a difference, else today; `course` learns the day. Where one may
        not be answered at all, that is said of the message."""
        if named is None or named == today:
            return self._find_on(questions, home, gazetteer, today, spoken, course)
        undated = [replace(one, text=without_years(one.text)) for one in questions]
        then = self._find_on(undated, home, gazetteer, named, spoken, course)
        seen = course.hits, course.picks
        now = self._find_on(questions, home, gazetteer, today, spoken, course)
        is_to_be_ended = isinstance(now, Ending) and now.status is not Status.NOT_IN_DOCUMENTS
        if is_to_be_ended or not (_has_other_law(then, today) or _has_other_law(now, named)):
            return now
        course.day, (course.hits, course.picks) = named, seen
        return then

    def _find_on(
        self,
        questions: Sequence[Asked],
        home: Town | None,
        gazetteer: Gazetteer,
        day: date,
        spoken: str,
        course: Course,
    ) -> list[Found] | Ending:
        """What the documents say on a day."""
        course.day, course.hits, course.picks = day, [], []
        findings: list[Found] = []
        silent = NOT_FOUND
        for asked in questions:
            found = self.find(asked, home, gazetteer, day, spoken, course)
            if asked.alone and isinstance(found, Ending):
                found = self.find(asked.alone, home, gazetteer, day, spoken, course)
            if isinstance(found, Found):
                findings.append(found)
            elif found.status in (Status.NOT_IN_DOCUMENTS, Status.OUT_OF_SCOPE):
                silent = found
            else:
                return found
        return findings or silent

    def find(
        self,
        asked: Asked,
        home: Town | None,
        gazetteer: Gazetteer,
        day: date,
        spoken: str,
        course: Course,
    ) -> Found | Ending:
        """What the documents say to one question, or why they do not; people's answers in the
        language `spoken` with the asker, where they have it."""
        generation = course.generation
        town = gazetteer.nearer(asked.place, home)
        query = self.query(asked.text, asked.language, town, gazetteer, day, generation)
        course.done("encode")
        model = self._store.encoder.model_id
        misgivings = load_misgivings(model)
        concern = misgivings.tell(query.vector) if misgivings else None
        if concern and (concern in EMERGENCIES or len(query.text.split()) >= FEWEST_WORDS):
            return end_at_the_door(Finding.of(concern))
        for place in (asked.place, home):
            if place is None or not self._towns.is_elsewhere(place, gazetteer):
                continue
            if not is_a_part(self._store, query, place.name):
                return Ending(Status.OTHER_TOWN, Text.OTHER_TOWN, place=place.name)
            text = f"{asked.text} {place.name}"  # which passages may name
            query = self.query(text, asked.language, town, gazetteer, day, generation)

        hits = retrieve(self._store, query, HITS)
        course.hits += hits
        course.done("search")
        if is_tax_unknown(asked.text, hits):
            return NOT_FOUND
        entries = matching_entries(query, hits, load_same_question(model))
        entries, hits = self._waiting.leave_out(entries, hits, generation, day)
        picks = pick_sentences(query, hits, load_selector(model))
        if entries:  # the approved words, then the rule itself
            rules, picks = picks, pick_entry(query, entries[0], self._store.index, spoken)
            picks += nearest_rules(rules)
        course.picks += picks
        course.done("pick")
        if not picks and isinstance(asked.place, ForeignPlace) and asked.place.is_country:
            return Ending(Status.OTHER_TOWN, Text.OTHER_TOWN, place=asked.place.name)
        if not picks:
            return NOT_FOUND
        quoted = entries or [pick.hit for pick in picks]
        if town is None and (rivals := rival_places(quoted, hits)):
            return Ending(Status.NEEDS_TOWN, Text.NEEDS_TOWN, towns=rivals[:TOWNS_NAMED])
        return Found(town, hits, picks, is_curated=bool(entries))

    def whole(
        self,
        asked: Asked,
        context: str,
        home: Town | None,
        gazetteer: Gazetteer,
        day: date,
        generation: int,
    ) -> Asked:
        """A question, completed from the one asked before (`context`) where it finds clearly nearer
        passages with that, and so leans on it without saying so."""
        whole = lean_on(asked, context, gazetteer)
        if whole is None:
            return asked
        scores = []
        town = gazetteer.nearer(asked.place, home)
        for one in (whole, asked):
            query = self.query(one.text, one.language, town, gazetteer, day, generation)
            scores.append(max((hit.score for hit in search(self._store, query, 1)), default=0.0))
        return whole if scores[0] - scores[1] > GAIN else asked

    def query(
        self,
        text: str,
        language: str,
        town: Town | None,
        gazetteer: Gazetteer,
        day: date,
        generation: int,
    ) -> Query:
        """The query for a question in a language, asked in a town, None for anywhere."""
        return Query(
            text=text,
            language=language,
            vector=self._store.encoder.encode_question(text, language),
            scopes=gazetteer.scopes(town) if town else None,
            day=day,
            generation=generation,
        )


def _has_other_law(said: list[Found] | Ending, day: date) -> bool:
    """Whether an answer rests on a document that is not in force on a day."""
    return isinstance(said, list) and not all(
        is_in_force(pick.hit.document, day) for found in said for pick in found.picks
    )
