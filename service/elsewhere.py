"""Other places: whether a question is about one that the index has nothing of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, radians

from service.atlas import TOWN, atlas, countries, is_known, locations, long_names, regions
from service.place_words import (
    BETWEEN_NAMES,
    FOR,
    GERMAN_TOWN_WORDS,
    HERE,
    IN,
    LOCATIVES,
    ORDINARY_IN_LOWER_CASE,
    ORDINARY_NOUNS,
    ORDINARY_WORDS,
    PAST,
    TITLES_BEFORE,
    TOWN_WORDS,
    Mention,
    is_careless,
    stands_after,
    stands_alone,
)
from service.places import Place
from service.spelling import Word, cases, is_latin

_UNLISTED = re.compile("(?:ingen|hausen|hofen|stetten|weiler|buttel|stedt|dorf|burg|berg|bach)$")
_TYPICAL = re.compile(f"{_UNLISTED.pattern}|(?:heim|tal|feld|kirchen)$")
_LOCATIVE = re.compile(f"(?<=.{{5}})(?:{'|'.join(LOCATIVES)})$")  # "Auentalde"
_RIVER = re.compile("...(?:bach|ach)$")

_SHORTEST_NAME = 3  # letters
_SHORTEST_IN_LOWER_CASE = 4
_TYPICAL_NAME = 7  # letters
_LARGE_TOWN = 20_000  # larger ones need no "in" before them
_BIG = 100_000  # a name that everybody knows
_PART_WITHIN_KILOMETRES = 10
_PART_OF_POPULATION = 0.25


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """A place that the index has no documents of; `state` is the ARS key of its German state, None
    abroad or where it is not known. Who names a country may well ask about here: who wants to
    marry in Italy needs papers from home."""

    name: str
    state: str | None
    is_country: bool = False


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


def find_elsewhere(words: Sequence[Word], region: Region) -> Mention[ForeignPlace] | None:
    """The first listed place that the words of a question speak of, and that cannot be in the
    region of the index; None where no place is certain."""
    if is_beside_the_point(words):
        return None
    return next(listed_places(words, region, is_free=is_careless(words)), None)


def listed_places(
    words: Sequence[Word], region: Region, *, is_free: bool = False
) -> Iterator[Mention[ForeignPlace]]:
    """All the listed places that words speak of, outside of a region; `is_free`: in lower case
    too."""
    found = (_listed_at(words, start, region, is_free) for start in range(len(words)))
    return filter(None, found)


def find_unlisted(words: Sequence[Word]) -> Mention[ForeignPlace] | None:
    """The first word that no list has and that is a German town by its ending: "in der Gemeinde
    Linsengericht" goes unseen, "in Musterhausen" does not."""
    if is_beside_the_point(words):
        return None
    return next(unlisted_places(words), None)


def unlisted_places(words: Sequence[Word]) -> Iterator[Mention[ForeignPlace]]:
    """All such words."""
    starts = (start for start in range(len(words)) if _is_unlisted(words, start))
    return (_elsewhere(words, start, start + 1, None) for start in starts)


def is_beside_the_point(words: Sequence[Word]) -> bool:
    """Whether a question tells where something was, or is as it asks about here."""
    text = " ".join(word.folded for word in words)
    return PAST.search(text) is not None or HERE.search(text) is not None


def location_after(words: Sequence[Word], end: int) -> tuple[int, frozenset[str | None]]:
    """Up to where words after a name say where the place lies, "am Harmersbach" or "(Oberpfalz)",
    and the states that this may be in; `end` itself where they do not."""
    folded = tuple(word.folded for word in words[end : end + 4])
    for length in range(len(folded), 0, -1):
        known = locations() if folded[0] in BETWEEN_NAMES else regions()
        if states := known.get(folded[:length]):
            return end + length, states
    if folded and folded[0] in {"am", "an"}:
        last = 2 if folded[1:2] == ("der",) else 1
        if len(folded) > last and words[end + last].is_capitalised and _RIVER.search(folded[last]):
            return end + last + 1, frozenset({None})
    return end, frozenset()


def _listed_at(
    words: Sequence[Word], start: int, region: Region, is_free: bool
) -> Mention[ForeignPlace] | None:
    """The longest listed name that begins at a word; `is_free`: perhaps in lower case."""
    word = words[start]
    if not (word.is_capitalised or is_free) or not TITLES_BEFORE.isdisjoint(cases(word.folded)):
        return None
    for end, places in _names_at(words, start):
        is_meant = _is_meant if word.is_capitalised else _is_meant_in_lower_case
        if is_meant(words, start, end, places) and not any(map(region.may_hold, places)):
            states = {place.state for place in places}
            return _elsewhere(words, start, end, states.pop() if len(states) == 1 else None)
    if word.is_capitalised and _is_country(words, start):
        return Mention(start, start + 1, ForeignPlace(word.typed, None, is_country=True))
    return None


def _names_at(words: Sequence[Word], start: int) -> Iterator[tuple[int, list[Place]]]:
    """The names that begin at a word, the longest first: where each ends, and its places."""
    first = list(cases(words[start].folded))
    longest = max(long_names().get(case, 1) for case in first)
    for end in range(min(start + longest, len(words)), start + 1, -1):
        middle = [word.folded for word in words[start + 1 : end - 1]]
        for case, last in product(first, cases(words[end - 1].folded)):
            if places := atlas().get((case, *middle, last)):
                yield end, places
    for case in first:
        if places := atlas().get((case,)):
            yield start + 1, places


def _elsewhere(
    words: Sequence[Word], start: int, end: int, state: str | None
) -> Mention[ForeignPlace]:
    """A place as typed, with "am Harmersbach" where it follows."""
    end, _ = location_after(words, end)
    return Mention(start, end, ForeignPlace(typed(words, start, end), state))


def typed(words: Sequence[Word], start: int, end: int) -> str:
    """Words as they were typed."""
    return " ".join(word.typed for word in words[start:end])


def _is_country(words: Sequence[Word], start: int) -> bool:
    """Whether a word after "in" is a country other than Germany."""
    is_inside = stands_after(words, start, IN)
    return is_inside and any(stem in countries() for stem in cases(words[start].folded))


def _is_meant(words: Sequence[Word], start: int, end: int, places: Sequence[Place]) -> bool:
    """Whether the place of this name is spoken of, and not something else of the same name."""
    name = words[end - 1].folded
    if stands_after(words, start, TOWN_WORDS):
        return True
    if end - start > 1:
        return stands_after(words, start, IN) or any(place.state for place in places)
    if not ORDINARY_WORDS.isdisjoint(cases(name)):
        return False
    is_big = any(place.population >= _BIG for place in places)
    if stands_after(words, start, IN):
        return is_big or len(name) >= _SHORTEST_NAME
    if is_big and stands_after(words, start, FOR):
        return True
    if words[start].has_ending:  # Berlin'de
        return end < len(words) and words[end].folded in LOCATIVES
    return _is_bare_name(words, start, end, places)


def _is_meant_in_lower_case(
    words: Sequence[Word], start: int, end: int, places: Sequence[Place]
) -> bool:
    """The same of words without a capital letter, which are other words more often."""
    name = words[end - 1].folded
    if end - start > 1:
        return any(place.state for place in places)
    if len(name) < _SHORTEST_IN_LOWER_CASE or not is_latin(name):
        return False
    if name in ORDINARY_WORDS or name in ORDINARY_IN_LOWER_CASE:
        return False
    if stands_after(words, start, IN):
        return _is_town_of(TOWN, name, places)
    return _is_bare_name(words, start, end, places)


def _is_bare_name(words: Sequence[Word], start: int, end: int, places: Sequence[Place]) -> bool:
    """Whether a word that nothing stands before is a large town's name: "Hundesteuer Auental"."""
    name = words[start].folded
    is_inflected = not (is_known(name) or is_known(_LOCATIVE.sub("", name)))
    if is_inflected or name in ORDINARY_NOUNS or not stands_alone(words, start, end):
        return False
    return _is_town_of(_LARGE_TOWN, name, places)


def _is_town_of(people: int, name: str, places: Sequence[Place]) -> bool:
    """Whether one is a German town of so many people at least, or the name is typical of towns."""
    if len(name) >= _TYPICAL_NAME and _TYPICAL.search(name):
        people = 0
    return any(place.state and place.population >= people for place in places)


def _is_unlisted(words: Sequence[Word], start: int) -> bool:
    name = words[start].folded
    if not words[start].is_capitalised or len(name) < _TYPICAL_NAME or not is_latin(name):
        return False
    if any((case,) in atlas() for case in cases(name)):
        return False
    if stands_after(words, start, GERMAN_TOWN_WORDS):
        return _TYPICAL.search(name) is not None
    is_inside = start > 0 and words[start - 1].folded in IN
    return is_inside and _UNLISTED.search(name) is not None


def _kilometres(place: Place, other: Place) -> float:
    """The distance on a flat map, near enough within a town."""
    east = (place.longitude - other.longitude) * cos(radians(place.latitude))
    return 111.2 * hypot(place.latitude - other.latitude, east)
