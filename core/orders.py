"""Text that gives orders to a language model: the phrases of `orders.toml`, made for matching.

A document has no reason to say such a thing to people, and a question none to say it to a town
hall, so that readers of both look for it here.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from core.folding import any_phrase, fold


def looks_like_order(text: str) -> bool:
    """Whether a text speaks to a language model, to tell it what to say or to forget."""
    folded = fold(text)
    return any(word in folded for word in order_words()) and bool(_pattern().search(folded))


@cache
def order_phrases() -> tuple[str, ...]:
    """The regular expressions of the file, as they are written there."""
    return tuple(filter(None, _file()["orders"].split("\n")))


@cache
def order_words() -> tuple[str, ...]:
    """What is quickly found, folded: an order has one of these in it."""
    return tuple(fold(word.replace("_", " ")) for word in _file()["words"].split())


@cache
def _pattern() -> re.Pattern[str]:
    return any_phrase(order_phrases())


@cache
def _file() -> dict[str, str]:
    return tomllib.loads((resources.files(__package__) / "orders.toml").read_text("utf-8"))
