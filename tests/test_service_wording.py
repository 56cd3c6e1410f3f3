"""What citizens read: complete in every language, the same values in each, numbers unharmed."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from core.languages import SUPPORTED
from service.endings import NOT_FOUND, lead, reply_language
from service.wording import (
    SIMPLE_GERMAN,
    Counted,
    Text,
    counted,
    message,
    short_date,
    written_date,
    written_list,
    written_number,
)

LONG = 60  # characters
MOST_WORDS = 12  # of a sentence in simple German
TRANSLATED = [language for language in SUPPORTED if language != "en"]
VALUES = {
    name: f"<{name}>"
    for name in ("contact", "count", "date", "limit", "number", "place", "town", "towns")
}


def _catalogue(language: str) -> Catalog:
    path = resources.files("service.wording") / "locales" / language / "LC_MESSAGES" / "auskunft.po"
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _texts(language: str) -> dict[str, str]:
    entries = (entry for entry in _catalogue(language) if entry.id and not entry.pluralizable)
    return {str(entry.id): str(entry.string) for entry in entries}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    texts = _texts(language)
    assert set(texts) == {text.value for text in Text}
    assert all(texts.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_number_of_things_has_all_plural_forms_of_the_language(language: str) -> None:
    catalogue = _catalogue(language)
    forms = {entry.id: entry.string for entry in catalogue if entry.id and entry.pluralizable}
    assert set(forms) == {things.value for things in Counted}
    for translated in forms.values():
        assert len(translated) == catalogue.num_plurals
        assert all(translated)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_values_and_telephone_numbers(language: str) -> None:
    for english, translated in _texts(language).items():
        for pattern in (r"\{\w+\}", r"\d{3,}"):
            expected = sorted(re.findall(pattern, english))
            assert sorted(re.findall(pattern, translated)) == expected, translated


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_of_sentences_differ_from_the_english(language: str) -> None:
    same = [english for english, text in _texts(language).items() if english == text]
    assert not [text for text in same if len(text.split()) > 2]


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_text_can_be_filled(language: str) -> None:
    for text in Text:
        said = message(text, language, **VALUES)
        assert "{" not in said
        assert said == said.strip()


def test_a_language_that_is_not_served_is_answered_in_english() -> None:
    assert message(Text.LEAD, "sq") == "The documents say:"
    assert written_date(date(2024, 1, 1), "sq") == "1 January 2024"


def test_a_german_name_keeps_its_direction_in_an_arabic_sentence() -> None:
    assert "\u2068Bad Boll\u2069" in message(Text.LEAD_OF_TOWN, "ar", town="Bad Boll")
    assert "\u2068" not in message(Text.LEAD_OF_TOWN, "de", town="Bad Boll")


def test_dates_numbers_and_lists_are_written_as_in_the_language() -> None:
    assert written_date(date(2024, 1, 1), "de") == "1. Januar 2024"
    assert written_date(date(2024, 1, 1), "tr") == "1 Ocak 2024"
    assert short_date(date(2025, 6, 1), "de") == "1.6.2025"
    assert written_number(1000, "de") == "1.000"
    assert written_list(["Aichelberg", "Konstanz"], "de") == "Aichelberg oder Konstanz"


@pytest.mark.parametrize("language", SUPPORTED)
def test_dates_and_lists_can_be_written_in_every_language(language: str) -> None:
    assert "2024" in written_date(date(2024, 1, 1), language)
    assert written_list(["A", "B", "C"], language).count("B") == 1


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("de", 1, "1 Vorschlag"),
        ("en", 2, "2 suggestions"),
        ("fr", 0, "0 suggestion"),
        ("uk", 3, "3 підказки"),
        ("pl", 5, "5 podpowiedzi"),
        ("ar", 2, "اقتراحان"),
        ("tr", 8, "8 öneri"),
        (SIMPLE_GERMAN, 2, "2 Vorschläge"),
    ],
)
def test_things_are_counted_by_the_rules_of_the_language(
    language: str, number: int, said: str
) -> None:
    assert counted(Counted.SUGGESTED, number, language) == said


def test_what_is_long_in_german_is_said_in_simple_german_too() -> None:
    usual, simple = _texts("de"), _texts("de_simple")

    assert simple.keys() <= usual.keys()
    assert [text for text in Text if len(usual[text]) > LONG and text not in simple] == []


def test_simple_german_is_said_in_short_sentences() -> None:
    for english, said in _texts("de_simple").items():
        for pattern in (r"\{\w+\}", r"\d{3,}"):
            assert sorted(re.findall(pattern, said)) == sorted(re.findall(pattern, english)), said
        for sentence in re.split(r"[.?!:] ", said):
            assert len(sentence.split()) <= MOST_WORDS, sentence
        assert ";" not in said


def test_what_simple_german_does_not_say_anew_is_said_as_usual() -> None:
    assert message(Text.SOURCES_HEADING, SIMPLE_GERMAN) == "Quellen"
    assert message(Text.INTRODUCTION, SIMPLE_GERMAN) != message(Text.INTRODUCTION, "de")


def test_answers_can_be_had_in_simple_german() -> None:
    assert reply_language("DE-simple") == SIMPLE_GERMAN
    assert reply_language("de-AT") == "de"
    told = NOT_FOUND.answer(SIMPLE_GERMAN, "Bürgerbüro").message
    assert told.startswith("Dazu steht nichts Sicheres")
    assert lead(set(), SIMPLE_GERMAN, {"de"}) == "In den Unterlagen steht:"  # binding as it is


def test_an_answer_in_doubt_says_so_first() -> None:
    said = lead(set(), "de", {"de"}, is_sure=False)
    assert said == "Ich bin nicht sicher, ob das Ihre Frage beantwortet. In den Unterlagen steht:"


def test_a_german_reply_may_go_on_with_a_capital_after_its_salutation() -> None:
    assert message(Text.REPLY_SALUTATION, "de").endswith("!")
