"""What citizens read: complete in every language, the same values in each, numbers unharmed."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest
from babel.messages.pofile import read_po

from core.languages import SUPPORTED
from service.wording import Text, message, written_date, written_list, written_number

TRANSLATED = [language for language in SUPPORTED if language != "en"]
VALUES = {
    name: f"<{name}>" for name in ("contact", "date", "limit", "number", "place", "town", "towns")
}


def _catalogue(language: str) -> dict[str, str]:
    path = resources.files("service.wording") / "locales" / language / "LC_MESSAGES" / "auskunft.po"
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    catalogue = _catalogue(language)
    assert set(catalogue) == {text.value for text in Text}
    assert all(catalogue.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_values_and_telephone_numbers(language: str) -> None:
    for english, translated in _catalogue(language).items():
        for pattern in (r"\{\w+\}", r"\d{3,}"):
            expected = sorted(re.findall(pattern, english))
            assert sorted(re.findall(pattern, translated)) == expected, translated


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_of_sentences_differ_from_the_english(language: str) -> None:
    same = [english for english, text in _catalogue(language).items() if english == text]
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
    assert written_number(1000, "de") == "1.000"
    assert written_list(["Aichelberg", "Konstanz"], "de") == "Aichelberg oder Konstanz"


@pytest.mark.parametrize("language", SUPPORTED)
def test_dates_and_lists_can_be_written_in_every_language(language: str) -> None:
    assert "2024" in written_date(date(2024, 1, 1), language)
    assert written_list(["A", "B", "C"], language).count("B") == 1
