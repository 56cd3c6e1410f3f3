"""What the script of the citizens' page says."""

from __future__ import annotations

import json

from service.suggest import SHOWN
from service.wording import Counted, Text, counted, message

_TEXTS = {
    "one_moment": Text.ONE_MOMENT,
    "unreachable": Text.UNREACHABLE,
    "feedback_thanks": Text.FEEDBACK_THANKS,
    "word_dropped": Text.WORD_DROPPED,
    "suggestions": Text.SUGGESTIONS,
    "translate": Text.TRANSLATE,
    "translating": Text.TRANSLATING,
    "translated": Text.MACHINE_TRANSLATION,
    "translation_failed": Text.TRANSLATION_FAILED,
}


def script_texts(language: str) -> str:
    """The texts as JSON; `suggested` has those for 0 suggestions, for 1, …"""
    texts = {name: message(text, language) for name, text in _TEXTS.items()}
    suggested = [counted(Counted.SUGGESTED, number, language) for number in range(SHOWN + 1)]
    return json.dumps({**texts, "suggested": suggested}, ensure_ascii=False)
