"""Facts are the same however the twelve languages write them."""

from __future__ import annotations

import pytest

from service.facts import FactKind, find_facts, normal_text


def facts(text: str, language: str = "de") -> list[tuple[str, str, str]]:
    found = find_facts(normal_text(text, language), language)
    return [(fact.kind.value, fact.value, fact.unit) for fact in found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "150,00 €"),
        ("de", "hundertfünfzig Euro"),
        ("en", "150.00 EUR"),
        ("en", "€150"),
        ("tr", "yüz elli avro"),
        ("uk", "сто п'ятдесят євро"),
        ("ru", "ста пятидесяти евро"),
        ("ar", "١٥٠ يورو"),
        ("ar", "مائة وخمسون يورو"),
        ("fa", "۱۵۰٫۰۰ یورو"),
        ("fa", "صد و پنجاه یورو"),
        ("fr", "cent cinquante euros"),
        ("pl", "sto pięćdziesiąt euro"),
        ("es", "ciento cincuenta euros"),
        ("it", "centocinquanta euro"),
        ("ro", "150 de euro"),
    ],
)
def test_an_amount_is_the_same_in_every_writing(language: str, text: str) -> None:
    assert facts(text, language) == [("number", "150", "euro")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "am 1.6.2025"),
        ("de", "am 1. Juni 2025"),
        ("en", "on 1 June 2025"),
        ("en", "on June 1, 2025"),
        ("tr", "1 Haziran 2025'te"),
        ("ar", "٢٠٢٥/٦/١"),
        ("fa", "۱ ژوئن ۲۰۲۵"),
        ("uk", "1 червня 2025"),
        ("ru", "1 июня 2025"),
        ("fr", "le 1er juin 2025"),
        ("pl", "1 czerwca 2025"),
        ("es", "el 1 de junio de 2025"),
        ("it", "il 1° giugno 2025"),
        ("ro", "1 iunie 2025"),
    ],
)
def test_a_date_is_the_same_in_every_writing(language: str, text: str) -> None:
    assert facts(text, language) == [("date", "2025-06-01", "")]


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "8 Uhr"), ("de", "8.00 Uhr"), ("en", "8 am"), ("en", "8:00"), ("fr", "8 h")],
)
def test_a_time_is_the_same_in_every_writing(language: str, text: str) -> None:
    assert facts(text, language) == [("time", "08:00", "")]


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "zwei Wochen"), ("en", "2 weeks"), ("tr", "iki hafta"), ("ru", "двух недель"),
     ("uk", "двох тижнів"), ("ar", "أسبوعين"), ("fa", "دو هفته"), ("fr", "deux semaines"),
     ("pl", "dwóch tygodni"), ("es", "dos semanas"), ("it", "due settimane"),
     ("ro", "două săptămâni")],
)  # fmt: skip
def test_a_period_is_the_same_in_every_language(language: str, text: str) -> None:
    assert facts(text, language) == [("number", "2", "week")]


def test_two_weeks_measure_as_fourteen_days_and_not_as_two_months() -> None:
    weeks, days, months = (
        find_facts(text, "de")[0].measure for text in ("2 wochen", "14 tage", "2 monate")
    )
    assert weeks == days != months


def test_sections_contacts_and_percentages_are_told_apart() -> None:
    assert facts("§ 5 Abs. 1: 10 v. H., Telefon 09999 123-100, amt@stadt.example") == [
        ("section", "5", ""),
        ("part", "1", ""),
        ("number", "10", "percent"),
        ("contact", "09999123100", ""),
        ("contact", "amt@stadt.example", ""),
    ]
    assert facts("section 5 (1)", "en") == [("section", "5", ""), ("part", "1", "")]
    assert facts("+49 9999 123100")[0] == ("contact", "09999123100", "")


def test_words_that_only_look_like_numbers_and_months_are_none() -> None:
    assert facts("it may march on", "en") == []
    assert facts("Lei sei qui", "it") == []
    assert facts("cu mai mult", "ro") == []
    assert facts("diez por ciento", "es") == [("number", "10", "percent")]
    assert FactKind.MONTH.value == facts("from May to June", "en")[0][0]
