from __future__ import annotations

import pytest

from core.lexical import encode_terms_document, encode_terms_query


def terms(text: str, language: str = "de") -> set[int]:
    return set(encode_terms_query(text, language).indices)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("§ 5", "§5 Abs. 1"),
        ("Paragraph 5", "§ 5 S. 2"),
        ("§ 18 a", "§ 18a."),
        ("Artikel 3", "Art. 3"),
        ("150 Euro", "150,00 €"),
        ("150 €", "150,- Euro"),
        ("1.000 Euro", "1000 EUR"),
        ("5 %", "5 Prozent"),
        ("strasse", "Straße"),
        ("Muell", "Müll"),
        ("Uebergang", "Übergang"),
        ("mu\u0308ll", "Müll"),
        ("Haus", "Häuser"),
        ("Hundesteuern", "Hundesteuer"),
        ("Gebuehren", "Gebühr"),
        ("ﬁnden", "finden"),
    ],
)
def test_spellings_of_one_thing_share_a_term(asked: str, written: str) -> None:
    assert terms(asked) & terms(written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("§ 5", "§ 6"),
        ("§ 5", "5 Euro"),
        ("§ 5a", "§ 5"),
        ("12,50", "12 und 50"),
        ("1.000", "1 und 000"),
        ("neun", "neue"),
    ],
)
def test_different_things_share_no_term(asked: str, written: str) -> None:
    assert not terms(asked) & terms(written)


@pytest.mark.parametrize("word", ["der", "und", "für", "fuer", "über", "können", "wurde"])
def test_german_stop_words_are_no_terms(word: str) -> None:
    assert terms(word) == set()


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("en", "dogs", "dog"),
        ("fr", "chiens", "chien"),
        ("tr", "köpekler", "köpek"),
        ("ru", "собаки", "собака"),
        ("ar", "الكلاب", "كلاب"),
    ],
)
def test_other_languages_are_stemmed_their_own_way(language: str, asked: str, written: str) -> None:
    assert terms(asked, language) & terms(written, language)


@pytest.mark.parametrize("language", ["uk", "pl", "fa", "xx"])
def test_languages_without_a_stemmer_keep_their_words(language: str) -> None:
    assert terms("Auental § 5 податок", language) & terms("Auental", language)
    assert len(terms("Auental § 5 податок", language)) == 3


def test_a_document_holds_the_terms_of_a_question_about_it() -> None:
    document = encode_terms_document("Die Hundesteuer beträgt 96,00 Euro im Jahr.", "de")
    assert terms("Hundesteuer Euro 96") <= set(document.indices)
    assert all(value > 0 for value in document.values)


def test_a_term_said_often_in_a_short_passage_weighs_more() -> None:
    def weight(text: str) -> float:
        document = encode_terms_document(text, "de")
        (term,) = terms("Hund")
        return document.values[document.indices.index(term)]

    assert weight("Hund Hund Katze") > weight("Hund Katze Maus")
    assert weight("Hund Katze Maus") > weight("Hund " + "Katze Maus Vogel " * 50)


def test_question_terms_weigh_the_same() -> None:
    assert set(encode_terms_query("Hund Hund Katze", "de").values) == {1.0}


@pytest.mark.parametrize("text", ["", "   ", "…", "\u200b"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert encode_terms_document(text, "de").indices == ()
