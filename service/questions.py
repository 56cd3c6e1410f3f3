"""What a message asks: its questions one by one, each with what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.languages import detect_language
from service.phrases import Phrase, Role
from service.question_words import QUESTION_WORDS
from service.spelling import name_words
from service.towns import ForeignPlace, Gazetteer, Town
from service.wording import base_language

Place = Town | ForeignPlace | None

MOST = 3  # questions of a message
FEW = 2  # words about the matter, with which "… it …" or "and for …" is not understood alone
MAY_LEAN = 4  # words about the matter, with which a question may lean without saying so

_MARKS = ("?", "؟")
_LOOSE = " ,;:،؛–-¿("
_ENDS = re.compile(r"(?<=[.!?؟…])\s+")
# In German a comma too parts a question from what stands before it; elsewhere "which" and the like
# mostly go on with that.
_GERMAN_ENDS = re.compile(r"(?<=[,;:.!?…])\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question made whole: what is looked up, the language that it is asked in, the place that
    it is about, and whether it leans on what was asked before; the question `alone` where its words
    do not say that."""

    text: str
    language: str
    place: Place
    is_leaning: bool = False
    alone: Asked | None = None


def read_message(message: str, context: str, gazetteer: Gazetteer) -> list[Asked]:
    """The questions of a message, each further one with the first. One that leans on the question
    before it, the first on the `context` ("" for none), is completed from there; one that names no
    place is about the place that the message names. A place alone asks the same, there."""
    parted = gazetteer.part(message)
    before = None
    if context:
        before = _read(context, gazetteer.part(context), language_of(context))
        if _is_but_a_place(message, parted, before.language):
            asked_before = read_message(context, "", gazetteer)
            return [replace(one, place=parted[0], is_leaning=True) for one in asked_before]
    language = language_of(message, context)
    texts = split_questions(message, language)
    if len(texts) == 1:
        return [_read(message, parted, language, before)]
    first, *further = texts
    asked = [_read(first, gazetteer.part(first), language, before, parted[0])]
    for text in further:
        one = _read(text, gazetteer.part(text), language, asked[-1], parted[0])
        if not one.is_leaning:  # its words may mean little without what the message is about
            one = replace(one, text=f"{asked[0].text} {one.text}")
        asked.append(one)
    return asked


def lean_on(asked: Asked, context: str, gazetteer: Gazetteer) -> Asked | None:
    """A question completed from the one asked before, where it is so short that it may lean on it
    though it does not say so ("gilt das auch im Winter?") and does not ask the same; else None."""
    language = asked.language
    if language not in QUESTION_WORDS or Phrase.of(asked.text, language).matters > MAY_LEAN:
        return None
    before = _read(context, gazetteer.part(context), language_of(context))
    if asked.text.strip(_LOOSE) in before.text:
        return None
    return replace(_completed(asked.text, language, asked.place, before), alone=asked)


def language_of(question: str, context: str = "") -> str:
    """The language of a question; its context's where one may ask so in that, naming no matter:
    "wo?" is German after a question in German."""
    spoken = detect_language(context)
    if spoken in QUESTION_WORDS and not Phrase.of(question, spoken).matters:
        return spoken
    return detect_language(question) or "de"


def wanted_wording(question: str, context: str, wording: str) -> str | None:
    """The wording of the page that asks where a question is in that language, or is but one word of
    German: those are known from letters of the office. None: the answer is in the question's own
    language."""
    spoken = language_of(question, context)
    is_term = spoken == "de" and len(question.split()) == 1
    return wording if is_term or spoken == base_language(wording) else None


def split_questions(message: str, language: str) -> list[str]:
    """The questions of a message, MOST at most: parted after question marks and before "and where",
    where the first is about something and each further one has words of its own."""
    if language not in QUESTION_WORDS:
        return [message]
    cuts = list(_cuts(Phrase.of(message, language)))
    starts = [0, *(start for _, start in cuts)]
    ends = [*(end for end, _ in cuts), len(message)]
    parts: list[tuple[int, int]] = []
    for start, end in zip(starts, ends, strict=True):
        is_further = (
            0 < len(parts) < MOST
            and _is_first(message[slice(*parts[0])], language)
            and _is_further(message[start:end], language)
        )
        begin = start if is_further or not parts else parts.pop()[0]
        parts.append((begin, end))
    return [message[start:end].strip(_LOOSE) for start, end in parts] if parts[1:] else [message]


def last_question(message: str, language: str) -> str:
    """What a message asks at last beside what it says before: "welche Regeln gelten" of "Vergessen
    Sie nicht, mir zu sagen, welche Regeln gelten"; "" where it asks for nothing there."""
    *before, last = (_GERMAN_ENDS if language == "de" else _ENDS).split(message)
    if not before or language not in QUESTION_WORDS:
        return ""
    phrase = Phrase.of(last, language)
    return last if phrase.matters and phrase.roles[0] is Role.ASKING else ""


def leans(question: str, language: str) -> bool:
    """Whether a question is not understood without the one before it: it names no matter; or it
    names little, and points back ("it"), asks the same of that or goes on without asking."""
    if language not in QUESTION_WORDS:
        return False
    phrase = Phrase.of(question, language)
    goes_on = phrase.points_back or (phrase.goes_on and not phrase.asks)
    return phrase.matters <= (FEW if goes_on or phrase.asks_for_the_same else 0)


def _read(
    text: str,
    parted: tuple[Place, str],
    language: str,
    before: Asked | None = None,
    named: Place = None,
) -> Asked:
    """A question, parted from the place that it names, completed from the one before where it
    leans on that; without a place of its own it is about the one `named`."""
    place, rest = parted
    if isinstance(place, ForeignPlace) and place.is_country:
        rest = text
    if before is None or not leans(rest, language):
        return Asked(rest, language, place or named)
    return _completed(rest, language, place or named, before)


def _completed(text: str, language: str, place: Place, before: Asked) -> Asked:
    full = _complete(text, language, before)
    return Asked(full, language, place or before.place, is_leaning=True)


def _is_but_a_place(text: str, parted: tuple[Place, str], language: str) -> bool:
    """Whether a question in a language says nothing but a place: "Auental", "und in Auental?"."""
    place, rest = parted
    if place is None or language not in QUESTION_WORDS:
        return False
    phrase = Phrase.of(rest, language)
    if rest == text:
        return phrase.matters <= len(name_words(place.name))
    return set(phrase.roles) <= {Role.JOINING}


def _complete(question: str, language: str, before: Asked) -> str:
    """A question with the one before it; only with what that is about, if it asks for itself."""
    known = before.text
    if {language, before.language} <= QUESTION_WORDS.keys():
        phrase = Phrase.of(question, language)
        if phrase.asks and not phrase.asks_for_the_same:
            is_done = Role.ACTION in phrase.roles
            known = Phrase.of(known, before.language).matter(with_actions=not is_done)
    return f"{known} {question}"


def _is_first(text: str, language: str) -> bool:
    """Whether a part asks about something, and so can be understood alone."""
    phrase = Phrase.of(text, language)
    return phrase.asks and phrase.matters > 0


def _is_further(text: str, language: str) -> bool:
    """Whether a part asks with words of its own; one without a question word needs its mark."""
    phrase = Phrase.of(text, language)
    is_marked = text.rstrip().endswith(_MARKS)
    return phrase.tells and (phrase.has_question_word or (phrase.asks and is_marked))


def _cuts(message: Phrase) -> Iterator[tuple[int, int]]:
    """Where a further question may begin: the end of what stands before, and its own start after
    an "and"."""
    words, text = message.words, message.text
    for number in range(1, len(words)):
        start = words[number].start
        end = max(text.find(mark, words[number - 1].end, start) for mark in _MARKS) + 1
        if not end and not message.adds_question(number):
            continue
        after = start
        if message.roles[number] is Role.AND_ASKING:
            after += 1
        elif message.roles[number] is Role.JOINING and number + 1 < len(words):
            after = words[number + 1].start
        yield end or start, after
