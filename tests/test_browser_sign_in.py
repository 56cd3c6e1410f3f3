"""Signing in as people do it: in a real browser, without a script, and when time is up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsers import served, violations, watched
from limits import parse
from looks import flaws
from people import add_person, sign_in_browser
from playwright.sync_api import Browser, expect
from sites import Site, open_site, site_of

from core import people, tables
from web.people import sign_in

TAX = """---
jurisdiction: {level: municipality, name: Auental, key: "089995001001"}
---
# Hundesteuersatzung

Jeder Hund kostet 96 Euro.
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A town with one document."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "tax.md").write_text(TAX, "utf-8")
    with open_site(folder, [folder / "tax.md"]) as opened:
        yield opened


@pytest.fixture
def site(town: Site) -> Iterator[str]:
    """The address of its site, where nobody has an account."""
    yield town.address
    with town.engine.begin() as connection:
        for table in (tables.audit, tables.session, tables.person_role, tables.person):
            connection.execute(table.delete())


@contextmanager
def provoked(complaints: list[str], status: int) -> Iterator[None]:
    """The browser says in its console that a page came with an error's status: that is meant."""
    yield
    complaints[:] = [text for text in complaints if f"status of {status}" not in text]


def test_one_signs_in_by_keyboard_and_out_again(browser: Browser, site: str, town: Site) -> None:
    password = add_person(town.engine, "admin")
    with watched(browser, site) as seen:
        page = seen.open(f"{site}/people")
        expect(page).to_have_url(f"{site}/sign-in?next=%2Fpeople")
        assert flaws(page) == []
        with provoked(seen.complaints, 401):
            page.get_by_label("Name", exact=True).fill("ada")
            page.get_by_label("Passwort").fill("a wrong password")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("Name oder Passwort stimmen nicht")
            expect(page.get_by_label("Name", exact=True)).to_have_value("ada")
            assert flaws(page) == []
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
    browser: Browser, site: str, town: Site
) -> None:
    engine = town.engine
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
    browser: Browser, site: str, town: Site
) -> None:
    engine = town.engine
    with watched(browser, site) as seen:
        sign_in_browser(seen.context, site, engine, "admin")
        page = seen.open(f"{site}/people")
        own, brand = (page.locator(at).bounding_box() for at in (".me", ".brand"))
        assert own
        assert brand
        assert own["y"] < brand["y"] + brand["height"]  # the menu is long, and breaks beside it
        page.get_by_label("Anmeldename").fill("bert@town.example")
        page.get_by_label("Rolle").select_option("Redaktion")
        page.get_by_label("Für welchen Ort").select_option("Auental")
        page.get_by_role("button", name="Hinzufügen").click()
        expect(page.get_by_text("Dieses Passwort sehen Sie nur jetzt.")).to_be_visible()
        assert flaws(page) == []
        page.get_by_role("link", name="Zu bert@town.example").click()
        expect(page.get_by_role("cell", name="Auental", exact=True)).to_be_visible()
        assert flaws(page) == []
        page.get_by_role("button", name="Konto sperren").click()
        expect(page.get_by_role("status")).to_have_text("Das Konto ist gesperrt.")
        for path in ("/people", "/account"):
            page.goto(site + path)
            assert flaws(page) == []
        with provoked(seen.complaints, 404):
            page.goto(f"{site}/people/nobody")
            expect(page.get_by_role("alert")).to_have_text("Dieses Konto gibt es nicht.")
            assert flaws(page) == []


def test_whoever_is_not_let_in_reads_why_and_how_to_go_on(
    browser: Browser, site: str, town: Site
) -> None:
    engine = town.engine
    with watched(browser, site) as seen:
        sign_in_browser(seen.context, site, engine, "admin")
        page = seen.open(f"{site}/people")
        heading = page.get_by_role("heading", level=1)
        add = page.get_by_role("button", name="Hinzufügen")
        page.get_by_label("Anmeldename").fill("bert@town.example")
        sign_in_browser(seen.context, site, engine, "admin")  # in another tab
        with provoked(seen.complaints, 409):
            add.click()
            expect(heading).to_have_text("Weiter: Ihre Eingaben sind noch da")
            assert flaws(page) == []

        page.goto(f"{site}/people")
        page.get_by_label("Anmeldename").fill("bert@town.example")
        with engine.begin() as connection:
            connection.execute(tables.session.delete())
        with provoked(seen.complaints, 401):
            add.click()
            expect(page.get_by_text("Ihre Eingaben sind noch da")).to_be_visible()
            assert violations(page) == []

        with provoked(seen.complaints, 403):
            sign_in_browser(seen.context, site, engine, "clerk", "clara")
            page.goto(f"{site}/people")
            expect(heading).to_have_text("Dafür fehlt Ihnen eine Rolle")
            assert flaws(page) == []
            page.goto("about:blank")
            page.set_content(
                f'<form method="post" action="{site}/sign-in"><button></button></form>'
            )
            page.get_by_role("button").click()
            expect(heading).to_have_text("Nicht angenommen")
            assert flaws(page) == []
        assert people.find_person(engine, "bert@town.example") is None


def test_whoever_tries_too_often_waits(
    browser: Browser, town: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "OF_NETWORK", parse("1/15 minutes"))
    with (
        served(site_of(town.store, town.settings)) as address,  # nobody else is to wait
        watched(browser, address) as seen,
    ):
        page = seen.open(f"{address}/sign-in")
        with provoked(seen.complaints, 401), provoked(seen.complaints, 429):
            for said in ("Name oder Passwort stimmen nicht", "zu viele falsche Versuche"):
                page.get_by_label("Name", exact=True).fill("ada")
                page.get_by_label("Passwort").fill("a wrong password")
                page.keyboard.press("Enter")
                expect(page.get_by_role("alert")).to_contain_text(said)
            assert violations(page) == []
