"""The guard at the door: tidies a question and sees what must not be looked up in documents."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from core.types import Status
from service.concerns import EMERGENCIES, Concern, find_concern

_STATUSES = {
    **dict.fromkeys(EMERGENCIES, Status.EMERGENCY),
    Concern.INJECTION: Status.REFUSED,
    Concern.ABUSE: Status.REFUSED,
}  # all others: OUT_OF_SCOPE

_JOINER = "\u200c"  # Persian writes it inside words
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


def check_question(question: str) -> Finding | None:
    """What is seen in a question before any search: a cry for help (EMERGENCY), an attack (REFUSED)
    or what no public office answers (OUT_OF_SCOPE); None where it is to be looked up."""
    concern = find_concern(normalise_question(question))
    return Finding.of(concern) if concern else None
