"""Where an act belongs to, and where the question was asked whose steps are timed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the columns; of what was written before, the place is not known."""
    op.add_column("audit", sa.Column("place", sa.String(200), nullable=False, server_default=""))
    connection = op.get_bind()
    before = connection.execute(sa.text("SELECT day, step, milliseconds, count FROM step_time"))
    rows = [{**row, "town": ""} for row in before.mappings()]
    op.drop_table("step_time")  # made anew: the town is a part of its key
    times = op.create_table(
        "step_time",
        sa.Column("day", sa.String(10), primary_key=True, index=True),
        sa.Column("step", sa.String(50), primary_key=True),
        sa.Column("milliseconds", sa.Integer, primary_key=True),
        sa.Column("town", sa.String(200), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.bulk_insert(times, rows)
