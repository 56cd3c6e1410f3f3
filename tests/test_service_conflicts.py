"""A by-law changes, and other documents of the sample town still say what it said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import pytest
from amendments import Amendment, amended, copied

from core.store import Store
from core.types import Kind
from ingest.differences import compare_sections
from ingest.values import find_values
from service.conflicts import ChangedValue, Conflict, conflict_json, find_conflicts
from service.scopes import meeting_scopes

TODAY = date.today()


@pytest.fixture(scope="module", name="auental")
def copied_town(auental: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with copied(auental, tmp_path_factory.mktemp("amended")) as town:
        yield town


def meanings(text: str) -> Collection[str]:
    return {value.meaning for value in find_values(text)}


def changed_values(amendment: Amendment) -> list[ChangedValue]:
    difference = compare_sections(amendment.before, amendment.after)
    return [
        ChangedValue(
            amendment.document,
            change.sentence_before,
            change.value.before.text,
            change.value.before.meaning,
            change.value.after.text,
        )
        for change in difference.values
        if change.value.before and change.value.after
    ]


def conflicts(store: Store, amendment: Amendment) -> list[Conflict]:
    places = [version.document.jurisdiction for version in store.registry.standing()]
    scopes = meeting_scopes(amendment.document.jurisdiction, places)
    return find_conflicts(store, changed_values(amendment), scopes, TODAY, meanings)


def said(found: list[Conflict]) -> list[tuple[str, str, str | None]]:
    return sorted((c.document.id, c.change.old, c.change.new) for c in found)


def test_the_faq_and_the_form_still_say_the_old_dog_tax(auental: Store) -> None:
    with amended(auental, "hundesteuersatzung", {"108,00": "120,00"}) as amendment:
        found = conflicts(auental, amendment)
    assert said(found) == [
        ("anmeldung-hundesteuer", "108,00 Euro", "120,00 Euro"),
        ("faq", "108,00 Euro", "120,00 Euro"),
    ]
    in_faq = next(conflict_json(c) for c in found if c.document.id == "faq")
    assert in_faq["label"] == "„Wie hoch ist die Hundesteuer?“, Häufige Fragen"
    assert in_faq["sentence"].startswith("Für den ersten Hund zahlen Sie 108,00 Euro im Jahr")
    assert in_faq["changed_document_id"] == "hundesteuersatzung"


def test_a_day_that_other_levies_are_due_on_too_is_theirs(auental: Store) -> None:
    """Property tax and waste fees are due on 15 February as well, by their own by-laws."""
    with amended(auental, "hundesteuersatzung", {"15. Februar": "1. März"}) as amendment:
        found = conflicts(auental, amendment)
    assert {c.document.id for c in found} == {"faq", "anmeldung-hundesteuer"}
    assert all("Hund" in c.sentence for c in found)


def test_a_period_is_the_same_in_words_and_in_figures(auental: Store) -> None:
    with amended(auental, "eheschliessung", {"sechs Monate": "neun Monate"}) as amendment:
        found = conflicts(auental, amendment)
    assert any("frühestens 6 Monate vorher" in c.sentence for c in found)


def test_a_leaflet_that_leaves_its_by_law_conflicts_with_it(auental: Store) -> None:
    with amended(auental, "anmeldung-hundesteuer", {"660,00": "600,00"}) as amendment:
        found = conflicts(auental, amendment)
    assert {c.document.id for c in found} == {"faq", "hundesteuersatzung"}
    assert Kind.STATUTE in {c.document.kind for c in found}


def test_what_is_corrected_together_does_not_conflict(auental: Store) -> None:
    new_tax = {"108,00": "120,00"}
    with amended(auental, "faq", new_tax), amended(auental, "hundesteuersatzung", new_tax) as tax:
        found = conflicts(auental, tax)
    assert {c.document.id for c in found} == {"anmeldung-hundesteuer"}


def test_another_town_is_not_looked_at(auental: Store) -> None:
    with amended(auental, "hundesteuersatzung", {"108,00": "120,00"}) as amendment:
        elsewhere = ("", "99", "990020001001")
        assert find_conflicts(auental, changed_values(amendment), elsewhere, TODAY, meanings) == []


def test_a_sentence_that_no_longer_stands_is_looked_for_all_the_same(auental: Store) -> None:
    by_law = auental.registry.standing("hundesteuersatzung")[-1].document
    sentence = "Die Hundesteuer für den ersten Hund beträgt 108,00 Euro im Jahr."
    change = ChangedValue(by_law, sentence, "108,00 Euro", "108.00", "120,00 Euro")
    found = find_conflicts(auental, [change], None, TODAY, meanings)
    assert "faq" in {c.document.id for c in found}
