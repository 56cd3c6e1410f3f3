"""What people decided about a file: the days they gave its text, what they discarded of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the columns with what is known of older versions: nothing. What is prepared counts as
    prepared against a version that stood."""
    op.add_column(
        "version",
        sa.Column("is_scheduled", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "staged",
        sa.Column("base_stood", sa.Boolean, nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "discarded",
        sa.Column("document_id", sa.String(500), primary_key=True),
        sa.Column("original", sa.String(100), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
    )
