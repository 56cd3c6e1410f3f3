"""The gazetteer: which place of the index a name, a key or a question means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.errors import TownAmbiguous, TownUnknown
from core.types import Jurisdiction, Level
from service.atlas import find_place
from service.elsewhere import ForeignPlace, Region, find_elsewhere, find_unlisted
from service.place_words import GERMAN_DISTRICT_WORDS, Mention, without_phrase
from service.spelling import Word, is_same_name, name_words, split_words
from service.town_mentions import TownMentions
from service.town_names import (
    LEVEL_OF_LENGTH,
    Town,
    TownName,
    bare_name,
    is_part_of,
    names_of,
    official_words,
)

__all__ = ["ForeignPlace", "Gazetteer", "Town"]


class Gazetteer:
    """The places of the index by name and key."""

    def __init__(self, jurisdictions: Iterable[Jurisdiction]) -> None:
        towns: dict[tuple[str, ...], Town] = {}
        names: set[TownName] = set()
        self._countries: dict[tuple[str, ...], Town] = {}  # of no question: who lives there asks
        for place in sorted(jurisdictions, key=lambda place: (place.scope, place.name)):
            town = Town(place.name, place.key, place.level, place.scope)
            if place.level is Level.FEDERAL:
                self._countries[name_words(place.name)] = town
            else:
                own_name = (place.name,) if town.shares_its_key else ()
                town = towns.setdefault((place.level, place.scope, *own_name), town)
                names.update(names_of(place.name, town))
        self.towns = tuple(sorted(towns.values(), key=lambda town: (town.name, town.scope)))
        self._names = sorted(names, key=lambda name: (name.order, name.words, name.town.scope))
        self._mentions = TownMentions(self._names)
        self._region = self._surveyed()

    def resolve(self, name_or_key: str) -> Town:
        """The place of a name, or of a key of any level, whether or not it has documents of its
        own. Raises TownUnknown, or TownAmbiguous with the candidates."""
        text = name_or_key.strip()
        if text.isdigit():
            return self._of_key(text)
        words = official_words(text)
        if not words:
            raise TownUnknown
        if country := self._countries.get(words):
            return country
        is_above = not GERMAN_DISTRICT_WORDS.isdisjoint(words)
        names = [name for name in self._names if not is_above or name.town.is_above_towns]
        bare = bare_name(words)
        found = (
            [name for name in self._names if name.rank == 0 and is_same_name(words, name.words)]
            or [name for name in names if is_same_name(bare, name.words)]
            or [name for name in names if is_part_of(bare, name.words)]
        )
        best = {name.town for name in found if name.order == found[0].order}
        if not best:
            raise TownUnknown(
                f"No town called {text} is in the index; `auskunft documents` lists what is there."
            )
        if len(best) > 1:
            listed = ", ".join(sorted(f"{town.name} ({town.key or town.level})" for town in best))
            raise TownAmbiguous(f"Several towns fit {text}: {listed}; please use the key instead.")
        return best.pop()

    def scopes(self, town: Town) -> tuple[str, ...]:
        """All scopes that apply in a town: everywhere, the levels above it, and its own; where some
        documents name it without a key, theirs too."""
        key = town.key or ""
        above = {key[:length] for length in LEVEL_OF_LENGTH if len(key) >= length}
        keyless = {
            other.scope
            for other in self.towns
            if other.key is None
            and other.level is town.level
            and name_words(other.name) == name_words(town.name)
        }
        return tuple(sorted({"", town.scope} | above | keyless))

    def mentioned(self, question: str) -> Town | ForeignPlace | None:
        """The place that a question names: one of the index, however it is inflected or spelt, else
        one that is certainly elsewhere; None where it names none, or it is not clear which."""
        return self.part(question)[0]

    def without_place(self, question: str) -> str:
        """The question without the words that name the place that `mentioned` finds; the question
        itself where there is none, or nothing else would be left."""
        return self.part(question)[1]

    def part(self, question: str) -> tuple[Town | ForeignPlace | None, str]:
        """What `mentioned` and `without_place` return, in one pass."""
        words = split_words(question)
        found = self._find(words)
        if found is None:
            return None, question
        return found.place, without_phrase(question, words, found)

    def nearer(self, place: Town | ForeignPlace | None, home: Town | None) -> Town | None:
        """The place that a question names, unless it lies above the town that is asked in and is
        no other town of a district's name."""
        if not isinstance(place, Town):
            return home
        is_above = home is not None and place.scope in self.scopes(home)
        return home if is_above and place in self.towns else place

    def _find(self, words: Sequence[Word]) -> Mention[Town | ForeignPlace] | None:
        """Where a place is named: a town of the index, unless its name is a part of a longer one,
        else a place that is listed elsewhere, a misspelt town, or a place that no list has."""
        own = self._mentions.named(words)
        if len({mention.place for mention in own}) > 1:
            return None
        other = find_elsewhere(words, self._region)
        if own and not (other and other.holds(own[0])):
            is_certain = isinstance(own[0].place, Town)
            near = None if is_certain else self._mentions.misspelt(words)
            return near if near and near.holds(own[0]) else own[0]
        return other or self._mentions.misspelt(words) or find_unlisted(words)

    def _surveyed(self) -> Region:
        """What lies around the places of the index."""
        municipalities = [town for town in self.towns if town.level is Level.MUNICIPALITY]
        places = [find_place(town.name, town.state) for town in municipalities]
        keys = [town.key or "" for town in municipalities]
        states = {
            district.key[:2]
            for district in self.towns
            if district.level is Level.DISTRICT and district.key
            if not any(key.startswith(district.key) for key in keys)
        }
        return Region(tuple(place for place in places if place), frozenset(states))

    def _of_key(self, key: str) -> Town:
        """The town of a key, which need not have documents of its own; raises TownUnknown."""
        level = LEVEL_OF_LENGTH.get(len(key))
        keyed = sorted(
            (town for town in self.towns if town.key), key=lambda town: town.shares_its_key
        )
        for town in keyed:
            if town.key == key and town.level is level:
                return town
        if level is None:
            raise TownUnknown(
                f"{key} is not a key of a place; a key (ARS) has 2, 5, 9 or 12 digits."
            )
        above = [town for town in keyed if key.startswith(town.key or "")]
        nearest = max(above, key=lambda town: len(town.key or ""), default=None)
        return Town(nearest.name if nearest else key, key, level, key)
