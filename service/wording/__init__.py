"""What citizens read: every text by name, in their language, with dates and lists as written there.

The English text (`texts.py`) is the source and the gettext msgid;
`locales/<language>/LC_MESSAGES/auskunft.po` holds the translations and is read as it stands, so
that there is nothing to compile. `de_simple` says in simple German what the German catalogue does
not say simply enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import c2py
from importlib import resources

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from core.languages import SUPPORTED, direction
from service.wording.texts import Counted as Counted  # they are had from here
from service.wording.texts import Text as Text

SIMPLE_GERMAN = "de-simple"  # "Einfache Sprache"; a tag as in BCP 47
WORDINGS = (*SUPPORTED, SIMPLE_GERMAN)
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


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
