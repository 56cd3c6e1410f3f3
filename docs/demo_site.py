"""The demo site of the pictures: the sample town, served, asked, and about to change a by-law."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

PROJECT = Path(__file__).parent.parent
QUESTIONS = PROJECT / "data/questions/auental.jsonl"
LANGUAGES = ("en", "tr", "uk", "ru", "ar", "fa", "fr", "pl", "es", "it", "ro")
WORDS_OF_TOWN = {
    "de": (
        "Hundesteuer",
        "Wer in Auental einen Hund hält, meldet ihn bei der Stadt an.",
        "Die Steuermarke kommt mit dem Bescheid.",
    ),
    "ar": (
        "ضريبة الكلاب",
        "من يقتني كلبًا في آونتال يسجّله لدى البلدية.",
        "تصل شارة الضريبة مع الإشعار.",
    ),
}
TOWN = """<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Stadt Auental</title><style>
body {{ margin: 0; font: 1.125rem/1.6 system-ui, sans-serif; }}
header {{ background: #2c6048; color: #fff; padding: 1rem 2rem; font: 700 1.4rem system-ui; }}
main {{ padding: 2rem; max-inline-size: 36rem; }}
</style></head><body><header>Stadt Auental</header><main><h1>{0}</h1><p>{1}</p><p>{2}</p></main>
<script src="{site}/widget.js" data-town="Auental" async></script></body></html>"""


@dataclass(frozen=True, slots=True)
class Demo:
    """The addresses of a demo site and of a town's page with its widget; the passwords by name."""

    site: str
    town: str
    passwords: dict[str, str]


@contextmanager
def run_demo(folder: Path) -> Iterator[Demo]:
    """The sample town, served with demo accounts, and a town's page that carries its widget."""
    with (
        socket.create_server(("127.0.0.1", 0)) as free,
        ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as host,
    ):
        port, town = free.getsockname()[1], f"http://127.0.0.1:{host.server_address[1]}"
        free.close()
        site = f"http://127.0.0.1:{port}"
        host.RequestHandlerClass = partial(TownPage, site)  # type: ignore[assignment]
        threading.Thread(target=host.serve_forever, daemon=True).start()
        environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("AUSKUNFT_")},
            "AUSKUNFT_STATE_DIR": str(folder / "state"),
            "AUSKUNFT_RATE_LIMIT": "off",
            "AUSKUNFT_KEEP_QUESTIONS": "true",
            "AUSKUNFT_SITES": town,
            "AUSKUNFT_CONTACT": "Bürgerbüro Auental, Tel. 07000 1234-0",
            "AUSKUNFT_OPENING_HOURS": "Mo–Fr 8–12 Uhr, Do 14–18 Uhr",
        }
        auskunft = str(Path(sys.executable).with_name("auskunft"))
        run = partial(subprocess.Popen, env=environment, cwd=folder, text=True)  # no .env there
        documents = str(PROJECT / "data/documents")
        if run([auskunft, "ingest", documents], stdout=subprocess.DEVNULL).wait() != 0:
            sys.exit("The sample town could not be read.")
        serve = [auskunft, "serve", "--demo-accounts", "--port", str(port), "--json"]
        with run(serve, stdout=subprocess.PIPE) as process:
            try:
                accounts = json.loads(process.stdout.readline())["accounts"]
                passwords = {account["name"]: account["password"] for account in accounts}
                yield Demo(site, town, passwords)
            finally:
                process.terminate()
                host.shutdown()


class TownPage(BaseHTTPRequestHandler):
    """A page of the town's own website, in German or Arabic by its path."""

    def __init__(self, site: str, *arguments: object) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]  # the server's

    def do_GET(self) -> None:
        """Sends the page."""
        language = "ar" if self.path == "/ar" else "de"
        direction = "rtl" if language == "ar" else "ltr"
        words = WORDS_OF_TOWN[language]
        page = TOWN.format(*words, language=language, direction=direction, site=self.site)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def ask_questions(demo: Demo) -> int:
    """Asks each question of the sample town's set in German and in one other language, and says
    of each answer whether it cites a document that the set expects; returns how many were asked."""
    asked = 0
    with httpx.Client(base_url=demo.site, timeout=60) as client:
        rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()[1:]]
        for number, row in enumerate(rows):
            other = LANGUAGES[number % len(LANGUAGES)]
            for language in {"de", other} & row["question"].keys():
                body = {
                    "question": row["question"][language],
                    "context": (row["context"] or {}).get(language),
                }
                answer = client.post("/api/v1/answers", json=body).raise_for_status().json()
                asked += 1
                if answer["status"] == row["status"] == "answered":
                    say_whether_helpful(client, answer, row)
    return asked


def say_whether_helpful(client: httpx.Client, answer: dict, row: dict) -> None:  # type: ignore[type-arg]  # JSON
    """Sends the feedback of somebody who knows where it stands."""
    cited = list(dict.fromkeys(one["document_id"] for one in answer["citations"]))
    expected = {source["document_id"] for source in row["sources"]}
    kept = {name: answer[name] for name in ("status", "mode", "language")} | {"documents": cited}
    said = {"answer": kept, "helpful": bool(expected & set(cited))}
    client.post("/api/v1/feedback", json=said).raise_for_status()


def raise_dog_tax(folder: Path) -> Path:
    """The sample town's by-law as the council changes it for next year: the path of its PDF."""
    source = PROJECT / "data/sources/documents/hundesteuersatzung.md"
    text, year = source.read_text("utf-8"), date.today().year + 1
    for pattern, new in (
        (r"(?m)^(  valid_from: ).*", rf"\g<1>{year}-01-01"),
        (r"(?m)^(  as_of: ).*", rf"\g<1>{date.today()}"),
        ("ersten Hund 108,00 Euro", "ersten Hund 120,00 Euro"),
        ("zweiten Hund 216,00 Euro", "zweiten Hund 240,00 Euro"),
        ("am 1. Januar 2026 in Kraft", f"am 1. Januar {year} in Kraft"),
    ):
        text = re.sub(pattern, new, text)
    changed = folder / source.name
    changed.write_text(text, "utf-8")
    build = [sys.executable, str(PROJECT / "data/sources/build.py"), str(changed), "--to", folder]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    return changed.with_suffix(".pdf")
