"""Uploads that were sent when nobody was signed in any more: kept an hour for who sent them."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from web.editor.files import Upload
from web.editor.sent import MAX_BYTES, Sent

SECONDS = 60 * 60
ROOM = 2 * MAX_BYTES  # for all that is kept
ADDRESS = "/editor/uploads/kept"
_TICKET = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """What waits: its ticket, whose it is by the person's id, the files' names, what was typed."""

    ticket: str
    owner: str
    names: tuple[str, ...]
    typed: dict[str, str]


class KeptUploads:
    """Uploads that wait in a folder, one of each person; what another process left there goes."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "uploads" / "kept"
        self._lock = threading.Lock()
        self._forget_old()

    def keep(self, owner: str, sent: Sent) -> KeptUpload | None:
        """Keeps an upload in place of an earlier one of the person; None where there is no room."""
        with self._lock:
            self._forget_old()
            for earlier in self._all():
                if earlier.owner == owner:
                    self.forget(earlier.ticket)
            taken = sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())
            if taken + sum(file.size for file in sent.files) > ROOM:
                return None
            names = tuple(file.name for file in sent.files)
            kept = KeptUpload(secrets.token_hex(16), owner, names, sent.typed)
            place = self._folder / kept.ticket
            place.mkdir(parents=True, mode=0o700)
            for number, file in enumerate(sent.files):
                with (place / str(number)).open("wb") as target:
                    shutil.copyfileobj(file.content, target)
            about = {"owner": owner, "names": names, "typed": sent.typed}
            (place / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        timer = threading.Timer(SECONDS, self.forget, [kept.ticket])
        timer.daemon = True
        timer.start()
        return kept

    def find(self, ticket: str, owner: str) -> KeptUpload | None:
        """What a person's ticket stands for; None where it is over, or somebody else's."""
        self._forget_old()
        kept = self._read(self._folder / ticket) if _TICKET.fullmatch(ticket) else None
        return kept if kept and kept.owner == owner else None

    @contextmanager
    def opened(self, kept: KeptUpload) -> Iterator[Sent]:
        """What was sent, with its files open."""
        place = self._folder / kept.ticket
        with ExitStack() as stack:
            paths = [place / str(number) for number in range(len(kept.names))]
            files = tuple(
                Upload(name, path.stat().st_size, stack.enter_context(path.open("rb")))
                for name, path in zip(kept.names, paths, strict=True)
            )
            yield Sent(files, kept.typed)

    def forget(self, ticket: str) -> None:
        """Deletes what a ticket stands for."""
        shutil.rmtree(self._folder / ticket, ignore_errors=True)

    def _all(self) -> Iterator[KeptUpload]:
        places = self._folder.iterdir() if self._folder.is_dir() else ()
        yield from filter(None, map(self._read, list(places)))

    def _read(self, place: Path) -> KeptUpload | None:
        try:
            about = json.loads((place / _ABOUT).read_text("utf-8"))
        except (OSError, ValueError):  # not there, or not whole
            return None
        return KeptUpload(place.name, about["owner"], tuple(about["names"]), about["typed"])

    def _forget_old(self) -> None:
        for place in list(self._folder.iterdir()) if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):  # a timer of its own ends each
                if place.stat().st_mtime < time.time() - SECONDS:
                    self.forget(place.name)
