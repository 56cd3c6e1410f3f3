"""A clerk at the front desk, in a real browser: by keyboard, without JavaScript, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browsers import WIDTHS, scrolls_sideways, served, violations, watched
from desks import Desk, open_desk
from encoders import WordEncoder
from people import sign_in_browser
from playwright.sync_api import expect

from core.feedback import DESK, read_feedback, take_back_feedback

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DOG_TAX = "hundesteuer zweiten hund euro"
PASSAGE = "§ 5 Hundesteuersatzung, S. 3"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk"), WordEncoder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(desk: Desk) -> Iterator[str]:
    with served(desk.app()) as address:
        yield address


def size(name: str) -> dict[str, dict[str, int]]:
    width, height = WIDTHS[name]
    return {"viewport": {"width": width, "height": height}}


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.id || document.activeElement.textContent")
    return text


def mark_is_seen(page: Page) -> bool:
    """Whether the frame of the picture and the window both show what is marked in it."""
    mark, frame = page.locator("#mark"), page.locator("#pane .frame")
    box, around, window = mark.bounding_box(), frame.bounding_box(), page.viewport_size
    assert box
    assert around
    assert window
    is_in_frame = around["y"] <= box["y"] <= around["y"] + around["height"]
    return is_in_frame and 0 <= box["y"] <= window["height"]


def test_by_keyboard_alone_from_four_words_to_a_quotation(
    browser: Browser, desk: Desk, site: str
) -> None:
    engine = desk.store.registry.engine
    with watched(browser, site, **size("desk")) as seen:
        sign_in_browser(seen.context, site, engine, "clerk", "ben")
        seen.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        page = seen.open(f"{site}/desk?town=Auental")
        expect(page.locator("#q")).to_be_focused()

        page.keyboard.type(DOG_TAX)  # "j", "k", "w" and "c" are only letters here
        expect(page.locator("#state")).to_contain_text("Fundstellen")
        expect(page.locator("a.hit", has_text=PASSAGE)).to_be_visible()
        assert page.locator("#q").input_value() == DOG_TAX
        page.keyboard.press("ArrowDown")
        while focused(page) != PASSAGE:
            here = focused(page)
            page.keyboard.press("j")
            assert focused(page) != here
        page.keyboard.press("Enter")
        expect(page.locator("#opened")).to_be_focused()
        expect(page.locator("#opened")).to_have_text(PASSAGE)
        drawn = "image => image.decode().then(() => image.naturalWidth)"
        assert page.locator("#pane img").evaluate(drawn) > 0
        assert mark_is_seen(page)
        page.keyboard.press("c")
        expect(page.locator("#state")).to_have_text("Kopiert.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("»(1) Die Steuer beträgt im Kalenderjahr")
        assert copied.endswith(f"« ({PASSAGE}, Stand 12.11.2025)")
        page.keyboard.press("Escape")
        assert focused(page) == PASSAGE
        assert violations(page) == []

        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-answer]")).to_contain_text("216,00 Euro")
        expect(page.locator("#opened")).to_have_text("§ 5 Abs. 1 Hundesteuersatzung, S. 3")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("w")
        expect(page.locator("#done")).to_be_focused()
        assert len(read_feedback(engine, origin=DESK)) == 1
        page.get_by_role("button", name="Meldung zurücknehmen").press("Enter")
        expect(page.locator("#done")).to_contain_text("zurückgenommen")
        assert read_feedback(engine, origin=DESK) == []

        page.wait_for_load_state()  # the page is a new one, and its scripts hear the keys
        expect(page.locator("#done")).to_be_focused()
        page.keyboard.press("?")
        page.locator("#use-keys").press("Space")
        page.locator("#use-keys").press("Tab")
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()


def test_of_two_answers_the_one_in_the_column_with_the_focus_is_marked_wrong(
    browser: Browser, desk: Desk, site: str
) -> None:
    engine = desk.store.registry.engine
    with watched(browser, site, **size("desk")) as seen:
        sign_in_browser(seen.context, site, engine, "clerk", "ben")
        page = seen.open(f"{site}/desk?q=hundesteuer+hund&town=Auental&compare=Talheim")
        expect(page.locator("form.wrong")).to_have_count(2)

        page.locator("#opened").focus()
        page.keyboard.press("w")
        expect(page.locator("#state")).to_contain_text("Welche der beiden Antworten?")
        assert read_feedback(engine, origin=DESK) == []

        page.locator(".column").nth(1).locator("a.hit").first.focus()
        page.keyboard.press("w")
        expect(page.locator("#done")).to_be_focused()
        [mark] = read_feedback(engine, origin=DESK)
        assert mark.feedback.town == "Talheim"
        take_back_feedback(engine, mark.id, DESK)


def test_what_is_typed_over_is_given_up_with_the_page_beside_it(
    browser: Browser, desk: Desk, site: str
) -> None:
    with watched(browser, site, **size("desk")) as seen:
        sign_in_browser(seen.context, site, desk.store.registry.engine, "clerk", "ben")
        page = seen.open(f"{site}/desk")
        page.route("**/desk/page?*", lambda _: None)  # never comes
        with page.expect_request("**/desk/page?*"):
            page.locator("#q").press_sequentially("hunde")
        page.route("**/desk/results?*", lambda _: None)
        with page.expect_request("**/desk/results?*"), page.expect_event("requestfailed") as gone:
            page.keyboard.type("s")
        assert "/desk/page" in gone.value.url
        with page.expect_event("requestfailed") as gone:
            page.keyboard.type("t")
        assert "/desk/results" in gone.value.url


def test_what_was_searched_stays_in_the_tab_and_ends_with_signing_out(
    browser: Browser, desk: Desk, site: str
) -> None:
    with watched(browser, site) as seen:
        sign_in_browser(seen.context, site, desk.store.registry.engine, "clerk", "ben")
        page = seen.open(f"{site}/desk?q=hund")
        expect(page.locator("#recent a")).to_have_text(["hund"])
        other = seen.open(f"{site}/desk")
        expect(other.locator("#recent")).to_be_hidden()
        page.get_by_role("button", name="Abmelden").click()
        page.wait_for_url("**/sign-in*")
        assert page.evaluate("sessionStorage.length") == 0


def test_without_javascript_and_on_a_phone_nothing_is_missing(
    browser: Browser, desk: Desk, site: str
) -> None:
    with watched(browser, site, java_script_enabled=False, **size("phone")) as seen:
        sign_in_browser(seen.context, site, desk.store.registry.engine, "clerk", "ben")
        page = seen.open(f"{site}/desk")
        page.get_by_label("Worum geht es?").fill(DOG_TAX)
        page.get_by_text("Filter, Stichtag").click()
        page.get_by_label("Antwort auf").select_option("ar")
        page.get_by_label("Vergleichen mit").select_option("Talheim")
        page.get_by_role("button", name="Suchen").click()
        expect(page.locator("[data-answer]")).to_have_count(2)
        page.locator("a.hit", has_text=PASSAGE).first.click()
        expect(page.locator("#opened")).to_have_text(PASSAGE)
        assert "die Stelle ist markiert" in (page.locator("#pane img").get_attribute("alt") or "")
        page.get_by_role("link", name="Zur markierten Stelle").click()
        page.wait_for_url("**#mark")
        assert any(mark_is_seen(page) or page.wait_for_timeout(100) for _ in range(50))
        page.get_by_text("Zitat mit Quelle").click()
        assert page.locator("#quotation").input_value().startswith("»(1) Die Steuer")
        page.get_by_role("link", name="Nächste Seite").click()
        expect(page.locator("#opened")).to_have_text("Hundesteuersatzung, S. 4")
        page.get_by_role("button", name="Diese Antwort ist falsch").first.click()
        page.get_by_role("button", name="Meldung zurücknehmen").click()
        assert read_feedback(desk.store.registry.engine, origin=DESK) == []
        address = page.url
    with watched(browser, site, color_scheme="dark", **size("phone")) as seen:  # axe is a script
        sign_in_browser(seen.context, site, desk.store.registry.engine, "clerk", "ben")
        page = seen.open(address)
        for opened in (
            address,
            f"{site}/desk",
            f"{site}/desk?q=Katzenklappe",
            f"{site}/desk?q=%3F",
        ):
            page.goto(opened)
            assert not scrolls_sideways(page)
            assert violations(page) == []
