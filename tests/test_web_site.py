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

from core.errors import IndexUnreachable, QuestionTooLong, SettingInvalid
from core.languages import SUPPORTED
from core.settings import Settings
from core.types import Answer, Citation, Kind, Mode, Related, Statement, Status
from service.originals import OriginalFile
from service.wording import Text, message
from web.citizen.menus import town_menu
from web.citizen.origins import allowed_origins
from web.citizen.page import safe_address
from web.citizen.wordings import preferred_language
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


def answer_of(page: Any) -> Any:
    return page.xpath("//section[@class='answer']")[0]


def sent(form: Any) -> dict[str, str]:
    """What a form would send, as it stands."""
    return {field.get("name"): field.get("value") for field in form.xpath(".//input[@name]")}


def test_the_page_has_what_a_screen_reader_needs(browser: TestClient) -> None:
    page = page_of(browser.get("/"))

    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert page.find(".//a").get("href") == "#content"  # the skip link comes first
    assert page.get_element_by_id("content").tag == "main"
    assert len(page.findall(".//h1")) == 1
    (field,) = page.xpath("//input[not(@type='hidden')] | //textarea | //select")
    assert field.get("name") == "question"
    assert page.xpath(f"//label[@for='{field.get('id')}']")


def test_the_page_has_nothing_inline_and_loads_from_here_alone(browser: TestClient) -> None:
    page = page_of(browser.get("/"))

    assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
    assert not page.xpath("//script[text() or not(@type='module')]")
    for address in page.xpath("//link/@href | //img/@src | //script/@src"):
        assert browser.get(address).status_code == 200


def test_a_question_is_posted_and_so_stands_in_no_address(browser: TestClient) -> None:
    form = page_of(browser.get("/")).forms[0]

    assert (form.method, form.get("action")) == ("POST", "/ask?language=en#answer")
    assert browser.post("/ask", data={"question": "Hund?"}).url.query == b""


def test_what_answers_is_said_before_the_first_question(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    verbatim = browser_of(answerer, tmp_path).get("/").text
    worded = browser_of(answerer, tmp_path, llm_base_url="http://127.0.0.1:1").get("/").text

    assert message(Text.INTRODUCTION, "en") in verbatim
    assert message(Text.INTRODUCTION_WITH_MODEL, "en") in worded
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
    assert source.xpath("p")[0].text == "§ 5 Abs. 1 Hundesteuersatzung, S. 3, Stand 1.6.2025"
    assert source.find("blockquote").text == "Die Steuer beträgt für jeden Hund 96,00 Euro."
    assert (source.find("blockquote").get("lang"), source.find("blockquote").get("dir")) == (
        "de",
        "ltr",
    )
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

    assert message(said, "en") in answer_of(page).text_content()


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
def test_every_other_ending_is_told_in_words(
    status: Status, answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = unanswered(status, "Bitte wenden Sie sich an das Bürgerbüro.")

    region = answer_of(page_of(browser.post("/", data={"question": "Hund?"})))

    assert "Bitte wenden Sie sich an das Bürgerbüro." in region.text_content()
    assert not region.xpath(".//blockquote")
    is_emergency = status is Status.EMERGENCY
    assert bool(region.xpath(".//a[@href='tel:115']")) == (not is_emergency)
    assert bool(region.xpath(".//*[@role='alert']")) == is_emergency  # the office is of no use then


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
    assert "1‏/6‏/2025" not in page.text_content()  # a label reads as one writes it in German
    quoted = page.xpath("//blockquote | //*[@class='statements']/p")
    assert {(element.get("lang"), element.get("dir")) for element in quoted} == {("de", "ltr")}


def test_the_chosen_town_reaches_the_answerer_and_stays_chosen(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    answerer.known_towns = (("Neustadt", "1" * 12), ("Aichelberg", "2" * 12))
    browser = browser_of(answerer, tmp_path)

    page = page_of(browser.post("/ask", data={"question": "Hund?", "town": "2" * 12}))

    assert answerer.asked[0]["town"] == "2" * 12
    assert page.xpath("//option[@selected]/@value") == ["2" * 12]


def test_a_question_in_another_language_is_answered_in_that_one(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    for asked, shown_in, wanted in (
        ("Wo melde ich meinen Hund an?", "tr", None),
        ("Köpeğimi nereye kaydettirebilirim?", "tr", "tr"),
        ("Hundesteuermarke", "tr", "tr"),  # a word out of a letter is no question in German
        ("Wo melde ich meinen Hund an?", "de-simple", "de-simple"),
        ("Köpeğimi nereye kaydettirebilirim?", "de-simple", None),
    ):
        browser.post("/ask", data={"question": asked, "language": shown_in})

        assert answerer.asked[-1]["language"] == wanted, asked


def test_the_language_is_switched_without_losing_what_was_typed(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    page = page_of(browser.post("/ask", data={"question": "Was kostet", "switch": "ar"}))

    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert page.xpath("//input[@id='question']/@value") == ["Was kostet"]
    assert answerer.asked == []  # nothing was asked yet
    names = page.xpath("//nav[@id='languages']//button/text()")
    assert len(names) == len(SUPPORTED) + 1
    assert page.xpath("//nav[@id='languages']//button/@form") == ["ask"] * len(names)


def test_an_answer_is_shown_again_in_the_language_that_is_switched_to(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = replace(ANSWERED, language="uk")
    sent = {"question": "Und für", "asked": "Was kostet ein Hund?", "before": "", "switch": "uk"}

    page = page_of(browser.post("/ask", data=sent))

    expected = {"question": "Was kostet ein Hund?", "language": "uk", "context": None}
    assert expected.items() <= answerer.asked[0].items()
    assert page.get("lang") == "uk"
    assert answer_of(page).xpath(".//blockquote")
    assert page.xpath("//input[@id='question']/@value") == ["Und für"]  # half a next question


def test_simple_german_is_german_and_stays_chosen(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = replace(ANSWERED, language="de-simple")
    page = page_of(browser.get("/ask", params={"language": "de-simple"}))

    assert page.get("lang") == "de"
    assert message(Text.INTRODUCTION, "de-simple") in page.text_content()
    assert message(Text.ASK, "de") in page.text_content()  # simple enough as it is

    page = page_of(browser.post("/ask", data={"question": "Hund?", "language": "de-simple"}))

    assert page.xpath("//input[@name='language']/@value") == ["de-simple"]
    assert message(Text.MADE_OF_SENTENCES, "de-simple") in page.text_content()


def test_the_next_question_may_lean_on_the_last_one(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    first = page_of(browser.post("/ask", data={"question": "Was kostet ein Hund?"}))

    assert "Was kostet ein Hund?" in first.xpath("//*[@class='before']")[0].text_content()
    form = first.get_element_by_id("ask")
    second = page_of(browser.post("/ask", data={**sent(form), "question": "und der zweite?"}))
    form = second.get_element_by_id("ask")
    browser.post("/ask", data={**sent(form), "question": "und der dritte?"})

    assert [asked["context"] for asked in answerer.asked] == [
        None,
        "Was kostet ein Hund?",
        "Was kostet ein Hund? und der zweite?",
    ]
    (anew,) = second.xpath("//*[@class='before']//a/@href")
    form = page_of(browser.get(anew)).get_element_by_id("ask")
    assert (sent(form)["asked"], sent(form)["before"]) == ("", "")


def test_a_town_in_the_address_is_chosen(answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    answerer.known_towns = (("Neustadt", "1" * 12), ("Aichelberg", "2" * 12))
    browser = browser_of(answerer, tmp_path)

    for town in ("Aichelberg", "2" * 12):
        page = page_of(browser.get("/ask", params={"town": town}))
        assert page.xpath("//option[@selected]/@value") == ["2" * 12]


def test_a_town_that_does_not_exist_is_said_in_the_language_of_the_page(
    browser: TestClient,
) -> None:
    response = browser.get("/ask", params={"town": "Atlantis", "language": "ar"})

    assert response.status_code == 422
    alert = page_of(response).xpath("//*[@role='alert']")[0].text
    assert alert == message(Text.TOWN_UNKNOWN, "ar")
    assert page_of(response).get_element_by_id("question") is not None


def test_only_the_towns_own_sites_frame_the_page(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    closed = browser_of(answerer, tmp_path)
    site = "https://www.auental.example"
    opened = browser_of(answerer, tmp_path, sites=f"{site} http://localhost:8080")

    for path in ("/ask", "/ask?frame=1"):
        policy = closed.get(path).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        policy = opened.get(path).headers["content-security-policy"]
        assert f"frame-ancestors {site} http://localhost:8080;" in policy
        assert "default-src 'none'" in policy
    assert "'none'" in opened.get("/openapi.json").headers["content-security-policy"]


def test_a_framed_page_leaves_head_and_foot_to_the_site_around(browser: TestClient) -> None:
    page = page_of(browser.post("/ask?frame=1", data={"question": "Hund?"}))

    assert not page.xpath("//header//a[@class='name']")
    assert page.get_element_by_id("ask").get("action") == "/ask?language=de&frame=1#answer"
    outside = page.xpath("//section[@class='answer']//a[not(starts-with(@href, '#'))]")
    assert {link.get("target") for link in outside if "tel:" not in link.get("href")} == {"_blank"}


@pytest.mark.parametrize(
    "sites",
    [
        "www.auental.example",
        "https://www.auental.example/",
        "https://*.example",
        "https://a.example;script-src",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_origin_is_refused_at_the_start(
    sites: str, answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    with pytest.raises(SettingInvalid, match="AUSKUNFT_SITES cannot be used"):
        browser_of(answerer, tmp_path, sites=sites)


def test_origins_are_compared_as_browsers_write_them() -> None:
    sites = "HTTPS://Müllheim.example:443 http://localhost:8080 https://xn--mllheim-n2a.example"
    assert allowed_origins(Settings(sites=sites)) == (
        "https://xn--mllheim-n2a.example",
        "http://localhost:8080",
    )


def test_the_office_can_be_called_and_its_hours_are_told(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    answerer.written = unanswered(Status.NOT_IN_DOCUMENTS, "Nichts gefunden.")
    browser = browser_of(
        answerer, tmp_path, contact="Bürgerbüro, Tel. 07164 12-3", opening_hours="Mo 8–12 Uhr"
    )

    for response in (browser.get("/ask"), browser.post("/ask", data={"question": "Hund?"})):
        (office,) = page_of(response).xpath("//section[@class='office']")
        assert office.xpath(".//a/@href") == ["tel:07164123", "tel:115"]
        assert "Mo 8–12 Uhr" in office.text_content()


def test_emergency_numbers_of_a_message_can_be_called(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    answerer.written = unanswered(Status.EMERGENCY, message(Text.EMERGENCY, "ar"), "ar")

    page = page_of(browser.post("/ask", data={"question": "ساعدوني"}))

    calls = page.xpath("//*[@class='calls']//a/@href")
    assert calls == ["tel:112", "tel:110", "tel:08001110111", "tel:116016"]


def test_the_towns_own_pages_are_linked_below(answerer: ScriptedAnswerer, tmp_path: Path) -> None:
    browser = browser_of(
        answerer, tmp_path, imprint_url="https://a.example/i", privacy_url="javascript:alert(1)"
    )

    assert page_of(browser.get("/")).xpath("//ul[@class='town']//a/@href") == [
        "https://a.example/i"
    ]


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

    response = browser.post("/", data={"question": f'">{HOSTILE}'})

    page = page_of(response)
    assert not page.xpath("//script[text()]")
    assert f'">{HOSTILE}' in page.xpath("//q")[0].text
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
    assert page.xpath("//input[@id='question']/@value") == ["What does a dog cost?"]
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


def test_a_problem_is_told_in_the_language_and_the_frame_of_the_page(
    answerer: ScriptedAnswerer, browser: TestClient
) -> None:
    shown = browser.get("/ask?language=ar&frame=1")
    answerer.written = RuntimeError("password=1234")
    form = page_of(shown).get_element_by_id("ask")
    failed = browser.post(form.get("action"), data={**sent(form), "question": "كم ضريبة الكلب؟"})

    for response in (failed, browser.get("/nothing?language=ar&frame=1")):
        page = page_of(response)
        assert (page.get("lang"), page.xpath("//body/@class")) == ("ar", ["framed"])
        assert page.xpath("//main//a/@href") == ["/ask?language=ar&frame=1"]


def test_who_asks_too_often_loses_neither_question_nor_language(
    answerer: ScriptedAnswerer, tmp_path: Path
) -> None:
    answerer.known_towns = (("Neustadt", "1" * 12), ("Aichelberg", "2" * 12))
    browser = browser_of(answerer, tmp_path, rate_limit="1/minute")
    form = page_of(browser.get("/ask?language=ar&frame=1")).get_element_by_id("ask")
    typed = {**sent(form), "question": "كم ضريبة الكلب؟", "town": "2" * 12}

    refused = browser.post(form.get("action"), data=typed)

    page = page_of(refused)
    assert (refused.status_code, answerer.asked) == (429, [])
    assert int(refused.headers["retry-after"]) >= 1
    assert (page.get("lang"), page.xpath("//body/@class")) == ("ar", ["framed"])
    assert page.xpath("//*[@role='alert']")[0].text == message(Text.TOO_MANY_REQUESTS, "ar")
    assert page.xpath("//input[@id='question']/@value") == [typed["question"]]
    assert page.xpath("//option[@selected]/@value") == ["2" * 12]


def test_a_switch_of_the_language_while_nothing_is_ready_loses_no_question(
    answerer: ScriptedAnswerer, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise IndexUnreachable

    monkeypatch.setattr(answerer, "towns", fail)

    response = browser.post("/ask", data={"question": "Was kostet", "switch": "ar"})

    page = page_of(response)
    assert (response.status_code, page.get("lang")) == (503, "ar")
    assert page.xpath("//*[@role='alert']")[0].text == message(Text.NOT_READY, "ar")
    assert page.xpath("//input[@id='question']/@value") == ["Was kostet"]


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
