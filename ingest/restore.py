"""A state made of a backup, whole or not at all.

Everything is built in a folder of its own within the state folder, and moved to its place at the
end. While that folder is there no command opens the state, and the next restore starts over.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from core.errors import BackupUnusable, PathMissing, StateNotEmpty, StorageFull
from core.index import SCHEMA_VERSION
from core.index_engines import open_index, remove_index, require_no_points
from core.payload import point_from_json
from core.rows import Row, remove_rows, require_no_rows, write_rows
from core.schema import SCHEMA_REVISION
from core.settings import Settings
from core.store import RESTORING
from core.writer import StillWriting, writing
from ingest.backup import FORMAT, ORIGINALS, PASSAGES, REGISTRY, Manifest

_BATCH = 64  # points per write
_CHUNK = 2**20
_NOT_WHOLE = (tarfile.TarError, EOFError, zlib.error, ValueError, TypeError, KeyError)


def restore(settings: Settings, file: Path) -> Manifest:
    """Makes the state of these settings from a backup; returns what was in it.

    Raises PathMissing, BackupUnusable, StateNotEmpty, WriterBusy, StorageFull, or what the index
    and the registry raise; then the state is as empty as before.
    """
    if not file.is_file():
        raise PathMissing(f"There is no file {file}.")
    with writing(settings) as still_writing:
        draft = settings.state_dir / RESTORING
        if draft.exists():  # of a process that was killed here
            _start_over(settings)
        _require_empty(settings)
        draft.mkdir()
        try:
            manifest = _unpack(file, draft)
            _build(settings, manifest, draft, still_writing)
        except BaseException:
            _start_over(settings)
            raise
        _move_in(settings.state_dir, draft)
    return manifest


def _require_empty(settings: Settings) -> None:
    if any(path.suffix != ".lock" for path in settings.state_dir.iterdir()):
        raise StateNotEmpty
    if settings.database_url:
        require_no_rows(settings)
    if settings.qdrant_url:
        require_no_points(settings)


def _start_over(settings: Settings) -> None:
    """Empties what an unfinished restore has made; it had found everything empty."""
    if settings.qdrant_url:
        remove_index(settings)
    if settings.database_url:
        remove_rows(settings)
    for path in settings.state_dir.iterdir():
        if path.name != RESTORING and path.suffix != ".lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(settings.state_dir / RESTORING)  # last: it says that the rest is not whole


def _unpack(file: Path, draft: Path) -> Manifest:
    """Checks every member and puts it into the draft; what the backup holds."""
    (draft / ORIGINALS).mkdir()
    with _clear_errors(), tarfile.open(file, "r|gz") as archive:
        members = iter(archive)
        head = next(members, None)
        manifest = _read_manifest(_content(archive, head) if head else None)
        missing = dict(manifest.members)
        for member in members:
            _copy(_content(archive, member), _place(draft, member.name), missing.pop(member.name))
        if missing:
            raise BackupUnusable
    return manifest


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member) if member.isreg() else None
    if content is None:
        raise BackupUnusable
    return content


def _read_manifest(content: IO[bytes] | None) -> Manifest:
    fields = json.load(content) if content else {}
    if fields["format"] == FORMAT:
        manifest = Manifest(**fields)
        if manifest.revision <= SCHEMA_REVISION and manifest.schema_version <= SCHEMA_VERSION:
            return manifest
    raise BackupUnusable(
        "This backup was made by a newer version of Auskunft; update Auskunft first. "
        "Nothing was changed."
    )


def _place(draft: Path, name: str) -> Path:
    """Where a member goes; no name leads out of the draft."""
    folder, _, leaf = name.rpartition("/")
    is_original = folder == ORIGINALS and leaf not in ("", ".", "..")
    if name not in (REGISTRY, PASSAGES) and not is_original:
        raise BackupUnusable(f"The backup has a member {name!r}, which none of ours has.")
    return draft / name


def _copy(content: IO[bytes], target: Path, expected: str) -> None:
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != expected:
        raise BackupUnusable(
            f"The backup is damaged: {target.name} is not what was saved. Nothing was changed."
        )


def _build(
    settings: Settings, manifest: Manifest, draft: Path, still_writing: StillWriting
) -> None:
    """Index and registry, in the draft where they are files."""
    built = settings.model_copy(update={"state_dir": draft})
    if settings.qdrant_url:
        remove_index(settings)  # an empty one may be of another model
    with closing(open_index(built, manifest.identity)) as index:
        with (draft / PASSAGES).open(encoding="utf-8") as lines:
            while batch := [point_from_json(json.loads(line)) for line in islice(lines, _BATCH)]:
                index.insert(batch)
        index.optimize()
        index.flush()
    still_writing()
    write_rows(built, _rows(draft / REGISTRY), manifest.revision)


def _rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            table, row = json.loads(line)
            yield table, row


def _move_in(state: Path, draft: Path) -> None:
    for name in (ORIGINALS, "index", "registry.sqlite"):
        if (draft / name).exists():
            (draft / name).rename(state / name)
    shutil.rmtree(draft)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Names what reading a file that is not a whole backup may raise."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFull from error
        raise BackupUnusable from error
    except _NOT_WHOLE as error:
        raise BackupUnusable from error
