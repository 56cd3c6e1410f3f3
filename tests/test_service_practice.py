"""Exercises: mistakes that are mistakes, letters whose personal data is known, the same by seed."""

from __future__ import annotations

from random import Random

import pytest

from core.types import Document
from service.facts import find_facts, normal_text
from service.personal import find_personal
from service.practice import Place, make_exercise
from service.practice_letters import make_letter
from service.practice_mistakes import Claim, Mistake, make_mistake

TAX = "Die Steuer beträgt für den ersten Hund 108,00 Euro im Kalenderjahr."
DUE = "Die Steuer ist am 15. Mai 2026 zu zahlen."
FREE = "Für Blindenhunde wird keine Steuer erhoben."
LATE = "Der Antrag darf nicht nach dem 01.03.2026 gestellt werden."
OPEN = "Das Bürgerbüro öffnet um 8:30 Uhr."
LABEL = "§ 5 Abs. 1 Hundesteuersatzung, S. 3"
DOCUMENT = Document("hundesteuer", "Hundesteuersatzung")
PLACES = tuple(
    Place(DOCUMENT, 3, text, f"§ {number} Hundesteuersatzung, S. 3")
    for number, text in enumerate((TAX, DUE, FREE, LATE, OPEN), start=5)
)
SEEDS = range(200)


def changed(text: str, mistake: Mistake, seed: int = 1, label: str = LABEL) -> Claim:
    return make_mistake(Claim(text, label), mistake, [LABEL, "§ 9 Marktordnung"], Random(seed))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (TAX, Mistake.NUMBER),
        ("Die Gebühr beträgt 1.250 Euro.", Mistake.NUMBER),
        (DUE, Mistake.DATE),
        (LATE, Mistake.DATE),
        (OPEN, Mistake.DATE),
    ],
)
def test_a_changed_figure_is_another_figure(text: str, mistake: Mistake, seed: int) -> None:
    said = changed(text, mistake, seed)
    assert said.label == LABEL
    before, after = (
        [(fact.kind, fact.value) for fact in find_facts(normal_text(t, "de"), "de")]
        for t in (text, said.text)
    )
    assert len(before) == len(after)  # still a figure of its kind, and only one is another
    assert [kind for kind, _ in before] == [kind for kind, _ in after]
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FREE, "Für Blindenhunde wird eine Steuer erhoben."),
        (LATE, "Der Antrag darf nach dem 01.03.2026 gestellt werden."),
        (DUE, "Die Steuer ist nicht am 15. Mai 2026 zu zahlen."),
        (TAX, TAX),  # no verb that can be denied by one word
    ],
)
def test_a_denial_comes_or_goes(text: str, said: str) -> None:
    assert changed(text, Mistake.NEGATION).text == said


def test_a_date_is_no_number_and_a_section_of_the_text_is_none_either() -> None:
    assert changed(DUE, Mistake.NUMBER).text == DUE
    assert changed(LATE, Mistake.NUMBER).text == LATE
    quoting = "Es gilt § 7 Abs. 2 der Satzung."
    assert changed(quoting, Mistake.NUMBER).text == quoting


def test_a_wrong_source_is_another_one() -> None:
    assert changed(TAX, Mistake.SOURCE) == Claim(TAX, "§ 9 Marktordnung")
    section = changed(TAX, Mistake.SECTION)
    assert section.text == TAX
    assert section.label != LABEL
    assert section.label.endswith(" Abs. 1 Hundesteuersatzung, S. 3")
    assert changed(TAX, Mistake.SECTION, label="Merkblatt Umzug").label == "Merkblatt Umzug"


def test_an_exercise_is_the_same_for_the_same_seed_only() -> None:
    exercises = [make_exercise(PLACES, seed) for seed in SEEDS]
    assert exercises == [make_exercise(PLACES, seed) for seed in SEEDS]
    assert len(set(exercises)) > 100


def test_every_exercise_has_mistakes_and_mostly_truth() -> None:
    kinds = set()
    for seed in SEEDS:
        sentences = make_exercise(PLACES, seed)
        for sentence in sentences:
            assert (sentence.shown != sentence.place.claim) == (sentence.mistake is not None)
        wrong = [sentence.mistake for sentence in sentences if sentence.mistake]
        assert 1 <= len(wrong) <= 2
        assert len(set(wrong)) == len(wrong)  # one of each kind
        kinds.update(wrong)
    assert kinds == set(Mistake)


def test_too_little_text_makes_no_exercise() -> None:
    assert make_exercise(PLACES[:1], 1) == ()
    mute = [Place(DOCUMENT, None, text, "Merkblatt") for text in ("Bitte lächeln.", "Danke sehr.")]
    assert make_exercise(mute, 1) == ()


def test_what_is_put_into_a_letter_is_personal_and_what_is_not_is_harmless() -> None:
    recognised, hinting = 0, 0
    for seed in SEEDS:
        pieces = make_letter(["Hundesteuersatzung", "Marktordnung"], seed)
        assert pieces == make_letter(["Hundesteuersatzung", "Marktordnung"], seed)
        assert 3 <= sum(piece.is_personal for piece in pieces) < len(pieces)
        for piece in pieces:
            assert "{" not in piece.text
            assert piece.is_personal or not piece.is_recognised, piece.text
            assert piece.is_recognised == bool(find_personal(piece.text))
            recognised += piece.is_recognised
            hinting += bool(piece.why)
    assert hinting == len(SEEDS)  # one a letter that no pattern finds
    assert recognised > 2 * len(SEEDS)
