"""Keeps the German names of offices and legal terms in statements in other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_OFFICE = re.compile(
    r"\b([A-ZÄÖÜ][\w-]*(?:amt|büro|stelle|behörde|kasse|gericht|kammer|verwaltung))(?:e?s|n)?\b"
)
OFFICE_WORDS = {  # the beginnings of what an office is called
    "ar": "مكتب|المكتب|لمكتب|دائرة|الدائرة|إدارة|الإدارة|مصلحة",
    "en": r"offices?\b|bureau|department|authority",
    "es": "oficina del? registro|oficina|departamento|administración|registro",
    "fa": "اداره|دفتر",
    "fr": r"bureau|service|office\b|administration",
    "it": r"ufficio anagrafe|ufficio?\b|anagrafe",
    "pl": "urząd|urzęd|biur|wydzia",
    "ro": "birou|oficiu|serviciu",
    "ru": "отдел|управлен|служб|бюро|ведомств|учрежден",
    "tr": "daire|büro|müdürlü",
    "uk": "відділ|управлін|служб|бюро|відомств|установ",
}
_ENDS_NAME = {"en", "tr"}  # where that word is the last of the name: "the tax office"
_END = re.compile(r"[.!?؟]?$")
_INNER_END = re.compile(r"[.!?؟]\s+\S")


def keep_german(
    text: str, language: str, quotes: Sequence[str], glossary: Mapping[str, str]
) -> str:
    """A proven statement with the German words of the sentences that prove it (`quotes`) in
    brackets: those of the glossary behind the town's own word for them, and the name of the office,
    where both speak of one, behind its own or at the end. It stays as it is where the place is not
    clear."""
    if language not in OFFICE_WORDS:  # German
        return text
    told = " ".join(quotes)
    for german, own in glossary.items():
        if _stands(german, told) and not _stands(german, text):
            text = _behind(text, own, german)
    offices = set(_OFFICE.findall(told))
    spoken_of = re.findall(rf"\b(?:{OFFICE_WORDS[language]})", text, re.IGNORECASE)
    is_one = len(offices) == len(spoken_of) == 1
    if not is_one or re.search(r"[()]", text) or _INNER_END.search(text):
        return text
    (office,) = offices
    if _stands(office, text):
        return text
    if language in _ENDS_NAME:
        return _behind(text, spoken_of[0], office)
    return _END.sub(rf" ({office})\g<0>", text, count=1)


def _stands(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None


def _behind(text: str, own: str, german: str) -> str:
    """The text with a German word behind the one that stands for it, if that stands there once."""
    found = list(re.finditer(rf"\b{re.escape(own)}[\w'’]*+(?!\s?\()", text, re.IGNORECASE))
    if len(found) != 1:
        return text
    end = found[0].end()
    return f"{text[:end]} ({german}){text[end:]}"
