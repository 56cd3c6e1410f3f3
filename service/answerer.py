"""A question becomes a cited answer: the steps in reading order, one Status at every end."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from core.errors import QuestionEmpty, QuestionTooLong, SettingInvalid, UsageError
from core.languages import SUPPORTED, detect_language
from core.languages import warm_up as language_warm_up
from core.settings import Settings
from core.store import Store
from core.types import Answer, Hit, Kind, Level, Mode, Related, Status
from service.approved import matching_entries, nearest_rules, pick_entry
from service.atlas import warm_up as atlas_warm_up
from service.cite import cite
from service.concerns import Concern
from service.extract import load_thresholds, pick_sentences
from service.guard import Finding, check_question, has_words, normalise_question
from service.retrieve import Query, retrieve, search
from service.selector import load_selector
from service.towns import ForeignPlace, Gazetteer, Town
from service.wording import Text, message, written_list

MAX_QUESTION_LENGTH = 1000
HITS = 6  # passages an answer is sought in, and related documents
TOWN_MARGIN = 0.03  # another town's rule this near the best: the answer differs by town
TOWNS_NAMED = 5

_SAID_TO = {
    Concern.GREETING: Text.GREETING,
    Concern.THANKS: Text.THANKS,
    Concern.MEDICAL_ADVICE: Text.NO_MEDICAL_ADVICE,
    Concern.LEGAL_ADVICE: Text.NO_LEGAL_ADVICE,
    Concern.PERSONAL_DATA: Text.NO_PERSONAL_DATA,
}


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """The uploaded original of a document; `path` lies in the state folder."""

    path: Path
    media_type: str
    filename: str


class Answerer:
    """Answers questions and searches, with a store that stays open."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._gazetteer: tuple[int, Gazetteer] | None = None

    def answer(
        self,
        question: str,
        *,
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """The answer to a question, in the asker's language.

        Raises QuestionEmpty, QuestionTooLong, TownUnknown, TownAmbiguous, or an IndexFailure.
        """
        question = check_length(question)
        asked_in = detect_language(question) or "de"
        reply_in = _reply_language(language or asked_in)
        finding = check_question(question)
        if finding:
            return self._end(finding.status, reply_in, _words_for(finding))

        gazetteer = self._current_gazetteer()
        home = self._home(gazetteer, town)
        place, rest = gazetteer.part(question)
        if isinstance(place, ForeignPlace) and place.is_country:
            rest = question
        for asked_of in (place, home):
            if asked_of and self._is_elsewhere(asked_of, gazetteer):
                return self._end(Status.OTHER_TOWN, reply_in, Text.OTHER_TOWN, place=asked_of.name)
        asked = _nearer(place, home, gazetteer)

        query = self._query(rest, asked_in, asked, gazetteer, as_of)
        hits = retrieve(self._store, query, HITS)
        thresholds = load_thresholds(self._store.encoder.model_id)
        entries = matching_entries(query, hits, thresholds.same_question)
        selector = load_selector(self._store.encoder.model_id)
        picks = pick_sentences(query, hits, thresholds, selector)
        if entries:  # the approved words, then the rule itself
            picks = pick_entry(query, entries[0], self._store.index) + nearest_rules(picks)
        if not picks and isinstance(place, ForeignPlace):  # a country: only towns ended above
            return self._end(Status.OTHER_TOWN, reply_in, Text.OTHER_TOWN, place=place.name)
        if not picks:
            return self._end(Status.NOT_IN_DOCUMENTS, reply_in, Text.NOT_IN_DOCUMENTS)
        quoted = entries or [pick.hit for pick in picks]
        if asked is None and (towns := _rival_places(quoted, hits)):
            named = written_list(towns[:TOWNS_NAMED], reply_in)
            return self._end(Status.NEEDS_TOWN, reply_in, Text.NEEDS_TOWN, towns=named)

        statements, citations = cite(picks, self._store.registry, query.generation)
        if not statements:
            return self._end(Status.NOT_IN_DOCUMENTS, reply_in, Text.NOT_IN_DOCUMENTS)
        return Answer(
            id=uuid4().hex,
            status=Status.ANSWERED,
            mode=Mode.CURATED if entries else Mode.EXTRACTIVE,
            language=reply_in,
            message=_lead(asked, reply_in, {s.language for s in statements}),
            statements=statements,
            citations=citations,
            related=_related(hits, {citation.document.id for citation in citations}),
        )

    def search(
        self, query: str, *, town: str | None = None, as_of: date | None = None, limit: int = 10
    ) -> list[Hit]:
        """The passages for a query, the best of every document before the second of any; raises as
        `answer` does."""
        query = check_length(query, is_search=True)
        gazetteer = self._current_gazetteer()
        home = self._home(gazetteer, town)
        place, rest = gazetteer.part(query)
        asked = home if isinstance(place, ForeignPlace) else _nearer(place, home, gazetteer)
        language = detect_language(query) or "de"
        return search(self._store, self._query(rest, language, asked, gazetteer, as_of), limit)

    def original(self, document_id: str) -> OriginalFile | None:
        """The uploaded original of a standing document; None where there is none."""
        version = self._store.registry.standing_version(document_id)
        if version is None:
            return None
        path = self._store.originals / version.original
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return OriginalFile(path, media_type, Path(version.source).name)

    def towns(self) -> list[tuple[str, str]]:
        """The municipalities in the index: name, and what `town` takes."""
        return [
            (town.name, town.key or town.name)
            for town in self._current_gazetteer().towns
            if town.level is Level.MUNICIPALITY
        ]

    def check_town(self) -> None:
        """Raises SettingInvalid where the site's town is not one of the index."""
        try:
            self._home(self._current_gazetteer(), None)
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

    def _query(
        self,
        text: str,
        language: str,
        town: Town | None,
        gazetteer: Gazetteer,
        as_of: date | None,
    ) -> Query:
        return Query(
            text=text,
            language=language,
            vector=self._store.encoder.encode_question(text, language),
            scopes=gazetteer.scopes(town) if town else None,
            day=as_of or date.today(),
            generation=self._store.registry.generation(),
        )

    def _current_gazetteer(self) -> Gazetteer:
        """The towns of the standing generation, read anew when it moves."""
        generation = self._store.registry.generation()
        if self._gazetteer is None or self._gazetteer[0] != generation:
            places = {v.document.jurisdiction for v in self._store.registry.standing()} - {None}
            self._gazetteer = generation, Gazetteer(place for place in places if place)
        return self._gazetteer[1]

    def _home(self, gazetteer: Gazetteer, town: str | None) -> Town | None:
        """The town that is asked in: of the request, else of the site."""
        name = town or self._settings.town
        return gazetteer.resolve(name) if name else None

    def _is_elsewhere(self, place: Town | ForeignPlace, gazetteer: Gazetteer) -> bool:
        """Whether this index or site has nothing of a place."""
        if isinstance(place, ForeignPlace):  # documents that name no place may be of any
            return not place.is_country and bool(gazetteer.towns or self._settings.town)
        if not self._settings.town:
            return False
        site = gazetteer.resolve(self._settings.town)
        return place.scope not in gazetteer.scopes(site) and site.scope not in gazetteer.scopes(
            place
        )

    def _end(self, status: Status, language: str, text: Text, **values: object) -> Answer:
        contact = self._settings.contact or message(Text.DEFAULT_CONTACT, language)
        return Answer(
            id=uuid4().hex,
            status=status,
            mode=Mode.EXTRACTIVE,
            language=language,
            message=message(text, language, contact=contact, **values),
        )


def warm_up() -> None:
    """Loads what the first question would wait for: language detector, places, guard."""
    language_warm_up()
    atlas_warm_up()
    check_question("")


def _reply_language(tag: str) -> str:
    """The language that messages are in: that of a tag such as "tr-TR", English where there is no
    wording in it."""
    language = tag.replace("_", "-").split("-")[0].lower()
    return language if language in SUPPORTED else "en"


def _words_for(finding: Finding) -> Text:
    """What is said to a question that ends at the door."""
    if finding.status is Status.EMERGENCY:
        return Text.EMERGENCY
    return _SAID_TO.get(finding.concern) or (
        Text.REFUSED if finding.status is Status.REFUSED else Text.OUT_OF_SCOPE
    )


def check_length(question: str, *, is_search: bool = False) -> str:
    """The question cleaned; raises QuestionEmpty or QuestionTooLong. A search may be for "§ 5"."""
    if len(question) > MAX_QUESTION_LENGTH:
        raise QuestionTooLong
    question = normalise_question(question)
    if not (has_words(question) or (is_search and any(map(str.isdigit, question)))):
        raise QuestionEmpty
    return question


def _nearer(
    place: Town | ForeignPlace | None, home: Town | None, gazetteer: Gazetteer
) -> Town | None:
    """The place that a question names, unless it lies above the town that is asked in."""
    if not isinstance(place, Town):
        return home
    return home if home and place.scope in gazetteer.scopes(home) else place


def _rival_places(quoted: Sequence[Hit], hits: Sequence[Hit]) -> list[str]:
    """The names of places of one level whose rules would answer, when there are several."""
    near = [hit for hit in hits if hits[0].score - hit.score <= TOWN_MARGIN]
    for level in (Level.MUNICIPALITY, Level.ASSOCIATION, Level.DISTRICT, Level.STATE):
        found = [_place_on(level, group) for group in (quoted, near)]
        if found[0] and len(rivals := found[0] | found[1]) > 1:
            return list(dict.fromkeys(rivals.values()))
    return []


def _place_on(level: Level, hits: Sequence[Hit]) -> dict[str, str]:
    """The places of a level that hits are of: scope → name."""
    places = [hit.document.jurisdiction for hit in hits]
    return {place.scope: place.name for place in places if place and place.level is level}


def _lead(town: Town | None, language: str, quoted: set[str]) -> str:
    """The words before the sentences."""
    if town and town.level is Level.MUNICIPALITY:
        lead = message(Text.LEAD_OF_TOWN, language, town=town.name)
    else:
        lead = message(Text.LEAD, language)
    is_foreign = language != "de" and "de" in quoted
    return f"{lead} {message(Text.GERMAN_IS_BINDING, language)}" if is_foreign else lead


def _related(hits: Sequence[Hit], cited: set[str]) -> tuple[Related, ...]:
    """Forms and pages among the hits that are not cited themselves."""
    found = {hit.document.id: hit.document for hit in hits if hit.document.id not in cited}
    return tuple(
        Related(document.title, document.kind, document.url)
        for document in found.values()
        if document.kind in (Kind.FORM, Kind.SERVICE, Kind.LEAFLET)
    )[:3]
