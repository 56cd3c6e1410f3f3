"""A backup of everything in one file, taken while citizens go on asking.

A tar.gz of these members, in this order: `manifest.json` (format, versions, generation, and the
SHA-256 of every other member), `registry.jsonl` (the registry's rows), `passages.jsonl` (all points
of the index with their vectors), `originals/…`. Nothing in it depends on where it came from: it is
restored into SQLite or PostgreSQL, and into the embedded index or a server's.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import PathMissing, StorageFull, UsageError
from core.index import IndexIdentity
from core.payload import point_to_json
from core.rows import read_rows
from core.schema import SCHEMA_REVISION
from core.settings import Settings
from core.store import Store
from core.writer import writing

FORMAT = 1
MANIFEST, REGISTRY, PASSAGES, ORIGINALS = (
    "manifest.json",
    "registry.jsonl",
    "passages.jsonl",
    "originals",
)
_FASTEST = 1  # vectors and PDFs hardly get smaller
_DIGEST_LENGTH = 64  # of an original's name; anything else there is half a copy


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, as its first member says."""

    format: int
    revision: str  # of the registry's schema
    model_id: str
    dimensions: int
    schema_version: int  # of the index
    generation: int
    documents: int  # that stand
    passages: int  # stored ones, of every generation
    made: str
    members: dict[str, str]  # name → SHA-256

    @property
    def identity(self) -> IndexIdentity:
        """What the index in the backup was built with."""
        return IndexIdentity(self.model_id, self.dimensions, self.schema_version)


def back_up(store: Store, settings: Settings, file: Path) -> Manifest:
    """Writes everything to a file, which appears once it is whole, in place of one of this name.

    One generation is in it: it holds the place of the one writer meanwhile. Readers go on.
    Raises WriterBusy, PathMissing, StorageFull, UsageError where the file cannot be written.
    """
    if not file.parent.is_dir():
        raise PathMissing(f"There is no folder {file.parent}.")
    with (
        writing(settings) as still_writing,
        _clear_errors(file),
        _cleared(file),
        tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as folder,
    ):
        rows = Path(folder, REGISTRY)
        _write_lines(rows, read_rows(settings))
        points = Path(folder, PASSAGES)
        passages = _write_lines(points, map(point_to_json, store.index.points()))
        members = {REGISTRY: rows, PASSAGES: points}
        members |= {f"{ORIGINALS}/{path.name}": path for path in _originals(store.originals)}
        manifest = Manifest(
            format=FORMAT,
            revision=SCHEMA_REVISION,
            **asdict(IndexIdentity(store.encoder.model_id, store.encoder.dimensions)),
            generation=store.registry.generation(),
            documents=len({version.document.id for version in store.registry.standing()}),
            passages=passages,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            members={name: _digest(path) for name, path in members.items()},
        )
        head = Path(folder, MANIFEST)
        head.write_text(json.dumps(asdict(manifest)), "utf-8")
        whole = Path(folder, file.name)
        _pack(whole, {MANIFEST: head, **members})
        still_writing()  # otherwise it may hold two generations
        whole.replace(file)
    return manifest


@contextmanager
def _cleared(file: Path) -> Iterator[None]:
    """Removes what backups into this file left that were killed."""
    for left in file.parent.glob(f".{glob.escape(file.name)}-{8 * '?'}"):
        shutil.rmtree(left)
    yield


def _write_lines(file: Path, values: Iterable[object]) -> int:
    """One JSON value a line; returns how many."""
    lines = 0
    with file.open("w", encoding="utf-8") as out:
        for value in values:
            out.write(json.dumps(value, ensure_ascii=False) + "\n")
            lines += 1
    return lines


def _originals(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if len(path.stem) == _DIGEST_LENGTH)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(whole: Path, members: dict[str, Path]) -> None:
    with whole.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_FASTEST) as archive:
            for name, path in members.items():
                archive.add(path, name, recursive=False)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFull from error
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
