"""What the guard looks for: the phrases of `concerns.toml`, made ready for matching."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources

from core.folding import any_phrase, fold
from core.orders import order_phrases


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


def find_concern(text: str) -> Concern | None:
    """The first concern that a phrase of the text tells of, in the order of the file."""
    folded = fold(text)
    matches = (concern for concern, pattern in _patterns().items() if pattern.search(folded))
    return next(matches, None)


@cache
def _patterns() -> dict[Concern, re.Pattern[str]]:
    """One pattern per concern, in the order of the file."""
    text = (resources.files(__package__) / "concerns.toml").read_text("utf-8")
    phrases = {Concern(name): lines.split("\n") for name, lines in tomllib.loads(text).items()}
    phrases[Concern.INJECTION].extend(order_phrases())  # what documents must not say either
    return {concern: any_phrase(lines) for concern, lines in phrases.items()}
