"""The uploaded originals of documents, as they are handed out."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import DocumentWithdrawn
from core.store import Store
from core.versions import Version


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """The uploaded original of a document; `path` lies in the state folder."""

    path: Path
    media_type: str
    filename: str
    published: date | None = None


def find_original(store: Store, document_id: str, day: date) -> OriginalFile | None:
    """The original of the version that is in force on a day, else of the newest that stands; None
    where the document is unknown. Raises DocumentWithdrawn where none of its versions stands."""
    version = store.registry.standing_version(document_id, day)
    if version is None:
        if store.registry.history(document_id):
            raise DocumentWithdrawn
        return None
    return original_of(store, version)


def original_of(store: Store, version: Version) -> OriginalFile:
    """The original of a version, named as the file that it came from."""
    path = store.originals / version.original
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    published = version.published_at and version.published_at.date()
    # an upload in another format keeps the name of the file that it follows
    name = Path(version.source).with_suffix(path.suffix).name
    return OriginalFile(path, media_type, name, published)
