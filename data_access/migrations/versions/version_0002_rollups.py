"""The rollups: counts kept ready.

Their tables are made as this version of the program has them, for nothing is lost with them: whoever changes
one adds a migration that drops and makes them anew.
"""

from alembic import op

from data_access.rollup import fresh
from data_access.rollup_tables import ROLLUP_TABLES, refresh_log

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_duty_counts_place": "duty_counts (grain, unit_id, segment)",
    "ix_event_counts_place": "event_counts (grain, unit_id, segment)",
    "ix_event_counts_partition": "event_counts (partition)",
    "ix_unit_counts_place": "unit_counts (grain, unit_id, day)",
    "ix_zone_load_counts_place": "zone_load_counts (grain, unit_id, day)",
}
"""By what pages look, and by what a refresh deletes."""


def upgrade() -> None:
    for table in ROLLUP_TABLES:
        table.create(op.get_bind())
        if op.get_bind().dialect.name == "postgresql" and table is not refresh_log:
            op.execute(f"ALTER TABLE {table.fullname} SET UNLOGGED")
    for table in fresh.INDEXES:
        fresh.create_indexes(op.get_bind(), table, table)
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON assessment.{columns}")
