"""The citizens' page, as a browser without JavaScript sees it, and the original documents."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import ANSWERED, DOG_TAX, ScriptedAnswerer, unanswered
from fastapi.testclient import TestClient
from lxml import html

from core.errors import IndexUnreachable, QuestionTooLong
from core.languages import SUPPORTED
from core.settings import Settings
from core.types import Answer, Citation, Kind, Mode, Related, Statement, Status
from service.originals import OriginalFile
from service.wording import Text, message
from web.page import preferred_language, safe_address, town_menu
from web.site import create_site

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en-GB,en"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def answerer() -> ScriptedAnswerer:
    return ScriptedAnswerer()


@pytest.fixture
def browser(answerer: ScriptedAnswerer, tmp_path: Path) -> TestClient:
    return browser_of(answerer, tmp_path)


def browser_of(answerer: ScriptedAnswerer, state_dir: Path, **settings: Any) -> TestClient:
    chosen = {"state_dir": state_dir, "rate_limit": "off", **settings}
    site = create_site(Settings(**chosen), answerer)
    return TestClient(site, raise_server_exceptions=False, headers=BROWSER)


def page_of(response: Any) -> Any:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(response.text)


def test_the_page_has_what_a_screen_reader_needs(browser: TestClient) -> None:
    page = page_of(browser.get("/"))

    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert page.find(".//a").get("href") == "#content"  # the skip link comes first
    assert page.get_element_by_id("content").tag == "main"
    assert len(page.findall(".//h1")) == 1
    fields = page.xpath("//textarea | //select")
    assert {field.get("name") for field in fields} == {"question", "language"}
    for field in fields:
        assert page.xpath(f"//label[@for='{field.get('id')}']")


def test_the_page_works_without_javascript_and_foreign_addresses(browser: TestClient) -> None:
    page = page_of(browser.get("/"))

    assert not page.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]")
    for address in page.xpath("//link/@href | //img/@src"):
        assert browser.get(address).status_code == 200


def test_a_question_is_posted_and_so_stands_in_no_address(browser: TestClient) -> None:
    form = page_of(browser.get("/")).forms[0]

    assert (form.method, form.get("action")) == ("POST", "/#answer")


def test_what_answers_is_said_before_the_first_question(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    verbatim = browser_of(answerer, tmp_path).get("/").text
    worded = browser_of(answerer, tmp_path, llm_base_url="http://127.0.0.1:1").get("/").text

    assert message(Text.INTRODUCTION, "en") in verbatim
    assert message(Text.MADE_BY_MODEL, "en") in worded
    assert message(Text.INTRODUCTION, "en") not in worded


def test_emergency_numbers_can_be_called_from_every_page(browser: TestClient) -> None:
    for response in (browser.get("/"), browser.get("/nothing")):
        numbers = page_of(response).xpath("//header//a[starts-with(@href, 'tel:')]/@href")
        assert numbers == ["tel:112", "tel:110"]


def test_an_answer_shows_statements_with_their_sources(
    answerer: ScriptedAnswerer, browser: TestClient, tmp_path: Path
) -> None:
    answerer.originals[DOG_TAX.id] = OriginalFile(tmp_path / "a", "application/pdf", "a.pdf")

    page = page_of(browser.post("/", data={"question": "Was kostet ein Hund?"}))

    assert (page.get("lang"), page.get("dir")) == ("de", "ltr")
    statements = page.xpath("//*[@class='statements']/p")
    assert [statement.text.strip() for statement in statements] == [
        "Die Steuer beträgt für jeden Hund 96,00 Euro.",
        "Für Welpen unter drei Monaten wird keine Steuer erhoben.",
    ]
    assert [s.xpath("sup/a/@href") for s in statements] == [
        ["#source-1"],
        ["#source-2", "#source-1"],
    ]
    source = page.get_element_by_id("source-1")
    assert source.xpath("p")[0].text == "§ 5 Abs. 1 Hundesteuersatzung, S. 3"
    assert source.find("blockquote").text == "Die Steuer beträgt für jeden Hund 96,00 Euro."
    assert (source.find("blockquote").get("lang"), source.find("blockquote").get("dir")) == (
        "de",
        "ltr",
    )
    assert "1. Juni 2025" in source.text_content()
    assert "1. Januar 2024" in source.text_content()
    assert source.xpath(".//a/@href") == [
        "/documents/satzungen/hundesteuer/original#page=3",
        "https://www.aichelberg.example/hundesteuer.pdf",
    ]
    assert page.xpath("//*[@class='related']//a/@href") == ["https://www.aichelberg.example/form"]


def test_without_a_stored_original_no_link_leads_nowhere(browser: TestClient) -> None:
    page = page_of(browser.post("/", data={"question": "Hund?"}))

    links = page.get_element_by_id("source-1").xpath(".//a/@href")
    assert links == ["https://www.aichelberg.example/hundesteuer.pdf"]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (Mode.EXTRACTIVE, Text.MADE_OF_SENTENCES),
        (Mode.CURATED, Text.MADE_BY_PEOPLE),
        (Mode.GENERATED, Text.MADE_BY_MODEL),
    ],
)
def test_an_answer_says_who_made_it(
    mode: Mode, said: Text, answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = replace(ANSWERED, mode=mode, language="en")

    page = page_of(browser.post("/", data={"question": "Dog?"}))

    assert message(said, "en") in page.get_element_by_id("answer").text_content()


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
def test_every_other_ending_is_told_in_words(
    status: Status, answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = unanswered(status, "Bitte wenden Sie sich an das Bürgerbüro.")

    region = page_of(browser.post("/", data={"question": "Hund?"})).get_element_by_id("answer")

    assert "Bitte wenden Sie sich an das Bürgerbüro." in region.text_content()
    assert not region.xpath(".//blockquote")
    calls = region.xpath(".//a[starts-with(@href, 'tel:')]")
    assert bool(calls) == (status is Status.EMERGENCY)


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_page_speaks_every_language_in_its_direction(
    language: str, browser: TestClient
) -> None:
    page = page_of(browser.get("/", params={"language": language}))

    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language in {"ar", "fa"} else "ltr")
    assert page.find(".//h1").text.strip() == message(Text.HEADING, language)


def test_an_arabic_answer_quotes_german_from_left_to_right(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = replace(ANSWERED, language="ar")

    page = page_of(browser.post("/", data={"question": "كم ضريبة الكلب؟"}))

    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    quoted = page.xpath("//blockquote | //*[@class='statements']/p")
    assert {(element.get("lang"), element.get("dir")) for element in quoted} == {("de", "ltr")}


def test_the_chosen_language_and_town_reach_the_answerer_and_stay_chosen(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    answerer.known_towns = (("Neustadt", "1" * 12), ("Aichelberg", "2" * 12))
    browser = browser_of(answerer, tmp_path)

    page = page_of(browser.post("/", data={"question": "Dog?", "town": "2" * 12, "language": "tr"}))

    expected = {"question": "Dog?", "town": "2" * 12, "language": "tr", "as_of": None}
    assert answerer.asked == [{**expected, "context": None}]
    assert page.xpath("//option[@selected]/@value") == ["2" * 12, "tr"]
    assert page.xpath("//textarea")[0].text.strip() == "Dog?"


def test_a_site_for_one_town_names_it_and_asks_for_none(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    answerer.known_towns = (("Neustadt", "1" * 12), ("Aichelberg", "2" * 12))

    page = page_of(browser_of(answerer, tmp_path, town="2" * 12).get("/"))

    assert not page.xpath("//select[@name='town']")
    assert "Aichelberg" in page.find(".//h1").text_content()


def test_towns_of_one_name_are_told_apart() -> None:
    menu = town_menu([("Neustadt", "2"), ("Neustadt", "1"), ("Aichelberg", "3")])

    assert [town.name for town in menu] == ["Aichelberg", "Neustadt (1)", "Neustadt (2)"]


def test_hostile_text_stays_text(answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    document = replace(DOG_TAX, title=HOSTILE, url="javascript:alert(1)")
    answerer.written = Answer(
        id="a",
        status=Status.ANSWERED,
        mode=Mode.EXTRACTIVE,
        language="de",
        message=HOSTILE,
        statements=(Statement(HOSTILE, "de", (1,)),),
        citations=(Citation(1, document, HOSTILE, HOSTILE, 1, HOSTILE),),
        related=(Related(HOSTILE, Kind.FORM, "data:text/html,x"),),
    )
    answerer.known_towns = ((HOSTILE, "1" * 12), ("B", '"><script>'))
    browser = browser_of(answerer, tmp_path, contact=HOSTILE)

    response = browser.post("/", data={"question": f"</textarea>{HOSTILE}"})

    page = page_of(response)
    assert not page.xpath("//script")
    assert page.xpath("//textarea")[0].text.strip() == f"</textarea>{HOSTILE}"
    assert not [a for a in page.xpath("//a/@href") if re.match("javascript|data", a)]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (QuestionTooLong(), 413, message(Text.QUESTION_TOO_LONG, "en", limit="1,000")),
        (IndexUnreachable(), 503, message(Text.NOT_READY, "en")),
    ],
)
def test_an_error_is_an_alert_beside_the_question_that_was_typed(
    error: Exception, status: int, said: str, answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = error

    response = browser.post("/", data={"question": "What does a dog cost?"})

    page = page_of(response)
    assert response.status_code == status
    assert page.xpath("//*[@role='alert']")[0].text == said
    assert page.xpath("//textarea")[0].text.strip() == "What does a dog cost?"
    assert "Qdrant" not in response.text


def test_an_unforeseen_error_is_a_page_without_details(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = RuntimeError("password=1234")

    response = browser.post("/", data={"question": "Dog?"})

    assert response.status_code == 500
    assert page_of(response).xpath("//*[@role='alert']")[0].text == message(Text.FAILED, "en")
    assert "password" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_errors_are_pages_for_browsers_and_json_for_programs(browser: TestClient) -> None:
    assert page_of(browser.get("/nothing")).xpath("//*[@role='alert']")
    assert browser.get("/nothing", headers={"Accept": "*/*"}).json()["error"]["code"] == "not_found"
    assert browser.get("/api/v1/nothing").json()["error"]["code"] == "not_found"


def test_page_and_api_share_one_rate_limit(answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    browser = browser_of(answerer, tmp_path, rate_limit="2/minute")

    assert browser.get("/").status_code == 200
    assert browser.get("/api/v1/search", params={"q": "Hund"}).status_code == 200
    refused = browser.post("/", data={"question": "Hund?"})

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    alert = page_of(refused).xpath("//*[@role='alert']")[0].text
    assert alert == message(Text.TOO_MANY_REQUESTS, "en")
    assert browser.get("/static/site.css").status_code == 200


def test_a_pdf_is_shown_in_the_browser(
    answerer: ScriptedAnswerer, browser: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "f3").write_bytes(b"%PDF-1.7")
    answerer.originals[DOG_TAX.id] = OriginalFile(
        tmp_path / "f3", "application/pdf", "Hundesteuer ü.pdf"
    )

    response = browser.get("/documents/satzungen/hundesteuer/original")

    assert response.content == b"%PDF-1.7"
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline")
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("media_type", ["text/html", "application/xml", "text/markdown"])
def test_an_original_that_could_run_something_is_shown_as_text(
    media_type: str, answerer: ScriptedAnswerer, browser: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "f4").write_text(HOSTILE)
    answerer.originals["leaflet"] = OriginalFile(tmp_path / "f4", media_type, "leaflet.html")

    response = browser.get("/documents/leaflet/original")

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_nothing_outside_the_state_folder_is_ever_served(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    outside = tmp_path / "secret.pdf"
    outside.write_bytes(b"secret")
    (state / "link.pdf").symlink_to(outside)
    for name, path in (
        ("outside", outside),
        ("link", state / "link.pdf"),
        ("up", state / ".." / "secret.pdf"),
        ("gone", state / "gone.pdf"),
        ("folder", state),
    ):
        answerer.originals[name] = OriginalFile(path, "application/pdf", "secret.pdf")
    browser = browser_of(answerer, state)

    for document_id in (*answerer.originals, "..%2fsecret.pdf", "%2fetc%2fpasswd", "unknown"):
        assert browser.get(f"/documents/{document_id}/original").status_code == 404
    assert browser.get("/static/..%2fsite.py").status_code == 404


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("nl, tr;q=0.4, uk;q=0.7", "uk"),
        ("AR-EG", "ar"),
        ("en;q=none", "de"),
        ("en;q=0", "de"),
        ("", "de"),
    ],
)
def test_the_browsers_language_is_a_hint(header: str, language: str) -> None:
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://www.example.org/a.pdf", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str | None, is_safe: bool) -> None:
    assert safe_address(url) == (url if is_safe else None)
