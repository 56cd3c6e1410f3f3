"""The index copied to a Qdrant server, vectors and all, so that nothing is embedded again."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

from pydantic import SecretStr

from core.errors import IndexFailure, StateNotEmpty
from core.index import STAGED, IndexIdentity, PassageIndex
from core.index_engines import open_index
from core.settings import Settings
from core.store import Store
from core.writer import writing

_BATCH = 64  # points per request


def copy_to_server(store: Store, settings: Settings, url: str, key: str | None = None) -> int:
    """Copies the store's index to the server at a URL; returns how many passages it holds then.

    It holds the place of the one writer meanwhile. Raises WriterBusy, IndexUnreachable,
    IndexOutdated where another model's index is there, and what `copy_points` raises.
    """
    there = settings.model_copy(
        update={"qdrant_url": url, "qdrant_api_key": SecretStr(key) if key else None}
    )
    identity = IndexIdentity(store.encoder.model_id, store.encoder.dimensions)
    with writing(settings) as still_writing, closing(open_index(there, identity)) as target:
        copied = copy_points(store.index, target, store.registry.generation())
        still_writing()  # otherwise something may have been published meanwhile
    return copied


def copy_points(source: PassageIndex, target: PassageIndex, generation: int) -> int:
    """Copies everything that is stored; returns how many passages that is. What an interrupted
    copy left is written over. Raises StateNotEmpty where other passages are there, IndexFailure
    where fewer arrive than were sent."""
    there = {point.id for point in target.points()}
    if there - {point.id for point in source.points() if there}:
        raise StateNotEmpty(
            "The server holds passages that are not of this index; nothing was copied. "
            "Remove its collection `auskunft` first."
        )
    copied = 0
    points = source.points()
    while batch := list(islice(points, _BATCH)):
        target.insert(batch)
        copied += len(batch)
    target.flush()
    for seen in (generation, STAGED):
        if target.count(seen) != source.count(seen):
            raise IndexFailure(
                f"The server has {target.count(seen)} passages of {source.count(seen)}; copy again."
            )
    return copied
