"""A fake of the judge's server: a real HTTP server on this machine that answers from a script."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from encoders import WordEncoder

from core.settings import Settings, load_settings
from eval.judge import Judge, open_judge

Script = Callable[[str, dict[str, Any]], Any]


class FakeJudge:
    """What was asked, and how many at once at most. `script` is given what is asked for and the
    request, and returns what the model says (a dict as JSON, or text), a status to fail with, or
    bytes as the whole body."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()
        self.most_at_once = 0
        self.url = ""
        self._at_once = 0
        self._lock = threading.Lock()

    def answer(self, request: dict[str, Any], key: str | None) -> tuple[int, bytes]:
        """Status and body for a request."""
        with self._lock:
            self.requests.append(request)
            self.keys.add(key)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            said = self.script(request["response_format"]["json_schema"]["name"], request)
        finally:
            with self._lock:
                self._at_once -= 1
        if isinstance(said, int):
            return said, b'{"error": {"message": "scripted"}}'
        if isinstance(said, bytes):
            return 200, said
        return 200, completion(said if isinstance(said, str) else json.dumps(said))


def completion(text: str, **others: Any) -> bytes:
    """The body of a chat completion that says so; it read 100 tokens and wrote 10."""
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    reply = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "fake",
        "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
    return json.dumps(reply | others).encode()


def agree(wanted: str, request: dict[str, Any]) -> dict[str, Any]:
    """A judge that finds everything right."""
    if wanted == "StatementGeneratorOutput":
        return {"statements": ["Der erste Hund kostet 108 Euro.", "Die Steuer gilt im Jahr."]}
    if wanted in ("NLIStatementOutput", "StatementFaithfulnessOutput"):
        return {
            "statements": [
                {"statement": statement, "reason": "steht dort", "verdict": 1}
                for statement in shown(request)["statements"]
            ]
        }
    if wanted == "AnswerRelevanceOutput":
        return {"question": "Was kostet ein Hund?", "noncommittal": 0}
    if wanted == "ContextPrecisionOutput":
        return {"reason": "steht dort", "verdict": 1}
    if wanted == "ContextRecallOutput":
        classified = {"statement": "108 Euro", "reason": "steht dort", "attributed": 1}
        return {"classifications": [classified]}
    assert wanted == "ClaimDecompositionOutput", wanted
    return {"claims": ["Der erste Hund kostet 108 Euro."]}


def shown(request: dict[str, Any]) -> dict[str, Any]:
    """The input that a prompt ends with."""
    prompt = request["messages"][-1]["content"]
    found: dict[str, Any] = json.loads(prompt.rsplit("Eingabe:", 1)[1].rsplit("Ausgabe:", 1)[0])
    return found


@contextmanager
def serving(script: Script = agree) -> Iterator[FakeJudge]:
    """The fake, while it listens."""
    fake = FakeJudge(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            try:
                status, body = fake.answer(request, self.headers.get("Authorization"))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:  # whoever asked has given up, or the script hangs up
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def judge_settings(url: str, model: str = "fake", **others: Any) -> Settings:
    """Settings that name a judge."""
    return load_settings(llm_base_url=url, llm_model=model, **others)


def judge_at(url: str, folder: Path, model: str = "fake", seconds: float = 20) -> Judge:
    """A judge that asks there, without retries, and keeps answers in a folder."""
    settings = judge_settings(url, model)
    return open_judge(settings, folder, WordEncoder(), seconds=seconds, retries=0)


def slowly(seconds: float, script: Script = agree) -> Script:
    """A script that takes its time."""

    def answer(wanted: str, request: dict[str, Any]) -> Any:
        time.sleep(seconds)
        return script(wanted, request)

    return answer


def hang_up(*_: object) -> Any:
    """A script that closes the connection without a word."""
    raise ConnectionAbortedError
