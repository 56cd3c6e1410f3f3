"""Who published a version and why, how it ended, what the reader made of it; what is staged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the columns with what is known of older versions: nothing."""
    for name, kind in (
        ("published_by", sa.String(200)),
        ("reason", sa.Text),
        ("ended_as", sa.String(20)),
        ("ended_by", sa.String(200)),
        ("ended_reason", sa.Text),
    ):
        op.add_column("version", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("version", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.create_table(
        "reading",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sections", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "number"],
            ["version.document_id", "version.number"],
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "staged",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("version", sa.JSON, nullable=False),
        sa.Column("pages", sa.JSON, nullable=False),
        sa.Column("sections", sa.JSON, nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
    )
