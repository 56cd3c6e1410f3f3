"""What a language model drafted, before anybody may read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that a model wrote, in a language, with the numbers of the passages, from 1, that
    it says it is from."""

    text: str
    language: str
    sources: tuple[int, ...]
