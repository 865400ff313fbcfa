"""An index by which a page of open cases is found without reading all of them."""

from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_cases_resolved_at", "cases")
    op.create_index("ix_cases_resolved_at_received_at", "cases", ["resolved_at", "received_at"])
