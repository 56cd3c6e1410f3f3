"""What approved answers were confirmed with, how often documents are cited, what is often asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "approval",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("wording", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(500), primary_key=True, index=True),
        sa.Column("section", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("confirmed_by", sa.String(200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "citation_use",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True, index=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "asked",
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("language", sa.String(35), primary_key=True),
        sa.Column("town", sa.String(200), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False, index=True),
    )
