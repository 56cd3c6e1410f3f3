"""The registry's tables; Alembic compares them with the database."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
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
    Column("is_scheduled", Boolean, nullable=False),  # a person gave it its days
)

# What the reader made of a version: its sections, to be compared, restored and embedded again;
# and how it read scanned pages.
reading = Table(
    "reading",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sections", JSON, nullable=False),
    Column("scans", JSON, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "number"], ["version.document_id", "version.number"], ondelete="CASCADE"
    ),
)

# A version that is prepared and not yet shown to citizens. `base` is the document's newest version
# at the time, 0 for none, and `base_stood` whether that one stood.
staged = Table(
    "staged",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("base", Integer, nullable=False),
    Column("version", JSON, nullable=False),
    Column("pages", JSON, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("scans", JSON, nullable=False),
    Column("staged_at", DateTime(timezone=True), nullable=False),
    Column("base_stood", Boolean, nullable=False),
)

# A file's text that was prepared for a document and discarded, until it is published after all.
discarded = Table(
    "discarded",
    metadata,
    Column("document_id", String(500), primary_key=True),
    Column("original", String(100), primary_key=True),
    Column("digest", String(64), nullable=False),
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

# Who works with Auskunft. `password`: an argon2 hash, "" where another service signs them in;
# `subject`: what that service calls them.
person = Table(
    "person",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("shown_name", String(200), nullable=False),
    Column("password", String(500), nullable=False),
    Column("subject", String(500), unique=True),
    Column("is_disabled", Boolean, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

# What a person may do, and for which town: its key, "" for all.
person_role = Table(
    "person_role",
    metadata,
    Column("person_id", String(32), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("town", String(200), primary_key=True),
    ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
)

# Who is signed in, by the digest of the secret in their cookie.
session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", String(32), nullable=False, index=True),
    Column("form_token", String(64), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
)

# Every act of staff; never changed. `place`: the key of what it is about, "" for what is for all.
audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("by", String(200), nullable=False),
    Column("act", String(50), nullable=False),
    Column("subject", Text, nullable=False),  # a document's id, a person's name
    Column("place", String(200), nullable=False),
    Column("detail", JSON, nullable=False),
)

# What people said of answers. `origin`: "citizen" or "desk"; the question itself is not kept.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", String(10), nullable=False, index=True),
    Column("origin", String(20), nullable=False),
    Column("is_helpful", Boolean, nullable=False),
    Column("word", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("language", String(35), nullable=False),
    Column("town", String(200), nullable=False),
    Column("documents", JSON, nullable=False),
)

# What nobody could answer, where the town keeps questions. `asker`: a short digest under a key that
# lives a month, to tell how many people asked.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", String(10), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("town", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("asker", String(64), nullable=False),
)

# How many answers ended how on a day.
answer_count = Table(
    "answer_count",
    metadata,
    Column("day", String(10), primary_key=True, index=True),
    Column("language", String(35), primary_key=True),
    Column("status", String(20), primary_key=True),
    Column("mode", String(20), primary_key=True),
    Column("town", String(200), primary_key=True),
    Column("count", Integer, nullable=False),
)

# How long a step of answering took on a day, for a question in a town: how often at most so many
# milliseconds.
step_time = Table(
    "step_time",
    metadata,
    Column("day", String(10), primary_key=True, index=True),
    Column("step", String(50), primary_key=True),
    Column("milliseconds", Integer, primary_key=True),
    Column("town", String(200), primary_key=True),  # "" for none
    Column("count", Integer, nullable=False),
)

# Live answers without their questions, a few a day, and what judge-free metrics say of each.
sample = Table(
    "sample",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", String(10), nullable=False, index=True),
    Column("answer", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
)

# An approved answer in the making. `wordings`: language → [question, answer]; `edition` grows with
# every change, so that two editors notice each other; `state`: draft, waiting, approved, rejected.
proposal = Table(
    "proposal",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("edition", Integer, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("town", String(200), nullable=False),
    Column("wordings", JSON, nullable=False),
    Column("sources", JSON, nullable=False),  # [[document id, section], …]
    Column("made_by", String(200), nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("approved_by", String(200), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

# An order to a language model that a person keeps; `edition` as above.
staff_prompt = Table(
    "staff_prompt",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("edition", Integer, nullable=False),
    Column("town", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("made_by", String(200), nullable=False, index=True),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

# How a person rates a prompt: 1 to 5 stars.
prompt_rating = Table(
    "prompt_rating",
    metadata,
    Column("prompt_id", String(32), primary_key=True),
    Column("by", String(200), primary_key=True),
    Column("stars", Integer, nullable=False),
    ForeignKeyConstraint(["prompt_id"], ["staff_prompt.id"], ondelete="CASCADE"),
)

# A town's own words for a German term. `wordings`: language → words.
glossary_term = Table(
    "glossary_term",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("edition", Integer, nullable=False),
    Column("town", String(200), nullable=False),
    Column("german", String(200), nullable=False),
    Column("wordings", JSON, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("town", "german"),
)
