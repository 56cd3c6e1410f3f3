"""A town's page that carries the widget, and the site behind it, which a test may slow or break."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from browsers import Watched, served, watched
from playwright.sync_api import Browser, Page
from sites import site_of
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import load_settings
from core.store import Store

PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stadt Auental</title><link rel="stylesheet" href="/hostile.css"></head>
<body><main><h1>Stadt Auental</h1><p id="pressed"></p><a href="/">Startseite</a></main>
<script src="/hostile.js"></script>{scripts}</body></html>"""
SCRIPT = '<script src="{address}/widget.js" data-town="{town}" async></script>'
# What a town's page may do to all its elements, and keys that it takes for itself.
HOSTILE_CSS = "* { all: unset; } main, h1, p { display: block; } html { font-size: 30%; }"
HOSTILE_JS = """addEventListener("keydown", (event) => {
  document.getElementById("pressed").textContent += event.key;
  if (event.key !== "Tab") event.preventDefault();
});"""


class Broken:
    """A site in front of the real one whose answers to questions a test scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.mend()

    def mend(self) -> None:
        """As it is without a test."""
        self.asked = 0
        self.waits = 0.0  # seconds before an answer
        self.breaks = False  # after half of it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, slowly or by half where told so."""
        is_question = scope["type"] == "http" and scope["path"] == "/api/v1/answers"
        if not is_question or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        self.asked += 1
        await asyncio.sleep(self.waits)
        if not self.breaks:
            await self.app(scope, receive, send)
            return

        async def send_half(part: Any) -> None:
            body = part.get("body", b"")
            if body.startswith(b"event: citation"):
                await asyncio.sleep(1)  # the first half has to arrive
                raise ConnectionResetError  # uvicorn closes the connection
            if body or part["type"] == "http.response.start":
                await send(part)

        await self.app(scope, receive, send_half)


@dataclass(frozen=True)
class Widget:
    """The site of a widget, its address, and the port of the town's page that it lets in."""

    site: Broken
    address: str
    port: int


class Visit(Protocol):
    """Opens a town's page with the widget in a fresh context of a browser with these options; one
    that is not known is on no site that may ask."""

    def __call__(
        self, language: str = "de", town: str = "Auental", is_known: bool = True, **options: Any
    ) -> tuple[Watched, Page]: ...


@contextmanager
def open_widget(store: Store, folder: Path) -> Iterator[Widget]:
    """The site of a store's documents, open to one town's page, until left."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = load_settings(
        state_dir=folder,
        rate_limit="off",
        sites=f"http://127.0.0.1:{port}",
        contact="Bürgerbüro Auental, Tel. 07000 1234",
        opening_hours="Mo–Fr 8–12 Uhr",
    )
    site = Broken(site_of(store, settings))
    with served(site) as address:  # type: ignore[arg-type]  # any ASGI application will do
        yield Widget(site, address, port)


@contextmanager
def visiting(widget: Widget, browser: Browser) -> Iterator[Visit]:
    """What visits the town's page; the site is whole at first."""
    widget.site.mend()
    with ExitStack() as stack:

        def visit(
            language: str = "de", town: str = "Auental", is_known: bool = True, **options: Any
        ) -> tuple[Watched, Page]:
            host = _host_page(widget.address, language, town)
            port = widget.port if is_known else 0
            address = stack.enter_context(served(host, port))  # type: ignore[arg-type]
            seen = stack.enter_context(watched(browser, widget.address, address, **options))
            page = seen.open(address)
            page.locator(".launcher").wait_for()
            return seen, page

        yield visit


def _host_page(site: str, language: str, town: str) -> Starlette:
    """A town's page under a strict policy, with two tags of the widget."""
    direction = "rtl" if language in {"ar", "fa"} else "ltr"
    scripts = 2 * SCRIPT.format(address=site, town=town)
    shown = PAGE.format(language=language, direction=direction, scripts=scripts)
    policy = (
        f"default-src 'none'; script-src 'self' {site}; connect-src {site}; style-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    )

    def answer(media_type: str, text: str) -> Any:
        headers = {"Content-Security-Policy": policy}
        return lambda _: HTMLResponse(text, headers=headers, media_type=media_type)

    return Starlette(
        routes=[
            Route("/", answer("text/html", shown)),
            Route("/hostile.css", answer("text/css", HOSTILE_CSS)),
            Route("/hostile.js", answer("text/javascript", HOSTILE_JS)),
        ]
    )


def ask(page: Page, question: str) -> None:
    """Types a question and sends it with Enter."""
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
