"""One id, one file: which file each document's id belongs to in the course of one ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import DocumentDuplicate
from core.versions import Version
from ingest.library import Source


class Claims:
    """The files that ids were found in, beside those that they stand from."""

    def __init__(self, by_id: Mapping[str, Version]) -> None:
        self._by_id = by_id
        self._claimed: dict[str, Path] = {}

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._claimed

    def keep(self, document_id: str, path: Path) -> None:
        """Notes that a document stays with its file."""
        self._claimed.setdefault(document_id, path)

    def claim(self, document_id: str, path: Path, *, is_upload: bool) -> None:
        """Gives an id to a file, where no other has it: it moves only when the file it had is gone,
        or to an upload. Raises DocumentDuplicate."""
        owner = self._claimed.get(document_id)
        standing = self._by_id.get(document_id)
        if owner is None and standing and not is_upload and Path(standing.source) != path:
            owner = Path(standing.source) if Path(standing.source).exists() else None
        if owner is not None and owner != path:
            raise DocumentDuplicate(
                f"The id {document_id} already belongs to {owner}; give this document its own."
            )
        self._claimed[document_id] = path

    def gone(self, sources: Sequence[Source], paths: Sequence[Path]) -> list[str]:
        """Documents of these paths whose file is gone, where its folder can be looked into."""
        files = {source.path for source in sources}
        closed = {source.path for source in sources if source.problem}
        return [
            version.document.id
            for version in self._by_id.values()
            if version.document.id not in self._claimed
            and Path(version.source) not in files
            and closed.isdisjoint(Path(version.source).parents)
            and any(Path(version.source).is_relative_to(path) for path in paths)
        ]
