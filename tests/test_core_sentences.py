"""Sentences end where people end them, in legal German and in other scripts."""

import pytest

from core.sentences import split_sentences


def sentences(text: str, language: str = "de") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Gebühr nach § 5 Abs. 2 Nr. 3 i. V. m. § 7 S. 1 beträgt 20,00 €.",
        "Sie wird am 1. Januar fällig.",
        "Für den 2. Hund und jeden weiteren gilt die Anlage.",
        "Ab dem 3. Kind entfällt sie.",
        "Das gilt z. B. für Dr. Müller, ca. 3 km bzw. d. h. nach Art. 3 GG.",
        "Vgl. die Bek. v. 15.10.2024 BGBl. I Nr. 338 i.d.F. vom 1.1.2020.",
        "Der Verein e. V. zahlt 1.234,56 Euro in der Hauptstr. 5.",
        "1. Die Gebühr beträgt 5 Euro.",
    ],
)
def test_an_abbreviation_or_ordinal_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(f"{sentence} Danach gilt nichts.") == [sentence, "Danach gilt nichts."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Die Steuer beträgt im Kalenderjahr 2024. Danach ist sie höher.", 2),
        ("Es gilt § 5. Hunde bleiben draußen.", 2),
        ("Verboten sind Hunde aller Art. Ausnahmen gibt es nicht.", 2),
        ("„Das ist so.“ Er ging.", 2),
        ("Kommen Sie vorbei! Haben Sie Fragen? Rufen Sie an.", 3),
    ],
)
def test_a_full_stop_after_a_year_a_paragraph_or_a_quote_ends_it(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ما هي الرسوم؟ الرسوم خمسون يورو. يجب الدفع فورا.", "ar"),
        ("هزینه چقدر است؟ هزینه پنجاه یورو است۔ لطفا بپردازید.", "fa"),
        ("费用是多少？费用为50欧元。请付款！", "zh"),
        ("Сколько стоит? Сбор составляет 50 евро, см. ст. 5. Платите вовремя.", "ru"),
    ],
)
def test_other_scripts_have_their_own_endings(text: str, language: str) -> None:
    assert len(sentences(text, language)) == 3


def test_a_line_break_always_ends_a_sentence_and_a_line_without_words_is_none() -> None:
    assert sentences("Montag 8 bis 12\n---\nDienstag geschlossen") == [
        "Montag 8 bis 12",
        "Dienstag geschlossen",
    ]


def test_a_very_long_line_is_split_in_a_time_that_grows_with_its_length_only() -> None:
    assert len(split_sentences("Das ist ein Satz. " * 50_000)) == 50_000
