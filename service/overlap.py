"""How much of a question's wording stands in each of several texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from core.types import Vector
from service.phrases import Phrase
from service.question_words import QUESTION_WORDS

MEASURES = 3

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
ALIKE = 82  # of 100 letters: "Hundsteuersatz"
_GRAM = 4  # letters: "Zweithund" has some of "Hund", and what an ending changes is little


def shared_wording(question: str, texts: Sequence[str]) -> Vector:
    """For each text, shape (texts, MEASURES): the shares of the question's words, of their parts of
    four letters, and of its numbers that stand in it. What stands in few of the texts counts for
    more, what stands in none does not count."""
    if not texts:
        return np.zeros((0, MEASURES), np.float32)
    folded = [_fold(text) for text in texts]
    stems = _stems(question)
    grams = {gram for stem in stems for gram in _grams(stem)}
    numbers = set(_NUMBER.findall(question))
    found = [
        _share([[stem in text for text in folded] for stem in stems], len(texts)),
        _share([[gram in text for text in folded] for gram in grams], len(texts)),
        _share([[number in own for own in _numbers(folded)] for number in numbers], len(texts)),
    ]
    return np.array(found, np.float32).T


def share_known(question: str, text: str) -> float:
    """How much of the question's long words stands in a text, if only in parts of four letters."""
    text = _fold(text)
    stems = [stem for stem in _stems(question) if len(stem) > _GRAM]
    shares = [sum(gram in text for gram in grams) / len(grams) for grams in map(_grams, stems)]
    return sum(shares) / len(shares) if shares else 1.0


def share_of_matter(question: str, language: str, text: str) -> tuple[Vector, Vector]:
    """How much of each word that says what a question is about stands in a text, by its parts of
    four letters, shape (words,), and the lengths of the words; as if one stood there whole where
    there is none."""
    words = _matter_words(question, language)
    if not words:
        return np.ones(1, np.float32), np.ones(1, np.float32)
    text = _fold(text)
    stems = (word[: max(_GRAM, len(word) - 2)] for word in map(_fold, words))
    shares = [sum(gram in text for gram in grams) / len(grams) for grams in map(_grams, stems)]
    return np.array(shares, np.float32), np.array([len(word) for word in words], np.float32)


def has_like(question: str, language: str, text: str) -> bool:
    """Whether a long word that says what a question is about is spelt nearly as one of a text."""
    known = set(_WORD.findall(_fold(text)))
    asked = [_fold(word) for word in _matter_words(question, language) if len(word) > _GRAM]
    return any(
        process.extractOne(word, known, score_cutoff=ALIKE, scorer=fuzz.ratio) for word in asked
    )


def _matter_words(question: str, language: str) -> list[str]:
    """The words that say what a question is about, without the shortest and numbers."""
    matter = question
    if language in QUESTION_WORDS:
        matter = Phrase.of(question, language).matter(with_actions=False)
    return [word for word in _WORD.findall(matter) if len(word) > 2 and not word.isdigit()]


def _stems(question: str) -> set[str]:
    """The question's words without their endings."""
    words = {word for word in _WORD.findall(_fold(question)) if len(word) > 2}
    return {word[: max(_GRAM, len(word) - 2)] for word in words if not word.isdigit()}


def _grams(stem: str) -> list[str]:
    return [stem[n : n + _GRAM] for n in range(max(1, len(stem) - _GRAM + 1))]


def _share(stands: list[list[bool]], count: int) -> Vector:
    """The weighted share of rows that stand in each of `count` texts."""
    there = np.array(stands, np.float32).reshape(-1, count)
    spread = there.sum(axis=1, keepdims=True)
    weights = np.where(spread > 0, np.log((count + 1) / (spread + 0.5)), 0)
    share: Vector = (there * weights).sum(axis=0) / max(float(weights.sum()), 1e-6)
    return share


def _numbers(texts: Iterable[str]) -> list[set[str]]:
    return [set(_NUMBER.findall(text)) for text in texts]


def _fold(text: str) -> str:
    return text.lower().translate(_FOLD)
