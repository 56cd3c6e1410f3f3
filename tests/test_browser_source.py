"""The page of a source in a real browser: small, by keyboard, in both directions of writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import scrolls_sideways, violations, watched
from playwright.sync_api import Browser, Page
from sites import open_site

from service.wording import Text, message
from web.citizen.sources import source_address

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
RATE = "1. für den ersten Hund 108,00 Euro,"
TRICKS = """---
id: tricks
title: "<script>alert(1)</script>"
---
# Tricks

<img src=x onerror=alert(2)> [hier](javascript:alert(3)) \u202everdreht\u202c
<style>*{display:none}</style>
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site with a by-law and a document full of tricks is served."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "tricks.md").write_text(TRICKS, "utf-8")
    files = [DOCUMENTS / "hundesteuersatzung.pdf", folder / "tricks.md"]
    with open_site(folder, files) as site:
        yield site.address


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_marked_page_is_read_on_a_small_telephone(
    browser: Browser, address: str, language: str
) -> None:
    screen = {"width": 320, "height": 640}
    with watched(browser, address, viewport=screen, color_scheme="dark") as seen:
        page = seen.open(address + source_address("hundesteuersatzung", 3, RATE, None, language))
        page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
        assert not scrolls_sideways(page)
        assert violations(page) == []
        assert page.locator("#passage").is_visible()
        assert page.get_by_role("img").get_attribute("alt")
        assert picture_shows_mark(page)
        page.set_viewport_size({"width": 320, "height": 256})  # 400 % of 1280
        assert not scrolls_sideways(page)


def test_the_keyboard_turns_pages_and_goes_back_to_the_answer(
    browser: Browser, address: str
) -> None:
    with watched(browser, address) as seen:
        page = seen.open(f"{address}/ask?language=de")
        page.goto(address + source_address("hundesteuersatzung", 3, RATE, None, "de"))
        _press_until(page, "Shift+Tab", "a[rel=next]")
        page.keyboard.press("Enter")
        page.wait_for_url("**page=4**")
        _press_until(page, "Tab", "a[rel=prev]")
        page.keyboard.press("Enter")
        page.wait_for_url("**page=3**")
        _press_until(page, "Tab", "#back")
        assert message(Text.BACK_TO_ANSWER, "de") in page.locator("#back").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/ask?language=de")
        assert page.evaluate("navigation.currentEntry.index") == 0  # went back, not on


def test_a_document_full_of_tricks_is_read_as_text_without_scripts_too(
    browser: Browser, address: str
) -> None:
    for is_on in (True, False):
        with watched(browser, address, java_script_enabled=is_on) as seen:
            page = seen.open(address + source_address("tricks", None, "verdreht", None, "de"))
            assert page.get_by_role("heading", level=1).inner_text() == "<script>alert(1)</script>"
            assert "verdreht" in page.locator("#passage").inner_text()
            page = seen.open(address + source_address("hundesteuersatzung", 3, RATE, None, "de"))
            page.set_viewport_size({"width": 320, "height": 480})
            page.goto(page.url.replace("#passage", "#mark"))
            assert picture_shows_mark(page)
            back = page.locator("#back")  # there is no answer before it
            assert message(Text.ASK_AGAIN, "de") in back.inner_text()
            assert back.get_attribute("href") == "/ask?language=de"


def picture_shows_mark(page: Page) -> bool:
    """Whether the picture is scrolled so that its mark lies in its frame, soon at the latest."""
    for _ in range(100):
        box = page.locator("#mark").bounding_box()
        frame = page.locator(".picture .frame").bounding_box()
        assert box
        assert frame
        if frame["y"] <= box["y"] <= frame["y"] + frame["height"]:
            return True
        page.wait_for_timeout(100)
    return False


def _press_until(page: Page, key: str, selector: str) -> None:
    """Moves the focus on until it is on what is looked for."""
    for _ in range(20):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{key} does not reach {selector}")
