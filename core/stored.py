"""The registry's stored form of documents, versions and sections: JSON, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import UTC, date, datetime
from typing import Any

from core.types import (
    BlockKind,
    Document,
    Jurisdiction,
    Kind,
    Level,
    Paragraph,
    Related,
    Scan,
    Section,
)
from core.versions import End, EndedAs, Publication, Staged, Version


def document_to_json(document: Document) -> dict[str, object]:
    """A document as JSON, days in ISO form; `document_from_json` reads it."""
    fields = asdict(document)
    for name in ("valid_from", "valid_to", "as_of"):
        fields[name] = fields[name] and fields[name].isoformat()
    return fields


def document_from_json(fields: dict[str, Any]) -> Document:
    """The document that `document_to_json` stored."""
    days = {
        name: fields[name] and date.fromisoformat(fields[name])
        for name in ("valid_from", "valid_to", "as_of")
    }
    place = fields["jurisdiction"]
    jurisdiction = place and Jurisdiction(Level(place["level"]), place["name"], place["key"])
    links = tuple(
        Related(link["title"], Kind(link["kind"]), link["url"]) for link in fields.get("links", ())
    )
    known = {"kind": Kind(fields["kind"]), "jurisdiction": jurisdiction, "links": links}
    return Document(**{**fields, **days, **known})


def sections_to_json(sections: Sequence[Section]) -> list[list[Any]]:
    """Sections as JSON lists, without names, as there are many; `sections_from_json` reads them."""
    return [
        [
            list(section.path),
            section.number,
            section.heading,
            [[p.text, p.page, p.mark, p.kind.value] for p in section.paragraphs],
        ]
        for section in sections
    ]


def sections_from_json(stored: Sequence[Sequence[Any]]) -> tuple[Section, ...]:
    """The sections that `sections_to_json` stored."""
    return tuple(
        Section(
            tuple(path),
            number,
            heading,
            tuple(Paragraph(text, page, mark, BlockKind(kind)) for text, page, mark, kind in rows),
        )
        for path, number, heading, rows in stored
    )


def scans_to_json(scans: Sequence[Scan]) -> list[list[Any]]:
    """Scans as JSON lists; `scans_from_json` reads them."""
    return [list(astuple(scan)) for scan in scans]


def scans_from_json(stored: Sequence[Sequence[Any]]) -> tuple[Scan, ...]:
    """The scans that `scans_to_json` stored."""
    return tuple(Scan(*fields) for fields in stored)


_OF_VERSION = (
    "digest",
    "source",
    "original",
    "page_count",
    "passage_count",
    "published_by",
    "reason",
)


def version_to_json(version: Version) -> dict[str, Any]:
    """A version that is not published yet as JSON; `version_from_json` reads it."""
    return {
        **{name: getattr(version, name) for name in _OF_VERSION},
        "document": document_to_json(version.document),
        "unreadable_pages": list(version.unreadable_pages),
        "warnings": list(version.warnings),
        "is_scheduled": version.is_scheduled,
    }


def version_from_json(fields: dict[str, Any]) -> Version:
    """The version that `version_to_json` stored."""
    return Version(
        **{name: fields[name] for name in _OF_VERSION},
        document=document_from_json(fields["document"]),
        unreadable_pages=tuple(fields["unreadable_pages"]),
        warnings=tuple(fields["warnings"]),
        is_scheduled=fields.get("is_scheduled", False),
    )


def staged_from_row(row: Any) -> Staged:
    """A row of the table `staged`."""
    pages = dict(row["pages"])
    version = version_from_json(row["version"])
    publication = Publication(
        version, pages, sections_from_json(row["sections"]), scans_from_json(row["scans"])
    )
    return Staged(publication, row["base"], utc(row["staged_at"]), row["base_stood"])


def version_from_row(row: Any) -> Version:
    """A row of the table `version`."""
    return Version(
        document=document_from_json(row["document"]),
        digest=row["digest"],
        source=row["source"],
        original=row["original"],
        page_count=row["page_count"],
        passage_count=row["passage_count"],
        unreadable_pages=tuple(row["unreadable_pages"]),
        warnings=tuple(row["warnings"]),
        number=row["number"],
        gen_from=row["gen_from"],
        published_at=utc(row["published_at"]),
        published_by=row["published_by"],
        reason=row["reason"],
        is_scheduled=row["is_scheduled"],
        end=_end(row) if row["ended_as"] else None,
    )


def _end(row: Any) -> End:
    return End(EndedAs(row["ended_as"]), row["ended_by"], row["ended_reason"], utc(row["ended_at"]))


def utc(moment: datetime) -> datetime:
    """SQLite forgets the zone that was UTC; PostgreSQL gives its own."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
