"""The guard at the door: tidies a question and sees what must not be looked up in documents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.errors import QuestionEmpty, QuestionTooLong
from core.types import Status
from service.concerns import EMERGENCIES, Concern, find_concern
from service.personal import find_personal

MAX_QUESTION_LENGTH = 1000

_STATUSES = {
    **dict.fromkeys(EMERGENCIES, Status.EMERGENCY),
    Concern.INJECTION: Status.REFUSED,
    Concern.ABUSE: Status.REFUSED,
}  # all others: OUT_OF_SCOPE

_JOINER = "\u200c"  # Persian writes it inside words
# Of the asker, or of somebody: what must not be kept, though it need not be personal data that
# `find_personal` is sure of. Too wide on purpose.
_PERSONAL = re.compile(
    r"@|(?:\d[\s./-]*){5}"  # mail; telephone and file numbers, IBANs, dates of birth
    r"|\b[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2} ?\d{1,4}\b"  # number plates
    r"|(?i:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|street|road|rue|via|calle) *\d"
    r"|(?i:\b(?:herrn?|frau|familie|mr|mrs|ms|monsieur|madame|señora?|signora?|pan[ia]?)\b\.? \w)"
)
_PIECES = re.compile(r"(?<=[.!?؟…])\s+|\s*</?\w+>\s*")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


@dataclass(frozen=True, slots=True)
class Finding:
    """How a question ends at the door, and why."""

    status: Status
    concern: Concern

    @classmethod
    def of(cls, concern: Concern) -> Finding:
        """How a question of a concern ends."""
        return cls(_STATUSES.get(concern, Status.OUT_OF_SCOPE), concern)


def normalise_question(text: str) -> str:
    """The question as NFC, without control and invisible characters, each white space one blank."""
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character == _JOINER
        or character.isspace()
        or unicodedata.category(character) not in _INVISIBLE
    )
    return " ".join(visible.split()).strip(f" {_JOINER}")


def has_words(text: str) -> bool:
    """Whether a text has any letter; emoji, digits and signs alone ask nothing."""
    return any(character.isalpha() for character in text)


def has_personal_data(question: str) -> bool:
    """Whether a question may name a person, an address or a number of somebody's. A name that
    nothing announces is not seen."""
    return _PERSONAL.search(question) is not None or bool(find_personal(question))


def check_question(question: str) -> Finding | None:
    """What is seen in a question before any search: a cry for help (EMERGENCY), an attack (REFUSED)
    or what no public office answers (OUT_OF_SCOPE); None where it is to be looked up."""
    concern = find_concern(normalise_question(question))
    return Finding.of(concern) if concern else None


def without_orders(question: str) -> str:
    """Of a question with orders to a language model, what it asks beside them; any other question,
    and one that asks nothing else, as it is."""
    if find_concern(question) is not Concern.INJECTION:
        return question
    pieces = [piece for piece in _PIECES.split(question) if piece and not find_concern(piece)]
    asked = " ".join(pieces).strip()
    return asked if any(mark in asked for mark in "?؟") and has_words(asked) else question


def check_length(question: str, *, is_search: bool = False) -> str:
    """The question cleaned; raises QuestionEmpty or QuestionTooLong. A search may be for "§ 5"."""
    if len(question) > MAX_QUESTION_LENGTH:
        raise QuestionTooLong
    question = normalise_question(question)
    is_asked = has_words(question) or (is_search and any(map(str.isdigit, question)))
    if not is_asked and find_concern(question) not in EMERGENCIES:  # "112" has no words
        raise QuestionEmpty
    return question


def check_context(context: str) -> str:
    """What was asked before, cleaned; "" where there are no words in it, or such as are not looked
    up, so that nobody is led by them. A cry for help stays one. Raises QuestionTooLong."""
    if len(context) > MAX_QUESTION_LENGTH:
        raise QuestionTooLong
    context = normalise_question(context)
    finding = check_question(context)
    is_heard = finding is None or finding.status is Status.EMERGENCY
    return context if is_heard and has_words(context) else ""
