"""A real browser, and the site as it is served, for tests that look at pages as people do."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
WIDTHS = {"phone": (320, 640), "tablet": (768, 1024), "desk": (1440, 900)}


@contextmanager
def run_browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium is installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The address of an application that runs in a thread of its own, until left."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listener.close()


@dataclass
class Watched:
    """A browser's context and what went wrong in it: console errors, broken policies, requests to
    other hosts."""

    context: BrowserContext
    hosts: set[str]
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "about:blank") -> Page:
        """A new page at an address."""
        page = self.context.new_page()
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._see(request.url))
        page.goto(address)
        return page

    def _see(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host and host not in self.hosts:
            self.complaints.append(f"request to {host}")


@contextmanager
def watched(browser: Browser, *addresses: str, **options: Any) -> Iterator[Watched]:
    """A fresh context that complains on leaving about whatever went wrong in it; `options` are
    Playwright's, such as `java_script_enabled=False`, `locale="ar"`, `color_scheme="dark"`. Take
    out of `complaints` what a test provokes."""
    context = browser.new_context(**options)
    seen = Watched(context, {urlsplit(address).netloc for address in addresses})
    try:
        yield seen
    finally:
        context.close()
    assert seen.complaints == []


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds wrong with a page for people with disabilities, a line for each place;
    `rules`: only these, such as color-contrast where nothing but colours has changed."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "only => axe.run({runOnly: only, resultTypes: ['violations'], preload: false})", only
    )
    return [
        f"{wrong['id']}: {node['html'][:200]}"
        for wrong in found["violations"]
        for node in wrong["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether a page is wider than its window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
