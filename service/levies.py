"""A tax that a question names must be one that the documents name: nobody who asks what the
"Vergnügungssteuer" is shall read what the dog tax is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from core.types import Hit
from service.spelling import split_words

# As folded: "ue" is "u". No tax is a "Fernsteuerung".
_TAX = re.compile(r"(\w{4,}?)s?steur(?!ung)\w*|(kur)(?:taxe|abgabe|beitrag)\w*")
_LEVIED = "(?:steur|taxe|abgabe|beitrag|gebuhr)"
_COLLOQUIAL = frozenset({"abfall", "mull", "wasser", "abwasser"})  # people call their fees so
_MISSPELT = 85  # per cent alike


def is_tax_unknown(question: str, hits: Sequence[Hit]) -> bool:
    """Whether a question names a tax in German that none of the passages names, however spelt."""
    asked = [(word.folded, stem) for word in split_words(question) for stem in _stems(word.folded)]
    if not asked:
        return False
    told = {
        word.folded
        for hit in hits
        for text in (hit.passage.context, hit.passage.text)
        for word in split_words(text)
    }
    return not any(_is_told(word, stem, told) for word, stem in asked)


def _stems(word: str) -> Iterator[str]:
    """What is taxed, by a word: "hunde" of "hundesteuersatz"."""
    if found := _TAX.match(word):
        stem = (found[1] or found[2]).removesuffix("sitz")  # "Zweitwohnsitzsteuer"
        if stem not in _COLLOQUIAL:
            yield stem


def _is_told(word: str, stem: str, told: set[str]) -> bool:
    named = re.compile(rf"{re.escape(stem.rstrip('en'))}\w*{_LEVIED}")
    return any(named.search(other) or fuzz.ratio(word, other) >= _MISSPELT for other in told)
