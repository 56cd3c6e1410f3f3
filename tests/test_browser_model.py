"""A language model's words in a real browser: simple language, the asker's own words, and the pages
where staff have texts drafted and practise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest
from browsers import served, violations, watched
from looks import flaws
from people import sign_in_browser
from playwright.sync_api import expect
from scripted_model import FakeModel
from sites import RULES, read_documents
from sqlalchemy import Engine

from core.glossary import Term, save_term
from service.answerer import Answerer
from service.language_model import Task
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FURTHER_RULES = """
(2) Die Steuer muss bis zum 15. Februar gezahlt werden.

(3) Blindenhunde sind von der Steuer befreit. Der Antrag ist binnen 14 Tagen zu stellen.
"""
NAME = "Anna Petersen"
QUESTION = f"Ich heiße {NAME}. Wie hoch ist die Hundesteuer für den ersten Hund?"
SAID = "[PERSON-1]: Die Hundesteuer für den ersten Hund ist 108,00 Euro."
SIMPLE = "108,00 Euro ist die Hundesteuer für den ersten Hund."
INVENTED = "Die Hundesteuer für den ersten Hund ist 999,00 Euro."
# Pages of staff that need no more than an address.
PAGES = (
    "/prompts",
    "/prompts/edit",
    "/editor/glossary",
    "/editor/glossary/edit",
    "/practice",
    "/practice/answer?q=Hundesteuer+Hund&town=990010001001&seed=7&check=1",
    "/practice/letter?seed=7&check=1",
)


class Town(NamedTuple):
    """The address of a town's site that has a language model, and its database."""

    address: str
    engine: Engine


def says(task: Task) -> list[str]:
    """An answer for each prompt; in drafts for staff one sentence is wrong."""
    kind = task.prompt.partition("@")[0]
    texts = {"answer": [SAID], "simple": [SIMPLE]}.get(kind, [SIMPLE, INVENTED])
    statements = [{"text": text, "sources": [1]} for text in texts]
    return [json.dumps({"can_answer": True, "statements": statements}, ensure_ascii=False)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("model")
    (folder / "rules.md").write_text(RULES + FURTHER_RULES, "utf-8")
    model_url = "http://127.0.0.1:9/v1"
    with read_documents(folder, [folder / "rules.md"], llm_base_url=model_url) as (store, settings):
        model = FakeModel(says)
        answerer = Answerer(store, settings, model)
        parts = parts_of(settings, store, answerer, model)
        engine = store.registry.engine
        save_term(engine, Term(german="Hundesteuer", wordings={"tr": "köpek vergisi"}), "Ada")
        with served(create_site(settings, answerer, parts)) as address:
            yield Town(address, engine)


def test_on_the_page_own_words_come_back_and_simple_language_is_one_press_away(
    town: Town, browser: Browser
) -> None:
    with watched(browser, town.address, locale="de") as seen:
        page = seen.open(f"{town.address}/ask")
        page.fill("#question", QUESTION)
        page.press("#question", "Escape")
        page.press("#question", "Enter")
        said = page.locator(".statements")
        expect(said).to_contain_text(f"{NAME}: Die Hundesteuer")
        expect(page.locator(".answer .notice")).to_have_text(message(Text.PERSONAL_DATA_SEEN, "de"))
        assert violations(page) == []

        page.locator(".answer").get_by_role("button", name="Einfache Sprache").click()
        expect(said).to_contain_text(SIMPLE)
        assert violations(page) == []
        page.locator("#ask").get_by_role("button", name="Deutsch", exact=True).click()
        expect(said).to_contain_text("Die Hundesteuer")


def test_in_the_widget_own_words_come_back_and_the_site_never_sent_them(
    town: Town, browser: Browser
) -> None:
    with watched(browser, town.address, locale="de") as seen:
        page = seen.open(f"{town.address}/ask")
        page.add_script_tag(url="/widget.js")
        page.locator(".launcher").click()
        page.fill(".panel #question", QUESTION)
        page.press(".panel #question", "Enter", no_wait_after=True)
        said = page.locator(".panel .statements")
        expect(said).to_contain_text(f"{NAME}: Die Hundesteuer")
        expect(page.locator(".panel")).to_contain_text(message(Text.PERSONAL_DATA_SEEN, "de"))
        streamed = page.request.post(
            f"{town.address}/api/v1/answers",
            data={"question": QUESTION},
            headers={"Accept": "text/event-stream"},
        ).text()
        assert "[PERSON-1]" in streamed
        assert "Petersen" not in streamed

        page.locator(".panel").get_by_role("button", name="Einfache Sprache").click()
        expect(said.last).to_contain_text(SIMPLE)
        assert violations(page) == []


def draft_reply(page: Page, address: str) -> None:
    """Has a reply in simple language drafted from the first passage of a search."""
    page.goto(f"{address}/desk?q=Hundesteuer+Hund&town=990010001001")
    page.locator("input[name=place]").first.check()
    page.locator("details.drafting summary").click()
    page.get_by_label("Einfache Sprache").check()
    page.get_by_role("button", name="Entwurf schreiben").click()
    expect(page.locator("#drafted-text")).to_have_value(re.compile(re.escape(SIMPLE)))
    expect(page.get_by_label("Einfache Sprache")).to_be_checked()


def test_the_pages_where_staff_draft_and_practise_stand_in_every_look(
    town: Town, browser: Browser
) -> None:
    found: dict[str, list[str]] = {}
    with watched(browser, town.address, locale="de") as seen:
        sign_in_browser(seen.context, town.address, town.engine, "editor")
        page = seen.open(f"{town.address}/prompts")
        for path in PAGES:
            page.goto(f"{town.address}{path}")
            found[path] = flaws(page)
        draft_reply(page, town.address)
        found["/desk/draft"] = flaws(page)
        page.goto(f"{town.address}/editor/documents/draft?id=hundesteuer")
        page.get_by_role("button", name="Auf das Wesentliche kürzen").click()
        expect(page.locator("ol.drafted s")).to_have_text(INVENTED)
        found["/editor/documents/draft"] = flaws(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
