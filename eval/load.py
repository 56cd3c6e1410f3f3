"""Timing: seconds per call in process and over HTTP with one client, percentiles, memory; and the
environment of what is timed."""

from __future__ import annotations

import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np

WARM_UP = 10

Ask = Callable[[str], dict[str, Any]]


def seconds_of(ask: Ask, questions: Sequence[str]) -> list[float]:
    """How long each question takes, after a warm-up."""
    for question in questions[:WARM_UP]:
        ask(question)
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append(time.perf_counter() - started)
    return taken


def seconds_over_http(url: str, route: str, questions: Sequence[str]) -> list[float]:
    """How long each question takes one client that keeps its connection."""
    with httpx.Client(base_url=url, timeout=60) as client:

        def ask(question: str) -> dict[str, Any]:
            if route.endswith("answers"):
                response = client.post(route, json={"question": question})
            else:
                response = client.get(route, params={"q": question, "limit": 5})
            response.raise_for_status()
            body: dict[str, Any] = response.json()
            return body

        return seconds_of(ask, questions)


def serve_and_ask(ask: Ask, questions: Sequence[str]) -> list[float]:
    """Serves a function as the smallest FastAPI route and asks it over HTTP."""
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    app.get("/search")(lambda q: ask(q))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        wait_for(f"{url}/openapi.json")
        try:
            return seconds_over_http(url, "/search", questions)
        finally:
            server.should_exit = True
            thread.join()


def environment_alone(state: Path) -> dict[str, str]:
    """The environment of a process with an index of its own: none of the site's settings. It reads
    a `.env` all the same, so start it in a folder without one."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AUSKUNFT_")}
    return others | {"AUSKUNFT_STATE_DIR": str(state), "AUSKUNFT_RATE_LIMIT": "off"}


def wait_for(url: str, seconds: float = 60) -> None:
    """Returns as soon as a GET succeeds; raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise TimeoutError(url)


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    p50, p95 = np.percentile(seconds, [50, 95]) * 1000
    return {"p50": float(p50), "p95": float(p95)}


def memory_mb() -> float:
    """The most memory that this process has held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
