"""Text made comparable: case, accents, look-alike letters and invisible signs are folded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LOOK_ALIKES = str.maketrans("ıيكىةʼ’‘`´", "iیکیه'''''", "ـ")  # the stretcher goes
_UNSEEN = frozenset({"Mn", "Cf"})  # accents, and what joins, turns or hides letters


class _Letters(dict[int, int | None]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> int | None:
        is_unseen = unicodedata.category(chr(code)) in _UNSEEN
        self[code] = None if is_unseen else _LOOK_ALIKES.get(code, code)
        return self[code]


_LETTERS = _Letters()


def fold(text: str) -> str:
    """The text in small letters without accents and invisible signs; regular expressions stay
    intact."""
    return unicodedata.normalize("NFD", text.casefold()).translate(_LETTERS)


def any_phrase(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, in folded text. Those that begin with a word share one \\b, which is what
    makes it quick: inside a word they are not tried at all."""
    folded = [fold(phrase) for phrase in phrases if phrase]
    words = [phrase.removeprefix("\\b") for phrase in folded if phrase.startswith("\\b")]
    others = [phrase for phrase in folded if not phrase.startswith("\\b")]
    if words:
        others.append(f"\\b(?:{'|'.join(words)})")
    return re.compile("|".join(others))
