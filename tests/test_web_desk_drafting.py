"""A clerk has a text drafted from passages that she ticks, as a browser without JavaScript does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from desks import Desk, open_desk
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in
from scripted_model import FakeModel

from core import audit
from core.errors import ModelFailed, ModelUnreachable
from core.glossary import Term, save_term
from core.openvino_encoder import OpenVinoEncoder
from service.language_model import Task
from service.prompting import load_prompt
from web.drafting import MARK
from web.parts import parts_of
from web.site import create_site

DOG_TAX = "hundesteuer erster hund"
FIRST = "Für den ersten Hund beträgt die Steuer 108,00 Euro im Jahr."
INVENTED = "Für den ersten Hund beträgt die Steuer 50,00 Euro im Jahr."
RATES = "§ 5 Hundesteuersatzung, S. 3"


def drafts(*texts: str) -> str:
    told = [{"text": text, "sources": [1]} for text in texts]
    return json.dumps({"can_answer": True, "statements": told}, ensure_ascii=False)


@pytest.fixture(scope="module")
def desk(encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk"), encoder) as opened:
        yield opened


class Clerk:
    """Clara at a desk with a model that says what a test has written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.model = FakeModel([])
        self.model.pieces = lambda task: self.says(task)
        self.says: Callable[[Task], Iterable[str | float | ModelFailed]] = lambda _: []
        parts = parts_of(desk.settings, desk.store, desk.answerer, self.model)
        site = create_site(desk.settings, desk.answerer, parts)
        self.client = TestClient(site, base_url="https://testserver")
        signed_in(self.client, desk.store.registry.engine, "clerk", "clara")

    def page(self) -> Any:
        found = self.client.get("/desk", params={"q": DOG_TAX, "town": "Auental"})
        return html.fromstring(found.text)

    def draft(
        self, *said: str | ModelFailed, ticked: Iterable[str] = (RATES,), **typed: str
    ) -> Any:
        """The page after passages were ticked, by their labels, and the form was sent."""
        self.says = lambda _: said
        page = self.page()
        data = {
            "form_token": page.xpath("//form[@id='draft']//input[@name='form_token']/@value")[0]
        }
        boxes = {
            row.xpath("string(./a[@class='hit'])"): row.xpath(".//input[@name='place']/@value")[0]
            for row in page.xpath("//ol[contains(@class, 'hits')]/li")
        }
        places = [boxes[label] for label in ticked]
        headers = {"origin": "https://testserver", "sec-fetch-site": "same-origin"}
        sent = {**data, **typed, "place": places}
        response = self.client.post("/desk/draft", data=sent, headers=headers)  # type: ignore[arg-type]
        assert response.status_code == 200, response.text
        return html.fromstring(response.text)


@pytest.fixture
def clerk(desk: Desk) -> Clerk:
    return Clerk(desk)


def words(page: Any, path: str = "//main") -> str:
    return " ".join(" ".join(found.text_content().split()) for found in page.xpath(path))


def test_ticked_passages_become_a_text_with_salutation_sources_and_closing(clerk: Clerk) -> None:
    page = clerk.draft(drafts(FIRST), salutation="Guten Tag, Herr Muster,")

    text = page.xpath("//textarea[@id='drafted-text']")[0].text
    parts = text.strip().split("\n\n")
    assert parts[0] == f"[{MARK}]"
    assert parts[1] == "Guten Tag, Herr Muster,"
    assert parts[2] == f"{FIRST} [1]"
    assert parts[3] == "Quellen\n[1] § 5 Abs. 1 Hundesteuersatzung, S. 3"
    assert "Bürgerbüro, Tel. 0123" in parts[4]
    assert MARK in words(page)
    assert "Wiener Sachtextformel" in words(page)
    assert "Muster" not in clerk.model.tasks[0].system + clerk.model.tasks[0].data


def test_a_faulty_sentence_is_struck_with_its_fault_and_what_stands_there(clerk: Clerk) -> None:
    page = clerk.draft(drafts(FIRST, INVENTED))

    assert words(page, "//s") == INVENTED
    faulty = words(page, "//li[@class='faulty']")
    assert "ein Betrag" in faulty
    assert "108,00" in faulty
    assert "50,00" not in page.xpath("//textarea[@id='drafted-text']")[0].text


def test_a_notice_has_neither_salutation_nor_closing(clerk: Clerk) -> None:
    page = clerk.draft(drafts(FIRST), kind="draft_notice")

    text = page.xpath("//textarea[@id='drafted-text']")[0].text
    assert FIRST in text
    assert "Guten Tag" not in text
    assert "Freundliche Grüße" not in text
    assert clerk.model.tasks[0].prompt == load_prompt("draft_notice").title


def test_simple_language_is_chosen_with_a_tick_and_stays_chosen(clerk: Clerk) -> None:
    page = clerk.draft(drafts(FIRST), simple="1")
    assert "Einfache Sprache" in clerk.model.tasks[0].system
    assert page.xpath("//input[@name='simple']/@checked")
    assert "Wiener Sachtextformel" in words(page)


def test_a_reply_in_the_citizens_language_uses_the_glossary(clerk: Clerk) -> None:
    term = Term(german="Steuer", town="990010001001", wordings={"tr": "vergi"})
    save_term(clerk.desk.store.registry.engine, term, "Ada")
    clerk.draft(drafts(FIRST), language="tr", simple="1")
    assert '"Steuer": "vergi"' in clerk.model.tasks[0].data
    assert "Einfache Sprache" not in clerk.model.tasks[0].system


def test_markup_of_a_model_stays_text(clerk: Clerk) -> None:
    page = clerk.draft(drafts("<script>alert(1)</script> 108,00 Euro </textarea><b>x</b>"))
    assert not page.xpath("//script[contains(., 'alert')] | //main//b")
    assert "<script>alert(1)</script>" in words(page, "//ol[@class='drafted']")


def test_a_model_that_is_down_is_said_and_what_was_typed_stays(clerk: Clerk) -> None:
    page = clerk.draft(ModelUnreachable(), note="Was kostet es?")

    assert "nicht erreichbar" in words(page, "//*[@role='alert']")
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == "Was kostet es?"
    assert page.xpath("//input[@name='place']/@value")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "mindestens eine Fundstelle"),
        (["x||hundesteuersatzung"], "gibt es nicht mehr"),
        (["x|2026-99-99|hundesteuersatzung"], "gibt es nicht mehr"),
        (["nonsense"], "gibt es nicht mehr"),
        ([f"{number}||hundesteuersatzung" for number in range(9)], "höchstens 8"),
    ],
)
def test_places_that_nothing_can_be_drafted_from_are_one_sentence(
    places: list[str], said: str, clerk: Clerk
) -> None:
    token = clerk.page().xpath("//form[@id='draft']//input[@name='form_token']/@value")[0]
    headers = {"origin": "https://testserver", "sec-fetch-site": "same-origin"}
    sent: dict[str, Any] = {"form_token": token, "place": places}
    response = clerk.client.post("/desk/draft", data=sent, headers=headers)
    assert said in words(html.fromstring(response.text), "//*[@role='alert']")
    assert clerk.model.tasks == []


def test_what_was_drafted_is_in_the_log_without_the_note(clerk: Clerk) -> None:
    clerk.draft(drafts(FIRST), note="Geheimnis")
    lines = audit.read(clerk.desk.store.registry.engine, 5, act="draft_text")
    assert lines[0].subject == "draft_reply"
    assert lines[0].detail["documents"] == ["hundesteuersatzung"]
    assert "Geheimnis" not in repr(lines)


def test_without_a_model_the_desk_offers_no_draft_and_says_so(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX)
    assert "kein Sprachmodell eingerichtet" in words(page)
    assert not page.xpath("//input[@name='place'] | //form[@id='draft']")


def test_nobody_drafts_without_signing_in_or_from_elsewhere(clerk: Clerk) -> None:
    stranger = TestClient(clerk.client.app, base_url="https://testserver")
    assert stranger.post("/desk/draft", data={}, follow_redirects=False).status_code in (
        303,
        401,
        403,
    )
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert clerk.client.post("/desk/draft", data={}, headers=foreign).status_code == 403
    assert clerk.model.tasks == []
