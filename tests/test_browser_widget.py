"""The widget in a real browser, on pages that are not ours and do not make it easy."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from browsers import Watched, scrolls_sideways, served, violations, watched
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Route as Intercepted
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import load_settings
from core.store import Store
from service.answerer import Answerer
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

expect.set_options(timeout=20_000)  # milliseconds, on machines with much else to do
QUESTION = "Was kostet die Hundesteuer für den ersten Hund?"
PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stadt Auental</title><link rel="stylesheet" href="/hostile.css"></head>
<body><main><h1>Stadt Auental</h1><p id="pressed"></p><a href="/">Startseite</a></main>
<script src="/hostile.js"></script>{scripts}</body></html>"""
UNSEEN = "\u202e\u2066\u200b\u00ad\ufeff"  # overrides of direction, zero-width blanks
SCRIPT = '<script src="{address}/widget.js" data-town="{town}" async></script>'
# What a town's page may do to all its elements, and keys that it takes for itself.
HOSTILE_CSS = "* { all: unset; } main, h1, p { display: block; } html { font-size: 30%; }"
HOSTILE_JS = """addEventListener("keydown", (event) => {
  document.getElementById("pressed").textContent += event.key;
  if (event.key !== "Tab") event.preventDefault();
});"""


class Visited:
    """The addresses of a site and of a town's page that carries its widget."""

    def __init__(self, site: str, page: str) -> None:
        self.site, self.page = site, page


Visit = Callable[..., Any]


class Broken:
    """A site in front of the real one whose answers to questions a test scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.asked = 0
        self.waits = 0.0  # seconds before an answer
        self.breaks = False  # after half of it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, slowly or by half where told so."""
        is_question = scope["type"] == "http" and scope["path"] == "/api/v1/answers"
        if not is_question or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        self.asked += 1
        await asyncio.sleep(self.waits)
        if not self.breaks:
            await self.app(scope, receive, send)
            return

        async def send_half(part: Any) -> None:
            body = part.get("body", b"")
            if body.startswith(b"event: citation"):
                raise ConnectionResetError  # uvicorn closes the connection
            if body or part["type"] == "http.response.start":
                await send(part)

        await self.app(scope, receive, send_half)


@pytest.fixture(scope="module")
def broken(auental: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A site, and the origin of the town's page that it lets in."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = load_settings(
        state_dir=tmp_path_factory.mktemp("widget"),
        rate_limit="off",
        sites=f"http://127.0.0.1:{port}",
        contact="Bürgerbüro Auental, Tel. 07000 1234",
        opening_hours="Mo–Fr 8–12 Uhr",
    )
    answerer = Answerer(auental, settings)
    answerer.answer(QUESTION)  # the first one waits for what is loaded once
    app = Broken(create_site(settings, answerer, parts_of(settings, auental, answerer)))
    with served(app) as address:  # type: ignore[arg-type]  # any ASGI application will do
        yield app, address, port


@pytest.fixture
def visit(broken: Any, browser: Browser) -> Iterator[Visit]:
    """Opens a town's page with the widget in a fresh context."""
    app, site, port = broken
    app.waits, app.breaks, app.asked = 0.0, False, 0
    with ExitStack() as stack:

        def open_page(
            language: str = "de",
            town: str = "Auental",
            is_known: bool = True,
            **options: Any,
        ) -> tuple[Watched, Page]:
            host = host_page(site, language, town)
            address = stack.enter_context(served(host, port if is_known else 0))  # type: ignore[arg-type]
            seen = stack.enter_context(watched(browser, site, address, **options))
            page = seen.open(address)
            page.locator(".launcher").wait_for()
            return seen, page

        yield open_page


def host_page(site: str, language: str, town: str) -> Starlette:
    """A town's page under a strict policy, with two tags of the widget."""
    direction = "rtl" if language in {"ar", "fa"} else "ltr"
    scripts = 2 * SCRIPT.format(address=site, town=town)
    shown = PAGE.format(language=language, direction=direction, scripts=scripts)
    policy = (
        f"default-src 'none'; script-src 'self' {site}; connect-src {site}; style-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    )

    def answer(media_type: str, text: str) -> Any:
        headers = {"Content-Security-Policy": policy}
        return lambda _: HTMLResponse(text, headers=headers, media_type=media_type)

    return Starlette(
        routes=[
            Route("/", answer("text/html", shown)),
            Route("/hostile.css", answer("text/css", HOSTILE_CSS)),
            Route("/hostile.js", answer("text/javascript", HOSTILE_JS)),
        ]
    )


def ask(page: Page, question: str) -> None:
    """Types a question and sends it with Enter."""
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")


def disguise(route: Intercepted) -> None:
    """Answers as the site does, the documents' words full of characters that are not seen."""
    response = route.fetch()
    disguised = response.text().replace("Euro", f"E{UNSEEN}uro").replace("und", f"u{UNSEEN}nd")
    route.fulfill(response=response, body=disguised)


def focused(page: Page) -> str:
    """The class or id of what has the focus inside of the widget."""
    return str(
        page.evaluate(
            "(({activeElement: at}) => at ? at.id || at.className : '')"
            "(document.querySelector('auskunft-widget').shadowRoot)"
        )
    )


def test_a_question_is_asked_by_keyboard_on_a_hostile_page(visit: Visit) -> None:
    seen, page = visit()
    expect(page.locator("auskunft-widget")).to_have_count(1)
    launcher = page.get_by_role("button", name=message(Text.HEADING, "de"))
    box = launcher.bounding_box()
    assert box
    assert box["height"] >= 44  # whatever the page does to its own elements
    assert box["x"] > 600

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "launcher"
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=message(Text.HEADING, "de"))
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(message(Text.INTRODUCTION, "de"))
    expect(dialog).to_contain_text("Mo–Fr 8–12 Uhr")
    assert focused(page) == "question"
    assert violations(page) == []

    before = page.locator("#pressed").text_content()
    page.evaluate(
        """() => {
          const {shadowRoot} = document.querySelector("auskunft-widget");
          window.said = [];
          new MutationObserver(() => said.push(shadowRoot.querySelector(".aloud").textContent))
            .observe(shadowRoot.querySelector(".aloud"), {childList: true});
        }"""
    )
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(dialog.locator(".feedback")).to_be_visible()
    assert page.locator("#pressed").text_content() == before  # the page's keys stayed quiet
    expect(dialog.locator(".statements")).to_contain_text("Euro")
    said = page.evaluate("said")
    assert len(said) == 1
    assert "Euro" in said[0]
    assert violations(page) == []

    number = dialog.locator(".number").first
    number.focus()
    page.keyboard.press("Enter")
    link = dialog.locator(".sources a").first
    expect(link).to_be_focused()
    assert (link.get_attribute("target"), link.get_attribute("rel")) == (
        "_blank",
        "noopener noreferrer",
    )
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    source = opened.value
    source.wait_for_load_state()
    assert "/source?document=" in source.url
    assert source.evaluate("document.querySelector('h1') !== null")
    assert source.evaluate("document.referrer") == ""
    source.close()

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == "launcher"
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == [
        "",
        0,
        0,
    ]
    assert seen.context.cookies() == []


def test_suggestions_are_chosen_and_an_answer_is_rated_by_keyboard(visit: Visit) -> None:
    _, page = visit()
    page.locator(".launcher").click()
    field = page.get_by_role("combobox", name=message(Text.QUESTION_LABEL, "de"))
    field.type("hundest")
    options = page.locator(".suggestions [role=option]")
    expect(options.first).to_be_visible()
    assert violations(page) == []
    expect(page.locator(".suggestions-count")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()  # the list first, then the panel
    field.type("e")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = options.first
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    text = chosen.text_content()
    page.keyboard.press("Enter")
    expect(field).to_have_value(text or "")
    page.keyboard.press("Enter")
    feedback = page.locator(".feedback")
    expect(feedback).to_be_visible()

    feedback.locator("summary").click()
    feedback.locator("textarea").fill("Gut verständlich.")
    with page.expect_response("**/api/v1/feedback") as sent:
        feedback.get_by_role("button", name=message(Text.YES, "de"), exact=True).click()
    assert sent.value.status == 204
    expect(feedback).to_have_text(message(Text.FEEDBACK_THANKS, "de"))

    page.route("**/api/v1/answers", disguise)
    with page.expect_request("**/api/v1/answers") as asked:
        ask(page, "Und für den zweiten?")
    assert asked.value.post_data_json["context"] == text
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".feedback")).to_have_count(2)
    expect(page.locator(".turn").last).to_contain_text("Euro")
    assert not set(UNSEEN) & set(page.locator(".turn").last.text_content() or "")
    page.get_by_role("button", name=message(Text.START_ANEW, "de")).click()
    expect(page.locator(".turn")).to_have_count(0)


def test_in_arabic_on_a_small_phone_everything_is_there(visit: Visit) -> None:
    _, page = visit("ar", viewport={"width": 320, "height": 640})
    page.locator(".launcher").click()
    dialog = page.get_by_role("dialog")
    assert (dialog.get_attribute("dir"), dialog.get_attribute("lang")) == ("rtl", "ar")
    expect(dialog).to_contain_text(message(Text.GERMAN_IS_BINDING, "ar"))
    ask(page, "كم ضريبة الكلب؟")
    expect(page.locator(".feedback")).to_be_visible()
    assert not scrolls_sideways(page)
    assert page.locator(".body").evaluate("body => body.scrollWidth <= body.clientWidth")
    assert violations(page) == []
    small = page.locator(".panel").locator("button:visible, select:visible, input:visible")
    for box in [one.bounding_box() for one in small.all()]:
        assert box
        assert box["height"] >= 24

    for _ in range(30):  # it covers the page, so the focus stays inside
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "auskunft-widget"

    page.get_by_label(message(Text.LANGUAGE_LABEL, "ar"), exact=True).select_option("tr")
    expect(dialog).to_have_attribute("dir", "ltr")
    expect(dialog).to_contain_text(message(Text.INTRODUCTION, "tr"))
    ask(page, "Wer gewann die WM 1990?")
    refusal = page.locator(".turn").last
    expect(refusal).to_contain_text(message(Text.OUT_OF_SCOPE, "tr"))
    expect(refusal).to_contain_text("Tel. 07000 1234")
    calls = refusal.locator(".where a")
    numbers = calls.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert numbers == ["tel:070001234", "tel:115"]
    expect(calls.first).to_have_text("07000 1234")


def test_a_cry_for_help_gets_numbers_to_call(visit: Visit) -> None:
    _, page = visit("de-simple")
    page.locator(".launcher").click()
    with page.expect_request("**/api/v1/answers") as asked:
        ask(page, "Ich will nicht mehr leben")
    assert asked.value.post_data_json["language"] == "de-simple"  # as the page is
    calls = page.locator(".emergency a")
    expect(calls.first).to_be_visible()
    expect(page.locator(".emergency")).to_have_text(message(Text.EMERGENCY, "de-simple"))
    numbers = calls.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert numbers == ["tel:112", "tel:110", "tel:08001110111", "tel:116016"]
    assert violations(page) == []


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


def test_half_an_answer_stays_and_can_be_asked_again(visit: Visit, broken: Any) -> None:
    app, *_ = broken
    seen, page = visit()
    app.breaks = True
    page.locator(".launcher").click()
    ask(page, QUESTION)
    lost = page.locator(".turn .problem")
    expect(lost).to_have_text(message(Text.CONNECTION_LOST, "de"))
    expect(page.locator(".statements p").first).to_contain_text("Euro")
    assert violations(page) == []

    app.breaks = False
    page.get_by_role("button", name=message(Text.TRY_AGAIN, "de")).click()
    expect(page.locator(".feedback")).to_be_visible()
    expect(lost).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    assert app.asked == 2
    assert all("ERR_" in complaint for complaint in seen.complaints)
    seen.complaints.clear()


def test_while_an_answer_is_on_its_way_nothing_is_sent_twice(visit: Visit, broken: Any) -> None:
    app, *_ = broken
    _, page = visit()
    app.waits = 30.0
    page.locator(".launcher").click()
    ask(page, QUESTION)
    expect(page.locator(".waiting")).to_have_text(message(Text.ONE_MOMENT, "de"))
    expect(page.locator(".aloud")).to_have_text(message(Text.ONE_MOMENT, "de"))  # said aloud
    ask(page, "Noch eine Frage?")
    page.locator(".ask button").click(force=True)  # it says that it is disabled
    assert app.asked == 1

    with page.expect_event("requestfailed") as failed:
        page.get_by_role("button", name=message(Text.CLOSE, "de")).click()
    assert failed.value.url.endswith("/api/v1/answers")
    app.waits = 0.0
    page.locator(".launcher").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("Noch eine Frage?")  # nothing typed is lost
    ask(page, QUESTION)
    expect(page.locator(".feedback")).to_be_visible()
