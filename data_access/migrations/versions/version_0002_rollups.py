"""The rollups: counts kept ready."""

from alembic import op

from data_access.migrations.rollups import make_rollups

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_rollups(op.get_bind())
