"""An editor's day in a real browser: upload, progress, comparison, publishing, taking back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import watched
from fpdf import FPDF
from looks import flaws
from people import sign_in_browser
from playwright.sync_api import Browser, Page, expect
from sites import Site, open_site

HEAD = "---\nid: {name}\ntitle: {title}\nkind: statute\n---\n# {title}\n"
BYLAWS = {"hundesteuer": "Hundesteuersatzung", "katzensteuer": "Katzensteuersatzung"}
PARAGRAPHS = (
    ("§ 5 Steuersatz", "(1) Die Steuer beträgt für jeden Hund im Jahr {amount} Euro."),
    ("§ 6 Befreiung", "(1) Blindenhunde sind von der Steuer befreit."),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A town with two by-laws."""
    folder = tmp_path_factory.mktemp("town")
    sections = "".join(f"\n## {title}\n\n{text}\n" for title, text in PARAGRAPHS).format(amount=96)
    files = [folder / f"{name}.md" for name in BYLAWS]
    for file in files:
        head = HEAD.format(name=file.stem, title=BYLAWS[file.stem])
        file.write_text(head + sections, "utf-8")
    with open_site(folder, files) as opened:
        yield opened


def text_of(site: Site, page: Page, name: str) -> str:
    """What a citizen who asks for the tax finds in a by-law."""
    found = page.request.get(f"{site.address}/api/v1/search?q=Steuer+Hund+Euro").json()
    return next(str(p["text"]) for p in found["passages"] if p["document_id"] == name)


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


@pytest.mark.parametrize(
    ("name", "has_scripts"),
    [("hundesteuer", True), ("katzensteuer", False)],
    ids=["with scripts", "without scripts"],
)
def test_an_editors_day(site: Site, browser: Browser, name: str, has_scripts: bool) -> None:
    folder = site.folder / f"new-{name}"
    folder.mkdir()
    law = write_pdf(folder / f"{name}.pdf", 120)
    broken = folder / "kaputt.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")

    with watched(browser, site.address, java_script_enabled=has_scripts, locale="de") as seen:
        sign_in_browser(seen.context, site.address, site.engine, "editor")
        page = seen.open(f"{site.address}/editor")

        def look() -> None:
            """Whether everybody can use this page: looked at by a script."""
            if has_scripts:
                assert flaws(page) == [], page.url

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
        assert "96 Euro" in text_of(site, page, name)
        look()
        press("button", "Veröffentlichen")
        expect(page.get_by_role("status")).to_contain_text("Die neue Fassung ist veröffentlicht")
        assert "120 Euro" in text_of(site, page, name)
        look()
        press("link", "Wieder gelten lassen")
        page.get_by_label("Grund").fill("Zu früh")
        look()
        press("button", "Wieder gelten lassen")
        expect(page.get_by_role("status")).to_contain_text("Die frühere Fassung gilt wieder")
        assert "96 Euro" in text_of(site, page, name)


def test_files_can_be_dropped_and_too_many_are_refused_before_they_are_sent(
    site: Site, browser: Browser
) -> None:
    with watched(browser, site.address, locale="de") as seen:
        sign_in_browser(seen.context, site.address, site.engine, "editor")
        page = seen.open(f"{site.address}/editor/uploads")
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
        assert site.store.registry.staged() == []
