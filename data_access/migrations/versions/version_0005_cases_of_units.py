"""An index by which the cases that a unit received in a period are found."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_responsible_unit_id_received_at", "cases", ["responsible_unit_id", "received_at"])
    op.drop_index("ix_cases_responsible_unit_id", "cases")
