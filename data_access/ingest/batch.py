"""The record of an import: its batch, and its line in the audit log."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, update

from data_access.ingest.report import Report
from data_access.ingest.source import Source
from data_access.tables import audit_log, import_batches


@dataclass(frozen=True)
class BatchRecord:
    """The counts of a batch."""

    rows: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0

    @classmethod
    def of(cls, report: Report) -> "BatchRecord":
        """The report's counts."""
        return cls(report.rows, report.inserted, report.changed, report.unchanged, report.rejected, report.warnings)


def open_batch(connection: Connection, source: Source, mapping: str, user: str, now: datetime) -> int:
    """The number of a new batch, whose counts are not known yet."""
    values = asdict(BatchRecord()) | {
        "file_name": source.name[-500:],
        "file_hash": source.sha256(),
        "mapping": mapping,
        "user": user,
        "started_at": now,
        "finished_at": now,
    }
    key = connection.execute(insert(import_batches).values(**values)).inserted_primary_key
    return int(key[0])  # type: ignore[index]


def finish_batch(
    connection: Connection, batch: int, record: BatchRecord, user: str, file_name: str, now: datetime
) -> None:
    """Fill in the batch's counts and write the audit log."""
    finished = max(datetime.now(UTC), now)
    statement = update(import_batches).where(import_batches.c.id == batch)
    connection.execute(statement.values(**asdict(record), finished_at=finished))
    note_audit(connection, user, "import", f"batch {batch}: {file_name}", finished)


def note_audit(connection: Connection, user: str, action: str, detail: str, at: datetime) -> None:
    """Write a line of the audit log."""
    connection.execute(insert(audit_log).values(at=at, user=user, action=action, detail=detail))
