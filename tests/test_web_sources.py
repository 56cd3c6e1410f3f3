"""The page of a source: the right page of the right version, what is quoted marked, and its picture
or at least its text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from ingest.staging import withdraw
from service.answerer import Answerer
from service.wording import Text, message
from web.citizen.page_text import visible
from web.citizen.sources import image_address, source_address
from web.parts import parts_of
from web.site import create_site

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
RATE = "1. für den ersten Hund 108,00 Euro,"
LONG = (
    "Kampfhunde im Sinne dieser Satzung sind Hunde, die wegen ihrer Rasse oder ihrer Zucht als "
    "besonders angriffsbereit gelten, sowie Hunde, deren Gefährlichkeit die Ortspolizeibehörde im "
    "Einzelfall durch Bescheid festgestellt hat. Bei Hunden der Rassen American Staffordshire "
    "Terrier, Bullterrier und Pit Bull Terrier sowie bei Kreuzungen mit diesen wird die "
    "Eigenschaft als Kampfhund vermutet."
)
LONGER = (
    f"{LONG} (4) Die Vermutung nach Absatz 3 entfällt, wenn der Hund eine Verhaltensprüfung bei "
    "einer vom Landratsamt Auenkreis anerkannten sachverständigen Person bestanden hat. Ab dem "
    "Monat, der auf die Vorlage des Prüfungszeugnisses folgt, gilt der Steuersatz nach Absatz 1 "
    "Nummer 1 bis 3. Die Kosten der Prüfung trägt die Halterin oder der Halter."
)
HOSTILE = """---
id: hostile
title: "<script>alert(1)</script> \u202eGebühren"
---
# Gebühren

## § 1 <img src=x onerror=alert(2)>

Die Gebühr beträgt \u202e00,69\u202c Euro\u200b und <b onclick="alert(3)">fett</b>.

[Hier](javascript:alert(4)) steht \U000e0041\U000e0042\u2066mehr\u2069.
"""
FEE = (
    "---\nid: fee\ntitle: Gebühr\nvalid_from: {day}\n---\n# Gebühr\n\nSie beträgt {amount} Euro.\n"
)


@dataclass
class Site:
    """A town with a few documents, its site, and somebody who visits it."""

    store: Store
    settings: Settings
    client: TestClient
    folder: Path

    def add(self, name: str, text: str = "", *, is_staged: bool = False) -> None:
        """Takes a document in: a text, or one of the sample town."""
        target = self.folder / name
        if text:
            target.write_text(text, "utf-8")
        else:
            for source in DOCUMENTS.glob(f"{name}*"):
                shutil.copy(source, self.folder)
        report = ingest([target], Publisher(self.store), self.settings, is_staged=is_staged)
        assert report.failures == []

    def show(self, address: str, language: str = "de") -> Any:
        """The page at an address."""
        response = self.client.get(address, headers={"Accept-Language": language})
        assert response.status_code == 200, response.text
        return html.fromstring(response.text)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from open_site(tmp_path)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with one by-law, for who only looks; it keeps the pictures that were drawn."""
    for site in open_site(tmp_path_factory.mktemp("town")):
        site.add("hundesteuersatzung.pdf")
        yield site


def open_site(folder: Path, rate_limit: str = "off") -> Iterator[Site]:
    settings = load_settings(
        state_dir=folder / "state", cache_dir=folder / "cache", rate_limit=rate_limit
    )
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    answerer = Answerer(store, settings)
    app = create_site(settings, answerer, parts_of(settings, store, answerer))
    client = TestClient(app, base_url="https://testserver")
    yield Site(store, settings, client, folder)
    index.close()
    registry.close()


def marked(page: Any) -> list[str]:
    """What is marked in the page's text, without what only screen readers say."""
    return [
        "".join(mark.xpath("text() | *[not(contains(@class, 'unseen'))]//text()")).strip()
        or mark.xpath("string(span/following-sibling::text())").strip()
        for mark in page.xpath("//mark")
    ]


def test_a_citation_leads_to_its_page_with_the_quote_marked_in_picture_and_text(
    town: Site,
) -> None:
    page = town.show(source_address("hundesteuersatzung", 3, RATE))

    assert page.find(".//h1").text == "Satzung über die Erhebung der Hundesteuer"
    assert "§ 5 Abs. 1 Hundesteuersatzung, S. 3" in page.text_content()
    assert "12. November 2025" in page.text_content()
    assert marked(page) == [RATE]
    assert page.get_element_by_id("passage").get("tabindex") == "-1"
    (image,) = page.xpath("//img")
    assert image.get("alt") == "Abbildung der Seite 3 von 6. Die zitierte Stelle ist markiert."
    assert (image.get("width"), image.get("height")) == ("960", "1358")
    picture = town.client.get(image.get("src"))
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    widths = [entry.rsplit(" ", 1) for entry in image.get("srcset").split(", ")]
    assert [(f"width={w[:-1]}" in address, w) for address, w in widths] == [
        (True, "640w"),
        (True, "960w"),
        (True, "1440w"),
    ]
    around = [page.xpath(f"//a[@rel='{rel}']/@href")[0] for rel in ("prev", "next")]
    assert ["page=2" in around[0], "page=4" in around[1]] == [True, True]
    assert not town.show(around[0]).xpath("//mark")


@pytest.mark.parametrize("quote", [LONG, LONGER])
def test_a_long_quote_is_cut_in_its_address_and_marked_whole_all_the_same(
    quote: str, town: Site
) -> None:
    address = source_address("hundesteuersatzung", 3, quote)
    assert len(address) < 600
    page = town.show(address)
    assert " ".join(marked(page)) == quote
    page = town.show(page.xpath("//footer//a[@lang='tr']/@href")[0])
    assert " ".join(marked(page)) == quote


def test_without_a_page_the_one_with_the_quote_is_shown(town: Site) -> None:
    page = town.show(source_address("hundesteuersatzung", None, RATE))
    assert "Seite 3 von 6" in page.text_content()
    assert "Seite 1 von 6" in town.show("/source?document=hundesteuersatzung").text_content()


def test_a_quote_that_is_not_there_is_said_to_be_missing(town: Site) -> None:
    page = town.show(source_address("hundesteuersatzung", 3, "Katzen sind von der Steuer befreit."))
    (notice,) = page.xpath("//*[@role='status']")
    assert notice.text == message(Text.PASSAGE_MISSING, "de")
    assert not page.xpath("//mark")


def test_the_page_speaks_the_language_of_who_asks_and_the_document_its_own(town: Site) -> None:
    address = source_address("hundesteuersatzung", 3, RATE, language="ar")
    page = town.show(address)
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert message(Text.GERMAN_IS_BINDING, "ar") in page.text_content()
    (passage,) = page.xpath("//mark/ancestor::*[@lang][1]")
    assert (passage.get("lang"), passage.get("dir")) == ("de", "ltr")
    german = town.show(page.xpath("//footer//a[@lang='de']/@href")[0])
    assert (german.get("lang"), marked(german)) == ("de", [RATE])
    assert message(Text.GERMAN_IS_BINDING, "de") not in german.text_content()


def test_a_document_full_of_tricks_shows_as_text(site: Site) -> None:
    site.add("hostile.md", HOSTILE)
    page = site.show(source_address("hostile", None, "Die Gebühr beträgt 00,69 Euro"))
    assert [script.get("src") for script in page.xpath("//script")] == ["/static/source.js"]
    assert not page.xpath("//img | //@*[starts-with(name(), 'on')] | //@style")
    assert not [a for a in page.xpath("//@href") if a.startswith("javascript")]
    shown = page.text_content()
    assert "<script>alert(1)</script>" in page.find(".//h1").text
    assert "Die Gebühr beträgt 00,69 Euro" in shown
    assert not set(shown) & set("\u200b\u202c\u202e\u2066\u2069\U000e0041")


def test_the_joiners_of_persian_and_the_lines_of_a_text_stay_visible() -> None:
    assert visible("می‌روم\nheim") == "می‌روم\nheim"


def test_a_format_without_pages_is_shown_as_text_in_parts(site: Site) -> None:
    rules = "\n\n".join(
        f"## § {n} Regel\n\n" + f"Regel {n} gilt hier immer. " * 20 for n in range(1, 41)
    )
    site.add("rules.md", f"---\nid: rules\ntitle: Regeln\n---\n# Regeln\n\n{rules}\n")
    page = site.show(source_address("rules", None, "Regel 39 gilt hier immer."))
    assert not page.xpath("//img")
    assert marked(page) == ["Regel 39 gilt hier immer."]
    assert "§ 38 Regel" in page.text_content()
    assert "§ 1 Regel" not in page.text_content()
    before = site.show(page.xpath("//a[@rel='prev']/@href")[0])
    assert "§ 30 Regel" in before.text_content()


def test_as_of_a_day_the_version_of_that_day_is_shown(site: Site) -> None:
    site.add("fee.md", FEE.format(day="2020-01-01", amount=10))
    site.add("fee.md", FEE.format(day="2024-01-01", amount=20))
    assert "20 Euro" in site.show("/source?document=fee").text_content()
    assert "10 Euro" in site.show("/source?document=fee&as_of=2021-06-01").text_content()


def test_only_editors_see_versions_that_are_prepared_or_past(site: Site) -> None:
    site.add("fee.md", FEE.format(day="2024-01-01", amount=10))
    site.add("fee.md", FEE.format(day="2024-01-01", amount=20))
    site.add("fee.md", FEE.format(day="2024-01-01", amount=30), is_staged=True)
    address = source_address("fee", None, "", version=3)
    response = site.client.get(address, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in")
    signed_in(site.client, site.store.registry.engine, "clerk", "ben")
    assert site.client.get(address).status_code == 403
    signed_in(site.client, site.store.registry.engine, "editor")
    assert "30 Euro" in site.show(address).text_content()
    assert "10 Euro" in site.show(source_address("fee", None, "", version=1)).text_content()
    assert site.client.get(source_address("fee", None, "", version=4)).status_code == 404


def test_an_editor_of_another_town_sees_no_versions_that_are_prepared_or_past(site: Site) -> None:
    place = 'jurisdiction: {level: municipality, name: Auental, key: "081175009002"}\n'
    of_town = FEE.replace("title:", place.replace("{", "{{").replace("}", "}}") + "title:")
    site.add("fee.md", of_town.format(day="2024-01-01", amount=10))
    site.add("fee.md", of_town.format(day="2024-01-01", amount=20), is_staged=True)
    site.add("own.md", FEE.replace("id: fee", "id: own").format(day="2024-01-01", amount=5))
    signed_in(site.client, site.store.registry.engine, "editor", "bea", "091620000000")
    for version in (1, 2):
        page = source_address("fee", None, "", version=version)
        assert site.client.get(page).status_code == 403
        assert site.client.get(page + "&document_id=own").status_code == 403
        picture = image_address("fee", 1, version=version)
        assert site.client.get(picture + "&document=unknown").status_code == 403
    signed_in(site.client, site.store.registry.engine, "editor", "cem", "08117")
    assert "20 Euro" in site.show(source_address("fee", None, "", version=2)).text_content()


def test_what_is_not_there_is_said_not_to_be(site: Site) -> None:
    site.add("hundesteuersatzung.pdf")
    site.add("fee.md", FEE.format(day="2024-01-01", amount=10))
    picture = image_address("hundesteuersatzung", 3)
    wrong = {
        "/source?document=katze": 404,
        "/source?document=hundesteuersatzung&page=7": 404,
        "/source?document=hundesteuersatzung&page=0": 422,
        f"/source?document=hundesteuersatzung&quote={'x' * 2001}": 422,
        image_address("katze", 1): 404,
        image_address("fee", 1): 404,  # no PDF
        picture.replace("/3.png", "/0.png"): 404,
        picture.replace("/3.png", "/7.png"): 404,
        picture.replace("width=960", "width=961"): 404,
        picture.replace("width=960", "width=many"): 422,
    }
    assert {address: site.client.get(address).status_code for address in wrong} == wrong
    browser = {"Accept": "text/html", "Accept-Language": "de"}
    missing = site.client.get("/source?document=katze&language=ar", headers=browser)
    assert message(Text.NOTHING_HERE, "ar") in missing.text
    withdraw(Publisher(site.store), "hundesteuersatzung")
    for address in ("/source?document=hundesteuersatzung", picture):
        assert site.client.get(address).status_code == 410


def test_a_picture_is_asked_for_again_and_sent_only_when_it_changed(town: Site) -> None:
    address = image_address("hundesteuersatzung", 3, RATE, width=640)
    first = town.client.get(address)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    again = town.client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = town.client.get(image_address("hundesteuersatzung", 3, width=640))
    assert other.headers["etag"] != tag
    assert other.content != first.content


def test_where_there_is_no_picture_the_text_is_shown_all_the_same(site: Site) -> None:
    site.add("hundesteuersatzung.pdf")
    for original in site.store.originals.iterdir():
        original.write_bytes(b"damaged")
    page = site.show(source_address("hundesteuersatzung", 3, RATE))
    assert message(Text.NO_PICTURE, "de") in page.text_content()
    assert marked(page) == [RATE]
    response = site.client.get(image_address("hundesteuersatzung", 3, RATE))
    assert response.status_code == 503
    assert "open the original" in response.json()["error"]["message"]


def test_citizens_look_at_so_many_pages_a_minute_and_staff_at_any_number(tmp_path: Path) -> None:
    for site in open_site(tmp_path, rate_limit="2/minute"):
        site.add("fee.md", FEE.format(day="2024-01-01", amount=10))
        seen = [site.client.get("/source?document=fee").status_code for _ in range(3)]
        assert seen == [200, 200, 429]
        signed_in(site.client, site.store.registry.engine, "clerk")
        assert site.client.get("/source?document=fee").status_code == 200
