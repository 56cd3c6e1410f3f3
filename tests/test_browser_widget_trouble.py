"""The widget where something is in the way: a site that is slow, gone or closed, a second press."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import violations
from playwright.sync_api import Browser, expect
from sites import read_documents
from widgets import Visit, Widget, ask, open_widget, visiting

from service.wording import Text, message

expect.set_options(timeout=20_000)  # milliseconds, on machines with much else to do
QUESTION = "Steuer Hund Jahr"
BYLAW = """---
kind: statute
jurisdiction: {level: municipality, name: Auental, key: "089995001001"}
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Steuer beträgt für jeden Hund im Jahr 96 Euro.
"""


@pytest.fixture(scope="module")
def widget(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Widget]:
    """Of a town with one by-law."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "hundesteuer.md").write_text(BYLAW, "utf-8")
    with (
        read_documents(folder, [folder / "hundesteuer.md"]) as (store, _),
        open_widget(store, folder) as opened,
    ):
        yield opened


@pytest.fixture
def visit(widget: Widget, browser: Browser) -> Iterator[Visit]:
    """Opens a town's page with the widget in a fresh context."""
    with visiting(widget, browser) as opened:
        yield opened


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"is_known": False}, Text.WIDGET_NOT_ALLOWED),
        ({"town": "Atlantis"}, Text.TOWN_UNKNOWN),
    ],
)
def test_where_nothing_can_be_asked_it_is_said_in_the_pages_language(
    options: dict[str, Any], said: Text, visit: Visit
) -> None:
    _, page = visit("uk", **options)
    page.locator(".launcher").click()
    expect(page.locator(".notice")).to_have_text(message(said, "uk"))
    expect(page.locator("#question")).to_be_hidden()
    way_on = page.locator(".links a").first
    assert "/ask?language=uk" in (way_on.get_attribute("href") or "")
    assert violations(page) == []


def test_a_site_that_is_gone_is_said_and_tried_again(visit: Visit) -> None:
    seen, page = visit("tr")
    page.route("**/api/v1/widget*", lambda route: route.abort())
    page.locator(".launcher").click()
    problem = page.locator(".unreachable[role=alert]")
    expect(problem).to_contain_text(message(Text.WIDGET_UNAVAILABLE, "tr"))
    assert violations(page) == []
    page.unroute("**/api/v1/widget*")
    page.locator(".launcher").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(problem).to_have_count(0)
    assert all("ERR_FAILED" in complaint for complaint in seen.complaints)
    seen.complaints.clear()


def test_half_an_answer_stays_and_can_be_asked_again(visit: Visit, widget: Widget) -> None:
    site = widget.site
    seen, page = visit()
    site.breaks = True
    page.locator(".launcher").click()
    ask(page, QUESTION)
    lost = page.locator(".turn .problem")
    expect(lost).to_have_text(message(Text.CONNECTION_LOST, "de"))
    expect(page.locator(".statements p").first).to_contain_text("Euro")
    assert violations(page) == []

    site.breaks = False
    page.get_by_role("button", name=message(Text.TRY_AGAIN, "de")).click()
    expect(page.locator(".feedback")).to_be_visible()
    expect(lost).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    assert site.asked == 2
    assert all("ERR_" in complaint for complaint in seen.complaints)
    seen.complaints.clear()


def test_while_an_answer_is_on_its_way_nothing_is_sent_twice(visit: Visit, widget: Widget) -> None:
    site = widget.site
    _, page = visit()
    site.waits = 30.0
    page.locator(".launcher").click()
    ask(page, QUESTION)
    expect(page.locator(".waiting")).to_have_text(message(Text.ONE_MOMENT, "de"))
    expect(page.locator(".aloud")).to_have_text(message(Text.ONE_MOMENT, "de"))  # said aloud
    ask(page, "Noch eine Frage?")
    page.locator(".ask button").click(force=True)  # it says that it is disabled
    assert site.asked == 1

    with page.expect_event("requestfailed") as failed:
        page.get_by_role("button", name=message(Text.CLOSE, "de")).click()
    assert failed.value.url.endswith("/api/v1/answers")
    site.waits = 0.0
    page.locator(".launcher").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("Noch eine Frage?")  # nothing typed is lost

    site.waits = 30.0
    ask(page, QUESTION)
    expect(page.locator(".waiting")).to_be_visible()
    page.reload()
    site.waits = 0.0
    page.locator(".launcher").click()
    ask(page, QUESTION)
    expect(page.locator(".feedback")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
