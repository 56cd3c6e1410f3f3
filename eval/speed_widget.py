"""`python -m eval widget`: what the widget weighs, and how soon the first sentence is there."""

from __future__ import annotations

import gzip
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.table import Table

from core.settings import Settings
from core.store import open_store
from eval.dataset import alone
from eval.load import WARM_UP, percentiles, wait_for
from eval.questions import load_rows
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import STATIC, create_site

PROJECT = Path(__file__).parent.parent
DOCUMENTS = PROJECT / "data/documents"
QUESTIONS = PROJECT / "data/questions/auental.jsonl"
ASKED = 30
MOST_LOADER = 5_000  # bytes as sent
MOST_ALL = 30_000  # bytes, compressed
LOADER = "/widget.js"


def measure_widget(settings: Settings, console: Console) -> None:
    """Prints the bytes of the loader and of the rest, and the time from a question to its first
    sentence over HTTP, on the sample town."""
    texts = [row.question["de"] for row in load_rows(QUESTIONS) if "de" in row.question]
    with tempfile.TemporaryDirectory() as name:
        own = alone(settings, Path(name))
        with open_store(own) as store:
            ingest([DOCUMENTS], Publisher(store), own)
            answerer = Answerer(store, own)
            site = create_site(own, answerer, parts_of(own, store, answerer))
            with served(site) as url, httpx.Client(base_url=url, timeout=60) as client:
                sizes = {path: _size(client, path) for path in (LOADER, *module_paths())}
                for text in texts[:WARM_UP]:
                    seconds_to_first_statement(client, text)
                times = (seconds_to_first_statement(client, text) for text in texts)
                answered = (seconds for seconds in times if seconds is not None)
                console.print(_table(sizes, list(islice(answered, ASKED))))


def module_paths() -> list[str]:
    """The addresses of what comes on the first click."""
    folder = STATIC / "widget"
    modules = [path for path in sorted(folder.glob("*.js")) if path.name != "loader.js"]
    paths = [*modules, STATIC / "suggest.js", STATIC / "translate.js"]
    return [f"/{path.relative_to(STATIC.parent).as_posix()}" for path in paths]


def seconds_to_first_statement(client: httpx.Client, question: str) -> float | None:
    """Seconds from sending a question until its first sentence is read; None where it has none."""
    started = time.perf_counter()
    headers = {"Accept": "text/event-stream"}
    body = {"question": question}
    with client.stream("POST", "/api/v1/answers", json=body, headers=headers) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if line == "event: statement":
                return time.perf_counter() - started
    return None


def _size(client: httpx.Client, path: str) -> tuple[int, int]:
    """The bytes of a file, as it is and compressed."""
    content = client.get(path).raise_for_status().content
    return len(content), len(gzip.compress(content))


def _table(sizes: dict[str, tuple[int, int]], answered: list[float]) -> Table:
    loader, whole = sizes[LOADER][0], sum(packed for _, packed in sizes.values())
    times = percentiles(answered)
    table = Table("the widget", "today", "at most", "")
    for name, value, most in (
        ("loader, bytes as sent", loader, MOST_LOADER),
        ("loader, bytes compressed", sizes[LOADER][1], None),
        ("rest, bytes", sum(raw for raw, _ in sizes.values()) - loader, None),
        ("altogether, bytes compressed", whole, MOST_ALL),
    ):
        mark = "" if most is None else ("✓" if value <= most else "✗")
        table.add_row(name, f"{value:,}", "" if most is None else f"{most:,}", mark)
    for name, milliseconds in times.items():
        table.add_row(f"question to first sentence, {name}", f"{milliseconds:.0f} ms", "", "")
    table.caption = f"{len(answered)} answered questions about the sample town, one client"
    return table


@contextmanager
def served(site: FastAPI) -> Iterator[str]:
    """The address of a site that runs in a thread of its own, until left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            wait_for(f"{url}/healthz")
            yield url
        finally:
            server.should_exit = True
            thread.join()
