"""An editor's day in a real browser: upload, progress, comparison, publishing, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import scrolls_sideways, served, violations, watched
from encoders import WordEncoder
from fpdf import FPDF
from people import sign_in_browser
from playwright.sync_api import Browser, Page, expect

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

HEAD = "---\nid: hundesteuer\ntitle: Hundesteuersatzung\nkind: statute\n---\n# Hundesteuersatzung\n"
PARAGRAPHS = (
    ("§ 5 Steuersatz", "(1) Die Steuer beträgt für jeden Hund im Jahr {amount} Euro."),
    ("§ 6 Befreiung", "(1) Blindenhunde sind von der Steuer befreit."),
)


class Town:
    """A town with a by-law, served, and an editor who is signed in."""

    def __init__(self, address: str, store: Store, folder: Path) -> None:
        self.address, self.store, self.folder = address, store, folder

    def text_of(self, page: Page) -> str:
        """What a citizen who asks for the tax finds."""
        found = page.request.get(f"{self.address}/api/v1/search?q=Steuer+Hund+Euro").json()
        return str(found["passages"][0]["text"])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = load_settings(state_dir=tmp_path / "state", rate_limit="off")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    file = tmp_path / "hundesteuer.md"
    sections = (f"\n## {title}\n\n{text}\n" for title, text in PARAGRAPHS)
    file.write_text(HEAD + "".join(sections).format(amount=96), "utf-8")
    assert ingest([file], Publisher(store), settings).failures == []
    answerer = Answerer(store, settings)
    with served(create_site(settings, answerer, parts_of(settings, store, answerer))) as address:
        yield Town(address, store, tmp_path)
    index.close()
    registry.close()


def write_pdf(file: Path, amount: int) -> Path:
    """The by-law as the council signed it."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    for title, text in PARAGRAPHS:
        pdf.multi_cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        pdf.multi_cell(0, 8, text.format(amount=amount), new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(file))
    return file


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_editors_day(town: Town, browser: Browser, has_scripts: bool) -> None:
    folder = town.folder / "new"
    folder.mkdir()
    law = write_pdf(folder / "hundesteuer.pdf", 120)
    broken = folder / "kaputt.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")

    with watched(browser, town.address, java_script_enabled=has_scripts, locale="de") as seen:
        sign_in_browser(seen.context, town.address, town.store.registry.engine, "editor")
        page = seen.open(f"{town.address}/editor")

        def look() -> None:
            """Whether everybody can use this page, on a phone too."""
            if has_scripts:
                assert violations(page) == [], page.url
                page.set_viewport_size({"width": 320, "height": 640})
                assert not scrolls_sideways(page), page.url
                page.set_viewport_size({"width": 1440, "height": 900})

        def press(role: str, name: str) -> None:
            """By keyboard alone."""
            page.get_by_role(role, name=name).press("Enter")  # type: ignore[arg-type]

        look()
        press("link", "Hochladen")
        look()
        page.get_by_label("Dateien", exact=True).set_input_files([law, broken])
        if has_scripts:
            expect(page.get_by_text("kaputt.pdf (1 KB)")).to_be_visible()
        page.get_by_label("Grund").fill("Ratsbeschluss")
        press("button", "Hochladen und lesen")

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Nicht alles konnte gelesen werden", timeout=30_000
        )
        expect(page.get_by_role("listitem").filter(has_text="kaputt.pdf")).to_contain_text(
            "Die Datei ist beschädigt"
        )
        look()
        press("link", "Prüfen und veröffentlichen")
        expect(page.get_by_role("deletion").first).to_have_text("96 Euro")
        expect(page.get_by_role("insertion").first).to_have_text("120 Euro")
        look()
        press("link", "Nebeneinander")
        expect(page.get_by_role("columnheader")).to_have_text(["Bisher", "Neu"])
        look()
        press("button", "Antworten prüfen")
        expect(page.get_by_text("Antworten ändern sich")).to_be_visible(timeout=30_000)
        assert "96 Euro" in town.text_of(page)
        look()
        press("button", "Veröffentlichen")
        expect(page.get_by_role("status")).to_contain_text("Die neue Fassung ist veröffentlicht")
        assert "120 Euro" in town.text_of(page)
        look()
        press("link", "Wieder gelten lassen")
        page.get_by_label("Grund").fill("Zu früh")
        look()
        press("button", "Wieder gelten lassen")
        expect(page.get_by_role("status")).to_contain_text("Die frühere Fassung gilt wieder")
        assert "96 Euro" in town.text_of(page)


def test_files_can_be_dropped_and_too_many_are_refused_before_they_are_sent(
    town: Town, browser: Browser
) -> None:
    with watched(browser, town.address, locale="de") as seen:
        sign_in_browser(seen.context, town.address, town.store.registry.engine, "editor")
        page = seen.open(f"{town.address}/editor/uploads")
        drop = """([place, count]) => {
            const files = new DataTransfer();
            for (let i = 0; i < count; i++) files.items.add(new File(["# Blatt"], `${i}.md`));
            const event = new DragEvent("drop", {dataTransfer: files, bubbles: true});
            document.querySelector(place).dispatchEvent(event);
        }"""
        page.evaluate(drop, [".drop", 2])
        expect(page.get_by_text("1.md (1 KB)")).to_be_visible()
        page.evaluate(drop, [".drop", 500])
        expect(page.get_by_role("alert")).to_contain_text("Laden Sie höchstens 200")
        page.get_by_role("button", name="Hochladen und lesen").click()
        assert page.url.endswith("/editor/uploads")
        assert town.store.registry.staged() == []
