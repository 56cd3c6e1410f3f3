"""The registry: which documents and versions stand at which generation, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, and_, exists, func, select

from core import tables
from core.approvals import Approval, keep_approvals
from core.commit import advance, end_versions, insert_version, newest_number
from core.index import IndexIdentity
from core.lasting import OF_PEOPLE
from core.schema import migrate, transaction
from core.stored import (
    document_from_json,
    scans_from_json,
    scans_to_json,
    sections_from_json,
    sections_to_json,
    staged_from_row,
    version_from_row,
    version_to_json,
)
from core.timeline import begin, on_day
from core.types import Document, Scan, Section
from core.versions import GONE, End, EndedAs, Publication, Staged, Version


class Registry:
    """Documents, versions and the generation, in one database.

    Every method is one short transaction; any number of processes may read while one writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        migrate(engine)

    @property
    def engine(self) -> Engine:
        """The database, for the tables that other modules look after."""
        return self._engine

    def generation(self) -> int:
        """The generation that readers see; 0 before anything was published."""
        with transaction(self._engine) as connection:
            return connection.scalar(select(tables.generation.c.number)) or 0

    def identity(self) -> IndexIdentity | None:
        """What the standing generation's index was built with; None before the first."""
        with transaction(self._engine) as connection:
            row = connection.execute(select(tables.generation)).mappings().first()
        if row is None:
            return None
        return IndexIdentity(row["model_id"], row["dimensions"], row["schema_version"])

    def standing(self, document_id: str | None = None) -> list[Version]:
        """The versions that readers see now, of one document or of all, by document id and number.
        Several of one document each answer for their own days (`core.timeline`)."""
        return self._versions(document_id, _stands(_generation()))

    def history(self, document_id: str) -> list[Version]:
        """Every version of a document that was ever published, the first one first."""
        return self._versions(document_id)

    def standing_at(self, document_id: str, generation: int) -> list[Version]:
        """The versions of a document that stood at a generation."""
        return self._versions(document_id, _stands(generation))

    def standing_version(self, document_id: str, day: date) -> Version | None:
        """The version of a document that is in force on a day, else the newest that stands."""
        versions = self.standing(document_id)
        found = on_day(((version.document, version) for version in versions), day)
        return found or (versions[-1] if versions else None)

    def version_before(self, document: Document) -> Version | None:
        """The standing version that a new one of its document follows or takes the place of: that
        of its first day, or of today where that is past."""
        return self.standing_version(document.id, max(begin(document), date.today()))

    def withdrawn(self) -> list[Version]:
        """The versions that a person withdrew, the last one last."""
        query = (
            select(tables.version)
            .where(tables.version.c.ended_as == EndedAs.WITHDRAWN.value)
            .order_by(tables.version.c.gen_to, tables.version.c.number)
        )
        with transaction(self._engine) as connection:
            return [version_from_row(row) for row in connection.execute(query).mappings()]

    def sections(self, document_id: str, number: int) -> tuple[Section, ...] | None:
        """What the reader made of a version; None where it was published before that was kept."""
        query = select(tables.reading.c.sections).where(
            tables.reading.c.document_id == document_id, tables.reading.c.number == number
        )
        with transaction(self._engine) as connection:
            stored = connection.scalar(query)
        return None if stored is None else sections_from_json(stored)

    def scans(self, document_id: str, number: int) -> tuple[Scan, ...]:
        """How the scanned pages of a version were read."""
        query = select(tables.reading.c.scans).where(
            tables.reading.c.document_id == document_id, tables.reading.c.number == number
        )
        with transaction(self._engine) as connection:
            return scans_from_json(connection.scalar(query) or ())

    def pages(self, document_id: str, number: int) -> dict[int, str]:
        """The stored text of every page of a version (page 0: a format without pages)."""
        query = select(tables.page.c.page, tables.page.c.text).where(
            tables.page.c.document_id == document_id, tables.page.c.number == number
        )
        with transaction(self._engine) as connection:
            return {row.page: row.text for row in connection.execute(query)}

    def page_text(
        self, document_id: str, page: int | None, generation: int, day: date
    ) -> str | None:
        """The stored text of a page (None: a format without pages), of the version that is in force
        on a day, at a generation."""
        query = (
            select(tables.version.c.document, tables.page.c.text)
            .join(
                tables.version,
                and_(
                    tables.version.c.document_id == tables.page.c.document_id,
                    tables.version.c.number == tables.page.c.number,
                ),
            )
            .where(
                tables.page.c.document_id == document_id,
                tables.page.c.page == (page or 0),
                _stands(generation),
            )
            .order_by(tables.version.c.number)
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(query).all()
        return on_day(((document_from_json(document), text) for document, text in rows), day)

    def commit(
        self,
        publications: Sequence[Publication],
        withdrawn: Sequence[str],
        identity: IndexIdentity,
        generation: int,
        end: End = GONE,
        approvals: Sequence[Approval] = (),
    ) -> None:
        """Moves to `generation` in one transaction: new versions stand, those they end and those
        of withdrawn documents no longer do; `end` tells how these end. Raises WriterBusy where
        another writer was quicker."""
        now = datetime.now(UTC)
        with transaction(self._engine) as connection:
            advance(connection, identity, generation)
            for document_id in withdrawn:
                end_versions(connection, document_id, generation, replace(end, at=now))
            for publication in publications:
                document_id = publication.version.document.id
                version = publication.version
                replaced = End(publication.ended_as, version.published_by, version.reason, now)
                ended = tables.version.c.number.in_(publication.ended)
                end_versions(connection, document_id, generation, replaced, ended)
                insert_version(connection, publication, generation, now)
            keep_approvals(connection, approvals, now)

    def stage(self, publication: Publication) -> None:
        """Keeps a version that is prepared, in place of one that was for the same document."""
        document_id = publication.version.document.id
        with transaction(self._engine) as connection:
            connection.execute(
                tables.staged.delete().where(tables.staged.c.document_id == document_id)
            )
            base = newest_number(connection, document_id)
            stands = and_(
                tables.version.c.document_id == document_id,
                tables.version.c.number == base,
                _stands(_generation()),
            )
            connection.execute(
                tables.staged.insert().values(
                    document_id=document_id,
                    base=base,
                    base_stood=bool(connection.scalar(select(exists().where(stands)))),
                    version=version_to_json(publication.version),
                    pages=[[page, text] for page, text in publication.pages.items()],
                    sections=sections_to_json(publication.sections),
                    scans=scans_to_json(publication.scans),
                    staged_at=datetime.now(UTC),
                )
            )

    def staged(self, document_id: str | None = None) -> list[Staged]:
        """The versions that are prepared, of one document or of all, by document id."""
        query = select(tables.staged)
        if document_id is not None:
            query = query.where(tables.staged.c.document_id == document_id)
        with transaction(self._engine) as connection:
            found = [staged_from_row(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda staged: staged.publication.version.document.id)

    def unstage(self, document_id: str) -> None:
        """Forgets the version that is prepared for a document, if any."""
        with transaction(self._engine) as connection:
            connection.execute(
                tables.staged.delete().where(tables.staged.c.document_id == document_id)
            )

    def discard(self, version: Version) -> None:
        """Forgets a version that is prepared, and keeps of which file of its document it was."""
        document_id = version.document.id
        key = {"document_id": document_id, "original": version.original}
        of_file = and_(*(tables.discarded.c[name] == value for name, value in key.items()))
        with transaction(self._engine) as connection:
            connection.execute(tables.discarded.delete().where(of_file))
            connection.execute(tables.discarded.insert().values(**key, digest=version.digest))
            connection.execute(
                tables.staged.delete().where(tables.staged.c.document_id == document_id)
            )

    def discarded(self) -> dict[tuple[str, str], str]:
        """The digests of what was discarded and not published since, by document id and
        original."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(tables.discarded))
            return {(row.document_id, row.original): row.digest for row in rows}

    def follow(self, version: Version, source: str, digest: str) -> None:
        """Lets a version, and what else of its document is known by the same file, be known by that
        file where it is now and with the metadata that it has now."""
        document_id = version.document.id
        known = {"source": source, "digest": digest}
        same = and_(
            tables.version.c.document_id == document_id, tables.version.c.digest == version.digest
        )
        of_document = tables.staged.c.document_id == document_id
        with transaction(self._engine) as connection:
            connection.execute(tables.version.update().where(same).values(**known))
            prepared = connection.scalar(select(tables.staged.c.version).where(of_document))
            if prepared and prepared["digest"] == version.digest:
                followed = tables.staged.update().where(of_document)
                connection.execute(followed.values(version=prepared | known))

    def _versions(self, document_id: str | None, *conditions: Any) -> list[Version]:
        of_document = [] if document_id is None else [tables.version.c.document_id == document_id]
        query = select(tables.version).where(*of_document, *conditions)
        with transaction(self._engine) as connection:
            found = [version_from_row(row) for row in connection.execute(query).mappings()]
        # sorted here: databases order "ä" and "B" by rules of their own
        return sorted(found, key=lambda version: (version.document.id, version.number))

    def forget(self) -> None:
        """Forgets all documents, for an index that is built anew; people's accounts stay."""
        with transaction(self._engine) as connection:
            for table in reversed(tables.metadata.sorted_tables):
                if table not in OF_PEOPLE:
                    connection.execute(table.delete())

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()


def _generation() -> Any:
    return func.coalesce(select(tables.generation.c.number).scalar_subquery(), 0)


def _stands(generation: Any) -> Any:
    return and_(tables.version.c.gen_from <= generation, tables.version.c.gen_to > generation)
