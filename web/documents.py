"""What stands, and what an ingest did, as the JSON of the contract."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.wire import JurisdictionBody

if TYPE_CHECKING:
    from core.registry import Registry, Version
    from ingest.run import IngestReport


def documents_json(registry: Registry) -> dict[str, Any]:
    """Every standing document with its version."""
    versions = registry.standing()
    return {
        "generation": registry.generation(),
        "documents": [_document_json(version) for version in versions],
    }


def report_json(report: IngestReport) -> dict[str, Any]:
    """The report of `auskunft ingest`."""
    return {
        "documents": {
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "withdrawn": report.withdrawn,
            "failed": len(report.failures),
            "standing": report.standing,
        },
        "passages": {
            "added": report.passages_added,
            "unchanged": report.passages_unchanged,
            "deleted": report.passages_deleted,
        },
        "seconds": report.seconds,
        "failures": [{"path": _printable(path), "error": text} for path, text in report.failures],
        "warnings": [{"path": _printable(path), "warning": text} for path, text in report.warnings],
        "summary": str(report),
    }


def _printable(path: Path) -> str:
    """A path as text, also where its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _document_json(version: Version) -> dict[str, Any]:
    document = version.document
    place = JurisdictionBody.of(document.jurisdiction)
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "jurisdiction": place and place.model_dump(mode="json"),
        "url": document.url,
        "valid_from": document.valid_from and document.valid_from.isoformat(),
        "valid_to": document.valid_to and document.valid_to.isoformat(),
        "as_of": document.as_of and document.as_of.isoformat(),
        "version": version.number,
        "published_at": version.published_at and version.published_at.isoformat(),
        "source": version.source,
        "pages": version.page_count,
        "passages": version.passage_count,
        "unreadable_pages": list(version.unreadable_pages),
        "warnings": list(version.warnings),
    }
