"""How much of a question's wording stands in texts."""

from __future__ import annotations

import pytest

from service.overlap import MEASURES, is_all_unknown, share_known, shared_wording

TEXTS = ["Für den zweiten Hund 216 Euro.", "Die Gebühr beträgt 30 Euro.", "Es gilt die Satzung."]


def test_endings_are_seen_through_and_numbers_are_whole() -> None:
    words, parts, numbers = shared_wording("Gebühren für Hunde, 30?", TEXTS).T
    assert words[:2].min() > 0
    assert parts[:2].min() > 0
    assert words[2] == parts[2] == 0
    assert numbers.tolist() == [0.0, 1.0, 0.0]


def test_a_rare_word_counts_for_more_than_a_frequent_one() -> None:
    words = shared_wording("Hund Euro", TEXTS)[:, 0]
    assert words[0] > words[1] > words[2] == 0


def test_without_texts_there_is_nothing_to_share() -> None:
    assert shared_wording("Was kostet ein Hund?", []).shape == (0, MEASURES)


@pytest.mark.parametrize(
    ("question", "is_unknown"),
    [
        ("Angelschein", True),
        ("Satzungen", False),
        ("Was gilt?", False),  # no long word
        ("Angelschein und Satzung", False),
    ],
)
def test_a_question_may_speak_of_nothing_in_the_texts(question: str, is_unknown: bool) -> None:
    assert is_all_unknown(question, TEXTS) is is_unknown


def test_a_known_share_lies_between_none_and_all() -> None:
    text = " ".join(TEXTS)
    assert share_known("Satzung", text) == 1
    assert share_known("Angelschein", text) == 0
    assert 0 < share_known("Hundesatzung", text) < 1
