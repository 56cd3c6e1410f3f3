"""Text of PDF pages: hyphens, ligatures, marks, amounts."""

from __future__ import annotations

import pytest

from ingest.readers.pdf_text import (
    is_amount,
    is_garbled,
    join_lines,
    opens_item,
    plain,
    split_leader,
)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["die Hunde-", "steuer"], "die Hundesteuer"),
        (["die Hunde\u00ad", "steuer"], "die Hundesteuer"),
        (["das Melde-", "und Passwesen"], "das Melde- und Passwesen"),
        (["im Nord-", "Süd-Dialog"], "im Nord-Süd-Dialog"),
        (["per E-", "Mail"], "per E-Mail"),
        (["eine EU-", "weite Regel"], "eine EU-weite Regel"),
        (["von 8 -", "12 Uhr"], "von 8 - 12 Uhr"),
        (["Antragsteller/", "Antragstellerin"], "Antragsteller/Antragstellerin"),
        (["zwei  Wörter ", " und mehr"], "zwei Wörter und mehr"),
    ],
)
def test_lines_of_a_paragraph_are_joined_with_their_hyphens_mended(
    lines: list[str], joined: str
) -> None:
    assert join_lines(lines) == joined


def test_ligatures_and_odd_spaces_become_plain_and_meaning_stays() -> None:
    assert plain("Gra\ufb01k, O\ufb03ce") == "Grafik, Office"
    assert plain("§\u00a05,\u202f20\u2009€") == "§ 5, 20 €"
    assert plain("120 m² und ½ Stunde") == "120 m² und ½ Stunde"
    assert plain("Gebu\u0308hr") == "Gebühr"
    assert plain("\uf0b7 Ausweis") == "• Ausweis"


@pytest.mark.parametrize(
    "text",
    [
        "108,00 Euro",
        "1.150,00 €",
        "2.500,-- EUR",
        "85,00 – 2.500,00",
        "5 %",
        "€ 12,50",
        "bis 40,00 €",
        "0,77 €/m²",
        "kostenlos",
    ],
)
def test_sums_and_rates_are_amounts(text: str) -> None:
    assert is_amount(text)


@pytest.mark.parametrize("text", ["Reihengrab", "§ 5", "2024", "20 Jahre", "(1)", "10.00 Uhr", ""])
def test_other_texts_are_no_amounts(text: str) -> None:
    assert not is_amount(text)


@pytest.mark.parametrize("text", ["(1) Die Steuer", "2. der Halter", "a) Ersthund", "• Ausweis"])
def test_marks_open_items(text: str) -> None:
    assert opens_item(text)


@pytest.mark.parametrize("text", ["1. Januar 2024", "20.00 Uhr", "31.12.2024", "2024 gilt", "Die"])
def test_dates_and_times_open_no_items(text: str) -> None:
    assert not opens_item(text)


def test_a_leader_parts_label_and_amount() -> None:
    assert split_leader("für den ersten Hund ........ 108,00 Euro") == (
        "für den ersten Hund",
        "108,00 Euro",
    )
    assert split_leader("§ 1 Steuergegenstand . . . . . . . 3") == ("§ 1 Steuergegenstand", "3")
    assert split_leader("Und so weiter ... bis zum Ende") is None


def test_letters_without_words_are_garbled() -> None:
    assert is_garbled("\ue001\ue002\ue003" * 30)
    sentence = "DieSteuerbetraegtimJahrfuerdenerstenHundhundertachtEuro" * 3
    assert is_garbled("".join(chr(ord(letter) - 29) for letter in sentence))
    assert not is_garbled(sentence)
    assert not is_garbled("12,50 13,00 14,80 " * 20)
