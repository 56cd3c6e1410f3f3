"""What reading one file may cost."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """Seconds, memory (MiB), pages and size (MiB) that one file may take to read."""

    seconds: float
    memory_mb: int
    pages: int
    file_mb: int

    @classmethod
    def from_settings(cls, settings: Settings) -> ReaderLimits:
        """The limits that the settings give."""
        return cls(
            seconds=settings.reader_seconds,
            memory_mb=settings.reader_memory_mb,
            pages=settings.reader_pages,
            file_mb=settings.reader_file_mb,
        )
