"""How scanned pages were read, and the text that was not taken."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns with what is known of older versions: nothing."""
    for table in ("reading", "staged"):
        op.add_column(table, sa.Column("scans", sa.JSON, nullable=False, server_default="[]"))
