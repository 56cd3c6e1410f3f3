"""What an upload is to what stands: the same once more, or the next version beside its old file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.types import Document
from core.versions import Version
from ingest.publish import Change

Admit = Callable[[Document], None]  # raises a DocumentError where a document may not be taken in


def is_same(change: Change, standing: Version) -> bool:
    """Whether a change brings the file and the metadata that stand already."""
    version = change.publication.version
    return version.original == standing.original and version.document == standing.document


def keep_file(change: Change, standing: Version) -> Change:
    """The change, with the version known by the file that stands: an ingest of that file's folder
    leaves it alone until the file itself changes."""
    version = replace(change.publication.version, source=standing.source, digest=standing.digest)
    return replace(change, publication=replace(change.publication, version=version))
