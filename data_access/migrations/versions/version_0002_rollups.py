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
    "ix_event_counts_partition": "event_counts (partition)",
}
"""By what a refresh deletes."""

DAYS = {"duty_counts": "segment", "event_counts": "segment", "unit_counts": "day", "zone_load_counts": "day"}
"""The columns by which pages look in the rollups of units: of single units, or of all of a grain."""


def upgrade() -> None:
    for table in ROLLUP_TABLES:
        table.create(op.get_bind())
        if op.get_bind().dialect.name == "postgresql" and table is not refresh_log:
            op.execute(f"ALTER TABLE {table.fullname} SET UNLOGGED")
    for table in fresh.INDEXES:
        fresh.create_indexes(op.get_bind(), table, table)
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON assessment.{columns}")
    for table_name, day in DAYS.items():
        for grain, columns in {"unit": f"unit_id, {day}", "branch": day, "company": day}.items():
            name = f"ix_{table_name}_{grain}"
            op.execute(f"CREATE INDEX {name} ON assessment.{table_name} ({columns}) WHERE grain = '{grain}'")
