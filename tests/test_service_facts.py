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


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "innerhalb eines Monats"), ("en", "within one month"), ("en", "within a month"),
     ("tr", "bir ay içinde"), ("uk", "протягом місяця"), ("uk", "протягом одного місяця"),
     ("ru", "в течение месяца"), ("ru", "один месяц"), ("ar", "خلال شهر"), ("fa", "ظرف یک ماه"),
     ("fr", "dans un délai d'un mois"), ("pl", "w ciągu miesiąca"), ("pl", "jeden miesiąc"),
     ("es", "en un mes"), ("it", "entro un mese"), ("ro", "în termen de o lună")],
)  # fmt: skip
def test_one_month_counts_in_every_language_without_a_number_too(language: str, text: str) -> None:
    assert facts(text, language) == [("number", "1", "month")]


def test_one_of_anything_else_is_no_figure_and_half_a_year_is_six_months() -> None:
    assert facts("one dog, for a dog, ein Hund", "en") == []
    assert facts("خلال شهر أغسطس", "ar") == [("month", "8", "")]
    assert facts("ein halbes Jahr") == facts("six months", "en") == [("number", "6", "month")]
    hour, minutes = (find_facts(text, "en")[0].measure for text in ("1 hour", "60 minutes"))
    assert hour == minutes


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "108 Euro im Monat"), ("de", "108 Euro je Kind und Monat"), ("de", "108 €/Monat"),
     ("de", "monatlich 108 Euro"), ("en", "108 euros a month"), ("tr", "ayda 108 avro"),
     ("uk", "108 євро на місяць"), ("ru", "108 евро в месяц"), ("ar", "108 يورو شهرياً"),
     ("fa", "۱۰۸ یورو در ماه"), ("fr", "108 euros par mois"), ("pl", "108 euro miesięcznie"),
     ("es", "108 euros al mes"), ("it", "108 euro al mese"), ("ro", "108 euro pe lună")],
)  # fmt: skip
def test_an_amount_is_told_for_its_period(language: str, text: str) -> None:
    assert sorted(facts(text, language)) == [("number", "108", "euro"), ("period", "month", "")]


def test_a_year_that_is_named_is_no_period() -> None:
    assert facts("Im Jahr 2026 am Tag der Trauung") == [("number", "2026", "")]


def test_other_money_and_millions_are_other_amounts() -> None:
    assert facts("108 US-Dollar") == facts("$108", "en") == [("number", "108", "money")]
    assert facts("2 Millionen Euro") == [("number", "2000000", "euro")]


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Mo–Mi 8:00 Uhr"), ("de", "montags bis mittwochs, 8 Uhr"),
     ("en", "Monday to Wednesday, 8 am"), ("tr", "pazartesiden çarşambaya 8:00"),
     ("uk", "з понеділка по середу, 8:00"), ("ru", "с понедельника по среду, 8:00"),
     ("ar", "من الاثنين إلى الأربعاء 8:00"), ("fa", "از دوشنبه تا چهارشنبه 8:00"),
     ("fr", "du lundi au mercredi à 8 h"), ("pl", "od poniedziałku do środy, 8:00"),
     ("es", "de lunes a miércoles, 8:00"), ("it", "dal lunedì al mercoledì, 8:00"),
     ("ro", "de luni până miercuri, 8:00")],
)  # fmt: skip
def test_from_monday_to_wednesday_is_on_tuesday_in_every_language(language: str, text: str) -> None:
    days = [("weekday", day, "") for day in ("mon", "tue", "wed")]
    assert facts(text, language) == [*days, ("time", "08:00", "")]


def test_words_that_only_look_like_days_of_the_week_are_none() -> None:
    assert facts("so ist es; do you see the sun, mi casa di fr") == []
    assert facts("sechs Monate", "ro") == facts("șase luni", "ro") == [("number", "6", "month")]
    assert facts("защищает окружающую среду", "ru") == []


def test_accounts_sites_handles_and_codes_are_facts() -> None:
    text = "DE89 3704 0044 0532 0130 00, DE89370400440532013000"
    assert facts(text) == [("contact", "de89370400440532013000", "")] * 2
    assert facts("hundesteuer-auental.shop, bit.ly, @hundesteuer_auental.") == [
        ("contact", "hundesteuer-auental.shop", ""),
        ("contact", "bit.ly", ""),
        ("contact", "@hundesteuer_auental", ""),
    ]
    assert facts("Zimmer B12") == [("code", "b12", "")]


def test_a_dot_without_a_space_makes_no_site() -> None:
    text = "z.B. d.h. i.d.R. Abs.1 inkl.MwSt. nach dem Einzug.Danach 108 Euro.Die Frist"
    assert facts(text) == [("part", "1", ""), ("number", "108", "euro")]


def test_german_words_that_hold_a_number_or_a_unit_are_facts() -> None:
    assert facts("eine dreimonatige Frist") == [("number", "1", ""), ("number", "3", "month")]
    assert facts("die 14-tägige Leerung") == facts("alle 14 Tage") == [("number", "14", "day")]
    assert (
        facts("600 Unterrichtsstunden") == facts("600 hours", "en") == [("number", "600", "hour")]
    )
    assert facts("1 m breit") == facts("einen Meter breit") == [("number", "1", "metre")]
    assert facts("Minderjährige") == []
