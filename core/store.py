"""Opens what every command needs, together: encoder, index and registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.encoder import Encoder, load_encoder
from core.errors import IndexDamaged, RestoreUnfinished
from core.index import IndexIdentity, PassageIndex
from core.index_engines import open_index, remove_index
from core.settings import Settings

if TYPE_CHECKING:
    from core.registry import Registry


RESTORING = "restoring"  # in the state folder, until a restore is whole


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
    RegistryUnreachable, RestoreUnfinished.
    """
    if (settings.state_dir / RESTORING).exists():
        raise RestoreUnfinished
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load_encoder, settings)
        with closing(_open_registry(settings)) as registry:
            if meanwhile:
                meanwhile()
            encoder = loading.result()
            identity = IndexIdentity(encoder.model_id, encoder.dimensions)
            take_rebuilt(settings, identity, registry)
            with closing(open_index(settings, identity)) as index:
                _require_whole(index, registry)
                yield Store(encoder, index, registry, settings.state_dir / "originals")


def take_rebuilt(settings: Settings, identity: IndexIdentity, registry: Registry) -> bool:
    """Switches to the index that `auskunft reindex` built, where it is whole and nothing was
    published or prepared since; whether it did. Raises IndexBusy while the old one is in use."""
    if settings.qdrant_url is not None:
        return False
    from core.edge_folder import beside, take_over

    folder = settings.state_dir / "index"
    if not beside(folder).exists():
        return False
    return take_over(folder, identity, registry_state(registry))


def registry_state(registry: Registry) -> str:
    """What stands and what is prepared, to be compared."""
    staged = " ".join(prepared.at.isoformat() for prepared in registry.staged())
    return f"{registry.generation()} {staged}"


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
            "build it anew with `auskunft reindex`."
        )
