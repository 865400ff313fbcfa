"""The counts of cases in blocks; the next refresh fills them."""

from alembic import op

from data_access.migrations.rollups import drop_rollups, make_rollups

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("case_counts", "case_topics", "case_durations", "open_case_counts")
"""What blocks stand in place of."""


def upgrade() -> None:
    drop_rollups(op.get_bind(), *BEFORE)
    make_rollups(op.get_bind())
