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
    Column("published_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_as", String(20), nullable=False),  # "" while it stands
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", String(200), nullable=False),
    Column("ended_reason", Text, nullable=False),
)

# What the reader made of a version: its sections, to be compared, restored and embedded again.
reading = Table(
    "reading",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sections", JSON, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "number"], ["version.document_id", "version.number"], ondelete="CASCADE"
    ),
)

# A version that is prepared and not yet shown to citizens. `base` is the document's newest version
# at the time, 0 for none.
staged = Table(
    "staged",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("base", Integer, nullable=False),
    Column("version", JSON, nullable=False),
    Column("pages", JSON, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("staged_at", DateTime(timezone=True), nullable=False),
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

# What an approved answer was confirmed with: how a source of it read then; "" where the source was
# not there yet. `wording`: the digest of the entry that was confirmed.
approval = Table(
    "approval",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("entry", Text, primary_key=True),
    Column("wording", String(64), primary_key=True),
    Column("source", String(500), primary_key=True, index=True),
    Column("section", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("confirmed_by", String(200), nullable=False),
    Column("confirmed_at", DateTime(timezone=True), nullable=False),
)

# How many answers cited a document on a day.
citation_use = Table(
    "citation_use",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("day", String(10), primary_key=True, index=True),  # "2026-01-31"
    Column("count", Integer, nullable=False),
)

# What was asked often enough to be kept, where the town wants that.
asked = Table(
    "asked",
    metadata,
    Column("question", Text, primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("town", String(200), primary_key=True),  # "" for none
    Column("count", Integer, nullable=False),
    Column("last_day", String(10), nullable=False, index=True),
)
