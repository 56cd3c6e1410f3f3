"""What staff keeps and shares: prompts with their ratings, and a town's own words."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "staff_prompt",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("town", sa.String(200), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False, index=True),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "prompt_rating",
        sa.Column("prompt_id", sa.String(32), primary_key=True),
        sa.Column("by", sa.String(200), primary_key=True),
        sa.Column("stars", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["staff_prompt.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "glossary_term",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("town", sa.String(200), nullable=False),
        sa.Column("german", sa.String(200), nullable=False),
        sa.Column("wordings", sa.JSON, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("town", "german"),
    )
