"""`python -m eval model`: what answering with a language model adds to the time of the model."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from core.settings import Settings
from core.store import open_store
from eval.dataset import alone
from eval.load import environment_alone, wait_for
from eval.proof import DOCUMENTS
from eval.scripted_server import ScriptedServer, scripted
from eval.statements import check_made, load_made

AUSKUNFT = str(Path(sys.executable).with_name("auskunft"))
QUESTION = "Welche Gebühr kostet ein Baumgrab?"
SENTENCE, PROOF = "Ein Baumgrab kostet für 20 Jahre 1.450,00 Euro.", "1.450,00"
CHECKED = 100  # statements, every so manieth of the set
ASKED, AT_ONCE = 10, 50
TRIED = 2  # questions to a model that is silent, for the whole time-out, or down
SECONDS = 8.0  # that time-out
QUICK, SLOW, FOR_EVER = 0.2, 1.0, 600.0  # seconds that the model takes
MOST_AFTER_SENTENCE, MOST_CHECK, MOST_AFTER_TIME_OUT = 300, 20, 100  # milliseconds
MOST_DOWN = round(SECONDS * 1000) + MOST_AFTER_TIME_OUT

Row = tuple[str, Sequence[float], int | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """What an asker heard and when, in seconds after having `asked`, a `time.perf_counter()`."""

    asked: float
    first_byte: float
    statement: float
    silence: float  # the longest without a byte
    is_generated: bool


def measure_model(settings: Settings, console: Console) -> None:
    """Prints the times on the sample town, as `auskunft serve` has them with a scripted model."""
    with tempfile.TemporaryDirectory() as name, scripted(SENTENCE, PROOF) as model:
        state = Path(name)
        environment = _environment(state, model.url)
        subprocess.run(  # noqa: S603 our own command
            [AUSKUNFT, "ingest", str(DOCUMENTS), "--json"],
            env=environment,
            cwd=state,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with _site(environment, state) as url:
            rows = _measure(url, model)
            crowd = _ask(url, model, AT_ONCE, SLOW)
            model.is_down = True
            down = [heard.statement for _ in range(TRIED) for heard in _ask(url, model, 1, 0)]
        rows += [
            ("word for word, where the model is down", down, MOST_DOWN),
            ("the check of a statement", _check_seconds(settings, state), MOST_CHECK),
            (f"{AT_ONCE} at once: first byte", [heard.first_byte for heard in crowd], None),
            (f"{AT_ONCE} at once: first statement", [heard.statement for heard in crowd], None),
            (f"{AT_ONCE} at once: longest silence", [heard.silence for heard in crowd], None),
        ]
    generated = sum(heard.is_generated for heard in crowd)
    console.print(_table(rows))
    console.print(
        f"Of {AT_ONCE} at once, with a model that serves 2 and takes {SLOW:.0f} s for each: "
        f"{generated} in its words, {AT_ONCE - generated} word for word."
    )


def _check_seconds(settings: Settings, state: Path) -> list[float]:
    """The seconds that checks take in an index of the sample town."""
    made = load_made()
    with open_store(alone(settings, state)) as store:
        return [one.seconds for one in check_made(store, made[:: len(made) // CHECKED])]


def _measure(url: str, model: ScriptedServer) -> list[Row]:
    """One asker: of a model that answers, then of one that is silent."""
    after_sentence = []
    for _ in range(ASKED):
        (heard,) = _ask(url, model, 1, QUICK)
        after_sentence.append(heard.asked + heard.statement - model.said[-1])
    silent = [heard.statement for _ in range(TRIED) for heard in _ask(url, model, 1, FOR_EVER)]
    late = [seconds - SECONDS for seconds in silent]
    return [
        ("first statement, after the model's sentence", after_sentence, MOST_AFTER_SENTENCE),
        (f"word for word, after a time-out of {SECONDS:g} s", late, MOST_AFTER_TIME_OUT),
    ]


def _ask(url: str, model: ScriptedServer, askers: int, seconds: float) -> list[Heard]:
    """So many ask at once a model that takes so long."""
    model.seconds = seconds

    async def ask() -> list[Heard]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(_hear(client) for _ in range(askers)))

    return asyncio.run(ask())


async def _hear(client: httpx.AsyncClient) -> Heard:
    """One question, as it is answered."""
    started = time.perf_counter()
    times: list[float] = []
    statement, text = 0.0, b""
    headers = {"Accept": "text/event-stream"}
    body = {"question": QUESTION}
    async with client.stream("POST", "/api/v1/answers", json=body, headers=headers) as response:
        response.raise_for_status()
        async for piece in response.aiter_bytes():
            times.append(time.perf_counter() - started)
            text += piece
            if not statement and b"event: statement" in text:
                statement = times[-1]
    silence = float(np.diff([0.0, *times]).max())
    return Heard(started, times[0], statement, silence, b'"mode":"generated"' in text)


def _environment(state: Path, model_url: str) -> dict[str, str]:
    """Of a site on a state folder with a model."""
    return environment_alone(state) | {
        "AUSKUNFT_LLM_BASE_URL": model_url,
        "AUSKUNFT_LLM_MODEL": "scripted",
        "AUSKUNFT_LLM_SECONDS": str(SECONDS),
    }


@contextmanager
def _site(environment: dict[str, str], folder: Path) -> Iterator[str]:
    """`auskunft serve`, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [AUSKUNFT, "serve", "--port", str(port)]
    site = subprocess.Popen(  # noqa: S603 our own command
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/readyz")
        yield url
    finally:
        site.terminate()
        site.wait()


def _table(rows: Sequence[Row]) -> Table:
    table = Table("with a language model", "p50", "longest", "at most", "")
    for name, seconds, most in rows:
        p50, longest = np.percentile(seconds, [50, 100]) * 1000
        mark = "" if most is None else ("✓" if longest <= most else "✗")
        bound = "" if most is None else f"{most} ms"
        table.add_row(name, f"{p50:,.0f} ms", f"{longest:,.0f} ms", bound, mark)
    return table
