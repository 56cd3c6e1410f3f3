"""How a place's name is written: folded, inflected, shortened, or in another script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_WORD = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_FOLDED = str.maketrans("ıيكىةґ", "iیکیهг", "\u200cـ")
_UMLAUTS = re.compile("ae|oe|ue")

# Case endings by script, of folded words: German, Turkish, Polish, Romanian; Russian, Ukrainian.
# Those that change the name's last sound stand apart: w Lubece (Lubeka), у Нюрнберзі (Нюрнберг).
_LATIN_CASE = re.compile("(?:s|[dt][ae]n?|[dt][ae]ki|n?[iu]n|y[ae]|u|ie|em|owi|ul|ului)$")
_CYRILLIC_CASE = re.compile("(?:[аеиіуюяыє]|ом|ем|ою|ои|ею)$")
_CHANGED_ENDINGS = {
    "cie": ("t", "ta"),
    "dzie": ("d", "da"),
    "rze": ("r", "ra"),
    "ce": ("k", "ka"),
    "dze": ("g", "ga"),
    "ie": ("a", "o"),
    "ii": ("ia",),
    "ji": ("ja",),
    "зі": ("г", "га"),
    "ці": ("к", "ка"),
    "сі": ("х", "ха"),
}
_CHANGED = re.compile(f"(?:{'|'.join(_CHANGED_ENDINGS)})$")
# Of inhabitants and what is theirs: Konstanzer, Göppinger, Münchner; мюнхенский.
_LATIN_ADJECTIVE = re.compile("er[ns]?$")
_CYRILLIC_ADJECTIVE = re.compile("(?:ь?ск|ськ)[а-яіє]{1,3}$")
_ARABIC_PREFIX = re.compile("^(?:و?(?:ب|ل|ف|ک)?(?:ال)?)")
_SHORTEST_STEM = 4  # letters
FIRST_ARABIC = "\u0600"  # letters below it are Cyrillic, if they are not Latin

_FEWEST_SOUNDS = 3  # consonants
_MANY_SOUNDS = 5  # of so many one may differ
_VERY_MANY_SOUNDS = 6  # of so many two may
MOST_SOUNDS_APART = 2
_ALIKE = 60  # per cent
_MUCH_ALIKE = 70


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as typed, folded, where its characters stand, and whether it looks like
    a name."""

    typed: str
    folded: str
    start: int
    end: int
    is_capitalised: bool  # True for scripts without capitals
    has_ending: bool  # an ending follows after an apostrophe: "Auental'da"
    is_joined: bool  # a hyphen joins it to the word before


def fold(text: str) -> str:
    """Case, accents and umlauts made one: "Göppingen", "Goeppingen", "GOPPINGEN" are the same."""
    bare = text.lower() if text.isascii() else _strip_marks(text.casefold())
    return _UMLAUTS.sub(lambda pair: pair[0][0], bare)


def _strip_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").translate(_FOLDED)


def split_words(text: str) -> list[Word]:
    """The words of a text in order; hyphens and dots part words."""
    return [
        Word(
            typed=found[0],
            folded=fold(found[0]),
            start=found.start(),
            end=found.end(),
            is_capitalised=not found[0][0].islower(),
            has_ending=text[found.end() : found.end() + 1] in {"'", "’", "ʼ"},
            is_joined=text[: found.start()].endswith(("-", "‐", "‑")),
        )
        for found in _WORD.finditer(text)
    ]


def name_words(name: str) -> tuple[str, ...]:
    """A name as folded words: ("zell", "u", "a")."""
    return tuple(fold(word) for word in _WORD.findall(name))


def is_latin(folded: str) -> bool:
    """Whether a folded word is in Latin letters."""
    return folded[:1] <= "\u024f"


def cases(folded: str) -> Iterator[str]:
    """What a folded word may be a case of, itself first: "auntal" of "auntalde"."""
    yield folded
    if is_latin(folded):
        stem = _LATIN_CASE.sub("", folded)
        if _SHORTEST_STEM <= len(stem) < len(folded):
            yield stem
    elif folded < FIRST_ARABIC:
        stem = _CYRILLIC_CASE.sub("", folded)
        if len(stem) >= _SHORTEST_STEM:
            yield from (stem, stem + "а", stem + "я", stem + "ь")
    else:
        stem = _ARABIC_PREFIX.sub("", folded)
        if len(stem) >= _SHORTEST_STEM - 1:
            yield stem
    if (changed := _CHANGED.search(folded)) and changed.start() >= _SHORTEST_STEM - 1:
        for ending in _CHANGED_ENDINGS[changed[0]]:
            yield folded[: changed.start()] + ending


def stems(folded: str) -> Iterator[str]:
    """What a folded word may be a case of, or the adjective to: "goppingen" of "goppinger"."""
    yield from cases(folded)
    if is_latin(folded):
        stem = _LATIN_ADJECTIVE.sub("", folded)
        nouns = [stem, stem + "en", stem.removesuffix("n") + "en"]
    else:
        stem = _CYRILLIC_ADJECTIVE.sub("", folded)
        nouns = [stem, stem + "ь"]
    if stem != folded and len(stem) >= _SHORTEST_STEM:
        yield from nouns


def is_same_word(first: str, second: str) -> bool:
    """Whether two folded words inside a name are one, either of them perhaps shortened to its
    first letter: "Zell u. A." is "Zell unter Aichelberg"."""
    if len(first) == 1 or len(second) == 1:
        return first[:1] == second[:1]
    return first == second


def is_same_name(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether folded words are a name of several words, the last one perhaps inflected."""
    return (
        len(words) == len(name)
        and words[0] == name[0]
        and all(map(is_same_word, words[1:-1], name[1:-1]))
        and any(is_same_word(stem, name[-1]) for stem in stems(words[-1]))
    )


def romanised(word: str) -> str:
    """A word of any script in lower Latin letters; Arabic's و and ی as the vowels they are in
    German names."""
    latin = re.sub(r"[^a-z]", "", anyascii(word).lower())
    return latin.translate(str.maketrans("wy", "ui")) if not is_latin(fold(word)) else latin


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""),  # Mühl
        ("ck|gh|[gkqj]", "k"),
        ("tsch|sch|[cskz]h|h|x", "x"),
        ("t[sz]|[szc]", "s"),
        ("ph|[vw]", "f"),
        ("p", "b"),
        ("d|th", "t"),
        ("[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
]


def sounds_like(latin: str, name: str) -> bool:
    """Whether a romanised word is said like a name of folded Latin letters. Vowels count little:
    Arabic leaves them out."""
    sound, expected = sound_of(latin), sound_of(name)
    if min(len(sound), len(expected)) < _FEWEST_SOUNDS:
        return False
    likeness = fuzz.ratio(latin, name)
    if sound == expected:
        return likeness >= _ALIKE
    if len(expected) < _MANY_SOUNDS:
        return False
    distance = Levenshtein.distance(sound, expected)
    is_long = len(expected) >= _VERY_MANY_SOUNDS
    return distance <= (MOST_SOUNDS_APART if is_long else 1) and likeness >= _MUCH_ALIKE


@lru_cache(maxsize=10_000)
def sound_of(latin: str) -> str:
    """The consonants of a romanised name, those that other scripts confuse made one: "xlbrk" for
    Aichelberg, Айхельберг and آيشلبرغ."""
    for pattern, sound in _SOUNDS:
        latin = pattern.sub(sound, latin)
    return latin
