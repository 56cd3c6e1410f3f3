"""A phrase word by word: what part each word has in asking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache

from service.place_words import FOR
from service.question_words import ASKING_LATE, QUESTION_WORDS, WHAT_ABOUT
from service.spelling import FIRST_ARABIC, Word, fold, is_latin, split_words

_PAUSE = re.compile("[.,:;!?؟،؛–]")
_SIGNS = " .,:;!?؟،؛¿¡'’–-"
_AND = "و"  # Arabic writes it together with the next word, as it does "the", "with" and "for"
_PREFIXES = (_AND, "ال", "وال", "لل", "ولل", "بال", "ب", "ل")
_WHAT = "ما"  # Arabic: "what" before "the …", "he" and "she", else often "not"
_AFTER_WHAT = ("ال", "هو", "هی")
_AND_THE = ("وال", "ولل")


class Role(StrEnum):
    """The part that a word has in a question; the first that fits, in this order."""

    ASKING = auto()  # a question word
    AND_ASKING = auto()  # one with Arabic's "and"
    JOINING = auto()  # adds a question to another: "and"
    POINTING = auto()  # stands for what was named: "it"; German writes the polite "Sie" large
    OPENING = auto()  # begins a question without a question word: "can"
    SMALL = auto()  # tells nothing alone: "the", "my", "second"
    ASPECT = auto()  # what is asked of anything at a town hall: "costs", "papers"
    ACTION = auto()  # what is done with anything there: "register"
    MATTER = auto()  # all others: what it is about


_LISTED = (Role.JOINING, Role.POINTING, Role.OPENING, Role.SMALL, Role.ASPECT, Role.ACTION)
_BEGINNING = {Role.ASKING, Role.AND_ASKING, Role.POINTING, Role.MATTER}
_TELLING = {Role.ASPECT, Role.ACTION, Role.MATTER}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A question or a part of one, in a language that QUESTION_WORDS has."""

    text: str
    language: str
    words: Sequence[Word]
    roles: Sequence[Role]

    @classmethod
    def of(cls, text: str, language: str) -> Phrase:
        """The phrase that a text is."""
        words = split_words(text)
        following = [*(word.folded for word in words[1:]), ""]
        roles = [_role(*pair, language) for pair in zip(words, following, strict=False)]
        return cls(text, language, words, roles)

    @property
    def has_question_word(self) -> bool:
        """Whether it asks "where", "how much" or the like."""
        return Role.ASKING in self.roles or Role.AND_ASKING in self.roles

    @property
    def asks(self) -> bool:
        """Whether it has a question word, or a clause of it begins as those without do: "can I"."""
        return self.has_question_word or any(
            role is Role.OPENING and self._begins(number) for number, role in enumerate(self.roles)
        )

    @property
    def tells(self) -> bool:
        """Whether a word adds something to its question words: "melde" in "wo melde ich"."""
        return not _TELLING.isdisjoint(self.roles)

    @property
    def matters(self) -> int:
        """How many words say what it is about: one of "wo melde ich meinen Hund an"."""
        return self.roles.count(Role.MATTER)

    @property
    def goes_on(self) -> bool:
        """Whether it begins with "and", or with "for" and has no question word."""
        first = self.words[0].folded
        is_and = self.roles[0] in {Role.JOINING, Role.AND_ASKING} or first.startswith(_AND_THE)
        return is_and or (first in FOR and not self.has_question_word)

    @property
    def points_back(self) -> bool:
        """Whether it says "it" or the like of what it does not name itself, before it asks: "who is
        entitled to it", not "dog tax, who pays it"."""
        begins = (role for role in self.roles if role in _BEGINNING)
        return Role.POINTING in self.roles and next(begins) is not Role.MATTER

    @property
    def asks_for_the_same(self) -> bool:
        """Whether it is "what about …", perhaps after an "and"."""
        start = 1 if self.roles[0] is Role.JOINING else 0
        folded = " ".join(word.folded for word in self.words[start : start + 5])
        return folded.removeprefix(_AND).startswith(_what_about())

    def adds_question(self, number: int) -> bool:
        """Whether the word of this number adds a question: "and where", "and until when"."""
        if self.roles[number] is not Role.JOINING:
            return self.roles[number] is Role.AND_ASKING
        following = self.roles[number + 1 :]
        if self.language in ASKING_LATE:  # "nasıl ve ne zaman evlenirim" has one verb for both
            return Role.ASKING in following and self.roles[number - 1] is not Role.ASKING
        return Role.ASKING in following[: 2 if following[:1] == [Role.SMALL] else 1]

    def matter(self, *, with_actions: bool) -> str:
        """The text with only the words that say what it is about, and perhaps what is done with
        it: "Hundesteuer" of "Was kostet die Hundesteuer?"; all of it where no such word is left."""
        roles = {Role.MATTER, Role.ACTION} if with_actions else {Role.MATTER}
        kept = self.text
        for word, role in reversed([*zip(self.words, self.roles, strict=True)]):
            if role not in roles:
                kept = kept[: word.start] + kept[word.end :]
        kept = " ".join(kept.split()).strip(_SIGNS)
        return kept if roles.intersection(self.roles) else self.text

    def _begins(self, number: int) -> bool:
        """Whether a clause begins with the word of this number."""
        if number == 0 or self.roles[number - 1] is Role.JOINING:
            return True
        between = self.text[self.words[number - 1].end : self.words[number].start]
        return _PAUSE.search(between) is not None


def _role(word: Word, following: str, language: str) -> Role:
    """The role of a word, before another one or ""."""
    asking = _asking(language)
    typed = word.typed.lower() if is_latin(word.folded) else word.folded
    bare = typed.removeprefix(_AND)
    if bare != _WHAT or following.startswith(_AFTER_WHAT):
        if typed in asking:
            return Role.ASKING
        if bare in asking:
            return Role.AND_ASKING
    listed = (role for role in _LISTED if _words(language, role).hold(word.folded))
    role = next(listed, Role.MATTER)
    return Role.SMALL if role is Role.POINTING and word.typed[0].isupper() else role


@dataclass(frozen=True, slots=True)
class _Words:
    """Folded words: whole ones, and the beginnings of inflected ones."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def hold(self, folded: str) -> bool:
        """Whether a word is one of these, in Arabic script perhaps with a prefix."""
        forms = [folded]
        if folded >= FIRST_ARABIC:
            forms += [folded.removeprefix(prefix) for prefix in _PREFIXES]
        return any(form in self.whole or form.startswith(self.beginnings) for form in forms)


@cache
def _words(language: str, role: Role) -> _Words:
    listed = QUESTION_WORDS[language][role].split()
    return _Words(
        frozenset(fold(word) for word in listed if not word.endswith("-")),
        tuple(fold(word.removesuffix("-")) for word in listed if word.endswith("-")),
    )


@cache
def _asking(language: str) -> frozenset[str]:
    """A language's question words, those in Latin letters with the accents they are typed with."""
    listed = QUESTION_WORDS[language][Role.ASKING].split()
    return frozenset(word if is_latin(fold(word)) else fold(word) for word in listed)


@cache
def _what_about() -> tuple[str, ...]:
    return tuple(f"{fold(words)} " for words in WHAT_ABOUT)
