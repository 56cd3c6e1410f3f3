"""Opens what every command needs, together: encoder, index and registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.encoder import Encoder, load_encoder
from core.errors import IndexDamaged
from core.index import IndexIdentity, PassageIndex
from core.index_engines import open_index, remove_index
from core.settings import Settings

if TYPE_CHECKING:
    from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Store:
    """The open parts, and the folder where uploaded originals are kept."""

    encoder: Encoder
    index: PassageIndex
    registry: Registry
    originals: Path


@contextmanager
def open_store(
    settings: Settings, meanwhile: Callable[[], object] | None = None
) -> Iterator[Store]:
    """The store of these settings, checked to fit the embedding model; closed on leaving.

    The model loads in a thread of its own, and `meanwhile` is called while it does.
    Raises IndexBusy, IndexDamaged, IndexOutdated, IndexUnreachable, ModelUnavailable,
    RegistryUnreachable.
    """
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load_encoder, settings)
        with closing(_open_registry(settings)) as registry:
            if meanwhile:
                meanwhile()
            encoder = loading.result()
            identity = IndexIdentity(encoder.model_id, encoder.dimensions)
            with closing(open_index(settings, identity)) as index:
                _require_whole(index, registry)
                yield Store(encoder, index, registry, settings.state_dir / "originals")


def empty_store(settings: Settings) -> None:
    """Forgets every document, so that another model or schema can build the index anew.

    Raises IndexBusy while another process uses the index.
    """
    remove_index(settings)
    with closing(_open_registry(settings)) as registry:
        registry.forget()


def _open_registry(settings: Settings) -> Registry:
    from core.database import open_registry  # SQLAlchemy takes a third of a second to import

    return open_registry(settings)


def _require_whole(index: PassageIndex, registry: Registry) -> None:
    """Raises IndexDamaged where the registry knows passages and the index has none."""
    if any(v.passage_count for v in registry.standing()) and not index.count(registry.generation()):
        raise IndexDamaged(
            "The index is empty though documents are registered; "
            "rebuild it with `auskunft ingest PATH --rebuild`."
        )
