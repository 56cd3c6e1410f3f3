"""`python -m eval desk`: from the last key to the first results in a browser, and suggestions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from core.people import add_person, find_person
from core.sessions import start_session
from core.settings import Settings
from eval.load import percentiles, seconds_of
from eval.near import clerk_questions, neighbours
from eval.speed_widget import served
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEARCHES = 40
TYPED = 8  # characters of each that are typed, the rest stands there
KEY_MILLISECONDS = 120  # from key to key: slower than the desk's pause, so each one searches
LOOKED_AT = 1.5  # seconds for which results are looked at; the page beside them comes meanwhile
MOST = 150.0  # milliseconds
MOST_SUGGESTING = 50.0
BEGINNINGS = (3, 6, 10, 15)  # characters of a text for which suggestions are asked
COOKIE = "__Host-session"

# A search that began before the last key is given up when its own begins, after the pause.
_WATCH = """pause => {
  let last = 0;
  window.taken = null;
  document.querySelector("#q").addEventListener("input", () => {
    last = performance.now();
    window.taken = null;
  }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    const taken = performance.now() - last;
    if (taken >= pause) window.taken ??= taken;
  })).observe(document.querySelector("#results"), { childList: true });
}"""
_START = "text => { document.querySelector('#q').value = text; }"
PAUSE = 40  # milliseconds that desk.js waits after a key


def measure_desk(data: Path, settings: Settings, console: Console, state: Path | None) -> None:
    """Prints the time from the last key to the first results, the server's part in it, and how long
    suggestions take it, on the sample town and its neighbours."""
    chromium = shutil.which("chromium")
    if chromium is None:
        console.print("No Chromium is installed (apt install chromium): the desk is not measured.")
        return
    with neighbours(data, settings, state) as (store, own):
        questions = clerk_questions(store)
        texts = [question.text for question in questions]
        chosen = texts[:: max(1, len(texts) // SEARCHES)][:SEARCHES]
        answerer = Answerer(store, own)
        site = create_site(own, answerer, parts_of(own, store, answerer))
        secret = _sign_in(store.registry.engine)
        with served(site) as url:
            of_server = _seconds_of_server(url, secret, "/desk/results", chosen)
            begun = [text[:count] for text in chosen for count in BEGINNINGS]
            suggesting = _seconds_of_server(url, secret, "/api/v1/suggestions", begun)
            with _desk(url, secret, chromium) as page:
                typed = [_seconds_of_typing(page, text) for text in chosen[:3] + chosen][3:]
        passages = store.index.count(store.registry.generation())
    console.print(_table(typed, of_server, suggesting, passages))


def _sign_in(engine: Engine) -> str:
    """The secret of a session of a clerk."""
    person = find_person(engine, "clerk")  # of a state that was kept
    if person is None:
        person = add_person(engine, "clerk", "", [("clerk", "")], "Clerk")  # without a password
    return start_session(engine, person.id, timedelta(hours=1))


def _seconds_of_server(url: str, secret: str, route: str, texts: Sequence[str]) -> list[float]:
    """How long the server takes for each text at a route."""
    with httpx.Client(base_url=url, headers={"Cookie": f"{COOKIE}={secret}"}) as client:

        def ask(text: str) -> dict[str, int]:
            response = client.get(route, params={"q": text}).raise_for_status()
            return {"bytes": len(response.content)}

        return seconds_of(ask, texts)


@contextmanager
def _desk(url: str, secret: str, chromium: str) -> Iterator[Page]:
    """The desk in a browser, signed in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        # a __Host- cookie is set on an https address; browsers send it to 127.0.0.1 all the same
        address = url.replace("http://", "https://", 1)
        context.add_cookies(
            [{"name": COOKIE, "value": secret, "secure": True, "httpOnly": True, "url": address}]
        )
        page = context.new_page()
        page.goto(f"{url}/desk")
        page.evaluate(_WATCH, PAUSE)
        yield page
        browser.close()


def _seconds_of_typing(page: Page, text: str) -> float:
    """Seconds from the last key of a text to its results on the screen."""
    page.evaluate(_START, text[:-TYPED])
    page.locator("#q").focus()
    page.keyboard.press("End")
    page.keyboard.type(text[-TYPED:], delay=KEY_MILLISECONDS)
    page.wait_for_function("window.taken !== null")
    taken = float(page.evaluate("window.taken"))
    page.wait_for_timeout(1000 * LOOKED_AT)
    return taken / 1000


def _table(
    typed: Sequence[float], of_server: Sequence[float], suggesting: Sequence[float], passages: int
) -> Table:
    table = Table("the front desk", "today", "at most", "")
    for what, seconds, most in (
        ("last key to first results", typed, MOST),
        ("of it the server", of_server, None),
        ("suggestions, the server", suggesting, MOST_SUGGESTING),
    ):
        for name, milliseconds in percentiles(seconds).items():
            at_most = (f"{most:.0f} ms", "✓" if milliseconds <= most else "✗") if most else ()
            table.add_row(f"{what}, {name}", f"{milliseconds:.0f} ms", *at_most)
    table.caption = (
        f"{len(typed)} searches, {passages:,} passages, one clerk; "
        f"{PAUSE} ms are the pause after the last key"
    )
    return table
