"""A language model's server that says one sentence when it is told to, for timing what is ours."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ScriptedServer:
    """Says `sentence`, `seconds` after it was asked and with the number of the passage that holds
    `proof`; `said`: when it said it, by `time.perf_counter()`; while it `is_down`, nothing."""

    def __init__(self, sentence: str, proof: str) -> None:
        self.sentence, self.proof = sentence, proof
        self.seconds = 0.0
        self.is_down = False
        self.said: list[float] = []
        self.url = ""

    def pieces(self, data: str) -> Iterator[str]:
        """What it writes about the passages that it was given."""
        time.sleep(self.seconds)
        given = json.loads(data.split("\n", 1)[1].rsplit("\n", 1)[0])
        numbers = [one["number"] for one in given["passages"] if self.proof in one["text"]]
        statement = json.dumps({"text": self.sentence, "sources": numbers[:1]}, ensure_ascii=False)
        self.said.append(time.perf_counter())
        yield f'{{"can_answer": true, "statements": [{statement}'
        yield "]}"


@contextmanager
def scripted(sentence: str, proof: str) -> Iterator[ScriptedServer]:
    """The server, while it listens."""
    model = ScriptedServer(sentence, proof)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if model.is_down:
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                for piece in model.pieces(request["messages"][-1]["content"]):
                    self._send({"role": "assistant", "content": piece}, None)
                self._send({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
            except ConnectionError:  # whoever asked has gone
                pass

        def _send(self, delta: dict[str, str], finish: str | None) -> None:
            choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": finish}
            kind = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
            self.wfile.write(f"data: {json.dumps(kind | {'choices': [choice]})}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
