"""Which day a question names, in every language, and which years are of something else."""

from __future__ import annotations

from datetime import date

import pytest

from service.named_days import named_day, without_years

TODAY = date(2026, 11, 22)


def named(question: str, language: str = "de") -> str:
    day = named_day(question, language, TODAY)
    return str(day) if day else ""


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Was kostete die Hundesteuer 2023?"),
        ("de", "Ich sortiere alte Bescheide: was hat die Stadt im Jahr 2023 verlangt?"),
        ("de", "hundesteuer 2023"),
        ("de", "hundesteuer 2023 erster Hund"),
        ("de", "Wie hoch war 2023 die Hundesteuer?"),
        ("ru", "налог на собаку 2023 сколько"),
        ("en", "How much was the dog tax in 2023?"),
        ("tr", "2023'te köpek vergisi ne kadardı?"),
        ("uk", "скільки коштував податок на собаку у 2023 році"),
        ("ru", "сколько стоил налог на собаку в 2023 году?"),
        ("ar", "كم كانت ضريبة الكلاب في ٢٠٢٣؟"),
        ("fa", "مالیات سگ در سال ۲۰۲۳ چقدر بود؟"),
        ("fr", "Combien coûtait la taxe sur les chiens en 2023 ?"),
        ("pl", "ile wynosił podatek od psa w 2023 roku"),
        ("es", "¿Cuánto costaba el impuesto de perros en 2023?"),
        ("it", "Quanto costava la tassa sui cani nel 2023?"),
        ("ro", "Cât costa taxa pe câine în 2023?"),
    ],
)
def test_a_year_stands_for_its_middle(language: str, question: str) -> None:
    assert named(question, language) == "2023-07-01"


def test_a_day_is_taken_at_its_word() -> None:
    assert named("Was kostet die Tonne ab 1.1.2027?") == "2027-01-01"
    assert named("Was kostet die Tonne ab dem 1. 9. 2027?") == "2027-09-01"
    assert named("Was gilt am 31.2.2027?") == ""
    assert named("Was kostete die Tonne am 15. März 2023?") == "2023-03-15"
    assert named("Was kostet die Tonne ab 1. Januar 2027?") == "2027-01-01"
    assert named("Was kostet die Tonne ab dem 1.12.2026?") == "2026-12-01"  # still to come
    assert named("What did the bin cost on 1 March 2023?", "en") == "2023-03-01"
    assert named("Скільки коштував контейнер 1 березня 2023 року?", "uk") == "2023-03-01"
    assert named("Combien coûtait le bac le 1er mars 2023 ?", "fr") == "2023-03-01"


def test_this_year_is_today() -> None:
    assert named("Und heute?") == "2026-11-22"
    assert named("Combien aujourd'hui ?", "fr") == "2026-11-22"
    assert named("Was kostet die Hundesteuer 2026?") == "2026-11-22"


@pytest.mark.parametrize(
    ("language", "last", "following"),
    [
        ("de", "Was kostete sie letztes Jahr?", "Was kostet sie nächstes Jahr?"),
        ("en", "What was it last year?", "What will it be next year?"),
        ("tr", "Geçen yıl ne kadardı?", "Gelecek yıl ne kadar?"),
        ("uk", "Скільки було минулого року?", "Скільки буде наступного року?"),
        ("ru", "Сколько было в прошлом году?", "Сколько будет в следующем году?"),
        ("ar", "كم كانت في العام الماضي؟", "كم ستكون في العام القادم؟"),
        ("fa", "سال گذشته چقدر بود؟", "سال آینده چقدر است؟"),
        ("fr", "Combien l'année dernière ?", "Combien l'année prochaine ?"),
        ("pl", "Ile w zeszłym roku?", "Ile w przyszłym roku?"),
        ("es", "¿Cuánto era el año pasado?", "¿Cuánto será el año que viene?"),
        ("it", "Quanto era l'anno scorso?", "Quanto sarà l'anno prossimo?"),
        ("ro", "Cât era anul trecut?", "Cât va fi anul viitor?"),
    ],
)
def test_last_and_next_year_are_counted_from_today(
    language: str, last: str, following: str
) -> None:
    assert named(last, language) == "2025-07-01"
    assert named(following, language) == "2027-07-01"


@pytest.mark.parametrize(
    "question",
    [
        "Was kostet die Hundesteuer?",
        "Ich wohne seit 2019 hier, was kostet die Hundesteuer?",
        "Was kostet es seit 2019?",
        "Was braucht ein Kind, geboren 2007?",
        "Rosa Führerschein Jahrgang 1965, bis wann umtauschen?",
        "Was kostet die Zulassung, Baujahr 2015?",
        "Ich habe 2023 einen Hund gekauft. Was kostet die Hundesteuer?",
        "Was kostet ein Hund, den ich 2023 gekauft habe?",
        "Warum zahle ich 2023 Euro?",
        "Warum zahle ich 2.023,00 Euro?",
        "Was regelt § 2023?",
        "Wie weit ist WG-2023-0417?",
        "Was kostet ein Kindergartenplatz 2023/24?",
        "Wie viel mehr als 2023 zahle ich 2025?",
        "Was kostet ein Fest mit 2020 Besuchern?",
        "Was zahlt man bei einem Einkommen von €2020?",
        "Was zahlt man bei EUR 2020?",
        "Was zahlt man bei 2020,- Euro?",
        "Was kostet eine Fläche von 2020 Quadratmetern?",
        "Was kostet der Umbau von 2000?",
        "Wen erreiche ich unter 07164 2022?",
        "Wem gehört die Hauptstraße 2022?",
        "Was steht in Paragraph 2023?",
        "Gibt es einen Platz für mein 2023 zur Welt gekommenes Kind?",
        "Wann bekommt ein Kind des Jahrgangs 2020 einen Platz?",
    ],
)
def test_other_years_and_numbers_name_no_day(question: str) -> None:
    assert named(question) == ""


def test_from_a_year_on_is_that_year_only_where_it_is_to_come() -> None:
    assert named("What does it cost from 2027?", "en") == "2027-07-01"
    assert named("What does it cost from 2019?", "en") == ""


def test_another_language_than_ours_names_no_day() -> None:
    assert named("Hoeveel kostte de hondenbelasting in 2023?", "nl") == ""


def test_the_year_is_not_looked_for_in_the_text_of_the_law() -> None:
    asked = "Was kostet die Tonne 80 Liter 2027?"
    assert without_years(asked) == "Was kostet die Tonne 80 Liter ?"


@pytest.mark.parametrize(
    "question",
    [
        "Wann ist Zimmer 2025 offen?",
        "Wer hat Postfach 2024 im Rathaus?",
        "Was kostet ein 2023 gekaufter Hund im Jahr?",
        "Darf ich mit einem Führerschein von 2024 fahren?",
    ],
)
def test_a_recent_year_may_be_of_something_else(question: str) -> None:
    assert named(question) == ""


def test_a_number_too_large_for_a_year_names_no_day() -> None:
    assert named("Was wurde aus 3000000000") == named("Was sind 3 Milliarden") == ""
