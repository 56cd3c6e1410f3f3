"""A front desk for tests: by-laws of two towns, a state's law, and a clerk who is signed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in

from core.database import open_registry
from core.encoder import Encoder
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
OF_AUENTAL = (
    "_defaults.yaml",
    "hundesteuersatzung.pdf",
    "hundesteuersatzung-2020.pdf",
    "abfallgebuehrensatzung-2027.pdf",
    "anmeldung-hundesteuer.pdf",
    "meldegesetz-mittelland.xml",
)
TALHEIM = """---
id: talheim/hundesteuer
title: Hundesteuersatzung Talheim
kind: statute
jurisdiction: {level: municipality, name: Talheim, key: "990010001002"}
---
# Hundesteuersatzung Talheim

## § 5 Steuersatz

(1) Die Steuer beträgt für den ersten Hund 33,00 Euro, für den zweiten Hund 77,00 Euro.
"""
FISHING = """---
id: talheim/fischereischein
title: Fischereischein
kind: service
jurisdiction: {level: municipality, name: Talheim, key: "990010001002"}
---
# Fischereischein

## Gebühren

Der Fischereischein kostet 28,00 Euro im Jahr.

## Zuständige Stelle

Ordnungsamt Talheim, Rathaus, Zimmer 4, Telefon 07777 12-34
"""
POOL = """---
id: talheim/faq
title: Häufige Fragen
kind: faq
jurisdiction: {level: municipality, name: Talheim, key: "990010001002"}
---
## Was kostet der Eintritt ins Freibad? {#freibad}

Eine Einzelkarte kostet für Erwachsene 4,50 Euro und für Kinder ab sechs Jahren 2,50 Euro. Kinder
unter sechs Jahren kommen in Begleitung ohne Karte hinein. Eine Zehnerkarte kostet für Erwachsene
40,00 Euro und für Kinder 22,00 Euro. Wer einen Familienpass der Gemeinde vorlegt, zahlt die Hälfte.
Ab 18 Uhr gilt für alle der Abendpreis von 2,00 Euro. Diese Preise gelten seit dem 1. Mai 2024.
"""
HOSTILE = """---
id: katzen
title: Merkblatt <b>Katzenklappe</b>
kind: leaflet
url: javascript:alert(1)
jurisdiction: {level: municipality, name: Talheim, key: "990010001002"}
---
# Katzenklappe

Die Katzenklappe `<script>alert(1)</script>` kostet \u202e5 Euro `<img src=x onerror=alert(1)>`.
"""


class Desk:
    """The site with these documents, and a clerk's client."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.answerer = Answerer(store, settings)
        self.client = TestClient(self.app(), base_url="https://testserver")
        signed_in(self.client, store.registry.engine, "clerk", "clara")

    def app(self) -> FastAPI:
        parts = parts_of(self.settings, self.store, self.answerer)
        return create_site(self.settings, self.answerer, parts)

    def stranger(self) -> TestClient:
        headers = {"accept": "text/html"}
        return TestClient(self.client.app, base_url="https://testserver", headers=headers)

    def get(self, path: str = "", **query: str) -> Any:
        response = self.client.get(f"/desk{path}", params=query)
        assert response.status_code == 200, response.text
        return html.fromstring(response.text)

    def follow(self, address: str) -> Any:
        response = self.client.get(address)
        assert response.status_code == 200, response.text
        return html.fromstring(response.text)

    def send(self, form: Any) -> Any:
        """Sends a form of a page; returns the page that comes then."""
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        headers = {"origin": "https://testserver", "sec-fetch-site": "same-origin"}
        response = self.client.post(form.action, data=data, headers=headers)
        assert response.status_code == 200, response.text
        assert response.history[0].status_code == 303
        return html.fromstring(response.text)


@contextmanager
def open_desk(folder: Path, encoder: Encoder) -> Iterator[Desk]:
    """The desk with its documents read, until left."""
    documents = folder / "documents"
    documents.mkdir()
    for name in OF_AUENTAL:
        for file in DOCUMENTS.glob(f"{name}*"):
            shutil.copy(file, documents)
    (documents / "talheim.md").write_text(TALHEIM, "utf-8")
    (documents / "fischereischein.md").write_text(FISHING, "utf-8")
    (documents / "faq.md").write_text(POOL, "utf-8")
    (documents / "katzen.md").write_text(HOSTILE, "utf-8")
    settings = load_settings(
        state_dir=folder / "state",
        cache_dir=folder / "cache",
        rate_limit="off",
        contact="Bürgerbüro, Tel. 0123",
        opening_hours="Mo–Fr 8–12 Uhr",
    )
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    report = ingest([documents], Publisher(store), settings)
    assert report.failures == []
    yield Desk(store, settings)
    index.close()
    registry.close()
