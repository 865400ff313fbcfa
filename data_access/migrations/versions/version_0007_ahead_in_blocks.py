"""What lies ahead of a refresh in blocks; the next refresh fills them."""

from alembic import op

from data_access.migrations.rollups import drop_rollups, make_rollups

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_rollups(op.get_bind())
    make_rollups(op.get_bind())
