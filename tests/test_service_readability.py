"""How easily a text reads, by a formula that anybody can look up."""

from __future__ import annotations

import pytest

from service.readability import count_syllables, measure_readability

EASY = "Sie haben einen Hund. Dann zahlen Sie Steuer. Sie zahlen sie einmal im Jahr."
HARD = (
    "Die Hundesteuerpflicht entsteht bei Überschreitung der Höchsthaltedauer einer "
    "vorübergehenden unentgeltlichen Beaufsichtigung ungeachtet anderweitiger "
    "Veranlagungsvoraussetzungen mit Ablauf des Kalendermonats der Haltungsaufnahme."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("Hund", 1), ("Steuer", 2), ("Gebühren", 3), ("Häuser", 2), ("Satzung", 2), ("24", 1)],
)
def test_syllables_are_counted_by_their_vowels(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_formula_is_the_first_wiener_sachtextformel() -> None:
    # 10 words in 2 sentences; 1 of three syllables, 2 of more than six letters, 8 of one syllable
    found = measure_readability("Der Hund ist nun im Haus. Die Gebühren zahlt Herbert.")
    assert found is not None
    assert (found.words, found.sentence_length, found.long_words) == (10, 5.0, 0.2)
    assert found.grade == pytest.approx(
        0.1935 * 10 + 0.1672 * 5 + 0.1297 * 20 - 0.0327 * 80 - 0.875
    )


def test_office_german_is_harder_than_plain_words() -> None:
    easy, hard = measure_readability(EASY), measure_readability(HARD)
    assert easy is not None
    assert hard is not None
    assert easy.grade < 4
    assert hard.grade > 15


def test_an_abbreviation_or_an_amount_ends_no_sentence() -> None:
    text = "Nach § 5 Abs. 1 zahlen Sie ca. 108,00 Euro, bzw. Ihr Nachbar zahlt für den Hund."
    found = measure_readability(text)
    assert found is not None
    assert found.sentence_length == found.words


@pytest.mark.parametrize("text", ["", "Guten Tag!", "§ 5"])
def test_a_text_of_a_few_words_has_no_figure(text: str) -> None:
    assert measure_readability(text) is None
