"""A folder that keeps pictures of pages up to a size, and forgets those unused for longest."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 200 * 2**20


class PageCache:
    """Any number of threads and processes may read and write at once: each sees a file whole or
    not at all. Where the folder cannot be written, nothing is kept."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def read(self, key: str) -> bytes | None:
        """What is kept under a key, which is a plain file name; None where nothing is."""
        path = self._folder / key
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)  # it was used just now
        return content

    def write(self, key: str, content: bytes) -> None:
        """Keeps content under a key, and makes room for it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._folder / key)
            self._make_room()

    def _make_room(self) -> None:
        with os.scandir(self._folder) as entries:
            files = [(entry.stat(), entry.path) for entry in entries if entry.is_file()]
        files.sort(key=lambda file: file[0].st_mtime_ns)
        excess = sum(stat.st_size for stat, _ in files) - self._most_bytes
        for stat, path in files:
            if excess <= 0:
                return
            Path(path).unlink(missing_ok=True)
            excess -= stat.st_size
