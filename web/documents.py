"""What stands, and what an ingest did, as the JSON of the contract."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from core.timeline import cut
from service.wire import JurisdictionBody

if TYPE_CHECKING:
    from core.registry import Registry
    from core.types import Document, Scan
    from core.versions import Staged, Version
    from ingest.run import IngestReport


def documents_json(registry: Registry) -> dict[str, Any]:
    """Every standing version of every document, each with the days it answers for."""
    versions = registry.standing()
    return {
        "generation": registry.generation(),
        "documents": [version_json(version, day) for version, day in _in_time(versions)],
    }


def history_json(
    registry: Registry, document_id: str, *, with_text: bool = False
) -> dict[str, Any]:
    """Every version of a document, the first one first, and what is prepared for it; with how its
    scanned pages were read, and, where wanted, the text of every page."""
    standing = {v.number: (v, day) for v, day in _in_time(registry.standing(document_id))}
    versions = [
        version_json(*standing.get(version.number, (version, version.document)))
        | {"stands": version.number in standing, "ended": _end_json(version)}
        | {"scans": scans_json(registry.scans(document_id, version.number))}
        | (_text_json(registry.pages(document_id, version.number)) if with_text else {})
        for version in registry.history(document_id)
    ]
    prepared = [
        staged_json(staged)
        | {"scans": scans_json(staged.publication.scans)}
        | (_text_json(staged.publication.pages) if with_text else {})
        for staged in registry.staged(document_id)
    ]
    return {"id": document_id, "versions": versions, "prepared": prepared[0] if prepared else None}


def place_of(registry: Registry, document_id: str) -> str:
    """The key of the place of a document, as it was published or prepared last; "" for all."""
    versions = registry.history(document_id)[-1:]
    versions += [staged.publication.version for staged in registry.staged(document_id)]
    place = versions[-1].document.jurisdiction if versions else None
    return (place.key if place else "") or ""


def scans_json(scans: Sequence[Scan]) -> list[dict[str, Any]]:
    """How scanned pages were read: "picture" where their own was recognised, "layer" where the text
    that the file came with is better; the recognition's confidence in percent; the other text."""
    return [
        {
            "page": scan.page,
            "read": "picture" if scan.is_taken else "layer",
            "confidence": scan.confidence,
            "other": scan.other,
        }
        for scan in scans
    ]


def _text_json(pages: Mapping[int, str]) -> dict[str, Any]:
    return {"text": [{"page": page or None, "text": pages[page]} for page in sorted(pages)]}


def staged_json(staged: Staged) -> dict[str, Any]:
    """A version that is prepared."""
    version = staged.publication.version
    return version_json(version, version.document) | {
        "version": staged.base + 1,
        "replaces": staged.base or None,
        "staged_at": staged.at.isoformat(),
    }


def _in_time(versions: Sequence[Version]) -> Iterator[tuple[Version, Document]]:
    """Standing versions, each with its document as cut by the versions beside it."""
    for _, group in groupby(versions, key=lambda version: version.document.id):
        beside = list(group)
        yield from zip(beside, cut([version.document for version in beside]), strict=True)


def _end_json(version: Version) -> dict[str, Any] | None:
    end = version.end
    if end is None:
        return None
    return {
        "as": end.as_,
        "at": end.at and end.at.isoformat(),
        "by": end.by,
        "reason": end.reason,
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
        "scans": [
            {
                "path": _printable(path),
                "pages": [
                    {name: row[name] for name in ("page", "read", "confidence")}
                    for row in scans_json(scans)
                ],
            }
            for path, scans in report.scans
        ],
        "summary": str(report),
    }


def _printable(path: Path) -> str:
    """A path as text, also where its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def version_json(version: Version, document: Document) -> dict[str, Any]:
    """A version, and its document as it answers."""
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
        "published_by": version.published_by,
        "reason": version.reason,
        "source": version.source,
        "format": PurePath(version.original).suffix,
        "pages": version.page_count,
        "passages": version.passage_count,
        "unreadable_pages": list(version.unreadable_pages),
        "warnings": list(version.warnings),
    }
