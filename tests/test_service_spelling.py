"""Spelling: inflected names lead back to the name, and words keep their place in the text."""

from __future__ import annotations

import pytest

from service.spelling import cases, fold, split_words


@pytest.mark.parametrize(
    ("inflected", "name"),
    [
        ("Auentals", "Auental"),
        ("Auentalde", "Auental"),
        ("Flunkbergu", "Flunkberg"),
        ("Flunkfurcie", "Flunkfurt"),
        ("Flunkerdze", "Flunkerga"),
        ("Flunkece", "Flunkeka"),
        ("Flunkonii", "Flunkonia"),
        ("Флункбурзі", "Флункбург"),
        ("Флункбеці", "Флункбек"),
        ("Флункштадте", "Флункштадт"),
    ],
)
def test_a_case_leads_back_to_its_name(inflected: str, name: str) -> None:
    assert fold(name) in set(cases(fold(inflected)))


def test_words_say_where_they_stand() -> None:
    text = "Köln'de park, Bad-Flunk"
    words = split_words(text)
    assert [text[word.start : word.end] for word in words] == ["Köln", "de", "park", "Bad", "Flunk"]
    assert [word.has_ending for word in words] == [True, False, False, False, False]
    assert [word.is_joined for word in words] == [False, False, False, False, True]
