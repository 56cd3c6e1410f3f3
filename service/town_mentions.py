"""Towns of the index in a question: by one of their names, or by one that is nearly theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Levenshtein

from core.types import Level
from service.atlas import find_place, is_known
from service.elsewhere import ForeignPlace, location_after, typed
from service.place_words import (
    BEFORE_A_NAME,
    GERMAN_DISTRICT_WORDS,
    IN,
    ORDINARY_IN_LOWER_CASE,
    ORDINARY_WORDS,
    TOWN_WORDS,
    Mention,
    goes_on,
    is_careless,
    is_district,
    stands_after,
)
from service.spelling import (
    FIRST_ARABIC,
    MOST_SOUNDS_APART,
    Word,
    cases,
    is_latin,
    is_same_name,
    is_same_word,
    romanised,
    sound_of,
    sounds_like,
    stems,
)
from service.town_names import Town, TownName

_SHORT_NAME = 4  # letters; names so short are often other words
_LONG_NAME = 6  # letters; in names so long a typing error is recognised
_UNMISTAKABLE_NAME = 9  # letters; without "in" before it
_VERY_LONG_NAME = 11  # letters; two errors
_MOST_WORDS = 3  # of a name that is misspelt
_ARABIC_IN = "ب"  # written together with the name


class TownMentions:
    """Finds towns in questions."""

    def __init__(self, names: Iterable[TownName]) -> None:
        self._names_from: dict[str, list[TownName]] = defaultdict(list)
        self._spoken: list[tuple[str, Town]] = []
        for name in names:
            self._names_from[name.words[0]].append(name)
            if name.is_own:
                self._spoken.append(("".join(name.words), name.town))
        self._letters = [name for name, _ in self._spoken]
        self._sounds = [sound_of(name) for name in self._letters]

    def named(self, words: Sequence[Word]) -> list[Mention[Town | ForeignPlace]]:
        """The mentions that weigh most, of every name that means a place; one of a place elsewhere
        where the words go on so: "Eschenbach in der Oberpfalz"."""
        found = list(self._named(words))
        most = max((mention.weight for mention in found), default=())
        return [mention for mention in found if mention.weight == most]

    def misspelt(self, words: Sequence[Word]) -> Mention[Town] | None:
        """The first words that resemble a town's name in letters or sound."""
        is_free = is_careless(words)
        for start, word in enumerate(words):
            if word.is_capitalised or is_free:
                find = self._mistyped if is_latin(word.folded) else self._misheard
                if found := max(find(words, start), key=lambda near: near[0], default=None):
                    _, end, town = found
                    return Mention(start, end, town)
        return None

    def _named(self, words: Sequence[Word]) -> Iterator[Mention[Town | ForeignPlace]]:
        folded = [word.folded for word in words]
        is_free = is_careless(words)
        for start, word in enumerate(words):
            for stem in stems(word.folded):
                for name in self._names_from.get(stem, ()):
                    end = start + len(name.words)
                    is_whole = end == start + 1 or is_same_name(folded[start:end], name.words)
                    if is_whole and _is_meant(words, start, name, is_free=is_free):
                        yield _mention(words, start, end, name)

    def _mistyped(self, words: Sequence[Word], start: int) -> Iterator[tuple[float, int, Town]]:
        """Towns whose names begin alike and differ by a typing error: how alike they are, and
        where the name ends."""
        is_placed = stands_after(words, start, BEFORE_A_NAME)
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            name = "".join(word.folded for word in words[start:end])
            if len(name) < (_LONG_NAME if is_placed else _UNMISTAKABLE_NAME):
                continue
            if end == start + 1 and (name in ORDINARY_WORDS or any(map(is_known, cases(name)))):
                continue
            most = 2 if len(name) >= _VERY_LONG_NAME else 1
            for near, distance, i in process.extract(
                name, self._letters, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                if near[0] == name[0]:
                    yield -distance, end, self._spoken[i][1]

    def _misheard(self, words: Sequence[Word], start: int) -> Iterator[tuple[float, int, Town]]:
        """Towns whose names are said like words in another script."""
        first = words[start]
        is_placed = first.folded < FIRST_ARABIC or stands_after(words, start, BEFORE_A_NAME)
        if not is_placed and not first.folded.startswith(_ARABIC_IN):
            return
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            spoken = "".join(word.typed for word in words[start:end])
            latin = romanised(spoken if is_placed else spoken[1:])
            for _, _, i in process.extract(
                sound_of(latin),
                self._sounds,
                scorer=Levenshtein.distance,
                score_cutoff=MOST_SOUNDS_APART,
                limit=None,
            ):
                name, town = self._spoken[i]
                if sounds_like(latin, name):
                    yield fuzz.ratio(latin, name), end, town


def _mention(
    words: Sequence[Word], start: int, end: int, name: TownName
) -> Mention[Town | ForeignPlace]:
    """A mention; weighs more with a longer name, then as a district's where the question says so,
    after "in", with the fuller name, of the lower level, the earlier."""
    place: Town | ForeignPlace = name.town
    is_fitting = name.town.is_above_towns or not is_district(words, start, end)
    last = cases(words[end - 1].folded)
    is_adjective = not any(is_same_word(case, name.words[-1]) for case in last)
    end, is_elsewhere, state = _located(words, end, name)
    if is_elsewhere:
        place = ForeignPlace(typed(words, start, end), state)
    elif _is_its_seat(words, start, end, name):
        place = replace(name.town, name=typed(words, start, end))
    rank, level = name.order
    is_inside = stands_after(words, start, IN)
    weight = (end - start, is_fitting, is_inside, -rank, -level, -start)
    return Mention(start, end, place, weight, is_adjective)


def _is_its_seat(words: Sequence[Word], start: int, end: int, name: TownName) -> bool:
    """Whether a district's bare name is a town's too, for which the district's documents are all
    that there is: "Göppingen", of "Landkreis Göppingen"."""
    is_bare = name.rank > 0 and name.town.level is Level.DISTRICT
    if not is_bare or is_district(words, start, end):
        return False
    return find_place(" ".join(name.words), name.town.state) is not None


def _is_meant(words: Sequence[Word], start: int, name: TownName, *, is_free: bool) -> bool:
    """Whether a name in a question means a place, and not another thing; `is_free`: in a question
    where names need no capital letter."""
    word, first = words[start], name.words[0]
    if start and words[start - 1].folded in GERMAN_DISTRICT_WORDS:
        return name.town.is_above_towns
    if name.rank and name.town.is_above_towns and stands_after(words, start, TOWN_WORDS):
        return False
    if not name.is_part and len(name.words) > 1:
        return True
    if not word.is_capitalised and first in ORDINARY_IN_LOWER_CASE:
        return stands_after(words, start, IN)
    is_short = len(first) <= _SHORT_NAME and not name.is_part
    is_doubtful = is_short or first in ORDINARY_WORDS
    is_named = word.is_capitalised or (is_free and not is_doubtful)
    if name.is_part or is_doubtful:
        return is_named and stands_after(words, start, BEFORE_A_NAME)
    return is_named or (name.rank == 0 and word.folded == first)


def _located(words: Sequence[Word], end: int, name: TownName) -> tuple[int, bool, str | None]:
    """Up to where the words after a town's name say where it lies, whether that is elsewhere, so
    that another is meant ("Eschenbach in der Oberpfalz"), and the key of the state if known."""
    after, states = location_after(words, end)
    if after > end:
        is_elsewhere = name.rank == 3 or name.town.state not in states
        return after, is_elsewhere, next(iter(states)) if len(states) == 1 else None
    if name.rank == 3 and goes_on(words, end):
        return end + 2, True, None
    return end, False, None
