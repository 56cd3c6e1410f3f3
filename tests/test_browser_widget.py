"""The widget in a real browser, on pages that are not ours and do not make it easy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsers import scrolls_sideways, violations
from playwright.sync_api import Browser, Page, Route, expect
from translators import NO_TRANSLATOR, TRANSLATOR
from widgets import Visit, Widget, ask, open_widget, visiting

from core.store import Store
from service.wording import Text, message

expect.set_options(timeout=20_000)  # milliseconds, on machines with much else to do
QUESTION = "Was kostet die Hundesteuer für den ersten Hund?"
UNSEEN = "\u202e\u2066\u200b\u00ad\ufeff"  # overrides of direction, zero-width blanks


@pytest.fixture(scope="module")
def widget(auental: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Widget]:
    """The sample town's."""
    with open_widget(auental, tmp_path_factory.mktemp("widget")) as opened:
        yield opened


@pytest.fixture
def visit(widget: Widget, browser: Browser) -> Iterator[Visit]:
    """Opens a town's page with the widget in a fresh context."""
    with visiting(widget, browser) as opened:
        yield opened


def disguise(route: Route) -> None:
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
    expect(page.locator(".turn").last).to_contain_text("Steuerbefreiung gewährt")
    assert not set(UNSEEN) & set(page.locator(".turn").last.text_content() or "")
    page.get_by_role("button", name=message(Text.START_ANEW, "de")).click()
    expect(page.locator(".turn")).to_have_count(0)


def test_in_arabic_on_a_small_phone_everything_is_there(visit: Visit) -> None:
    _, page = visit("ar", viewport={"width": 320, "height": 640})
    page.evaluate(TRANSLATOR)
    page.locator(".launcher").click()
    dialog = page.get_by_role("dialog")
    assert (dialog.get_attribute("dir"), dialog.get_attribute("lang")) == ("rtl", "ar")
    expect(dialog).to_contain_text(message(Text.GERMAN_IS_BINDING, "ar"))
    ask(page, "كم ضريبة الكلب؟")
    expect(page.locator(".feedback")).to_be_visible()
    page.get_by_role("button", name=message(Text.TRANSLATE, "ar")).first.click()
    expect(page.locator("blockquote.translation[lang=ar]")).to_have_text(re.compile(r"^ar: \d+$"))
    assert not scrolls_sideways(page)
    field = page.locator("#question").bounding_box()
    assert field
    assert field["width"] > 200  # the long word on the button goes below it
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
    page.evaluate(NO_TRANSLATOR)
    ask(page, "Köpek vergisi ne kadar?")
    expect(page.locator(".turn").last.locator(".feedback")).to_be_visible()
    expect(page.locator(".turn").last.locator(".translate")).to_have_count(0)
    ask(page, "Wer gewann die WM 1990?")
    refusal = page.locator(".turn").last
    expect(refusal).to_contain_text(message(Text.OUT_OF_SCOPE, "de"))  # as it was asked
    expect(refusal).to_contain_text("Tel. 07000 1234")
    calls = refusal.locator(".where a")
    numbers = calls.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert numbers == ["tel:070001234", "tel:115"]
    expect(calls.first).to_have_text("07000 1234")


def test_on_a_page_in_simple_german_a_turkish_question_is_answered_in_turkish(
    visit: Visit,
) -> None:
    _, page = visit("de-simple")
    page.locator(".launcher").click()
    ask(page, "Köpek vergisi ne kadar?")
    expect(page.locator(".feedback")).to_be_visible()
    expect(page.locator(".answer")).to_have_attribute("lang", "tr")


def test_a_long_quote_is_marked_whole_on_the_page_that_its_source_opens(visit: Visit) -> None:
    _, page = visit()
    page.locator(".launcher").click()
    ask(page, "Was kostet die Restmülltonne?")
    expect(page.locator(".feedback")).to_be_visible()
    addresses = page.locator(".sources .label a").evaluate_all("links => links.map((a) => a.href)")
    quotes = [
        " ".join(text.split()) for text in page.locator(".sources blockquote").all_inner_texts()
    ]
    assert max(map(len, quotes)) > 300  # characters, more than an address holds
    for address, quote in zip(addresses, quotes, strict=True):
        source = page.context.new_page()
        source.goto(address)
        source.locator("mark .unseen").evaluate_all("all => all.forEach((one) => one.remove())")
        marked = " ".join(" ".join(source.locator("mark").all_text_contents()).split())
        assert marked == quote
        source.close()


def test_a_cry_for_help_gets_numbers_to_call(visit: Visit) -> None:
    _, page = visit("de-simple")
    page.locator(".launcher").click()
    with page.expect_request("**/api/v1/answers") as asked:
        ask(page, "Ich will nicht mehr leben")
    assert asked.value.post_data_json["page_language"] == "de-simple"
    calls = page.locator(".emergency a")
    expect(calls.first).to_be_visible()
    expect(page.locator(".emergency")).to_have_text(message(Text.EMERGENCY, "de-simple"))
    numbers = calls.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert numbers == ["tel:112", "tel:110", "tel:08001110111", "tel:116016"]
    assert violations(page) == []
