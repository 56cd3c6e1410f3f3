"""Other places: whether a question is about one that the index has nothing of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians

from babel import Locale

from core.languages import SUPPORTED
from service.places import KNOWN_BY_OTHER_NAMES, Place, known_places
from service.spelling import Word, cases, fold, is_latin, name_words

# "in" in our languages, and the words for a town that stand before its name.
IN = frozenset(map(fold, ("in", "en", "à", "a", "w", "we", "la", "в", "у", "во", "في", "در")))
_GERMAN_TOWN_WORDS = frozenset({"stadt", "gemeinde", "markt", "landkreis", "kreis"})
TOWN_WORDS = _GERMAN_TOWN_WORDS | frozenset(
    map(fold, ("city", "town", "ville", "ciudad", "città", "miasto", "mieście", "orașul"))
)
TOWN_WORDS |= frozenset(map(fold, ("город", "городе", "місто", "місті", "مدينة", "شهر", "بلدية")))
_ARTICLES = frozenset(
    {"der", "den", "dem", "die", "the", "la", "le", "las", "les", "el", "of", "de"}
)
BETWEEN_NAMES = frozenset({"a", "am", "an", "auf", "b", "bei", "d", "der", "i", "im", "in", "ob"})
BETWEEN_NAMES |= {"u", "unter", "v", "vor"}
_LOCATIVES = frozenset({"da", "de", "ta", "te", "daki", "deki", "taki", "teki"})

# Names of places that are more often other words.
_ORDINARY_WORDS = """
    acht alpen altstadt ausleben bad baden bar bath berg bergen bescheid besitz binnen boden
    born brand breit brucken brunnen buch buhne burg drogen einig elbe elster engen enger
    ernst essen fahren form forst furt gering haar hagen hahn halbe halle hatten hauptbahnhof
    hauptfriedhof haus hausen hausern hof holt horn insel kalt kamen karl kenn kirchen kita
    kommen korb kuchen kusten lachen lage langen lauf laufen leer lehre lich lichte lindern
    list markt mauer mauern meine mengen mitte moor most much mussen nahe netze neubau
    neustadt nice norden not nutzen ohne oral orange osten platten puls rain reading regen
    reich ried ringe roden rosa rot ruhe sand schuld schuren schutz schwarzen see senden
    singen sinn split stadt stein steinen stelle strand suden tal wald wangen waren wehr
    weiden weil weisen weiten welt wenden werben westen westend wetter wies wiesen wil wirft
    wissen zimmern zug
"""
ORDINARY_WORDS = frozenset(_ORDINARY_WORDS.split())
_UNLISTED = re.compile("(?:ingen|hausen|hofen|stetten|weiler|buttel|stedt)$")
_UNLISTED_TOWN = re.compile(f"{_UNLISTED.pattern}|(?:heim|dorf|burg|berg|bach|tal|feld|kirchen)$")

_SHORTEST_NAME = 3  # letters
_LONG_NAME = 8  # letters
_WORDS_OF_A_SEARCH = 4
_BIG = 100_000  # people; a name that everybody knows
_PART_WITHIN_KILOMETRES = 10
_PART_OF_POPULATION = 0.25

# Who was born or married elsewhere asks about here.
_PAST = re.compile(
    r"\b(?:gebor|geheirat|verheirat|gemacht|erworben|ausgestellt|studier|gearbeitet|gelebt|gekauft"
    r"|born|married|issued|obtained|studied|worked|lived|bought|dogdu|dogum|evlend|aldigim"
    r"|народ|одруж|видан|рожд|родил|женил|выдан|marie\b|obtenu|urodz|nacid|casad"
    r"|nat[oa]\b|sposat|nascut|casatorit|ولد|مولود|متولد|تزوج|ازدواج)"
)


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """A place that the index has no documents of; `state` is the ARS key of its German state, None
    abroad or where it is not known."""

    name: str
    state: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a question names a place: its words from `start` up to `end`."""

    start: int
    end: int
    place: ForeignPlace


@dataclass(frozen=True, slots=True)
class Region:
    """What lies around the places of the index: its towns, and the states of those districts whose
    towns are not in the index by name."""

    towns: tuple[Place, ...]
    states: frozenset[str]

    def may_hold(self, place: Place) -> bool:
        """Whether a place may be a part of one of the towns, or a town of one of the districts."""
        if place.state in self.states and place.population < _BIG:
            return True
        return any(
            place.population < town.population * _PART_OF_POPULATION
            and _kilometres(place, town) < _PART_WITHIN_KILOMETRES
            for town in self.towns
        )


def find_elsewhere(words: Sequence[Word], region: Region) -> Mention | None:
    """The first place that the words of a question speak of, and that cannot be in the region of
    the index; None where no place is certain."""
    if _PAST.search(" ".join(word.folded for word in words)):
        return None
    mentions = (_mention_at(words, start, region) for start in range(len(words)))
    return next(filter(None, mentions), None)


def find_place(name: str, state: str | None) -> Place | None:
    """The largest German place that is called so, in any language, and in that state if given."""
    places = _atlas().get(name_words(name), ())
    fitting = (place for place in places if place.state and state in (None, place.state))
    return max(fitting, key=lambda place: place.population, default=None)


def is_known(folded: str) -> bool:
    """Whether a place anywhere is called so."""
    return (folded,) in _atlas()


def _mention_at(words: Sequence[Word], start: int, region: Region) -> Mention | None:
    """The longest name that begins at a word."""
    if not words[start].is_capitalised:
        return None
    is_listed = False
    longest = _long_names().get(words[start].folded, 1)
    for end in range(min(start + longest, len(words)), start, -1):
        before = [word.folded for word in words[start : end - 1]]
        for last in cases(words[end - 1].folded):
            places = _atlas().get((*before, last), ())
            is_listed |= bool(places)
            if (
                places
                and _is_meant(words, start, end, places)
                and not any(map(region.may_hold, places))
            ):
                states = {place.state for place in places}
                return _mention(words, start, end, states.pop() if len(states) == 1 else None)
    if _is_country(words, start) or (not is_listed and _is_unlisted(words, start)):
        return _mention(words, start, start + 1, None)
    return None


def _mention(words: Sequence[Word], start: int, end: int, state: str | None) -> Mention:
    """A mention as typed, with "am Harmersbach" where it follows."""
    following = words[end : end + 2]
    if len(following) == 2 and following[0].folded in BETWEEN_NAMES and following[1].is_capitalised:
        end += 2
    name = " ".join(word.typed for word in words[start:end])
    return Mention(start, end, ForeignPlace(name, state))


def _is_country(words: Sequence[Word], start: int) -> bool:
    """Whether a word after "in" is a country other than Germany."""
    is_inside = stands_after(words, start, IN)
    return is_inside and any(stem in _countries() for stem in cases(words[start].folded))


def _is_meant(words: Sequence[Word], start: int, end: int, places: Sequence[Place]) -> bool:
    """Whether the place of this name is spoken of, and not something else of the same name."""
    name = words[end - 1].folded
    if end - start > 1 or stands_after(words, start, TOWN_WORDS):
        return True
    if len(name) < _SHORTEST_NAME or not ORDINARY_WORDS.isdisjoint(cases(name)):
        return False
    if stands_after(words, start, IN):
        return True
    if words[start].has_ending:  # Berlin'de
        return end < len(words) and words[end].folded in _LOCATIVES
    is_search = end == len(words) <= _WORDS_OF_A_SEARCH  # "Hundesteuer Berlin"
    return is_search and any(
        place.population >= _BIG and name_words(place.name) == (name,) for place in places
    )


def stands_after(words: Sequence[Word], start: int, expected: frozenset[str]) -> bool:
    """Whether one of the expected words stands before a name, an article perhaps between."""
    if start and words[start - 1].folded in _ARTICLES:
        start -= 1
    return start > 0 and words[start - 1].folded in expected


def _is_unlisted(words: Sequence[Word], start: int) -> bool:
    """Whether a word no list has is a German town by its ending: "in der Gemeinde Linsengericht"
    goes unseen, "in Musterhausen" does not."""
    name = words[start].folded
    if len(name) < _LONG_NAME or not is_latin(name):
        return False
    if stands_after(words, start, _GERMAN_TOWN_WORDS):
        return _UNLISTED_TOWN.search(name) is not None
    is_inside = start > 0 and words[start - 1].folded == "in"
    return is_inside and _UNLISTED.search(name) is not None


def _kilometres(place: Place, other: Place) -> float:
    """The distance on a flat map, near enough within a town."""
    east = (place.longitude - other.longitude) * cos(radians(place.latitude))
    return 111.2 * hypot(place.latitude - other.latitude, east)


def _names(place: Place) -> set[tuple[str, ...]]:
    """All names of a place as folded words, the one without its bracket too: "Kempten (Allgäu)"."""
    names = {place.name, place.name.split("(")[0]}
    if place.state is None or place.population >= KNOWN_BY_OTHER_NAMES:
        names.update(place.other_names)
    return set(map(name_words, names))


@cache
def _atlas() -> dict[tuple[str, ...], list[Place]]:
    """Places by name."""
    atlas: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in known_places():
        for name in _names(place):
            atlas[name].append(place)
    return dict(atlas)


@cache
def _long_names() -> dict[str, int]:
    """How many words a name has at most that begins with a word; without those of one word."""
    longest: dict[str, int] = {}
    for name in _atlas():
        if len(name) > 1:
            longest[name[0]] = max(len(name), longest.get(name[0], 1))
    return longest


@cache
def _countries() -> frozenset[str]:
    """Countries other than Germany, in our languages, those of one word."""
    return frozenset(
        fold(name)
        for language in SUPPORTED
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"DE", "EU", "UN", "EZ"}
    )
