"""The registry's tables; Alembic compares them with the database."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# One row: the generation that readers see, and what its index was built with.
generation = Table(
    "generation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("model_id", String(500), nullable=False),
    Column("dimensions", Integer, nullable=False),
    Column("schema_version", Integer, nullable=False),
)

# A published text of a document, seen by generations gen_from ≤ G < gen_to.
version = Table(
    "version",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("gen_from", Integer, nullable=False, index=True),
    Column("gen_to", Integer, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("source", Text, nullable=False, index=True),
    Column("original", String(100), nullable=False),
    Column("document", JSON, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("passage_count", Integer, nullable=False),
    Column("unreadable_pages", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
)

# The stored text of one page of a version; page 0 holds a format without pages.
page = Table(
    "page",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "number"], ["version.document_id", "version.number"], ondelete="CASCADE"
    ),
)
