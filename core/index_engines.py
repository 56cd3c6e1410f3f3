"""Chooses the index's engine by the settings; only the chosen one is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import SettingInvalid, StateNotEmpty
from core.index import IndexIdentity, PassageIndex
from core.settings import Settings

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

_TIMEOUT_SECONDS = 30


def open_index(settings: Settings, identity: IndexIdentity) -> PassageIndex:
    """The index that the settings name, created with `identity` where there is none.

    Raises IndexOutdated where another model built it, IndexBusy, IndexDamaged, IndexUnreachable,
    StorageFull, SettingInvalid.
    """
    index = _open(settings, identity)
    try:
        index.check(identity)
    except BaseException:
        index.close()
        raise
    return index


def open_beside(settings: Settings, identity: IndexIdentity) -> PassageIndex:
    """A new, empty index beside the one that the settings name, in place of one that was never
    finished; `replace_index` puts it in that one's place. Raises as `open_index` does."""
    if settings.qdrant_url is None:
        from core.edge import EdgeIndex
        from core.edge_folder import beside, remove_folder

        folder = beside(settings.state_dir / "index")
        remove_folder(folder)
        return EdgeIndex(folder, identity)
    return _open_on_server(settings, settings.qdrant_url, identity, is_beside=True)


def replace_index(settings: Settings, index: PassageIndex, state: str) -> None:
    """Closes an index of `open_beside`, whole now, and puts it in place of the one in use: on a
    server at once; an embedded one when nobody uses the old one and the registry is still in this
    state (`core.store.take_rebuilt`). Killed before it returns, the old one stands."""
    if settings.qdrant_url is None:
        from core.edge_folder import beside, mark_ready

        index.close()
        mark_ready(beside(settings.state_dir / "index"), state)
        return
    from core.server import ServerIndex

    if isinstance(index, ServerIndex):
        index.take_over()
    index.close()


def remove_index(settings: Settings) -> None:
    """Deletes the index that the settings name, so that another model can build it anew.

    Raises IndexBusy, IndexUnreachable, SettingInvalid.
    """
    if settings.qdrant_url is None:
        from core.edge_folder import beside, remove_folder

        folder = settings.state_dir / "index"
        remove_folder(beside(folder))
        remove_folder(folder)
        return
    from core.server_collection import remove_collection

    client = _connect(settings, settings.qdrant_url)
    try:
        remove_collection(client)
    finally:
        client.close()


def require_no_points(settings: Settings) -> None:
    """Raises StateNotEmpty where the index on the server that the settings name holds something;
    IndexUnreachable."""
    if settings.qdrant_url is None:
        return
    from core.server_collection import count_points

    client = _connect(settings, settings.qdrant_url)
    try:
        if count_points(client):
            raise StateNotEmpty
    finally:
        client.close()


def _open(settings: Settings, identity: IndexIdentity) -> PassageIndex:
    if settings.qdrant_url is None:
        from core.edge import EdgeIndex

        return EdgeIndex(settings.state_dir / "index", identity)
    return _open_on_server(settings, settings.qdrant_url, identity)


def _open_on_server(
    settings: Settings, url: str, identity: IndexIdentity, *, is_beside: bool = False
) -> PassageIndex:
    from core.server import ServerIndex

    client = _connect(settings, url)
    try:
        return ServerIndex(client, identity, is_beside=is_beside)
    except BaseException:
        client.close()
        raise


def _connect(settings: Settings, url: str) -> QdrantClient:
    from qdrant_client import QdrantClient

    key = settings.qdrant_api_key
    try:
        return QdrantClient(
            url=url,
            api_key=key.get_secret_value() if key else None,
            timeout=_TIMEOUT_SECONDS,
            check_compatibility=False,  # would ask the server, and only warn where it is down
        )
    except ValueError as error:
        raise SettingInvalid(f"The setting AUSKUNFT_QDRANT_URL cannot be used: {error}.") from error
