"""Indexes by which the first rows of long lists are found: open cases, and duties missed."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DUE = text("due_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_cases_resolved_at", "cases")
    op.create_index("ix_cases_resolved_at_received_at", "cases", ["resolved_at", "received_at"])
    op.create_index("ix_duties_kind_period_start", "duties", ["kind", "period_start"])
    op.create_index("ix_duties_due_at", "duties", ["due_at"], postgresql_where=DUE, sqlite_where=DUE)
