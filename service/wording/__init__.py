"""What citizens read: every text by name, in their language, with dates and lists as written there.

The English text is the source and the gettext msgid; `locales/<language>/LC_MESSAGES/auskunft.po`
holds the translations and is read as it stands, so that there is nothing to compile. `de_simple`
says in simple German what the German catalogue does not say simply enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from gettext import c2py
from importlib import resources

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from core.languages import SUPPORTED, direction

SIMPLE_GERMAN = "de-simple"  # "Einfache Sprache"; a tag as in BCP 47
WORDINGS = (*SUPPORTED, SIMPLE_GERMAN)
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
    NOTHING_HERE = "There is nothing at this address."
    NOT_UNDERSTOOD = "This request could not be understood. Please try again."

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

    # The page /ask
    ASKED_HEADING = "You asked"
    NEXT_QUESTION = "Your next question"
    NEXT_HINT = "It may go on from the last one, for example: And for the second dog?"
    PREVIOUS_QUESTION = "Your previous question:"
    START_ANEW = "Start anew"
    ONE_MOMENT = "One moment, please. I am looking in the documents."
    CONTACT_HEADING = "Here you can get help"
    OPENING_HOURS = "Opening hours"
    HELPFUL_QUESTION = "Was this helpful?"
    YES = "Yes"
    NO = "No"
    WORD_LABEL = "Tell us more, if you like"
    WORD_HINT = "Please write nothing about persons. A text with personal data is not kept."
    FEEDBACK_THANKS = "Thank you. That helps us to get better."
    WORD_DROPPED = (
        "Your text was not kept, because there may be personal data in it. Your yes or no counts."
    )
    IMPRINT = "Legal notice"
    PRIVACY = "Privacy"
    ACCESSIBILITY = "Accessibility"
    NEW_TAB = "opens in a new tab"
    TRANSLATE = "Translate this text"
    TRANSLATING = "Translating …"
    MACHINE_TRANSLATION = "Translated by machine on your device. It may be wrong."
    TRANSLATION_FAILED = "The translation did not work. Please try again."
    SUGGESTIONS = "Suggestions"

    # The widget
    WIDGET_UNAVAILABLE = "Not available right now."
    CLOSE = "Close"
    UNREACHABLE = "There is no connection at the moment. Please try again."
    CONNECTION_LOST = "The connection broke off. The answer is not complete."
    TRY_AGAIN = "Try again"
    WIDGET_NOT_ALLOWED = "Questions cannot be asked on this website. Please ask them here:"

    # The page of a source
    PAGE_OF = "Page {number} of {count}"
    PICTURE_OF_PAGE = "Picture of page {number} of {count}"
    PASSAGE_MARKED = "The quoted passage is marked."
    PASSAGE_NOT_MARKED = "The quoted passage is marked in the text only."
    PASSAGE_MISSING = "The quoted passage is not on this page."
    PASSAGE = "Quoted passage:"
    NO_PICTURE = "There is no picture of this page at the moment."
    PAGE_TEXT = "The text of this page"
    DOCUMENT_TEXT = "The text of the document"
    NO_PAGE_TEXT = "No text could be read on this page."
    ENLARGE = "Enlarge the picture"
    PAGES_OF_DOCUMENT = "Pages of this document"
    PREVIOUS_PAGE = "Previous page"
    NEXT_PAGE = "Next page"
    BACK_TO_ANSWER = "Back to the answer"

    # The reply of the front desk
    REPLY_SUBJECT = "Your question to our office"
    REPLY_SALUTATION = "Hello,"
    REPLY_CONTACT = "If you have more questions: {contact}"
    REPLY_CLOSING = "Kind regards"


class Counted(Enum):
    """What is said of a number of things, in English: of one, of several."""

    SUGGESTED = ("{number} suggestion", "{number} suggestions")


def base_language(wording: str) -> str:
    """The language that a wording is in: German for simple German."""
    return "de" if wording == SIMPLE_GERMAN else wording


def message(text: Text, language: str, **values: object) -> str:
    """A text in a language, its braces filled with `values`; in English where the language is
    not supported. Raises KeyError where a value is missing."""
    return _fill(_translations(language).get(text, text.value), language, values)


def counted(things: Counted, number: int, language: str) -> str:
    """A number of things in a language, by its rules of plural: "1 Vorschlag", "2 Vorschläge"."""
    catalogue = _catalogue(base_language(language))
    form = catalogue.forms.get(things.value[0], things.value)[catalogue.choose(number)]
    return _fill(form, language, {"number": written_number(number, language)})


def written_date(day: date, language: str) -> str:
    """A date as people write it: "1. Januar 2024", "1 January 2024"."""
    return format_date(day, "long", locale=_locale(language))


def short_date(day: date, language: str) -> str:
    """A date in digits: "1.6.2025", "01/06/2025"."""
    return format_skeleton("yMd", day, locale=_locale(language))


def written_number(number: float, language: str) -> str:
    """A number with the separators of the language: "1.000,5" in German."""
    return format_decimal(number, locale=_locale(language))


def written_list(names: Sequence[str], language: str) -> str:
    """Names as alternatives: "Aichelberg, Bad Boll oder Konstanz"."""
    return format_list(list(names), style="or", locale=_locale(language))


def _fill(text: str, language: str, values: Mapping[str, object]) -> str:
    if direction(language) == "rtl":  # a German name or number keeps its own direction
        values = {name: f"{_ISOLATE}{value}{_END_ISOLATE}" for name, value in values.items()}
    return text.format(**values)


def _locale(language: str) -> str:
    language = base_language(language)
    return language if language in SUPPORTED and language != "en" else "en_GB"


@cache
def _translations(language: str) -> Mapping[str, str]:
    """The words of a language by the English text; those of simple German where there are such,
    else the usual ones."""
    forms = _catalogue(base_language(language)).forms
    if language == SIMPLE_GERMAN:
        forms = {**forms, **_catalogue(SIMPLE_GERMAN).forms}
    return {english: translated[0] for english, translated in forms.items()}


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The translations of a language by the English text (that of one thing, where it is counted),
    each in all its forms; `choose` tells which form a number takes."""

    forms: Mapping[str, tuple[str, ...]]
    choose: Callable[[int], int]


@cache
def _catalogue(language: str) -> _Catalogue:
    """The catalogue of a wording; without translations, and with the English rule of plural, where
    there is none."""
    if language not in WORDINGS or language == "en":
        return _Catalogue({}, lambda number: int(number != 1))
    folder = resources.files(__name__) / "locales" / language.replace("-", "_")
    with (folder / "LC_MESSAGES" / "auskunft.po").open("rb") as file:
        catalogue = read_po(file, locale=base_language(language))
    entries = ((_all(entry.id)[0], _all(entry.string)) for entry in catalogue if entry.id)
    forms = {english: translated for english, translated in entries if all(translated)}
    return _Catalogue(forms, c2py(catalogue.plural_expr))


def _all(text: object) -> tuple[str, ...]:
    """The text that an entry of a catalogue has, or all of them."""
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)
