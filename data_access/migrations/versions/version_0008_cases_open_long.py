"""An index of cases that were open for long: those open at a settlement years ago are found among few."""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_open_long",
        "cases",
        ["resolved_at", "received_at"],
        # An instant without end can't be subtracted from, and no index may keep another system from writing one.
        postgresql_where=text(
            "CASE WHEN isfinite(resolved_at) AND isfinite(received_at)"
            " THEN resolved_at - received_at > INTERVAL '30 days' ELSE true END"
        ),
        sqlite_where=text("julianday(resolved_at) - julianday(received_at) > 30"),
    )
