"""A tax that the documents do not name is not answered with another one."""

from __future__ import annotations

import pytest

from core.settings import load_settings
from core.store import Store
from core.types import Status
from service.answerer import Answerer
from service.levies import is_tax_unknown


@pytest.mark.parametrize(
    "question",
    [
        "Wie hoch ist die Vergnügungssteuer?",
        "wie hoch ist die Bettensteuer",
        "Was kostet die Kurtaxe?",
        "How high is the Vergnuegungssteuer?",
    ],
)
def test_a_tax_that_is_not_in_the_documents_is_not_answered(question: str, auental: Store) -> None:
    answer = Answerer(auental, load_settings(town=None)).answer(question)
    assert answer.status is Status.NOT_IN_DOCUMENTS


@pytest.mark.parametrize(
    "question",
    [
        "Wie hoch ist die Hundesteuer?",
        "hunesteuer erster hund",
        "Hundsteuersatz",
        "Hebesatz Gewerbesteuer",
        "Zweitwohnsitzsteuer",
        "Was kostet die Müllsteuer?",
        "Was ist vom Einkommen steuerfrei beim Wohngeld?",
    ],
)
def test_a_tax_is_known_however_it_is_spelt(question: str, auental: Store) -> None:
    answer = Answerer(auental, load_settings(town=None)).answer(question)
    assert answer.status is Status.ANSWERED


def test_what_only_sounds_like_a_tax_is_none() -> None:
    assert is_tax_unknown("Wie hoch ist die Bettensteuer?", ())
    assert not is_tax_unknown("Darf ich eine Drohne mit Fernsteuerung fliegen?", ())
