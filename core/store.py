"""Opens what every command needs, together: encoder, index and registry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.database import open_registry
from core.encoder import Encoder, load_encoder
from core.errors import IndexDamaged
from core.index import IndexIdentity, PassageIndex
from core.index_engines import open_index, remove_index
from core.registry import Registry
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Store:
    """The open parts, and the folder where uploaded originals are kept."""

    encoder: Encoder
    index: PassageIndex
    registry: Registry
    originals: Path


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store of these settings, checked to fit the embedding model; closed on leaving.

    Raises IndexBusy, IndexDamaged, IndexOutdated, IndexUnreachable, ModelUnavailable,
    RegistryUnreachable.
    """
    registry = open_registry(settings)
    try:
        encoder = load_encoder(settings)
        identity = IndexIdentity(encoder.model_id, encoder.dimensions)
        index = open_index(settings, identity)
        try:
            _require_whole(index, registry)
            yield Store(encoder, index, registry, settings.state_dir / "originals")
        finally:
            index.close()
    finally:
        registry.close()


def empty_store(settings: Settings) -> None:
    """Forgets every document, so that another model or schema can build the index anew.

    Raises IndexBusy while another process uses the index.
    """
    remove_index(settings)
    registry = open_registry(settings)
    try:
        registry.forget()
    finally:
        registry.close()


def _require_whole(index: PassageIndex, registry: Registry) -> None:
    """Raises IndexDamaged where the registry knows passages and the index has none."""
    if any(v.passage_count for v in registry.standing()) and not index.count(registry.generation()):
        raise IndexDamaged(
            "The index is empty though documents are registered; "
            "rebuild it with `auskunft ingest PATH --rebuild`."
        )
