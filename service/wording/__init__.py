"""What citizens read: every text by name, in their language, with dates and lists as written there.

The English text is the source and the gettext msgid; `locales/<language>/LC_MESSAGES/auskunft.po`
holds the translations and is read as it stands, so that there is nothing to compile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from core.languages import SUPPORTED, direction

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


class Text(StrEnum):
    """Everything that is said to citizens, in English; braces hold values."""

    # Answers
    LEAD = "The documents say:"
    LEAD_OF_TOWN = "The documents of {town} say:"
    GERMAN_IS_BINDING = "The documents are in German. Only the German text is legally binding."
    NOT_IN_DOCUMENTS = (
        "I found nothing certain about this in the documents. Here you can get help: {contact}."
    )
    DEFAULT_CONTACT = "the public service number 115"
    OTHER_TOWN = (
        "{place}: this site has no documents from there. Please ask the local office there."
    )
    NEEDS_TOWN = "The answer is not the same everywhere. Which town do you mean? {towns}"
    OUT_OF_SCOPE = (
        "I only answer questions about public offices, their services and rules. "
        "Please ask me about those."
    )
    NO_MEDICAL_ADVICE = (
        "I cannot give medical advice. Please ask a doctor; outside surgery hours call 116117. "
        "If a life is in danger, call 112."
    )
    NO_LEGAL_ADVICE = (
        "I cannot advise you on your own legal case. Please ask a lawyer or an advice centre."
    )
    NO_PERSONAL_DATA = (
        "I know nothing about individual people or applications. Here you can get help: {contact}."
    )
    GREETING = "Hello! What would you like to know about public offices, their services and rules?"
    THANKS = "You are welcome. You can ask another question at any time."
    EMERGENCY = (
        "If you or someone else is in danger, call now: 112 for the fire brigade and ambulance, "
        "110 for the police. The calls are free. "
        "Someone will also listen to you day and night, free of charge: "
        "0800 1110111 (Telefonseelsorge, when you can no longer cope) and "
        "116016 (help for women who experience violence, in many languages)."
    )
    REFUSED = (
        "I cannot do that. Please ask a question about public offices, their services and rules."
    )

    # Errors
    QUESTION_EMPTY = "Please type your question in words."
    QUESTION_TOO_LONG = "Your question is too long. Please use at most {limit} characters."
    TOO_MANY_REQUESTS = "Too many questions at once. Please wait a moment and try again."
    NOT_READY = "The service is just starting. Please try again in a moment."
    TOWN_UNKNOWN = "There are no documents from a town with this name here."
    TOWN_AMBIGUOUS = "Several towns have this name. Please choose one: {towns}"
    DOCUMENT_WITHDRAWN = "This document was withdrawn; it no longer applies."
    FAILED = "Something went wrong on our side. Please try again later."

    # The page
    SKIP_LINK = "Skip to content"
    HEADING = "Ask your public office"
    INTRODUCTION = "The answers are taken word for word from official documents."
    QUESTION_LABEL = "Your question"
    QUESTION_HINT = "For example: How much is the dog tax? Please do not enter personal data."
    TOWN_LABEL = "Town or municipality"
    NO_TOWN = "not chosen"
    LANGUAGE_LABEL = "Language"
    ASK = "Ask"
    ASK_AGAIN = "Ask another question"
    ANSWER_HEADING = "Answer"
    SOURCES_HEADING = "Sources"
    RELATED_HEADING = "More on this"
    SOURCE = "Source {number}"
    PAGE = "page {number}"
    AS_OF = "as of {date}"
    IN_FORCE_FROM = "in force from {date}"
    IN_FORCE_UNTIL = "in force until {date}"
    PUBLISHED_ON = "published on {date}"
    COMING_HEADING = "What will change"
    FROM_DAY = "From {date}:"
    OPEN_ORIGINAL = "Open the original"
    MADE_BY_MACHINE = "Did a machine write this answer?"
    MADE_OF_SENTENCES = "No. These are sentences from the documents, word for word."
    MADE_BY_PEOPLE = "No. The office wrote and approved this answer."
    MADE_BY_MODEL = "Yes, from the documents that are named. Please check the sources."


def message(text: Text, language: str, **values: object) -> str:
    """A text in a language, its braces filled with `values`; in English where the language is
    not supported. Raises KeyError where a value is missing."""
    if direction(language) == "rtl":  # a German name or number keeps its own direction
        values = {name: f"{_ISOLATE}{value}{_END_ISOLATE}" for name, value in values.items()}
    return _translations(language).get(text, text.value).format(**values)


def written_date(day: date, language: str) -> str:
    """A date as people write it: "1. Januar 2024", "1 January 2024"."""
    return format_date(day, "long", locale=_locale(language))


def written_number(number: float, language: str) -> str:
    """A number with the separators of the language: "1.000,5" in German."""
    return format_decimal(number, locale=_locale(language))


def written_list(names: Sequence[str], language: str) -> str:
    """Names as alternatives: "Aichelberg, Bad Boll oder Konstanz"."""
    return format_list(list(names), style="or", locale=_locale(language))


def _locale(language: str) -> str:
    return language if language in SUPPORTED and language != "en" else "en_GB"


@cache
def _translations(language: str) -> dict[str, str]:
    """The catalogue of a language: English text → translation; empty where there is none."""
    if language not in SUPPORTED or language == "en":
        return {}
    path = resources.files(__name__) / "locales" / language / "LC_MESSAGES" / "auskunft.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
