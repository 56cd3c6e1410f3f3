"""Text whose figures can be compared: folded, its digits and signs those of ASCII."""

from __future__ import annotations

import unicodedata

from core.folding import fold

_SIGNS = str.maketrans("٫٬٪–—−", ",.%---")


def fold_signs(text: str) -> str:
    """The text folded, its digits those of ASCII and its signs the plain ones; "٫" is a comma.
    Regular expressions stay intact."""
    composed = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    return "".join(map(_plain_digit, fold(composed)))


def _plain_digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() else letter
