"""The writing half of the registry's commit: the generation moves, versions end and begin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from core import tables
from core.errors import WriterBusy
from core.index import NEVER, IndexIdentity
from core.stored import document_to_json, scans_to_json, sections_to_json
from core.versions import End, Publication


def advance(connection: Connection, identity: IndexIdentity, generation: int) -> None:
    """Moves the generation on by one, first of all: who comes second at once waits here, and then
    finds it moved. Raises WriterBusy."""
    values = {
        "number": generation,
        "model_id": identity.model_id,
        "dimensions": identity.dimensions,
        "schema_version": identity.schema_version,
    }
    before = tables.generation.c.number == generation - 1
    if connection.execute(tables.generation.update().where(before).values(**values)).rowcount:
        return
    if generation > 1:
        raise WriterBusy
    try:
        connection.execute(tables.generation.insert().values(id=1, **values))
    except IntegrityError as error:
        raise WriterBusy from error


def end_versions(
    connection: Connection, document_id: str, generation: int, end: End, *conditions: Any
) -> None:
    """Ends the versions of a document that stand, those that fulfil the conditions."""
    connection.execute(
        tables.version.update()
        .where(
            tables.version.c.document_id == document_id,
            tables.version.c.gen_to == NEVER,
            *conditions,
        )
        .values(
            gen_to=generation,
            ended_as=end.as_.value,
            ended_at=end.at,
            ended_by=end.by,
            ended_reason=end.reason,
        )
    )


def insert_version(
    connection: Connection, publication: Publication, generation: int, now: datetime
) -> None:
    """Writes a version with its pages and sections, under the document's next number."""
    version = publication.version
    document_id = version.document.id
    if publication.was_staged:
        connection.execute(tables.staged.delete().where(tables.staged.c.document_id == document_id))
    connection.execute(
        tables.discarded.delete().where(
            tables.discarded.c.document_id == document_id,
            tables.discarded.c.original == version.original,
        )
    )
    number = 1 + newest_number(connection, document_id)
    connection.execute(
        tables.version.insert().values(
            document_id=document_id,
            number=number,
            gen_from=generation,
            gen_to=NEVER,
            digest=version.digest,
            source=version.source,
            original=version.original,
            document=document_to_json(version.document),
            page_count=version.page_count,
            passage_count=version.passage_count,
            unreadable_pages=list(version.unreadable_pages),
            warnings=list(version.warnings),
            published_at=now,
            published_by=version.published_by,
            reason=version.reason,
            is_scheduled=version.is_scheduled,
            ended_as="",
            ended_by="",
            ended_reason="",
        )
    )
    connection.execute(
        tables.reading.insert().values(
            document_id=document_id,
            number=number,
            sections=sections_to_json(publication.sections),
            scans=scans_to_json(publication.scans),
        )
    )
    if publication.pages:
        connection.execute(
            tables.page.insert(),
            [
                {"document_id": document_id, "number": number, "page": page, "text": content}
                for page, content in publication.pages.items()
            ],
        )


def newest_number(connection: Connection, document_id: str) -> int:
    """The number of a document's newest version; 0 before the first."""
    query = select(func.max(tables.version.c.number)).where(
        tables.version.c.document_id == document_id
    )
    return connection.scalar(query) or 0
