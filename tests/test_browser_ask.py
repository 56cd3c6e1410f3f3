"""The citizens' page in a real browser: by keyboard, by screen reader, small, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import WIDTHS, scrolls_sideways, served, violations, watched
from encoders import WordEncoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.database import open_registry
from core.feedback import read_feedback
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

QUESTIONS = {"de": "Was kostet ein Hund?", "ar": "كم ضريبة الكلب؟"}
UNANSWERED = {"de": "Wer gewann 1990 die Fußballweltmeisterschaft?", "ar": "من فاز بكأس العالم؟"}
NO_TRANSLATOR = "delete globalThis.Translator;"
TRANSLATOR = """globalThis.Translator = {
    availability: async () => "available",
    create: async ({ targetLanguage }) => ({
        translate: async (text) => `${targetLanguage}: ${text.length}`,
    }),
};"""
# Whether each of two submits goes through, and what the page says then.
SEND_TWICE = """() => {
    const sent = [];
    document.addEventListener("submit", (event) => {
        sent.push([!event.defaultPrevented, document.getElementById("working").textContent]);
    });
    document.forms.ask.requestSubmit();
    document.forms.ask.requestSubmit();
    return sent;
}"""
HOSTILE = """---
id: hund
title: "<script>document.title='taken'</script> Hundesteuersatzung"
url: "javascript:document.title='taken'"
links: [{title: "<b onclick=alert(1)>Formular</b>", url: "javascript:alert(1)"}]
---
# Hundesteuer

## Hundesteuer <img src=x onerror="document.title='taken'">

Hundesteuer &lt;script&gt;alert(1)&lt;/script&gt; \u202eoruE 1\u202c \u200b[X](javascript:alert(1))
<script>document.title='taken'</script>
"""


def site_on(store: Store, **settings: object) -> FastAPI:
    chosen = {"state_dir": store.originals.parent, "rate_limit": "off", **settings}
    loaded = load_settings(**chosen)
    answerer = Answerer(store, loaded)
    return create_site(loaded, answerer, parts_of(loaded, store, answerer))


@pytest.fixture(scope="module")
def address(auental: Store) -> Iterator[str]:
    """The sample town's site."""
    with served(site_on(auental, contact="Bürgerbüro Auental, Tel. 07000 1234-0")) as address:
        yield address


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Escape")
    page.press("#question", "Enter")
    page.wait_for_url("**#answer")


def test_the_keyboard_alone_leads_from_the_question_to_the_marked_page_and_back(
    browser: Browser, address: str
) -> None:
    with watched(browser, address, locale="de") as seen:
        page = seen.open(f"{address}/ask")
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "question":
                break
        page.keyboard.type(QUESTIONS["de"])
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        page.wait_for_url("**#answer")

        assert page.evaluate("document.activeElement.id") == "answer"
        page.keyboard.press("Tab")  # the number behind the first sentence
        page.keyboard.press("Enter")
        page.wait_for_url("**#source-1")
        page.keyboard.press("Tab")  # the label of the source
        assert "§ 5 Abs. 1 Hundesteuersatzung" in page.evaluate(
            "document.activeElement.textContent"
        )
        page.keyboard.press("Enter")
        page.wait_for_url("**/source?*")

        assert page.locator("mark").first.is_visible()
        assert "108,00 Euro" in " ".join(page.locator("mark").all_text_contents())
        page.focus("#back")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ask*")
        assert page.locator(".statements p").first.is_visible()


@pytest.mark.parametrize("language", ["de", "ar"])
def test_no_state_of_the_page_keeps_anybody_out(
    language: str, browser: Browser, address: str
) -> None:
    with watched(browser, address, locale=language) as seen:
        page = seen.open(f"{address}/ask?language={language}")
        found = {"empty": violations(page)}
        for state, question in (
            ("answer", QUESTIONS[language]),
            ("no answer", UNANSWERED[language]),
            ("error", "?!"),
        ):
            ask(page, question)
            found[state] = violations(page)
            for size in (WIDTHS["phone"], (320, 256)):  # the latter: 1280 px at 400 %
                page.set_viewport_size({"width": size[0], "height": size[1]})
                assert not scrolls_sideways(page), (state, size)
            page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{address}/ask?frame=1&town=Atlantis&language={language}")
        found["unknown town, framed"] = violations(page)
        assert page.get_by_role("alert").inner_text() == message(Text.TOWN_UNKNOWN, language)
        seen.complaints[:] = [c for c in seen.complaints if "422" not in c]

    assert found == {state: [] for state in found}


def test_without_javascript_everything_is_done_by_forms_and_links(
    browser: Browser, address: str, auental: Store
) -> None:
    before = len(read_feedback(auental.registry.engine))
    with watched(browser, address, java_script_enabled=False, locale="en") as seen:
        page = seen.open(f"{address}/ask")
        page.fill("#question", "Was kostet ein Hund?")
        page.get_by_role("button", name="Türkçe").click()
        assert page.input_value("#question") == "Was kostet ein Hund?"
        assert page.locator("html").get_attribute("lang") == "tr"

        page.press("#question", "Enter")
        assert page.locator("html").get_attribute("lang") == "de"  # as it was asked
        page.get_by_role("button", name="Українська").click()
        assert message(Text.GERMAN_IS_BINDING, "uk") in page.locator(".answer").inner_text()
        assert page.locator("blockquote").first.get_attribute("lang") == "de"

        page.fill("#question", "und für den zweiten?")
        page.press("#question", "Enter")
        assert "216,00 Euro" in page.locator(".statements").inner_text()
        page.locator(".sources .label a").first.click()
        assert page.locator("mark").first.is_visible()
        page.go_back()
        page.locator("summary").click()
        page.fill("#word", "Sehr gut")
        page.get_by_role("button", name=message(Text.YES, "de"), exact=True).click()
        assert page.get_by_role("status").inner_text() == message(Text.FEEDBACK_THANKS, "de")
        page.reload()

    kept = read_feedback(auental.registry.engine)
    assert len(kept) == before + 1
    assert "Sehr gut" in {one.feedback.word for one in kept}


def test_scripts_suggest_translate_and_take_feedback_in_place(
    browser: Browser, address: str, auental: Store
) -> None:
    before = len(read_feedback(auental.registry.engine))
    with watched(browser, address, locale="de") as seen:
        seen.context.add_init_script(TRANSLATOR)
        page = seen.open(f"{address}/ask")
        field = page.get_by_role("combobox")
        field.press_sequentially("Hundest")
        page.get_by_role("option").first.wait_for()
        assert violations(page) == []
        field.press("ArrowDown")
        chosen = page.get_by_role("option", selected=True).inner_text()
        field.press("Enter")
        assert page.input_value("#question") == chosen
        assert page.get_by_role("listbox").count() == 0

        page.goto(f"{address}/ask?language=tr")
        ask(page, "Köpek vergisi ne kadar?")
        quote = page.locator("blockquote[lang=de]").first
        button = page.get_by_role("button", name=message(Text.TRANSLATE, "tr")).first
        button.click()
        translation = page.locator("blockquote.translation").first
        assert translation.get_attribute("lang") == "tr"
        assert translation.inner_text() == f"tr: {len(quote.text_content() or '')}"
        assert page.get_by_text(message(Text.MACHINE_TRANSLATION, "tr")).is_visible()

        page.get_by_text(message(Text.WORD_LABEL, "tr")).first.click()
        page.fill("#word", "ada@example.org")
        page.get_by_role("button", name=message(Text.NO, "tr"), exact=True).click()
        page.get_by_text(message(Text.WORD_DROPPED, "tr")).wait_for()
        assert page.evaluate("document.activeElement.id") == "said"
        assert page.locator("form.feedback").count() == 0
        assert page.url.endswith("#answer")
    with watched(browser, address, locale="tr") as seen:
        seen.context.add_init_script(NO_TRANSLATOR)
        page = seen.open(f"{address}/ask")
        ask(page, "Köpek vergisi ne kadar?")
        assert page.locator("button.translate").count() == 0

    assert len(read_feedback(auental.registry.engine)) == before + 1


def test_a_question_is_sent_once_and_is_still_there_on_the_way_back(
    browser: Browser, address: str
) -> None:
    with watched(browser, address, locale="de") as seen:
        page = seen.open(f"{address}/ask")
        page.fill("#question", QUESTIONS["de"])
        sent = page.evaluate(SEND_TWICE)

        assert sent == [[True, message(Text.ONE_MOMENT, "de")], [False, sent[0][1]]]
        page.wait_for_url("**#answer")
        page.go_back()
        assert page.input_value("#question") == QUESTIONS["de"]
        assert page.locator("#ask").get_attribute("aria-busy") is None


def test_only_an_allowed_site_frames_the_page(browser: Browser, auental: Store) -> None:
    def host(request: Request) -> HTMLResponse:
        source = request.query_params["of"]
        icon = '<link rel="icon" href="data:,">'
        return HTMLResponse(f'{icon}<iframe title="Fragen" src="{source}/ask?frame=1"></iframe>')

    with (
        served(Starlette(routes=[Route("/", host)])) as town,  # type: ignore[arg-type]  # ASGI
        served(site_on(auental, sites=town)) as opened,
        served(site_on(auental)) as closed,
        watched(browser, town, opened, closed) as seen,
    ):
        page = seen.open(f"{town}/?of={opened}")
        frame = page.frame_locator("iframe")
        frame.locator("#question").fill(QUESTIONS["de"])
        frame.locator("#question").press("Enter")
        frame.locator(".statements").wait_for()
        assert frame.locator(".sources .label a").first.get_attribute("target") == "_blank"
        assert seen.complaints == []

        page.goto(f"{town}/?of={closed}")
        page.wait_for_timeout(300)
        assert any("frame-ancestors" in complaint for complaint in seen.complaints)
        seen.complaints.clear()
        assert page.frame_locator("iframe").locator("#question").count() == 0


def test_a_document_full_of_tricks_shows_as_text(browser: Browser, tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    (tmp_path / "hund.md").write_text(HOSTILE, "utf-8")
    assert ingest([tmp_path / "hund.md"], Publisher(store), settings).failures == []

    with served(site_on(store)) as address, watched(browser, address, locale="de") as seen:
        page = seen.open(f"{address}/ask")
        ask(page, "Hundesteuer <script>alert(1)</script>")
        shown = page.locator(".answer").inner_text()
        assert "oruE 1" in shown  # and not, turned round, "1 Euro"
        assert "<script>alert(1)</script>" in shown
        assert "(javascript:alert(1))" in shown
        assert not {"\u202e", "\u202c", "\u200b"} & set(shown)
        assert page.locator(".answer script, .answer img, .answer [onclick]").count() == 0
        assert page.locator("a[href^='javascript:']").count() == 0
        assert "taken" not in page.title()
        assert violations(page) == []
    index.close()
    registry.close()
