"""The gazetteer: which place of the index a name, a key or a question means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.errors import TownAmbiguous, TownUnknown
from core.types import Jurisdiction, Level
from service.elsewhere import (
    BETWEEN_NAMES,
    IN,
    ORDINARY_WORDS,
    TOWN_WORDS,
    ForeignPlace,
    Region,
    find_elsewhere,
    find_place,
    is_known,
    stands_after,
)
from service.spelling import (
    FIRST_ARABIC,
    Word,
    fold,
    is_latin,
    is_same_name,
    name_words,
    romanised,
    sounds_like,
    split_words,
    stems,
)

__all__ = ["ForeignPlace", "Gazetteer", "Town"]

_LEVEL_OF_LENGTH = {
    2: Level.STATE,
    5: Level.DISTRICT,
    9: Level.ASSOCIATION,
    12: Level.MUNICIPALITY,
}
_LOWEST_FIRST = tuple(reversed(_LEVEL_OF_LENGTH.values()))
_DISTRICT_TITLES = frozenset({"landkreis", "kreis", "landratsamt"})
_TITLES = _DISTRICT_TITLES | {"stadt", "gemeinde", "markt", "landeshauptstadt", "hansestadt"}
_TITLES |= {"universitatsstadt", "grosse", "kreisstadt", "freistaat", "land", "bundesland"}
_PREFIXES = frozenset({"bad", "sankt", "st", "markt", "alt", "neu", "gross", "klein"})
_BEFORE_A_NAME = IN | TOWN_WORDS
_BEFORE_A_NAME |= {"district", "county", "region", "район", "раионе", "раионі", "окрузі", "منطقه"}
_BEFORE_A_NAME |= {"aus", "nach", "von", "bei", "fur", "from", "of", "at", "to", "for", "din"}
_BEFORE_A_NAME |= set(
    map(fold, ("из", "із", "з", "с", "до", "для", "от", "від", "города", "міста"))
)
_BEFORE_A_NAME |= set(map(fold, ("من", "إلى", "از", "به", "برای")))
_SHORT_NAME = 4  # letters; names so short are often other words
_LONG_NAME = 6  # letters; in names so long a typing error is recognised
_ARABIC_IN = "ب"  # written together with the name
_CLOSE = 88  # per cent alike: one typing error in a name of eight letters


@dataclass(frozen=True, slots=True)
class Town:
    """A place that the index has documents of: a town, or an association, district or state."""

    name: str
    key: str | None  # ARS cut to its level; None where the documents name no key
    level: Level
    scope: str  # what passages are filtered by


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write a town's name, as folded words. `rank` 0: in full; 1: without its title, or
    in another language; 2: in part."""

    words: tuple[str, ...]
    rank: int
    town: Town

    @property
    def order(self) -> tuple[int, int]:
        """The fuller name first, of equals the lower level."""
        return self.rank, _LOWEST_FIRST.index(self.town.level)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name of the index in a question: its words from `start` up to `end`."""

    start: int
    end: int
    is_inside: bool  # it stands after "in"
    name: _Name

    @property
    def weight(self) -> tuple[int, bool, int, int, int]:
        """Greater for the longer name, then one after "in", the fuller, the lower, the earlier."""
        rank, level = self.name.order
        return self.end - self.start, self.is_inside, -rank, -level, -self.start


class Gazetteer:
    """The places of the index by name and key."""

    def __init__(self, jurisdictions: Iterable[Jurisdiction]) -> None:
        towns: dict[tuple[Level, str], Town] = {}
        names: set[_Name] = set()
        for place in sorted(jurisdictions, key=lambda place: (place.scope, place.name)):
            if place.level is not Level.FEDERAL:
                town = Town(place.name, place.key, place.level, place.scope)
                town = towns.setdefault((place.level, place.scope), town)
                names.update(_names(place.name, town))
        self.towns = tuple(sorted(towns.values(), key=lambda town: (town.name, town.scope)))
        self._names = sorted(names, key=lambda name: (name.order, name.words, name.town.scope))
        self._names_from: dict[str, list[_Name]] = defaultdict(list)
        for name in self._names:
            self._names_from[name.words[0]].append(name)
        self._spoken = [
            ("".join(name.words), name.town)
            for name in self._names
            if name.rank < 2 and name.words == _bare(name_words(name.town.name))
        ]
        self._region = self._surveyed()

    def resolve(self, name_or_key: str) -> Town:
        """The place of a name, or of a key of any level, whether or not it has documents of its
        own. Raises TownUnknown, or TownAmbiguous with the candidates."""
        text = name_or_key.strip()
        if text.isdigit():
            return self._of_key(text)
        words = name_words(text)
        if not words:
            raise TownUnknown
        is_district = any(word in _DISTRICT_TITLES for word in words)
        names = [
            n for n in self._names if not is_district or n.town.level is not Level.MUNICIPALITY
        ]
        found = (
            [name for name in self._names if name.rank == 0 and is_same_name(words, name.words)]
            or [name for name in names if is_same_name(_bare(words), name.words)]
            or [name for name in names if _is_part(_bare(words), name.words)]
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
        above = {key[:length] for length in _LEVEL_OF_LENGTH if len(key) >= length}
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
        words = split_words(question)
        own = sorted(self._mentions(words), key=lambda mention: mention.weight, reverse=True)
        other = find_elsewhere(words, self._region)
        if own and not (other and other.start <= own[0].start and own[0].end < other.end):
            best = {mention.name.town for mention in own if mention.weight == own[0].weight}
            return best.pop() if len(best) == 1 else None
        return other.place if other else self._misspelt(words)

    def _surveyed(self) -> Region:
        """What lies around the places of the index."""
        municipalities = [town for town in self.towns if town.level is Level.MUNICIPALITY]
        places = [find_place(town.name, _state(town)) for town in municipalities]
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
        level = _LEVEL_OF_LENGTH.get(len(key))
        keyed = [town for town in self.towns if town.key]
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

    def _mentions(self, words: Sequence[Word]) -> Iterator[_Mention]:
        """Every name of the index in a question that means the place."""
        folded = [word.folded for word in words]
        for start, word in enumerate(words):
            for stem in stems(word.folded):
                for name in self._names_from.get(stem, ()):
                    end = start + len(name.words)
                    is_whole = end == start + 1 or is_same_name(folded[start:end], name.words)
                    if is_whole and _is_meant(words, start, name):
                        yield _Mention(start, end, stands_after(words, start, IN), name)

    def _misspelt(self, words: Sequence[Word]) -> Town | None:
        """The town that a word after "in", "Stadt" and the like resembles, in letters or sound."""
        found = (self._resembling(words, start) for start in range(len(words)))
        return next(filter(None, found), None)

    def _resembling(self, words: Sequence[Word], start: int) -> Town | None:
        """The town whose name is nearly this word."""
        word = words[start]
        is_placed = stands_after(words, start, _BEFORE_A_NAME)
        if not word.is_capitalised or word.folded in ORDINARY_WORDS:
            return None
        if is_latin(word.folded):
            if not is_placed or len(word.folded) < _LONG_NAME or is_known(word.folded):
                return None
            names = [(fuzz.ratio(word.folded, name), town) for name, town in self._spoken]
            likeness, town = max(names, key=lambda found: found[0], default=(0.0, None))
            return town if likeness >= _CLOSE else None
        if not is_placed and word.folded >= FIRST_ARABIC:
            spoken = [word.typed[1:]] if word.folded.startswith(_ARABIC_IN) else []
        else:
            spoken = [word.typed, "".join(near.typed for near in words[start : start + 2])]
        for romanised_word in map(romanised, spoken):
            for name, town in self._spoken:
                if sounds_like(romanised_word, name):
                    return town
        return None


def _names(name: str, town: Town) -> Iterator[_Name]:
    """The ways to write a town's name."""
    full = name_words(name)
    if not full:
        return
    yield _Name(full, 0, town)
    bare = _bare(name_words(name.split("(")[0]))
    if bare and bare != full:
        yield _Name(bare, 1, town)
    if place := find_place(" ".join(bare), _state(town)):
        for other in (place.name, *place.other_names):
            if name_words(other) not in (full, bare):
                yield _Name(name_words(other), 1, town)
    if town.level is Level.MUNICIPALITY and len(bare) > 1:
        part = bare[1:] if bare[0] in _PREFIXES else bare[:1]
        yield _Name(part, 2, town)


def _state(town: Town) -> str | None:
    """The key of a town's state, as far as one is known."""
    return town.key[:2] if town.key else None


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name's words without "Stadt", "Landkreis" and the like around them; as it is where nothing
    else is left."""
    bare = tuple(word for word in words if word not in _TITLES)
    return bare or words


def _is_part(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether words stand one after the other in a name."""
    starts = range(len(name) - len(words) + 1)
    return any(is_same_name(words, name[start : start + len(words)]) for start in starts)


def _is_meant(words: Sequence[Word], start: int, name: _Name) -> bool:
    """Whether a name in a question means the place, and not another thing or place."""
    word = words[start]
    if start and words[start - 1].folded in _DISTRICT_TITLES:
        return name.town.level is not Level.MUNICIPALITY
    if name.rank < 2 and len(name.words) > 1:
        return True
    is_doubtful = len(name.words[0]) <= _SHORT_NAME or name.words[0] in ORDINARY_WORDS
    if name.rank == 2 or is_doubtful:
        is_placed = stands_after(words, start, _BEFORE_A_NAME)
        return word.is_capitalised and is_placed and not _goes_on(words, start + 1)
    is_plain = name.rank == 0 and word.folded == name.words[0]
    return word.is_capitalised or is_plain


def _goes_on(words: Sequence[Word], start: int) -> bool:
    """Whether a longer name follows: "Zell" of "Zell am Harmersbach"."""
    following = words[start : start + 2]
    return len(following) == 2 and (
        following[0].folded in BETWEEN_NAMES and following[1].is_capitalised
    )
