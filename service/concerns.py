"""What the guard looks for: the phrases of `concerns.toml`, made ready for matching."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache
from importlib import resources


class Concern(StrEnum):
    """Why a question is not looked up; its phrases stand under this name in `concerns.toml`."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    FIRE = "fire"
    MEDICAL_EMERGENCY = "medical_emergency"
    CALL_FOR_HELP = "call_for_help"
    INJECTION = "injection"
    ABUSE = "abuse"
    PERSONAL_DATA = "personal_data"
    OWN_CASE = "own_case"
    GREETING = "greeting"
    THANKS = "thanks"
    MEDICAL_ADVICE = "medical_advice"
    LEGAL_ADVICE = "legal_advice"
    CHIT_CHAT = "chit_chat"
    WORLD_KNOWLEDGE = "world_knowledge"


EMERGENCIES = frozenset(
    {
        Concern.SUICIDE,
        Concern.VIOLENCE,
        Concern.FIRE,
        Concern.MEDICAL_EMERGENCY,
        Concern.CALL_FOR_HELP,
    }
)

_LOOK_ALIKES = str.maketrans("ıيكىةʼ’‘`´", "iیکیه'''''", "\u200cـ")  # joiner and stretcher go


def find_concern(text: str) -> Concern | None:
    """The first concern that a phrase of the text tells of, in the order of the file."""
    folded = _fold(text)
    matches = (concern for concern, pattern in _patterns().items() if pattern.search(folded))
    return next(matches, None)


def _fold(text: str) -> str:
    """Case, accents and letters that look alike made one; leaves regular expressions intact."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return bare.translate(_LOOK_ALIKES)


@cache
def _patterns() -> dict[Concern, re.Pattern[str]]:
    """One pattern per concern, in the order of the file."""
    text = (resources.files(__package__) / "concerns.toml").read_text("utf-8")
    return {
        Concern(name): _pattern(phrases.split("\n"))
        for name, phrases in tomllib.loads(text).items()
    }


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """Any of the phrases. Those that begin with a word share one \\b, which is what makes it quick:
    inside a word they are not tried at all."""
    folded = [_fold(phrase) for phrase in phrases if phrase]
    words = [phrase.removeprefix("\\b") for phrase in folded if phrase.startswith("\\b")]
    others = [phrase for phrase in folded if not phrase.startswith("\\b")]
    if words:
        others.append(f"\\b(?:{'|'.join(words)})")
    return re.compile("|".join(others))
