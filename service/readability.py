"""How easily a German text reads, as staff are told: the first Wiener Sachtextformel.

Source: R. Bamberger, E. Vanecek, "Lesen – Verstehen – Lernen – Schreiben", Wien 1984:

    0.1935 · MS + 0.1672 · SL + 0.1297 · IW − 0.0327 · ES − 0.875

MS: share of words of three and more syllables, IW: of more than six letters, ES: of one syllable,
each in percent; SL: words in a sentence. The result is a school year, about 4 (easy) to 15 (hard).
Syllables are counted by their vowels, which is a little off where two vowels meet ("Familie").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MANY_SYLLABLES, LONG_WORD = 3, 6
FEWEST_WORDS = 10  # fewer tell nothing

# a word or a number; "§" and list marks are none
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_ABBREVIATION = re.compile(r"\b(?:abs|art|bzw|ca|dr|etc|ggf|nr|prof|str|usw|vgl)\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[„»\"(]?[A-ZÄÖÜ])|\n+")
_VOWELS = re.compile(r"aa|ee|oo|ai|au|ei|äu|eu|ie|ey|ay|[aeiouäöüy]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readability:
    """`grade`: the school year in which a text is understood; `words`: of it; `sentence_length`:
    words in a sentence; `long_words`: share of words of more than six letters, 0 to 1."""

    grade: float
    words: int
    sentence_length: float
    long_words: float


def measure_readability(text: str) -> Readability | None:
    """How easily a German text reads; None where it is too short to tell."""
    sentences = [words for words in map(_WORD.findall, _split(text)) if words]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < FEWEST_WORDS:
        return None
    syllables = [count_syllables(word) for word in words]
    many = sum(count >= MANY_SYLLABLES for count in syllables) / len(words)
    one = sum(count == 1 for count in syllables) / len(words)
    long = sum(len(word) > LONG_WORD for word in words) / len(words)
    length = len(words) / len(sentences)
    grade = 19.35 * many + 0.1672 * length + 12.97 * long - 3.27 * one - 0.875
    return Readability(grade, len(words), length, long)


def count_syllables(word: str) -> int:
    """How many syllables a German word has, at least one."""
    return max(1, len(_VOWELS.findall(word)))


def _split(text: str) -> list[str]:
    without_marks = _ABBREVIATION.sub(lambda found: found[0][:-1], text)
    return _SENTENCE_END.split(without_marks)
