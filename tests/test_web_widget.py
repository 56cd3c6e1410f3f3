"""The widget over HTTP: how much it weighs, what it is told, and which websites may call."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from core.languages import SUPPORTED
from core.settings import load_settings
from core.store import Store
from service.answerer import Answerer
from service.wording import WORDINGS, Text, message
from web.citizen.cross_origin import FOR_WIDGETS
from web.parts import parts_of
from web.site import STATIC, create_site

TOWN_SITE = "https://www.auental.example"
STRANGER = "https://www.elsewhere.example"
SCRIPTS = [
    *sorted((STATIC / "widget").glob("*.js")),
    STATIC / "suggest.js",
    STATIC / "translate.js",
]
MOST_LOADER = 5_000  # bytes, as sent
MOST_ALL = 30_000  # bytes, compressed

Visit = Callable[..., TestClient]


@pytest.fixture
def visit(auental: Store, tmp_path: Path) -> Visit:
    def open_site(**changed: Any) -> TestClient:
        chosen = {"rate_limit": "off", "sites": TOWN_SITE, **changed}
        settings = load_settings(state_dir=tmp_path, **chosen)
        answerer = Answerer(auental, settings)
        return TestClient(create_site(settings, answerer, parts_of(settings, auental, answerer)))

    return open_site


def told(client: TestClient, origin: str = "", **query: str) -> dict[str, Any]:
    headers = {"Origin": origin} if origin else {}
    response = client.get("/api/v1/widget", params=query, headers=headers)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_the_loader_is_light_and_so_is_all_of_it(visit: Visit) -> None:
    client = visit()
    loader = client.get("/widget.js").content
    rest = [client.get(f"/{path.relative_to(STATIC.parent)}") for path in SCRIPTS]

    assert len(loader) <= MOST_LOADER
    assert (
        sum(len(gzip.compress(part)) for part in (loader, *(one.content for one in rest)))
        < MOST_ALL
    )
    assert {one.headers["content-encoding"] for one in rest} == {"gzip"}


def test_the_loader_has_its_words_in_every_language(visit: Visit) -> None:
    loader = visit().get("/widget.js").text
    for language in WORDINGS:
        assert f'"{language}":["{message(Text.HEADING, language)}"' in loader
    assert "const WORDS = {}" not in loader


def test_what_the_widget_needs_may_be_loaded_by_any_page(visit: Visit) -> None:
    client = visit()
    for path in ("/widget.js", "/static/widget/panel.js", "/static/suggest.js", "/api/v1/widget"):
        response = client.get(path, headers={"Origin": STRANGER})
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in response.headers
    tag = client.get("/widget.js").headers["etag"]
    assert client.get("/widget.js", headers={"If-None-Match": tag}).status_code == 304


def test_scripts_insert_nothing_but_text_and_keep_nothing() -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute"
        r"\(\s*[\"'](on|style)|\.style\b|localStorage|sessionStorage|indexedDB|document\.cookie"
    )
    for path in SCRIPTS:
        assert not re.findall(forbidden, path.read_text("utf-8")), path.name


@pytest.mark.parametrize("path", sorted(FOR_WIDGETS))
def test_only_the_towns_websites_may_call_what_the_widget_needs(path: str, visit: Visit) -> None:
    client = visit()
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for origin, is_allowed in ((TOWN_SITE, True), (STRANGER, False), ("null", False)):
        preflight = client.options(path, headers={"Origin": origin, **asks})
        assert (preflight.status_code == 200) is is_allowed
        response = client.get(path, headers={"Origin": origin})
        for headers in (preflight.headers, response.headers):
            allowed = headers.get("access-control-allow-origin")
            assert allowed == (origin if is_allowed else None)
            assert "access-control-allow-credentials" not in headers
            assert "Origin" in headers["vary"]


@pytest.mark.parametrize("path", ["/api/v1/search?q=Hund", "/api/v1/documents", "/", "/sign-in"])
def test_nothing_else_is_open_to_other_websites(path: str, visit: Visit) -> None:
    response = visit().get(path, headers={"Origin": TOWN_SITE}, follow_redirects=False)
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_widget_is_told_everything_in_its_language(language: str, visit: Visit) -> None:
    body = told(visit(contact="Bürgerbüro"), TOWN_SITE, language=language, town="Auental")

    assert (body["is_allowed"], body["problem"]) == (True, None)
    assert body["direction"] == ("rtl" if language in {"ar", "fa"} else "ltr")
    assert (body["town"], body["contact"]) == ({"name": "Auental"}, "Bürgerbüro")
    assert body["texts"]["heading"] == message(Text.HEADING, language)
    assert "{number}" in body["texts"]["source"]
    assert "{date}" in body["texts"]["from_day"]
    assert len(body["texts"]["suggested"]) == 9
    assert [entry["language"] for entry in body["languages"]] == list(WORDINGS)


def test_what_the_scripts_say_is_all_there(visit: Visit) -> None:
    texts = told(visit())["texts"]
    used = {
        name for path in SCRIPTS for name in re.findall(r"\btexts\.(\w+)", path.read_text("utf-8"))
    }
    assert used <= set(texts)
    assert {"lost", "unreachable", "not_ready", "too_many_requests", "town_unknown"} <= set(texts)


def test_simple_german_is_german(visit: Visit) -> None:
    body = told(visit(), language="de-simple")
    assert (body["language"], body["lang"]) == ("de-simple", "de")
    assert told(visit(), language="tlh")["language"] == "de"


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_website_that_is_not_the_towns_is_told_so_in_its_language(
    language: str, visit: Visit
) -> None:
    client = visit()
    for origin in (STRANGER, "null", f"{TOWN_SITE}.evil.example", "http://www.auental.example"):
        body = told(client, origin, language=language)
        assert not body["is_allowed"]
        assert body["problem"] == message(Text.WIDGET_NOT_ALLOWED, language)


def test_our_own_pages_may_always_carry_it(visit: Visit) -> None:
    assert told(visit())["is_allowed"]
    assert told(visit(), "http://testserver")["is_allowed"]
    behind_proxy = visit(public_url="https://ask.auental.example/")
    assert told(behind_proxy, "https://ask.auental.example")["is_allowed"]
    assert not told(behind_proxy, "http://testserver")["is_allowed"]


@pytest.mark.parametrize("town", ["Atlantis", "081", "<script>"])
def test_a_town_that_does_not_exist_is_told_in_the_pages_language(town: str, visit: Visit) -> None:
    body = told(visit(), TOWN_SITE, language="tr", town=town)
    assert body["problem"] == message(Text.TOWN_UNKNOWN, "tr")
    assert (body["is_allowed"], body["town"]) == (True, None)


def test_the_answer_may_be_kept_five_minutes_for_each_website(visit: Visit) -> None:
    response = visit().get("/api/v1/widget")
    assert response.headers["cache-control"] == "public, max-age=300"
    assert response.headers["vary"] == "Origin"


def test_what_a_town_says_of_itself_is_handed_on(visit: Visit) -> None:
    client = visit(
        privacy_url="https://www.auental.example/datenschutz", opening_hours="Mo–Fr 8–12"
    )
    body = told(client, language="en")
    assert body["links"] == [
        {"text": message(Text.PRIVACY, "en"), "url": "https://www.auental.example/datenschutz"}
    ]
    assert body["opening_hours"] == "Mo–Fr 8–12"
    assert not body["has_language_model"]
    assert told(visit(llm_base_url="http://127.0.0.1:1"))["has_language_model"]


def test_nobody_sends_more_than_a_name(visit: Visit) -> None:
    client = visit()
    assert client.get("/api/v1/widget", params={"town": "x" * 201}).status_code == 422
    assert client.get("/api/v1/widget", params={"language": "x" * 36}).status_code == 422
