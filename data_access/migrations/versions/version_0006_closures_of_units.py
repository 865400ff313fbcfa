"""Indexes by which what a unit's cases came to is found: its closures, and the first ones that no longer stand."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CLOSED_AGAIN = text("resolved_at IS NULL OR resolved_at <> first_resolved_at")


def upgrade() -> None:
    op.create_index(
        "ix_cases_responsible_unit_id_received_at_resolved_at",
        "cases",
        ["responsible_unit_id", "received_at", "resolved_at"],
    )
    op.drop_index("ix_cases_responsible_unit_id_received_at", "cases")
    op.create_index(
        "ix_cases_closed_again",
        "cases",
        ["first_resolved_at"],
        postgresql_where=CLOSED_AGAIN,
        sqlite_where=CLOSED_AGAIN,
    )
