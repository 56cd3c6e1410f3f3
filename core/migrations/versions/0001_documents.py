"""Documents, versions, pages and the generation."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the first tables."""
    op.create_table(
        "generation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("model_id", sa.String(500), nullable=False),
        sa.Column("dimensions", sa.Integer, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
    )
    op.create_table(
        "version",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("gen_from", sa.Integer, nullable=False, index=True),
        sa.Column("gen_to", sa.Integer, nullable=False, index=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False, index=True),
        sa.Column("original", sa.String(100), nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("page_count", sa.Integer, nullable=False),
        sa.Column("passage_count", sa.Integer, nullable=False),
        sa.Column("unreadable_pages", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "page",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "number"],
            ["version.document_id", "version.number"],
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drops them."""
    for name in ("page", "version", "generation"):
        op.drop_table(name)
