"""The atlas: places of the world by their names, and what their names say of where they lie."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from babel import Locale

from core.languages import SUPPORTED
from service.place_words import BETWEEN_NAMES, ORDINARY_WORDS, TITLES
from service.places import KNOWN_BY_OTHER_NAMES, Place, known_places
from service.spelling import fold, is_same_name, name_words

TOWN = 10_000  # people; smaller places are called by their full name
_SHORTEST_REGION = 5  # letters
_STATES = {
    "Schleswig-Holstein": "01",
    "Niedersachsen": "03",
    "Nordrhein-Westfalen": "05",
    "Hessen": "06",
    "Rheinland-Pfalz": "07",
    "Baden-Württemberg": "08",
    "Bayern": "09",
    "Saarland": "10",
    "Brandenburg": "12",
    "Mecklenburg-Vorpommern": "13",
    "Sachsen": "14",
    "Sachsen-Anhalt": "15",
    "Thüringen": "16",
}


def find_place(name: str, state: str | None) -> Place | None:
    """The largest German place that is called so, in any language, perhaps shortened ("Zell u.A."),
    and in that state if given."""
    words = name_words(name)
    places = atlas().get(words, [])
    if not places and any(len(word) == 1 for word in words):
        same = (full for full in atlas() if full and is_same_name(full, words))
        places = [place for full in same for place in atlas()[full]]
    fitting = (place for place in places if place.state and state in (None, place.state))
    return max(fitting, key=lambda place: place.population, default=None)


def is_known(folded: str) -> bool:
    """Whether a place anywhere is called so."""
    return (folded,) in atlas()


@cache
def atlas() -> dict[tuple[str, ...], list[Place]]:
    """Places by name."""
    atlas: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in known_places():
        for name in _names(place):
            atlas[name].append(place)
    return dict(atlas)


@cache
def long_names() -> dict[str, int]:
    """How many words a name has at most that begins with a word; without those of one word."""
    longest: dict[str, int] = {}
    for name in atlas():
        if len(name) > 1:
            longest[name[0]] = max(len(name), longest.get(name[0], 1))
    return longest


@cache
def locations() -> dict[tuple[str, ...], frozenset[str | None]]:
    """Where places lie by their names, "am Main", and the states of those places."""
    states: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for name, places in atlas().items():
        start = next((i for i, word in enumerate(name) if i and word in BETWEEN_NAMES), len(name))
        location = name[start:]
        if len(location) > 1 and location[-1] not in ORDINARY_WORDS and len(location[-1]) > 2:
            states[location].update(place.state for place in places if place.state)
    named = {("in", *name_words(name)): frozenset({key}) for name, key in _STATES.items()}
    return {location: frozenset(found) for location, found in states.items() if found} | named


@cache
def regions() -> dict[tuple[str, ...], frozenset[str | None]]:
    """The regions among those locations without "in", "im", "in der", and their states."""
    return {
        region: states
        for location, states in locations().items()
        if location[0] in {"in", "im"}
        if len("".join(region := location[2 if location[1] == "der" else 1 :])) >= _SHORTEST_REGION
    }


@cache
def countries() -> frozenset[str]:
    """Countries other than Germany, in our languages, those of one word."""
    return frozenset(
        fold(name)
        for language in SUPPORTED
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"DE", "EU", "UN", "EZ"}
    )


def _names(place: Place) -> set[tuple[str, ...]]:
    """All names of a place as folded words, the one without its bracket too, "Kempten (Allgäu)",
    and a town's without its title and where it lies: "Biberach an der Riß"."""
    names = {place.name, place.name.split("(")[0]}
    if place.state is None or place.population >= KNOWN_BY_OTHER_NAMES:
        names.update(place.other_names)
    folded = set(map(name_words, names))
    if place.state and place.population >= TOWN:
        own = [word for word in name_words(place.name) if word not in TITLES]
        cut = next((i for i, word in enumerate(own) if i and word in BETWEEN_NAMES), len(own))
        folded.add(tuple(own[:cut]))
    return folded - {()}


def warm_up() -> None:
    """Makes every table that the first question would wait for."""
    for table in (long_names, locations, regions, countries):
        table()
