"""Tells how many people asked, without keeping who: networks by short digests under a key."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from datetime import date, timedelta
from pathlib import Path

KEY_DAYS = 30  # a key's life: askers are told apart within it, never beyond
# Of a digest, so that many networks share each: who holds the key and the digests learns of no
# network that it asked, as one in 256 of all has the same digest.
DIGEST_BYTES = 1
FILE = "askers.json"  # in the state folder; in no backup, nor in the database


class Askers:
    """Names networks by keyed digests. With a `folder` the key is in a file there, which restarts
    and processes share, else in memory; after KEY_DAYS another one takes its place."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = folder / FILE if folder else None
        self._since = date.min
        self._name = ""
        self._key = b""

    def name(self, network: str, today: date) -> str:
        """ "KEY:DIGEST", the same for the same network under the same key."""
        if not self._is_fit(today):
            self._read()
        if not self._is_fit(today):
            self._since = today
            self._name, self._key = secrets.token_hex(4), secrets.token_bytes(32)
            self._write()
        digest = hashlib.blake2b(network.encode(), key=self._key, digest_size=DIGEST_BYTES)
        return f"{self._name}:{digest.hexdigest()}"

    def _is_fit(self, today: date) -> bool:
        return timedelta(0) <= today - self._since < timedelta(days=KEY_DAYS)

    def _read(self) -> None:
        """The key of the file; where there is none that can be read, it is as if it were over."""
        if self._file is None:
            return
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            since, name = date.fromisoformat(kept["since"]), str(kept["name"])
            key = bytes.fromhex(kept["key"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        if key and len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
            self._since, self._name, self._key = since, name, key

    def _write(self) -> None:
        """The key into the file, in place of the one before, for this system's user only; where it
        cannot be written, it lives as long as this process."""
        if self._file is None:
            return
        kept = {"since": self._since.isoformat(), "name": self._name, "key": self._key.hex()}
        written = self._file.with_name(f".{FILE}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
                json.dump(kept, f)
            written.replace(self._file)
        except OSError:
            written.unlink(missing_ok=True)
