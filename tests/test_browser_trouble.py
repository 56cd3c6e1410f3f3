"""What comes in between at the desk and in the editor: a network that is slow or gone, a second
click, the way back; and a document full of tricks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import Watched, violations, watched
from looks import flaws
from people import sign_in_browser
from playwright.sync_api import Browser, Page, Route, expect
from sites import Site, open_site

from core.feedback import DESK, read_feedback

BYLAW = """---
id: hundesteuer
title: Hundesteuersatzung
kind: statute
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Steuer beträgt für jeden Hund im Jahr {amount} Euro.

## § 6 Befreiung

(1) Blindenhunde sind von der Steuer befreit.
"""
HOSTILE = """---
id: tricks
title: "<script>document.title='taken'</script> Zwickmühle"
url: "javascript:document.title='taken'"
links: [{title: "<b onclick=alert(1)>Formular</b>", url: "javascript:alert(1)"}]
---
# Zwickmühle

## Zwickmühle <img src=x onerror="document.title='taken'">

Zwickmühle &lt;script&gt;alert(1)&lt;/script&gt; \u202eoruE 1\u202c \u200b[X](javascript:alert(1))
<script>document.title='taken'</script>
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A town with a by-law and a document full of tricks."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "hundesteuer.md").write_text(BYLAW.format(amount=96), "utf-8")
    (folder / "tricks.md").write_text(HOSTILE, "utf-8")
    with open_site(folder, [folder / "hundesteuer.md", folder / "tricks.md"]) as opened:
        yield opened


def forget(seen: Watched, *provoked: str) -> None:
    """Takes out of the complaints what was provoked."""
    seen.complaints[:] = [c for c in seen.complaints if not any(part in c for part in provoked)]


def test_the_desk_waits_for_a_slow_network_and_says_when_it_is_gone(
    browser: Browser, site: Site
) -> None:
    with watched(browser, site.address, viewport={"width": 1440, "height": 900}) as seen:
        sign_in_browser(seen.context, site.address, site.engine, "clerk", "thea")
        page = seen.open(f"{site.address}/desk")
        words, state = page.locator("#q"), page.locator("#state")
        slow: list[Route] = []
        page.route("**/desk/results?*", lambda route: slow.append(route))
        for number, text in enumerate(("Blindenhunde", "Steuer Hund"), 1):
            words.fill(text)
            while len(slow) < number:
                page.wait_for_timeout(20)
        slow[-1].continue_()
        expect(page.locator("a.hit").first).to_have_text("§ 5 Hundesteuersatzung")
        page.unroute("**/desk/results?*")

        seen.context.set_offline(True)
        words.fill("Steuer Hund Jahr")
        expect(state).to_have_text("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")
        expect(page.locator("a.hit").first).to_be_visible()  # what was found stays
        seen.context.set_offline(False)
        words.press("Enter")
        expect(page.locator("[data-answer]")).to_contain_text("96 Euro")
        page.get_by_role("link", name="Seite für Bürgerinnen und Bürger").click()
        expect(page.locator("mark").first).to_be_visible()
        page.go_back()
        expect(words).to_have_value("Steuer Hund Jahr")
        expect(page.locator("a.hit").first).to_be_visible()

        words.press("Enter")
        expect(page.locator("[data-answer]")).to_be_visible()
        words.press("ArrowDown")
        for _ in range(2):
            page.keyboard.press("w")
        expect(page.locator("#done")).to_contain_text("als falsch gemeldet")
        assert len(read_feedback(site.engine, origin=DESK)) == 1
        assert flaws(page) == []
        forget(seen, "ERR_INTERNET_DISCONNECTED")


def test_what_an_editor_sends_twice_is_done_once_and_nothing_typed_is_lost(
    browser: Browser, site: Site
) -> None:
    file = site.folder / "new" / "hundesteuer.md"
    file.parent.mkdir()
    file.write_text(BYLAW.format(amount=120), "utf-8")
    lost: list[str] = []
    sent: list[tuple[str, str]] = []

    def lose_two(route: Route) -> None:
        lost.append(route.request.url)
        if len(lost) <= 2:
            route.abort()
        else:
            route.continue_()

    with watched(browser, site.address) as seen:
        sign_in_browser(seen.context, site.address, site.engine, "editor", "rita")
        page = seen.open(f"{site.address}/editor/uploads")
        page.get_by_label("Grund").fill("Ratsbeschluss")
        page.get_by_label("Dateien", exact=True).set_input_files(file)
        heading = page.get_by_role("heading", level=1)
        send = page.get_by_role("button", name="Hochladen und lesen")
        seen.context.set_offline(True)
        send.click()
        page.wait_for_url("chrome-error:**")
        seen.context.set_offline(False)
        page.reload()  # which sends it again
        expect(heading).to_have_text("Alles ist gelesen", timeout=30_000)
        page.get_by_role("link", name="Prüfen und veröffentlichen").click()
        expect(page.get_by_text("Ratsbeschluss")).to_be_visible()

        page.goto(f"{site.address}/editor/uploads")
        page.on("request", lambda request: sent.append((request.method, request.url)))
        page.route("**/editor/uploads/*.json", lose_two)
        page.get_by_label("Dateien", exact=True).set_input_files(file)
        send.dblclick()
        expect(heading).to_have_text("Alles ist gelesen", timeout=30_000)
        page.get_by_role("link", name="Prüfen und veröffentlichen").click()
        page.get_by_role("button", name="Veröffentlichen").dblclick()
        expect(page.get_by_role("status")).to_contain_text("Die neue Fassung ist veröffentlicht")
        assert [url.rpartition("/")[2] for method, url in sent if method == "POST"] == [
            "uploads",
            "publish",
        ]

        page.go_back()  # to what is prepared no more
        expect(heading).to_have_text("Das ging nicht")
        assert flaws(page) == []
        page.get_by_role("link", name="Alle Dokumente").click()
        expect(heading).to_have_text("Dokumente")
        forget(seen, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 404")


def test_a_document_full_of_tricks_shows_as_text_to_everybody(browser: Browser, site: Site) -> None:
    with watched(browser, site.address, locale="de") as seen:
        page = seen.open(f"{site.address}/ask")
        page.fill("#question", "Zwickmühle <script>alert(1)</script>")
        page.press("#question", "Escape")
        page.press("#question", "Enter")
        page.wait_for_url("**#answer")
        shown = page.locator(".answer").inner_text()
        assert "<script>alert(1)</script>" in shown
        assert "(javascript:alert(1))" in shown
        assert violations(page) == []
        shows_only_text(page, ".answer")

        sign_in_browser(seen.context, site.address, site.engine, "editor", "rita")
        page.goto(f"{site.address}/editor/documents/show?id=tricks")
        shows_only_text(page, "main")
        page.goto(f"{site.address}/desk?q=Zwickm%C3%BChle")
        page.locator("a.hit").first.click()
        expect(page.locator("#opened")).to_be_visible()
        shows_only_text(page, ".desk")


def shows_only_text(page: Page, place: str) -> None:
    """Whether nothing of the document runs, leads out of the site or turns the text round."""
    shown = page.locator(place).inner_text()
    assert "Zwickmühle" in shown
    assert not {"\u202e", "\u202c", "\u200b"} & set(shown)
    tricks = ":is(script, img[onerror], [onclick], a[href^='javascript:'])"
    assert page.locator(f"{place} {tricks}").count() == 0
    assert "taken" not in page.title().removeprefix("<script>document.title='taken'</script>")
