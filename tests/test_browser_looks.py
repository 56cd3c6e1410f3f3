"""The page and the widget in other looks: forced colours, dark, from right to left, tiny."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from browsers import scrolls_sideways, served, violations, watched
from fakes import ANSWERED, RATE, ScriptedAnswerer
from playwright.sync_api import expect
from sites import read_documents

from core.types import Answer
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Options of a browser, and the rules that a look may break; none named: all.
LOOKS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "forced colours": ({"locale": "de", "forced_colors": "active"}, ["color-contrast"]),
    "dark": ({"locale": "de", "color_scheme": "dark"}, ["color-contrast"]),
    "from right to left": ({"locale": "fa"}, []),
    "tiny": ({"locale": "de", "viewport": {"width": 320, "height": 256}}, ["target-size"]),
}


@dataclass
class SlowAnswerer(ScriptedAnswerer):
    """Answers once it may."""

    is_asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def answer(self, question: str, **options: Any) -> Answer:
        """The written answer, late."""
        answer = super().answer(question, **options)
        self.is_asked.set()
        self.may_answer.wait(20)
        return answer

    def scopes(self, town: str | None) -> None:
        """All of them."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SlowAnswerer, str]]:
    """An answerer, and the address of its site, which has no documents."""
    answerer = SlowAnswerer()
    folder, contact = tmp_path_factory.mktemp("looks"), "Bürgerbüro, Tel. 07000 1234-0"
    with read_documents(folder, contact=contact) as (store, settings):
        parts = parts_of(settings, store, answerer)  # type: ignore[arg-type]  # a fake
        with served(create_site(settings, answerer, parts)) as address:
            yield answerer, address
        answerer.may_answer.set()


def ask(page: Page, where: str) -> None:
    page.fill(f"{where} #question", "Was kostet ein Hund?")
    page.press(f"{where} #question", "Escape" if where == "main" else "Home")
    page.press(f"{where} #question", "Enter", no_wait_after=True)


@pytest.mark.parametrize("look", LOOKS)
def test_pages_stand_in_other_looks(
    look: str, browser: Browser, slow: tuple[SlowAnswerer, str]
) -> None:
    answerer, address = slow
    options, rules = LOOKS[look]
    language = options["locale"]
    lead = message(Text.LEAD, language)
    answerer.written = replace(ANSWERED, language=language, message=lead)
    answerer.may_answer.set()
    with watched(browser, address, **options) as seen:
        page = seen.open(f"{address}/ask")
        ask(page, "main")
        expect(page.locator(".statements")).to_contain_text(RATE)
        assert page.evaluate("document.dir") == ("rtl" if language == "fa" else "ltr")
        assert violations(page, rules) == []
        assert not scrolls_sideways(page)

        page.emulate_media(media="print")
        heading = page.get_by_role("heading", name=message(Text.ANSWER_HEADING, language))
        expect(heading).to_be_visible()
        expect(page.locator(".statements")).to_be_visible()
        assert page.locator("form#ask").is_hidden()  # nothing can be typed on paper
        page.emulate_media(media="screen")

        page.goto(f"{address}/ask")
        page.add_script_tag(url="/widget.js")
        page.locator(".launcher").click()
        ask(page, ".panel")
        expect(page.locator(".panel .statements")).to_contain_text(RATE)
        expect(page.locator(".panel .feedback")).to_be_visible()
        assert page.get_by_role("dialog").get_attribute("lang") == language
        assert violations(page, rules) == []
        assert not scrolls_sideways(page)
        assert page.locator(".panel .body").evaluate("at => at.scrollWidth <= at.clientWidth")


def test_a_page_reloaded_while_an_answer_is_on_its_way_can_be_used(
    browser: Browser, slow: tuple[SlowAnswerer, str]
) -> None:
    answerer, address = slow
    answerer.written = ANSWERED
    answerer.may_answer.clear()
    answerer.is_asked.clear()
    with watched(browser, address, locale="de") as seen:
        page = seen.open(f"{address}/ask")
        ask(page, "main")
        assert answerer.is_asked.wait(20)
        page.goto(f"{address}/ask")  # as it is reloaded: what was on its way is given up
        expect(page.locator("#working")).to_be_empty()
        assert page.locator("#ask").get_attribute("aria-busy") is None
        answerer.may_answer.set()
        ask(page, "main")
        expect(page.locator(".statements")).to_contain_text(RATE)
