"""The registry: which documents and versions stand at which generation, in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from core import tables
from core.errors import RegistryDamaged, RegistryUnreachable, StorageFull
from core.index import NEVER, IndexIdentity
from core.types import Document, Jurisdiction, Kind, Level

SCHEMA_REVISION = "0001"  # the newest revision in core/migrations/versions


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a document as it was published. `source` is the path it came from, `original` the
    file name in the folder of originals, `digest` covers the file's bytes, metadata and model."""

    document: Document
    digest: str
    source: str
    original: str
    page_count: int
    passage_count: int
    unreadable_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    number: int = 0  # given by the registry, from 1
    published_at: datetime | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Publication:
    """A version to commit, with the stored text of its pages (page 0: a format without pages)."""

    version: Version
    pages: dict[int, str]


class Registry:
    """Documents, versions and the generation, in one database.

    Every method is one short transaction; any number of processes may read while one writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with self._transaction() as connection:
            current = _schema_revision(connection)
        if current != SCHEMA_REVISION:
            _migrate(engine)

    def generation(self) -> int:
        """The generation that readers see; 0 before anything was published."""
        with self._transaction() as connection:
            return connection.scalar(select(tables.generation.c.number)) or 0

    def identity(self) -> IndexIdentity | None:
        """What the standing generation's index was built with; None before the first."""
        with self._transaction() as connection:
            row = connection.execute(select(tables.generation)).mappings().first()
        if row is None:
            return None
        return IndexIdentity(row["model_id"], row["dimensions"], row["schema_version"])

    def standing(self) -> list[Version]:
        """The versions that readers see now, by document id."""
        query = (
            select(tables.version)
            .where(_stands(_generation()))
            .order_by(tables.version.c.document_id)
        )
        with self._transaction() as connection:
            return [_version(row) for row in connection.execute(query).mappings()]

    def standing_version(self, document_id: str) -> Version | None:
        """The version of one document that readers see now."""
        query = select(tables.version).where(
            tables.version.c.document_id == document_id, _stands(_generation())
        )
        with self._transaction() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _version(row)

    def page_text(self, document_id: str, page: int | None, generation: int) -> str | None:
        """The stored text of a page (None: a format without pages) at a generation."""
        query = (
            select(tables.page.c.text)
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
        )
        with self._transaction() as connection:
            return connection.scalar(query)

    def commit(
        self,
        publications: Sequence[Publication],
        withdrawn: Sequence[str],
        identity: IndexIdentity,
        generation: int,
    ) -> None:
        """Moves to `generation` in one transaction: new versions stand, old and withdrawn end."""
        now = datetime.now(UTC)
        ended = [p.version.document.id for p in publications] + list(withdrawn)
        with self._transaction() as connection:
            for document_id in ended:
                connection.execute(
                    tables.version.update()
                    .where(
                        tables.version.c.document_id == document_id,
                        tables.version.c.gen_to == NEVER,
                    )
                    .values(gen_to=generation)
                )
            for publication in publications:
                _insert_version(connection, publication, generation, now)
            connection.execute(tables.generation.delete())
            connection.execute(
                tables.generation.insert().values(
                    id=1,
                    number=generation,
                    model_id=identity.model_id,
                    dimensions=identity.dimensions,
                    schema_version=identity.schema_version,
                )
            )

    def forget(self) -> None:
        """Empties the registry, for an index that is built anew."""
        with self._transaction() as connection:
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(table.delete())

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            if "disk is full" in str(error) or "No space left" in str(error):
                raise StorageFull from error
            raise RegistryUnreachable from error
        except DatabaseError as error:
            if "malformed" in str(error) or "not a database" in str(error):
                raise RegistryDamaged from error
            raise


def _schema_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _migrate(engine: Engine) -> None:
    from alembic import command  # imported here: only a database that is behind needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _generation() -> Any:
    return func.coalesce(select(tables.generation.c.number).scalar_subquery(), 0)


def _stands(generation: Any) -> Any:
    return and_(tables.version.c.gen_from <= generation, tables.version.c.gen_to > generation)


def _insert_version(
    connection: Connection, publication: Publication, generation: int, now: datetime
) -> None:
    version = publication.version
    document_id = version.document.id
    number = 1 + (
        connection.scalar(
            select(func.max(tables.version.c.number)).where(
                tables.version.c.document_id == document_id
            )
        )
        or 0
    )
    connection.execute(
        tables.version.insert().values(
            document_id=document_id,
            number=number,
            gen_from=generation,
            gen_to=NEVER,
            digest=version.digest,
            source=version.source,
            original=version.original,
            document=_document_json(version.document),
            page_count=version.page_count,
            passage_count=version.passage_count,
            unreadable_pages=list(version.unreadable_pages),
            warnings=list(version.warnings),
            published_at=now,
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


def _version(row: Any) -> Version:
    return Version(
        document=_document(row["document"]),
        digest=row["digest"],
        source=row["source"],
        original=row["original"],
        page_count=row["page_count"],
        passage_count=row["passage_count"],
        unreadable_pages=tuple(row["unreadable_pages"]),
        warnings=tuple(row["warnings"]),
        number=row["number"],
        published_at=_utc(row["published_at"]),
    )


def _utc(moment: datetime) -> datetime:
    """SQLite forgets the zone that was UTC; PostgreSQL gives its own."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _document_json(document: Document) -> dict[str, object]:
    fields = asdict(document)
    for name in ("valid_from", "valid_to", "as_of"):
        fields[name] = fields[name] and fields[name].isoformat()
    return fields


def _document(fields: dict[str, Any]) -> Document:
    days = {
        name: fields[name] and date.fromisoformat(fields[name])
        for name in ("valid_from", "valid_to", "as_of")
    }
    place = fields["jurisdiction"]
    jurisdiction = place and Jurisdiction(Level(place["level"]), place["name"], place["key"])
    return Document(
        **{**fields, **days, "kind": Kind(fields["kind"]), "jurisdiction": jurisdiction}
    )
