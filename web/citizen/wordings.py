"""Which wording a page is shown in."""

from __future__ import annotations

from core.languages import SUPPORTED
from service.wording import WORDINGS

DEFAULT_LANGUAGE = "de"


def chosen_wording(wanted: str, accept_language: str) -> str:
    """The wording that is asked for, else the one that the browser prefers."""
    return wanted if wanted in WORDINGS else preferred_language(accept_language)


def preferred_language(accept_language: str) -> str:
    """The first served language of an Accept-Language header by weight, else German."""
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for entry in accept_language.split(","):
        tag, _, weight_text = entry.strip().partition(";q=")
        try:
            weight = float(weight_text or 1)
        except ValueError:
            continue
        language = tag.split("-")[0].lower()
        if language in SUPPORTED and weight > best_weight:
            best, best_weight = language, weight
    return best
