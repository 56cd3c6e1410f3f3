"""The folder of the embedded index: created, opened, removed, and its failures named.

FOLDER/identity.json says what built the index, FOLDER/shard holds it. The folder appears by a
rename once it is complete, so an index that exists is whole. FOLDER.next is an index that is built
anew beside it, and in it `ready`, once it is whole, says which state of the registry it holds.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import qdrant_edge as edge

from core.errors import AuskunftError, IndexBusy, IndexDamaged, IndexFailure, StorageFull
from core.index import (
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    PASSAGE,
    SENTENCES,
    TERMS,
    IndexIdentity,
)

# The engine writes through memory maps: on a full disk the system kills the process (SIGBUS) before
# any error can be raised. So writing stops while there is still room for what it allocates ahead
# (log segments and a chunk of each vector storage, 32 MiB apiece).
RESERVE_BYTES = 256 * 2**20
OPENING_BYTES = 64 * 2**20  # likewise, whenever an index is opened; measured: at least 45 MiB

_READY = "ready"


def open_shard(folder: Path, identity: IndexIdentity) -> tuple[edge.EdgeShard, IndexIdentity]:
    """The shard in `folder`, created where there is none, and the identity that it was built with.

    Raises IndexBusy where it is open already, IndexDamaged, StorageFull.
    """
    with clear_errors():
        _create(folder, identity)
        return _load(folder), _read_identity(folder)


def require_room(folder: Path, needed_bytes: int = 0) -> None:
    """Raises StorageFull where the disk of `folder` has no room for this and the engine's own
    allocations."""
    if shutil.disk_usage(folder).free < needed_bytes + RESERVE_BYTES:
        raise StorageFull


def remove_folder(folder: Path) -> None:
    """Deletes the index in `folder`, damaged or not; raises IndexBusy where it is open, StorageFull
    where there is no room to find out."""
    if not folder.exists():
        return
    with suppress(IndexDamaged), clear_errors():
        _load(folder).close()
    discarded = folder.with_name(folder.name + ".old")
    shutil.rmtree(discarded, ignore_errors=True)
    folder.rename(discarded)
    shutil.rmtree(discarded)


def beside(folder: Path) -> Path:
    """Where an index is built anew that will take the place of the one in `folder`."""
    return folder.with_name(folder.name + ".next")


def mark_ready(folder: Path, state: str) -> None:
    """Says of the index in `folder`, closed and whole, which state of the registry it holds; raises
    StorageFull."""
    with clear_errors(), (folder / _READY).open("w", encoding="utf-8") as file:
        file.write(state)
        file.flush()
        os.fsync(file.fileno())


def take_over(folder: Path, identity: IndexIdentity, state: str) -> bool:
    """Puts the index that was built beside `folder` in its place, where it is whole and of this
    identity and state; whether it was. Killed in between, the next call goes on.

    Raises IndexBusy while the old one is open.
    """
    ready = beside(folder)
    if not (ready / _READY).exists():
        return False
    with _lock(folder.parent):
        try:
            is_wanted = (ready / _READY).read_text("utf-8") == state
        except FileNotFoundError:  # another process was quicker
            return False
        if not is_wanted or _read_identity(ready) != identity:
            return False
        remove_folder(folder)
        ready.rename(folder)
        (folder / _READY).unlink()
    return True


def _load(folder: Path) -> edge.EdgeShard:
    if shutil.disk_usage(folder).free < OPENING_BYTES:
        raise StorageFull
    return edge.EdgeShard.load(str(folder / "shard"))


def _create(folder: Path, identity: IndexIdentity) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder.parent):
        if folder.exists():
            return
        require_room(folder.parent)
        draft = folder.with_name(folder.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)  # of a process that was killed here
        draft.mkdir()
        with (draft / "identity.json").open("w", encoding="utf-8") as file:
            json.dump(asdict(identity), file)
            file.flush()
            os.fsync(file.fileno())
        shard = edge.EdgeShard.create(str(draft / "shard"), _config(identity.dimensions))
        fields = dict.fromkeys(KEYWORD_FIELDS, edge.PayloadSchemaType.Keyword)
        fields |= dict.fromkeys(INTEGER_FIELDS, edge.PayloadSchemaType.Integer)
        for field, schema in fields.items():
            shard.update(edge.UpdateOperation.create_field_index(field, schema))
        shard.flush()
        shard.close()
        draft.rename(folder)


def _config(dimensions: int) -> edge.EdgeConfig:
    """What is stored how. Half precision halves disk and reading, and changes a cosine by less
    than 0.0001."""
    half = edge.VectorStorageDatatype.Float16
    return edge.EdgeConfig(
        vectors={
            PASSAGE: edge.EdgeVectorParams(
                size=dimensions, distance=edge.Distance.Cosine, datatype=half
            ),
            SENTENCES: edge.EdgeVectorParams(
                size=dimensions,
                distance=edge.Distance.Cosine,
                datatype=half,
                multivector_config=edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim),
                # Only fetched, never searched: no graph, and read from disk when needed.
                hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
                memory=edge.Memory.Cold,
            ),
        },
        sparse_vectors={TERMS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        max_search_threads=1,  # handing a millisecond's work to a pool takes longer than doing it
    )


def _read_identity(folder: Path) -> IndexIdentity:
    try:
        return IndexIdentity(**json.loads((folder / "identity.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise IndexDamaged from error


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Waits for and holds the folder's own lock, which ends with the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Names the engine's failures, which are bare exceptions and Rust panics, as ours."""
    try:
        yield
    except BaseException as error:
        named = _named(error)
        if named is None:
            raise
        raise named from error


def _named(error: BaseException) -> AuskunftError | None:
    message = str(error)
    if isinstance(error, OSError) and error.errno != errno.ENOSPC:
        return IndexFailure(f"The index folder cannot be used: {error}.")
    if "No space left" in message:
        return StorageFull()
    if "WouldBlock" in message:  # the write-ahead log is locked
        return IndexBusy()
    if "not initialized" in message:
        return IndexFailure("The index has been closed.")
    if "Permission denied" in message or "Too many open files" in message:
        return IndexFailure(f"The index cannot be opened: {message}.")
    if message.startswith("Service runtime error") or type(error).__name__ == "PanicException":
        return IndexDamaged()
    return None
