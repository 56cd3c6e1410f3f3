"""In a real browser, without any script: from an unanswered question to an approved answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browsers import served, watched
from fastapi.testclient import TestClient
from looks import flaws
from people import sign_in_browser
from test_web_insight import ASKED, TownHall, standing

from core.openvino_encoder import OpenVinoEncoder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ASKED_TOO = "Wann öffnet das Freibad am Sonntag?"
IN_TURKISH = "Mühlbach'taki futbol sahası nerede?"


@pytest.fixture(scope="module")
def hall(
    encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TownHall, str]]:
    """A town hall, and where its site is served."""
    folder = tmp_path_factory.mktemp("hall")
    with standing(encoder, folder) as store:
        own_hall = TownHall(store, folder)
        with served(own_hall.site) as address:
            yield own_hall, address


def test_three_ask_one_drafts_one_approves_and_the_next_is_answered_in_turkish(
    hall: tuple[TownHall, str], browser: Browser
) -> None:
    own_hall, address = hall
    for last in range(3):
        assert own_hall.ask(ASKED, f"203.0.113.{last}")["status"] == "not_in_documents"
    with (
        watched(browser, address, java_script_enabled=False, base_url=address) as first,
        watched(browser, address, java_script_enabled=False, base_url=address) as second,
    ):
        sign_in_browser(first.context, address, own_hall.engine, "editor", "ada")
        page = first.open(f"{address}/editor/questions")
        page.get_by_role("button", name="Antwort entwerfen").click()
        assert page.get_by_role("status").inner_text().startswith("Der Entwurf ist angelegt")
        german = page.get_by_role("group", name="Deutsch")
        assert german.get_by_label("Frage").input_value() == ASKED
        german.get_by_label("Antwort").fill("Der Bolzplatz liegt hinter der Turnhalle.")
        turkish = page.get_by_role("group", name="Türkisch")
        turkish.get_by_label("Frage").fill(IN_TURKISH)
        turkish.get_by_label("Antwort").fill("Futbol sahası spor salonunun arkasındadır.")
        for box in page.get_by_role("checkbox").all():
            box.uncheck()
        page.get_by_role("button", name="Speichern und zur Freigabe geben").click()
        assert "zweite Person" in page.get_by_role("region", name="Freigabe").inner_text()
        assert page.get_by_role("button", name="Freigeben").count() == 0

        sign_in_browser(second.context, address, own_hall.engine, "approver", "berta")
        page = second.open(f"{address}/editor/answers")
        page.get_by_role("link", name=ASKED).click()
        page.get_by_role("button", name="Freigeben").click()
        assert "freigegeben von berta" in page.get_by_role("table").first.inner_text()

    answer = TestClient(own_hall.site).post("/api/v1/answers", json={"question": IN_TURKISH}).json()
    assert (answer["mode"], answer["language"]) == ("curated", "tr")
    assert answer["statements"][0]["text"] == "Futbol sahası spor salonunun arkasındadır."


def test_every_page_is_for_everyone(hall: tuple[TownHall, str], browser: Browser) -> None:
    own_hall, address = hall
    for last in range(3):
        own_hall.ask(ASKED_TOO, f"203.0.113.{last}")
        own_hall.ask("Wie hoch ist die Steuer für einen Hund?")
    with watched(browser, address) as seen:
        sign_in_browser(seen.context, address, own_hall.engine, "admin", "carla")
        page = seen.open(f"{address}/editor/questions")
        assert flaws(page) == []
        page.get_by_role("button", name="Antwort entwerfen").first.click()
        assert flaws(page) == []
        for name in ("answers", "dashboard", "feedback", "audit"):
            page.goto(f"{address}/editor/{name}")
            assert flaws(page) == [], name
        assert page.get_by_role("row").count() > 1
        page.goto(f"{address}/editor/nothing")
        seen.complaints[:] = [text for text in seen.complaints if "status of 404" not in text]
        assert flaws(page) == []
