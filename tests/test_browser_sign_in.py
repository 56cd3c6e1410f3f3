"""Signing in as people do it: in a real browser, without a script, and when time is up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsers import WIDTHS, scrolls_sideways, served, violations, watched
from encoders import WordEncoder
from people import add_person, sign_in_browser
from playwright.sync_api import Browser, Page, expect

from core import people, tables
from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

TAX = """---
jurisdiction: {level: municipality, name: Auental, key: "089995001001"}
---
# Hundesteuersatzung

Jeder Hund kostet 96 Euro.
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A town with one document."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "tax.md").write_text(TAX, "utf-8")
    settings = load_settings(state_dir=folder / "state")
    encoder, registry = WordEncoder(), open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    assert ingest([folder / "tax.md"], Publisher(store), settings).failures == []
    yield store
    index.close()
    registry.close()


@pytest.fixture(scope="module")
def site(store: Store) -> Iterator[str]:
    """The address of its site."""
    settings = load_settings(state_dir=store.originals.parent, rate_limit="off")
    answerer = Answerer(store, settings)
    assert answerer.towns() == [("Auental", "089995001001")]
    with served(create_site(settings, answerer, parts_of(settings, store, answerer))) as address:
        yield address


@pytest.fixture(autouse=True)
def _without_people(store: Store) -> Iterator[None]:
    yield
    with store.registry.engine.begin() as connection:
        for table in (tables.audit, tables.session, tables.person_role, tables.person):
            connection.execute(table.delete())


def check(page: Page) -> None:
    """Nothing keeps anybody out, at any width."""
    assert violations(page) == []
    for width, height in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(page)


@contextmanager
def provoked(complaints: list[str], status: int) -> Iterator[None]:
    """The browser says in its console that a page came with an error's status: that is meant."""
    yield
    complaints[:] = [text for text in complaints if f"status of {status}" not in text]


def test_one_signs_in_by_keyboard_and_out_again(browser: Browser, site: str, store: Store) -> None:
    password = add_person(store.registry.engine, "admin")
    with watched(browser, site) as seen:
        page = seen.open(f"{site}/people")
        expect(page).to_have_url(f"{site}/sign-in?next=%2Fpeople")
        check(page)
        with provoked(seen.complaints, 401):
            page.get_by_label("Name", exact=True).fill("ada")
            page.get_by_label("Passwort").fill("a wrong password")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("Name oder Passwort stimmen nicht")
            expect(page.get_by_label("Name", exact=True)).to_have_value("ada")
            check(page)
        page.get_by_label("Passwort").fill(password)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/people")
        expect(page.get_by_role("heading", level=1)).to_have_text("Personen")
        cookies = {cookie["name"]: cookie for cookie in seen.context.cookies()}
        assert cookies["__Host-session"]["httpOnly"]
        assert cookies["__Host-session"]["secure"]
        page.get_by_role("button", name="Abmelden").click()
        expect(page).to_have_url(f"{site}/sign-in")
        page.goto(f"{site}/people")
        expect(page).to_have_url(f"{site}/sign-in?next=%2Fpeople")


def test_what_was_typed_is_still_there_after_the_session_ended(
    browser: Browser, site: str, store: Store
) -> None:
    engine = store.registry.engine
    password = add_person(engine, "admin")
    with watched(browser, site, java_script_enabled=False) as seen:
        sign_in_browser(seen.context, site, engine, "admin")
        page = seen.open(f"{site}/people")
        page.get_by_label("Anmeldename").fill("bert@town.example")
        page.get_by_label("Name, wie er angezeigt wird").fill("Bert „der“ <b>Bäcker</b>")
        with engine.begin() as connection:
            connection.execute(tables.session.delete())
        with provoked(seen.complaints, 401):
            page.get_by_role("button", name="Hinzufügen").click()
            expect(page.get_by_text("Ihre Eingaben sind noch da")).to_be_visible()
            page.get_by_label("Name", exact=True).fill("ada")
            page.get_by_label("Passwort").fill(password)
            page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Weiter: Ihre Eingaben sind noch da"
        )
        assert people.find_person(engine, "bert@town.example") is None
        page.get_by_role("button", name="Jetzt absenden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Passwort für Bert „der“ <b>Bäcker</b>"
        )
        assert people.find_person(engine, "bert@town.example")


def test_the_pages_of_accounts_are_open_to_everybody(
    browser: Browser, site: str, store: Store
) -> None:
    engine = store.registry.engine
    with watched(browser, site) as seen:
        sign_in_browser(seen.context, site, engine, "admin")
        page = seen.open(f"{site}/people")
        page.get_by_label("Anmeldename").fill("bert@town.example")
        page.get_by_label("Rolle").select_option("Redaktion")
        page.get_by_label("Für welchen Ort").select_option("Auental")
        page.get_by_role("button", name="Hinzufügen").click()
        expect(page.get_by_text("Dieses Passwort sehen Sie nur jetzt.")).to_be_visible()
        check(page)
        page.get_by_role("link", name="Zu bert@town.example").click()
        expect(page.get_by_role("cell", name="Auental", exact=True)).to_be_visible()
        check(page)
        page.get_by_role("button", name="Konto sperren").click()
        expect(page.get_by_role("status")).to_have_text("Das Konto ist gesperrt.")
        for path in ("/people", "/account"):
            page.goto(site + path)
            check(page)
        with provoked(seen.complaints, 403):
            sign_in_browser(seen.context, site, engine, "clerk", "clara")
            page.goto(f"{site}/people")
            expect(page.get_by_role("heading", level=1)).to_have_text(
                "Dafür fehlt Ihnen eine Rolle"
            )
            check(page)
