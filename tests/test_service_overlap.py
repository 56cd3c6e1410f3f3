"""How much of a question's wording stands in texts."""

from __future__ import annotations

import pytest

from service.overlap import MEASURES, share_known, share_of_matter, shared_wording

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
    ("question", "shares"),
    [
        ("Was kostet ein Angelschein?", [0.0]),  # neither "kostet" nor "Euro" says what it is about
        ("Satzungen beantragen", [1.0]),
        ("Angelschein und Satzung", [0.0, 1.0]),
    ],
)
def test_what_a_question_is_about_may_stand_nowhere_in_the_text(
    question: str, shares: list[float]
) -> None:
    assert share_of_matter(question, "de", " ".join(TEXTS))[0].tolist() == shares


def test_a_known_share_lies_between_none_and_all() -> None:
    text = " ".join(TEXTS)
    assert share_known("Satzung", text) == 1
    assert share_known("Angelschein", text) == 0
    assert 0 < share_known("Hundesatzung", text) < 1
