"""What an ingest did, in numbers and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.errors import DocumentError
from core.types import Scan


@dataclass(slots=True)
class IngestReport:
    """What an ingest did, in numbers of documents and passages."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    passages_added: int = 0
    passages_unchanged: int = 0
    passages_deleted: int = 0
    seconds: float = 0.0
    standing: int = 0  # documents of these paths that stand afterwards
    failures: list[tuple[Path, str]] = field(default_factory=list)
    errors: list[DocumentError] = field(default_factory=list)  # the failures themselves
    warnings: list[tuple[Path, str]] = field(default_factory=list)
    scans: list[tuple[Path, tuple[Scan, ...]]] = field(default_factory=list)  # how they were read

    def __str__(self) -> str:
        counts = [
            (self.added, "new"),
            (self.updated, "updated"),
            (self.unchanged, "unchanged"),
            (self.withdrawn, "withdrawn"),
            (len(self.failures), "failed"),
        ]
        return ", ".join(f"{n} {word}" for n, word in counts if n) or "nothing to do"
