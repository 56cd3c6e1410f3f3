"""Language models that do what a test has written: a real HTTP server, and one in this process."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.errors import ModelFailed, ModelLate
from service.language_model import Task

Piece = str | float | bytes | None
"""What comes next: text, a pause in seconds, bytes as they are (keep-alives, nonsense), or None:
the connection is cut there, in the middle."""

Said = str | Iterable[Piece] | int
"""A text (sent word by word), pieces (endless ones too), or a status to fail with."""

Script = Callable[[dict[str, Any]], Said]


class ScriptedModel:
    """An OpenAI-compatible server: what it was asked, how many at once at most, and how many of its
    replies ended because whoever asked was gone."""

    def __init__(self, script: Script, listing: bytes | Sequence[Piece], counts: bool) -> None:
        self.script = script
        self.listing = listing
        self.counts = counts
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.most_at_once = 0
        self.stopped = 0
        self.at_once = 0
        self.lock = threading.Lock()


@contextmanager
def serving_model(
    script: Script | Said,
    models: Sequence[str] = ("scripted",),
    *,
    counts: bool = True,
    port: int = 0,
    described: Mapping[str, Any] | None = None,
    listing: bytes | Sequence[Piece] | None = None,
) -> Iterator[ScriptedModel]:
    """The server, while it listens. `counts`: whether it tells how many tokens it took;
    `described`: what else it says of its models; `listing`: what it lists instead of them."""
    asked = script if callable(script) else (lambda _: script)
    rows = [{"id": name, "object": "model", **(described or {})} for name in models]
    listed = json.dumps({"object": "list", "data": rows}).encode()
    model = ScriptedModel(asked, listed if listing is None else listing, counts)

    class Handler(_Handler):
        scripted = model

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.block_on_close = False  # a reply that lasts for ever holds nobody up
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    scripted: ScriptedModel
    connection: socket.socket

    def do_GET(self) -> None:
        if self.path.endswith("/v1/models"):
            self._list(self.scripted.listing)
        else:
            self._send(404, b"nothing here")

    def _list(self, listing: bytes | Sequence[Piece]) -> None:
        if isinstance(listing, bytes):
            self._send(200, listing)
            return
        with suppress(ConnectionError):
            self.send_response(200)
            self.end_headers()
            for piece in self._paced(listing):
                assert isinstance(piece, bytes)
                self.wfile.write(piece)

    def do_POST(self) -> None:
        model = self.scripted
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with model.lock:
            model.requests.append(request)
            model.keys.append(self.headers.get("Authorization"))
            model.at_once += 1
            model.most_at_once = max(model.most_at_once, model.at_once)
        try:
            self._reply(request, model.script(request))
        except ConnectionError:  # whoever asked has gone
            model.stopped += 1
        finally:
            with model.lock:
                model.at_once -= 1

    def _reply(self, request: dict[str, Any], said: Said) -> None:
        if isinstance(said, int):
            self._send(said, b'{"error": {"message": "scripted"}}')
            return
        pieces = said.split(" ") if isinstance(said, str) else said
        if isinstance(said, str):
            pieces = [word if n == 0 else f" {word}" for n, word in enumerate(pieces)]
        if not request.get("stream"):
            text = "".join(piece for piece in self._paced(pieces) if isinstance(piece, str))
            choice = {"index": 0, "finish_reason": "stop"}
            message = {"role": "assistant", "content": text}
            usage = {"usage": _usage(request, len(text) // 4)} if self.scripted.counts else {}
            body = _body("chat.completion", [choice | {"message": message}]) | usage
            self._send(200, json.dumps(body).encode())
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self._stream(request, pieces)

    def _stream(self, request: dict[str, Any], pieces: Iterable[Piece]) -> None:
        written = 0
        for piece in self._paced(pieces):
            if piece is None:
                return
            if isinstance(piece, bytes):
                self.wfile.write(piece)
            else:
                written += 1
                self._event([_delta({"role": "assistant", "content": piece})])
        self._event([_delta({}, "stop")])
        if self.scripted.counts and (request.get("stream_options") or {}).get("include_usage"):
            self._event([], usage=_usage(request, written))
        self.wfile.write(b"data: [DONE]\n\n")

    def _paced(self, pieces: Iterable[Piece]) -> Iterator[str | bytes | None]:
        """The pieces after their pauses; ConnectionError where whoever asked goes meanwhile."""
        for piece in pieces:
            if not isinstance(piece, (int, float)):
                yield piece
                continue
            ends = time.monotonic() + piece
            while (rest := ends - time.monotonic()) > 0:
                if select.select([self.connection], [], [], rest)[0]:
                    if not self.connection.recv(1, socket.MSG_PEEK):
                        raise ConnectionAbortedError
                    time.sleep(rest)

    def _event(self, choices: list[dict[str, Any]], **others: Any) -> None:
        body = json.dumps(_body("chat.completion.chunk", choices) | others)
        self.wfile.write(f"data: {body}\n\n".encode())
        self.wfile.flush()

    def _send(self, status: int, body: bytes) -> None:
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _body(kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 0, "model": "scripted", "choices": choices}


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(request: dict[str, Any], written: int) -> dict[str, int]:
    read = sum(len(message["content"]) for message in request["messages"]) // 4
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


class FakeModel:
    """A language model in this process, without a wire: pieces of text, pauses in seconds, and
    failures to raise; or a function that gives them for a task. It keeps what it was asked, and how
    many of its texts were closed before their end."""

    def __init__(
        self,
        pieces: Iterable[str | float | ModelFailed]
        | Callable[[Task], Iterable[str | float | ModelFailed]],
        name: str = "fake",
    ) -> None:
        self.pieces = pieces
        self.name = name
        self.tasks: list[Task] = []
        self.closed = 0

    def write(self, task: Task, deadline: float, _unwanted: object = None) -> Iterator[str]:
        """The written pieces; ModelLate where a pause goes beyond the deadline."""
        self.tasks.append(task)
        pieces = self.pieces(task) if callable(self.pieces) else self.pieces
        try:
            for piece in pieces:
                if isinstance(piece, ModelFailed):
                    raise piece
                rest = deadline - time.monotonic()
                if isinstance(piece, str):
                    if rest <= 0:
                        raise ModelLate
                    yield piece
                    continue
                time.sleep(max(0, min(piece, rest)))
                if piece >= rest:
                    raise ModelLate
        except GeneratorExit:
            self.closed += 1
            raise
