"""Telephone numbers, so that they can be called by a touch."""

from __future__ import annotations

import re

# What our own texts name, dialled within Germany.
_OURS = re.compile(r"(?<![\d/-])(0800 1110111|116117|116016|112|110)(?![\d/-])")
_NUMBER = re.compile(r"(?:\+|\b0)[\d ()/-]{4,}\d|\b115\b")


def numbers_in(said: str) -> list[str]:
    """The numbers that a message of ours names, each once, as they are written."""
    return list(dict.fromkeys(_OURS.findall(said)))


def telephone(text: str) -> str | None:
    """The `tel:` address of the first telephone number in a text; None where there is none."""
    return next((address for _, address in telephones(text)), None)


def telephones(text: str) -> list[tuple[str, str]]:
    """Every telephone number in a text, in its order: as it is written, and its `tel:` address."""
    written = _NUMBER.findall(text)
    return [(one, f"tel:{re.sub(r'[^0-9+]', '', _dialled(one))}") for one in written]


def _dialled(number: str) -> str:
    """A number without the zero that is left out behind a country's code: +49 (0)711."""
    return number.replace("(0)", "") if number.startswith("+") else number
