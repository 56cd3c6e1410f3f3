"""Pictures of PDF pages with what is quoted marked: drawn in a process of their own, and kept."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore

from core.errors import PageUndrawn
from ingest.page_cache import PageCache
from ingest.readers.limits import ReaderLimits
from ingest.readers.pdf import START_SECONDS, started

WIDTHS = (640, 960, 1440)  # dots
RECIPE = 2  # counts up where pages are drawn in another way
DRAW_SECONDS = 15.0  # at most, whatever reading may take
WORDS = "words.txt"  # of a scan, for the worker
AT_ONCE = 2
WAITING = 8  # requests that may wait for their turn; each holds a thread of the server
GIVEN_UP_SECONDS = 60.0  # for which a page that could not be drawn is not tried again


@dataclass(frozen=True, slots=True)
class PageImage:
    """A PNG of a page, and its size in dots; `mark_top`: dots from its upper edge to the first that
    are marked, None where nothing is."""

    png: bytes
    width: int
    height: int
    mark_top: int | None = None

    @property
    def is_marked(self) -> bool:
        """Whether something is marked in it."""
        return self.mark_top is not None


class PageImages:
    """Draws pages of PDF files, a few at a time, and keeps their pictures in a folder."""

    def __init__(self, folder: Path, limits: ReaderLimits) -> None:
        self._cache = PageCache(folder)
        self._limits = limits
        self._drawing = Semaphore(AT_ONCE)
        self._waiting = Semaphore(AT_ONCE + WAITING)
        self._given_up: dict[str, float] = {}

    def picture(
        self, original: Path, page: int, width: int, quote: str = "", words: str = ""
    ) -> PageImage:
        """The picture of a page, counted from 1, of a file that is named by its digest; `words`:
        those that were recognised on it when it was read. Raises PageUndrawn where that fails,
        takes too long, or too many are waiting for theirs."""
        key = picture_key(original, page, width, quote, words)
        if kept := self._cache.read(key):
            return _read(kept)
        if time.monotonic() < self._given_up.get(key, 0):
            raise PageUndrawn
        with self._turn():
            if kept := self._cache.read(key):  # another request was quicker
                return _read(kept)
            job = {
                "page": page,
                "width": width,
                "quote": quote,
                "words": WORDS if words else "",
                "seconds": min(self._limits.seconds, DRAW_SECONDS),
                "memory_mb": self._limits.memory_mb,
            }
            try:
                drawn = _draw(original, job, words)
                picture = _read(drawn)
            except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
                self._give_up(key)
                raise PageUndrawn from error
        self._cache.write(key, drawn)
        return picture

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """A turn to draw; raises PageUndrawn where too many wait, or it does not come."""
        if not self._waiting.acquire(blocking=False):
            raise PageUndrawn
        try:
            if not self._drawing.acquire(timeout=DRAW_SECONDS):
                raise PageUndrawn
            try:
                yield
            finally:
                self._drawing.release()
        finally:
            self._waiting.release()

    def _give_up(self, key: str) -> None:
        now = time.monotonic()
        self._given_up = {k: until for k, until in self._given_up.items() if until > now}
        self._given_up[key] = now + GIVEN_UP_SECONDS


def picture_key(original: Path, page: int, width: int, quote: str, words: str = "") -> str:
    """What a picture is kept under: another text wherever it would look different."""
    described = json.dumps([RECIPE, original.name, page, width, quote, words])
    return hashlib.sha256(described.encode()).hexdigest()


def _draw(original: Path, job: Mapping[str, object], words: str) -> bytes:
    """What the worker writes; raises OSError or SubprocessError where it cannot be started, takes
    too long, or fails."""
    command = [sys.executable, "-P", "-m", "ingest.page_worker", json.dumps(job)]
    with tempfile.TemporaryDirectory(prefix="auskunft-") as scratch:
        Path(scratch, WORDS).write_text(words, "utf-8")
        with original.open("rb") as content, started(command, content, scratch) as worker:
            drawn, _ = worker.communicate(timeout=START_SECONDS + DRAW_SECONDS)
    if worker.returncode != 0:
        raise subprocess.CalledProcessError(worker.returncode, command[:4])
    return bytes(drawn)


def _read(drawn: bytes) -> PageImage:
    """A picture as the worker writes it: a line of JSON, then the PNG. Raises ValueError or
    KeyError where it is another thing."""
    head, _, png = drawn.partition(b"\n")
    fields = json.loads(head)
    if not png.startswith(b"\x89PNG"):
        raise ValueError("no picture")
    return PageImage(png, int(fields["width"]), int(fields["height"]), fields["mark_top"])
