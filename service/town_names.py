"""A town and its names: in full, in short, and in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.types import Level
from service.atlas import find_place, is_known
from service.place_words import GERMAN_DISTRICT_WORDS, TITLES
from service.spelling import is_same_name, name_words

LEVEL_OF_LENGTH = {
    2: Level.STATE,
    5: Level.DISTRICT,
    9: Level.ASSOCIATION,
    12: Level.MUNICIPALITY,
}
_LOWEST_FIRST = tuple(reversed(LEVEL_OF_LENGTH.values()))
_PREFIXES = frozenset({"bad", "sankt", "st", "markt", "alt", "neu", "gross", "klein"})
_DISTRICT = "lk"
_SPELT_OUT = {"gvv": "gemeindeverwaltungsverband", "vvg": "verwaltungsgemeinschaft"}


@dataclass(frozen=True, slots=True)
class Town:
    """A place that the index has documents of: a town, or an association, district or state."""

    name: str
    key: str | None  # ARS cut to its level; None where the documents name no key
    level: Level
    scope: str  # what passages are filtered by

    @property
    def state(self) -> str | None:
        """The key of its state, as far as one is known."""
        return self.key[:2] if self.key else None

    @property
    def is_above_towns(self) -> bool:
        """Whether it is a district or another body, by its level or by its name."""
        is_called_so = not GERMAN_DISTRICT_WORDS.isdisjoint(official_words(self.name))
        return self.level is not Level.MUNICIPALITY or is_called_so

    @property
    def shares_its_key(self) -> bool:
        """Whether it is an association that bears the key of the district it lies in."""
        is_above = self.level in (Level.DISTRICT, Level.STATE)
        return is_above and "verband" in self.name.casefold()


@dataclass(frozen=True, slots=True)
class TownName:
    """One way to write a town's name, as folded words. `rank` 0: in full; 1: without its title, or
    in another language; 2: without "Bad" before it; 3: without "am Main" after it."""

    words: tuple[str, ...]
    rank: int
    town: Town

    @property
    def order(self) -> tuple[int, int]:
        """The fuller name first, of equals the lower level."""
        return self.rank, _LOWEST_FIRST.index(self.town.level)

    @property
    def is_own(self) -> bool:
        """Whether it is the town's own name in German, without its title, perhaps shortened."""
        own = bare_name(official_words(self.town.name))
        return not self.is_part and is_same_name(self.words, own)

    @property
    def is_part(self) -> bool:
        """Whether it is only a part of the name."""
        return self.rank > 1


def names_of(name: str, town: Town) -> Iterator[TownName]:
    """The ways to write a town's name."""
    full = official_words(name)
    if not full:
        return
    yield TownName(full, 0, town)
    spelt_out = tuple(_SPELT_OUT.get(word, word) for word in full)
    if spelt_out != full:
        yield TownName(spelt_out, 0, town)
    bare = bare_name(official_words(name.split("(")[0]))
    if bare and bare != full:
        yield TownName(bare, 1, town)
    if place := find_place(" ".join(bare), town.state):
        for other in (place.name, *place.other_names):
            if name_words(other) not in (full, bare):
                yield TownName(name_words(other), 1, town)
    if town.level is Level.MUNICIPALITY and len(bare) > 1:
        is_prefixed = bare[0] in _PREFIXES
        yield TownName(bare[1:] if is_prefixed else bare[:1], 2 if is_prefixed else 3, town)


def official_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, "lk" for "Landkreis" parted from what it is written together
    with."""
    words = name_words(name)
    if len(words) == 1 and words[0].startswith(_DISTRICT):
        rest = words[0].removeprefix(_DISTRICT)
        return (_DISTRICT, rest) if is_known(rest) else words
    return words


def bare_name(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name's words without "Stadt", "Landkreis" and the like around them; as it is where nothing
    else is left."""
    bare = tuple(word for word in words if word not in TITLES)
    return bare or words


def is_part_of(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether words stand one after the other in a name."""
    starts = range(len(name) - len(words) + 1)
    return any(is_same_name(words, name[start : start + len(words)]) for start in starts)
