"""Whether sentences say a number: an amount, a day, a time, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")  # not "1,200": German
_NO_CENTS = re.compile(r"[,.:]00$")
_ARABIC_SIGNS = str.maketrans("٬٫", ".,")  # for thousands and decimals


def unsaid_numbers(numbers: Iterable[str], sentences: Sequence[str]) -> list[str]:
    """The numbers that no sentence says: by their digits ("1.200,00" is "1200"), such as have none
    by their words."""
    said = [digits(sentence) for sentence in sentences]
    words = _closed(" ".join(sentences))
    return [
        number
        for number in numbers
        if not (
            any(digits(number) <= those for those in said)
            if digits(number)
            else _closed(number) in words
        )
    ]


def digits(text: str) -> set[str]:
    """The numbers of a text, each in one form: no signs for thousands, no ",00", and the digits of
    other scripts as ours. "1,200.00" is read as in English, "1,200" as in German."""
    signs = text.translate(_ARABIC_SIGNS)
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in signs)
    return {
        _NO_CENTS.sub("", _THOUSANDS.sub("", _germanised(number))).replace(",", ".")
        for number in _NUMBER.findall(plain)
    }


def _germanised(number: str) -> str:
    """A number with the signs that German has for thousands and decimals."""
    is_english = _ENGLISH.fullmatch(number)
    return number.replace(",", "").replace(".", ",") if is_english else number


def _closed(text: str) -> str:
    """A text without its white space, in small letters."""
    return "".join(text.split()).casefold()
