"""What is said of the service itself: only what is true of this site, for people and registers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsers import scrolls_sideways, served, violations, watched
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html
from playwright.sync_api import Browser
from sites import RULES

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.languages import SUPPORTED, direction
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

PAGE, ENTRY = "/transparency", "/api/v1/transparency"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("transparency")
    (folder / "rules.md").write_text(RULES, "utf-8")
    return load_settings(state_dir=folder / "state", rate_limit="off")


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    rules = settings.state_dir.parent / "rules.md"
    assert ingest([rules], Publisher(store), settings).failures == []
    yield store
    index.close()
    registry.close()


@pytest.fixture
def report(settings: Settings) -> Iterator[Path]:
    """The report of a run over the town's own index, as it is left in the state folder."""
    path = settings.state_dir / "eval" / "report.json"
    path.parent.mkdir(exist_ok=True)
    figures = {"right_ending": {"value": 0.853}, "number_exact": {"value": 0.9}, "other": 1}
    turkish = {"rows": 12, "questions": 12, "figures": {"right_ending": {"value": 0.75}}}
    run = {
        "head": {"made": "2026-11-22 12:20:42+00:00", "model": "words", "is_standing": True},
        "questions": 136,
        "overall": figures,
        "languages": {"tr": turkish},
    }
    path.write_text(json.dumps(run), "utf-8")
    yield path
    path.unlink()


def client_of(settings: Settings, store: Store, **changes: Any) -> TestClient:
    chosen = settings.model_copy(update=changes)
    answerer = Answerer(store, chosen)
    return TestClient(create_site(chosen, answerer, parts_of(chosen, store, answerer)))


def text_of(client: TestClient, language: str = "en") -> str:
    page = html.fromstring(client.get(f"{PAGE}?language={language}").text)
    return " ".join(page.get_element_by_id("content").text_content().split())


def test_the_entry_says_what_is_true_of_this_site(settings: Settings, store: Store) -> None:
    entry = client_of(settings, store, contact="Bürgerbüro").get(f"{ENTRY}?language=en").json()

    assert (entry["standard_version"], entry["lang"], entry["status"]) == (
        "0.3.1", "en", "operational",
    )  # fmt: skip
    assert entry["models"] == [{"role": "search", "name": "words"}]
    assert entry["source_data"].startswith("Documents in use: 1 · as of ")
    assert entry["last_change_date"] == date.today().isoformat()
    assert entry["area"] == "Auental"
    assert entry["contact_name"] == "Bürgerbüro"
    assert entry["connected_data_sources"] == Text.QUESTIONS_NOT_KEPT
    assert "language model" not in entry["description"] + entry["risks"]
    left_to_the_town = ("organization", "lawful_basis", "risk_category", "publication_date")
    assert [entry[field] for field in left_to_the_town] == [None] * 4


def test_settings_say_what_only_the_town_knows(settings: Settings, store: Store) -> None:
    client = client_of(
        settings,
        store,
        responsible="Stadt Auental, Hauptamt",
        legal_basis="Art. 6 Abs. 1 lit. e DSGVO <b>",
        keep_questions=True,
        llm_base_url="http://127.0.0.1:1",
        llm_model="town-7b",
    )
    entry = client.get(ENTRY).json()
    assert entry["organization"] == "Stadt Auental, Hauptamt"
    assert entry["lawful_basis"] == "Art. 6 Abs. 1 lit. e DSGVO <b>"
    assert entry["models"][-1] == {"role": "language", "name": "town-7b"}
    assert message(Text.RISKS_WITH_MODEL, "de") in entry["risks"]

    said = text_of(client)
    for words in (
        "Stadt Auental, Hauptamt",
        "Art. 6 Abs. 1 lit. e DSGVO <b>",
        "town-7b",
        Text.WORKING_WITH_MODEL.value,
        Text.RISKS_WITH_MODEL.value,
        Text.QUESTIONS_KEPT.value,
    ):
        assert words in said
    assert Text.NO_LANGUAGE_MODEL.value not in said


def test_figures_come_from_the_last_run_and_from_nowhere_else(
    settings: Settings, store: Store, report: Path
) -> None:
    client = client_of(settings, store)
    assert client.get(ENTRY).json()["figures"] == {
        "measured_on": "2026-11-22",
        "questions": 136,
        "overall": {"right_ending": 0.853, "number_exact": 0.9},
        "by_language": {"tr": {"right_ending": 0.75}},
    }
    said = text_of(client)
    assert "Measured on 22 November 2026 with 136 questions" in said
    assert "85.3 %" in said
    assert "Türkçe75 %" in said
    assert "85,3 %" in text_of(client, "de")

    report.write_text(report.read_text("utf-8").replace('"words"', '"another"'), "utf-8")
    assert client.get(ENTRY).json()["figures"] is None  # measured with another model


@pytest.mark.parametrize(
    ("changed", "others"),
    [
        (("true", "false"), {}),  # the sample town's, by `make eval`
        (("is_standing", "unknown"), {}),  # of an earlier version, which did not say
        (("", ""), {"llm_base_url": "http://127.0.0.1:1", "llm_model": "town-7b"}),
    ],
)
def test_figures_of_other_documents_or_words_are_not_the_towns(
    changed: tuple[str, str],
    others: dict[str, str],
    settings: Settings,
    store: Store,
    report: Path,
) -> None:
    report.write_text(report.read_text("utf-8").replace(*changed), "utf-8")
    client = client_of(settings, store, **others)
    assert client.get(ENTRY).json()["figures"] is None
    assert Text.NOT_MEASURED.value in text_of(client)


def test_without_a_run_it_is_said_that_nothing_was_measured(
    settings: Settings, store: Store
) -> None:
    client = client_of(settings, store)
    assert client.get(ENTRY).json()["figures"] is None
    said = text_of(client)
    assert Text.NOT_MEASURED.value in said
    assert "%" not in said
    assert said.count(Text.NOT_STATED.value) == 2


@pytest.mark.parametrize("language", [*SUPPORTED, "de-simple"])
def test_the_page_is_there_in_every_language(
    settings: Settings, store: Store, language: str
) -> None:
    said = text_of(client_of(settings, store), language)
    for text in (Text.TRANSPARENCY, Text.RISKS_SAID, Text.NO_LANGUAGE_MODEL, Text.LEGAL_BASIS):
        assert message(text, language) in said


def test_every_page_of_citizens_leads_there(settings: Settings, store: Store) -> None:
    client = client_of(settings, store)
    for path in ("/ask?language=tr", "/source?document=hundesteuer&language=tr"):
        page = html.fromstring(client.get(path).text)
        (link,) = page.xpath("//footer//a[starts-with(@href, '/transparency')]")
        assert link.get("href") == "/transparency?language=tr"
        assert link.text_content() == message(Text.TRANSPARENCY, "tr")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_axe_finds_nothing_wrong_with_it_and_it_needs_no_script(
    settings: Settings, store: Store, report: Path, browser: Browser, language: str
) -> None:
    assert report.is_file()
    answerer = Answerer(store, settings)
    site = create_site(settings, answerer, parts_of(settings, store, answerer))
    with served(site) as address:
        small = {"width": 320, "height": 640}
        with watched(browser, address, viewport=small) as seen:
            page = seen.open(f"{address}{PAGE}?language={language}")
            assert violations(page) == []
            assert not scrolls_sideways(page)
            sides = page.evaluate(
                "[...document.querySelectorAll('dd')].map((at) => getComputedStyle(at).direction)"
            )
            assert set(sides) == {direction(language)}  # values stand below their names
        with watched(browser, address, java_script_enabled=False) as seen:
            page = seen.open(f"{address}{PAGE}?language={language}")
            assert page.locator("h2").count() >= 9
