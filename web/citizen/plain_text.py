"""Text of documents as it is shown: without characters that are not seen but turn others round."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # Persian and emoji are written with them


def plain_text(text: str) -> str:
    """The text without format characters: overrides of its direction, zero-width blanks."""
    return "".join(
        character
        for character in text
        if character in _JOINERS or unicodedata.category(character) != "Cf"
    )
