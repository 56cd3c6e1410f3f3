"""Suggestions while somebody types: what is suggested to whom, and how often one may ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.suggest import SHOWN, Suggestion, Suggestions
from web.citizen.suggestions import more_often
from web.parts import parts_of
from web.site import create_site

AUENTAL, SEEDORF = "081175009002", "081175009003"
FAQ = """---
id: faq
title: Häufige Fragen
kind: faq
jurisdiction: {{level: municipality, name: {name}, key: "{key}"}}
---
# Häufige Fragen

## {question} {{#hund}}

96,00 Euro im Jahr.

### tr: Köpek vergisi ne kadar?

Yılda 96,00 avro.
"""
STATUTE = """---
id: {id}
title: {title}
{more}
---
# {title}

## § 1 Zweck

(1) Das ist geregelt.
"""
DOG = Suggestion("Was kostet die Hundesteuer für den ersten Hund?", "de")
TURKISH = Suggestion("Köpek vergisi ne kadar?", "tr")
PASSPORT = Suggestion("Welche Gebühren kostet ein Reisepass?", "de")
BY_LAW = Suggestion("Hundesteuersatzung", "de", is_title=True)
KNOWN = Suggestions([BY_LAW, DOG, TURKISH, PASSPORT])


class Town:
    """A folder of documents, and the site that answers from it."""

    def __init__(self, store: Store, folder: Path, **settings: Any) -> None:
        self.store, self.folder = store, folder
        self.settings = load_settings(state_dir=folder / "state", **settings)
        answerer = Answerer(store, self.settings)
        self.client = TestClient(
            create_site(self.settings, answerer, parts_of(self.settings, store, answerer))
        )

    def publish(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, "utf-8")
        assert ingest([path], Publisher(self.store), self.settings).failures == []

    def suggest(self, q: str, **query: str) -> list[str]:
        response = self.client.get("/api/v1/suggestions", params={"q": q, **query})
        assert response.status_code == 200, response.text
        return [suggestion["text"] for suggestion in response.json()["suggestions"]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Store(encoder, index, registry, settings.state_dir / "originals")
    index.close()
    registry.close()


@pytest.mark.parametrize(
    "typed",
    [
        "hund",
        "Was kostet die Hu",
        "HUNDESTEUER",
        "hundesteur",
        "hunsdesteuer",
        "steuer erster hund",
    ],
)
def test_whatever_begins_so_is_suggested_slips_and_all(typed: str) -> None:
    assert DOG in KNOWN.find(typed, "de")


@pytest.mark.parametrize("typed", ["Gebühr", "gebuhr", "gebuehren", "GEBÜHREN"])
def test_umlauts_may_be_typed_in_every_way(typed: str) -> None:
    assert KNOWN.find(typed, "de") == [PASSPORT]


@pytest.mark.parametrize("typed", ["", "  ", "?!", "xyz", "elefant", "was kostet ein Elefant"])
def test_nothing_is_suggested_for_what_is_not_there(typed: str) -> None:
    assert KNOWN.find(typed, "de") == []
    assert Suggestions([]).find(typed, "de") == []


def test_questions_come_before_titles_and_the_askers_language_before_others() -> None:
    assert KNOWN.find("hundesteuer", "de") == [DOG, BY_LAW]
    both = Suggestions([Suggestion("Hund anmelden", "de"), Suggestion("Hund: dog tax", "en")])
    assert [one.language for one in both.find("hund", "en")] == ["en", "de"]


def test_only_what_applies_in_the_town_is_suggested_and_nothing_twice() -> None:
    of_towns = [Suggestion("Hund?", "de", "08"), Suggestion("Hund?", "de", "09")]
    known = Suggestions([*of_towns, Suggestion("Hunde", "de")])

    assert [one.text for one in known.find("hund", "de")] == ["Hund?", "Hunde"]
    assert [one.scope for one in known.find("hund", "de", ("", "09"))] == ["09", ""]


def test_few_are_suggested_of_many() -> None:
    many = Suggestions([Suggestion(f"Hund Nummer {number}", "de") for number in range(50)])
    assert len(many.find("hund", "de")) == SHOWN


def test_approved_questions_and_titles_of_today_are_suggested(store: Store, tmp_path: Path) -> None:
    town = Town(store, tmp_path, rate_limit="off")
    assert town.suggest("hund") == []
    town.publish("faq.md", FAQ.format(name="Auental", key=AUENTAL, question="Was kostet ein Hund?"))
    tomorrow = date.today() + timedelta(days=1)
    for name, title, more in (
        ("hund", "Hundesteuersatzung\u202e\u200b", ""),  # nothing unseen is suggested
        ("hundeplatz", "Hundeplatzordnung", f"valid_from: {tomorrow}"),
    ):
        town.publish(f"{name}.md", STATUTE.format(id=name, title=title, more=more))

    assert town.suggest("hund", language="de") == ["Was kostet ein Hund?", "Hundesteuersatzung"]
    assert town.suggest("köp", language="tr") == ["Köpek vergisi ne kadar?"]
    assert town.suggest("kopek vergsi") == ["Köpek vergisi ne kadar?"]


def test_a_towns_suggestions_are_its_own(store: Store, tmp_path: Path) -> None:
    town = Town(store, tmp_path, rate_limit="off")
    for name, key in (("Auental", AUENTAL), ("Seedorf", SEEDORF)):
        question = f"Was kostet ein Hund in {name}?"
        faq = FAQ.format(name=name, key=key, question=question)
        town.publish(f"{name}.md", faq.replace("id: faq", f"id: {name}"))

    assert town.suggest("hund", town="Auental") == ["Was kostet ein Hund in Auental?"]
    assert len(town.suggest("hund")) == 2
    unknown = town.client.get("/api/v1/suggestions", params={"q": "hund", "town": "Atlantis"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "town_unknown")


def test_typing_may_ask_more_often_than_questions_but_not_without_end(
    store: Store, tmp_path: Path
) -> None:
    town = Town(store, tmp_path, rate_limit="1/hour")
    assert [town.suggest("hund") for _ in range(10)] == [[]] * 10
    refused = town.client.get("/api/v1/suggestions", params={"q": "hund"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
    assert more_often("off") == "off"


def test_nobody_sends_more_than_a_question(store: Store, tmp_path: Path) -> None:
    town = Town(store, tmp_path, rate_limit="off")
    for query in (
        {"q": "x" * 1001},
        {"q": "hund", "town": "x" * 201},
        {"q": "a", "language": "x" * 36},
    ):
        assert town.client.get("/api/v1/suggestions", params=query).status_code in {413, 422}
