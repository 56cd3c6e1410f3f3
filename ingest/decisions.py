"""What people decided about a file's text: an ingest of the same bytes keeps to it.

The metadata around a file, the folder it lies in and the reader may change meanwhile, so this asks
for the file itself, by the name of its original.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from core.versions import EndedAs, Staged, Version


def is_decided(history: Sequence[Version], original: str) -> bool:
    """Whether a person put something else in place of this very file, or nothing: took it back,
    withdrew it, or uploaded another text. `history`: of the file's document."""
    if not history or _file_of(history, history[-1]) != original:
        return False
    newest = history[-1]
    is_withdrawn = newest.end is not None and newest.end.as_ is EndedAs.WITHDRAWN
    return is_withdrawn or newest.original != original


def is_taken_back(history: Sequence[Version], original: str) -> bool:
    """Whether a person brought an earlier text back in place of this one, and nothing else was
    published since."""
    if not history or history[-1].original == original:
        return False
    earlier = takewhile(_was_taken_back, reversed(history[:-1]))
    return any(version.original == original for version in earlier)


def is_discarded(
    discarded: str | None, digest: str, standing: Version | None, original: str
) -> bool:
    """Whether this file is what a person discarded, `discarded` being its digest then. A file that
    stands is read anew all the same, once the metadata around it are others."""
    if discarded is None:
        return False
    return digest == discarded or standing is None or standing.original != original


def scheduled_version(history: Sequence[Version], original: str) -> Version | None:
    """The last version with the text of this very file, where a person gave it its days."""
    same = [version for version in history if version.original == original]
    return same[-1] if same and same[-1].is_scheduled else None


def is_upload(history: Sequence[Version], staged: Staged) -> bool:
    """Whether what is prepared is an upload, in place of the file that it is known by."""
    version = staged.publication.version
    return _file_of([*history, version], version) != version.original


def _was_taken_back(version: Version) -> bool:
    return version.end is not None and version.end.as_ is EndedAs.TAKEN_BACK


def _file_of(history: Sequence[Version], wanted: Version) -> str:
    """The original of the file that a version is known by: a text that was brought back or
    uploaded has the digest of the file that it took the place of."""
    return next(v.original for v in history if v.digest == wanted.digest)
