"""The set of good and bad statements, and how the check is scored on it."""

from __future__ import annotations

from collections import Counter

import pytest

from core.languages import SUPPORTED
from core.store import Store
from eval.questions import SetInvalid
from eval.statements import Made, Outcome, Tally, find_passage, load_made, summarise, tally
from service.checking import Checked, Fault
from service.drafted import Draft


def outcome(fault: str | None, *found: Fault) -> Outcome:
    made = Made("id", "fact", "document", "quote", "de", "Text.", fault)
    return Outcome(made, Checked(Draft("Text.", "de", (1,)), found, ()), 0.001)


def test_the_set_has_200_of_each_in_every_language_and_no_id_twice() -> None:
    made = load_made()
    assert sum(one.fault is None for one in made) >= 200 <= sum(bool(one.fault) for one in made)
    assert {one.language for one in made if one.fault} == set(SUPPORTED)
    assert {one.language for one in made if not one.fault} == set(SUPPORTED)
    assert max(Counter(one.id for one in made).values()) == 1


def test_every_quote_stands_in_the_sample_town(auental: Store) -> None:
    for document_id, quote in {(one.document_id, one.quote) for one in load_made()}:
        assert quote in " ".join(find_passage(auental, document_id, quote).passage.text.split())


def test_a_quote_that_stands_nowhere_is_named(auental: Store) -> None:
    with pytest.raises(SetInvalid, match="Pferde"):
        find_passage(auental, "hundesteuersatzung", "Pferde sind steuerfrei.")


def test_caught_and_dropped_are_counted_apart() -> None:
    outcomes = [
        outcome("wrong_date", Fault.NUMBER),
        outcome("wrong_date"),
        outcome(None),
        outcome(None, Fault.MEANING),
        outcome(None),
    ]
    assert tally(outcomes) == Tally(bad=2, caught=1, good=3, dropped=1)
    summary = summarise(outcomes)
    assert summary["kinds"]["wrong_date"]["caught"] == 1
    assert summary["languages"]["de"]["dropped"] == 1
