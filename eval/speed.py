"""`python -m eval speed`: Auskunft and the usual way side by side, on the same documents."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
from rich.console import Console
from rich.progress import track
from rich.table import Table

from core.model import provide_bundled_model
from core.settings import Settings
from eval.dataset import read_rows, write_documents
from eval.history import describe_machine, read_commit, record_benchmark
from eval.load import environment_alone, percentiles, seconds_over_http, wait_for

QUESTIONS = 300
HISTORY = Path(__file__).parent.parent / "docs/benchmarks.md"
Figures = dict[str, Any]

ROWS = [  # figure, its path in the JSON, unit, whether more is better
    ("ingest", ("ingest_s",), "s", False),
    ("passages per second", ("passages_per_s",), "/s", True),
    ("search in process, p50", ("in_process_ms", "p50"), "ms", False),
    ("search in process, p95", ("in_process_ms", "p95"), "ms", False),
    ("search over HTTP, p50", ("http_ms", "p50"), "ms", False),
    ("search over HTTP, p95", ("http_ms", "p95"), "ms", False),
    ("answer over HTTP, p50", ("answer_ms", "p50"), "ms", False),
    ("answer over HTTP, p95", ("answer_ms", "p95"), "ms", False),
    ("start-up", ("start_up_s",), "s", False),
    ("`auskunft ask`, cold", ("cold_s",), "s", False),
    ("memory, serving", ("memory_mb",), "MiB", False),
    ("memory, ingest", ("ingest_memory_mb",), "MiB", False),
]


def compare_speed(data: Path, settings: Settings, limit: int | None = None) -> None:
    """Measures both in turn, each in processes of its own, and prints a table and a chart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = collect_documents(data, folder / "documents", limit)
        questions = [row["text"] for row in read_rows(data / "ortsrecht-bw/queries.jsonl")]
        chosen = questions[:: max(1, len(questions) // QUESTIONS)][:QUESTIONS]
        (folder / "questions.json").write_text(json.dumps(chosen), "utf-8")
        model = provide_bundled_model(settings.cache_dir)
        sides: dict[str, Figures] = {}
        for side in track(("auskunft", "llama-index"), f"{count} documents", transient=True):
            measure = _measure_ours if side == "auskunft" else _measure_peer
            sides[side] = measure(folder, model)
    console = Console(width=100)
    said = f"{count} documents, {len(chosen)} questions, one client"
    console.print(f"{said}, {os.cpu_count()} cores")
    rows = _rows(sides["auskunft"], sides["llama-index"])
    console.print(_table(rows))
    console.print_json(data=sides)
    if not limit:  # a part tells nothing about another day
        machine = f"{describe_machine()}. {said}."
        record_benchmark(HISTORY, rows, machine, read_commit(), date.today())


def collect_documents(data: Path, folder: Path, limit: int | None) -> int:
    """Copies the PDFs that have text and writes the by-laws as Markdown; returns how many."""
    folder.mkdir(parents=True)
    pdfs = [*(data / "linsengericht/pdf").glob("*.pdf"), *(data / "statutes/gii-pdf").glob("*.pdf")]
    with_text = [path for path in sorted(pdfs) if _has_text(path)][:limit]
    for path in with_text:
        shutil.copy(path, folder)
    write_documents(data / "ortsrecht-bw/towns.jsonl", folder)
    for path in sorted(folder.glob("*.md"))[limit:] if limit else []:
        path.unlink()
    return sum(1 for _ in folder.iterdir())


def _has_text(path: Path) -> bool:
    with pypdfium2.PdfDocument(path) as document:
        return any(len(page.get_textpage().get_text_bounded()) > 100 for page in document)


def _measure_ours(folder: Path, _model: Path) -> Figures:
    environment = environment_alone(folder / "state")
    command = str(Path(sys.executable).with_name("auskunft"))
    ingest = [command, "ingest", str(folder / "documents"), "--json"]
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 our own command
        ingest, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    report, peak = _wait_and_measure(process)
    ingest_s = time.perf_counter() - started
    passages = json.loads(report)["passages"]["added"]
    inside = _run(
        [sys.executable, "-m", "eval.inside", str(folder / "questions.json")], folder, environment
    )
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 our own command
        [command, "ask", "Was kostet ein Hund?", "--json"],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    cold = time.perf_counter() - started
    return {
        "ingest_s": ingest_s,
        "passages": passages,
        "passages_per_s": passages / ingest_s,
        "ingest_memory_mb": peak,
        "cold_s": cold,
        **inside,
        **_measure_serving(command, environment, folder),
    }


def _measure_serving(command: str, environment: dict[str, str], folder: Path) -> Figures:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    site = subprocess.Popen(  # noqa: S603 our own command
        [command, "serve", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/readyz")
        start_up = time.perf_counter() - started
        asked = json.loads((folder / "questions.json").read_text("utf-8"))
        return {
            "start_up_s": start_up,
            "http_ms": percentiles(seconds_over_http(url, "/api/v1/search", asked)),
            "answer_ms": percentiles(seconds_over_http(url, "/api/v1/answers", asked)),
            "memory_mb": _peak_memory_mb(site.pid),
        }
    finally:
        site.terminate()
        site.wait()


def _measure_peer(folder: Path, model: Path) -> Figures:
    arguments = [folder / "documents", model, folder / "questions.json", folder / "peer"]
    command = [sys.executable, "-m", "eval.peer", *map(str, arguments)]
    figures = _run(command, folder)
    return {**figures, "passages_per_s": figures["passages"] / figures["ingest_s"]}


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Figures:
    done = subprocess.run(  # noqa: S603 our own commands
        command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _wait_and_measure(process: subprocess.Popen[str]) -> tuple[str, float]:
    """The process's output and the most memory it held, MiB."""
    peak = 0.0
    while process.poll() is None:
        with suppress(OSError):
            peak = max(peak, _peak_memory_mb(process.pid))
        time.sleep(0.2)
    output, _ = process.communicate()
    return output, peak


def _peak_memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _rows(ours: Figures, peer: Figures) -> list[tuple[str, ...]]:
    """The headings, and a line for each figure."""
    rows: list[tuple[str, ...]] = [("figure", "Auskunft", "llama-index", "ratio")]
    for name, path, unit, more_is_better in ROWS:
        a, b = _get(ours, path), _get(peer, path)
        ratio = None if a is None or b is None else (a / b if more_is_better else b / a)
        rows.append(
            (
                name,
                "" if a is None else f"{a:,.1f} {unit}",
                "" if b is None else f"{b:,.1f} {unit}",
                "" if ratio is None else f"{ratio:.1f}×",
            )
        )
    return rows


def _table(rows: Sequence[tuple[str, ...]]) -> Table:
    """The lines, with a bar for each ratio."""
    head, *lines = rows
    table = Table(*head, "faster or leaner by")
    for *cells, ratio in lines:
        bar = "█" * max(1, round(float(ratio.rstrip("×")))) if ratio else ""
        table.add_row(*cells, ratio, bar)
    return table


def _get(figures: Figures, path: tuple[str, ...]) -> float | None:
    value: Any = figures
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None else float(value)
