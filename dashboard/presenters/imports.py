"""Imports in words: what a file would do or did, its problems, and the log."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from dashboard.i18n import Translator
from dashboard.presenters.contract_words import table_words
from dashboard.presenters.periods import instant
from dashboard.presenters.tables import DataTable
from data_access.ingest.messages import in_words, level_name
from data_access.ingest.report import Progress, Report, Step
from data_access.quality.freshness import ImportBatch, TableFreshness


def step_words(progress: Progress, t: Translator) -> str:
    """What the import is doing, and how many rows it has seen."""
    steps = {Step.READING: t("Reading"), Step.CHECKING: t("Checking"), Step.WRITING: t("Writing")}
    return t("{step}: {rows} rows", step=steps[progress.step], rows=f"{progress.rows:,}")


def outcome_words(report: Report, t: Translator) -> str:
    """What the check or the import comes to, in a sentence."""
    counts = {
        "rows": f"{report.rows:,}",
        "inserted": f"{report.inserted:,}",
        "changed": f"{report.changed:,}",
        "unchanged": f"{report.unchanged:,}",
        "rejected": f"{report.rejected:,}",
    }
    if report.written:
        return t("Written: {inserted} new rows, {changed} changed, {unchanged} unchanged.", **counts)
    if not report.ok and not report.rejected:
        return t.plural(
            "{count} error: nothing can be written.", "{count} errors: nothing can be written.", report.errors
        )
    return t("Of {rows} rows {inserted} are new, {changed} change others, {unchanged} are there already.", **counts)


def problems_table(report: Report, t: Translator) -> DataTable:
    """One row per problem: where it is, what is wrong and what would be right."""
    rows = []
    for problem in report.problems:
        message = in_words(problem, t.language)
        rows.append(
            (message.level, problem.sheet, problem.row, problem.column, problem.value, message.what, message.right)
        )
    return DataTable(
        file_name=f"{report.file_name}_problems",
        headings=(
            t("Level"),
            t("Sheet"),
            t("Row"),
            t("Column"),
            t("Value"),
            t("What is wrong"),
            t("What would be right"),
        ),
        rows=tuple(rows),
    )


def kinds_note(report: Report, t: Translator) -> str:
    """How many problems there are of each level, where some are not listed one by one."""
    levels: dict[str, int] = {}
    for kind, count in report.kinds:
        name = level_name(kind.level, t.language)
        levels[name] = levels.get(name, 0) + count
    listed = len(report.problems)
    counts = t(", ").join(f"{name} {count:,}" for name, count in levels.items())
    hidden = sum(levels.values()) - listed
    return t("{counts}; the first {listed} are listed.", counts=counts, listed=f"{listed:,}") if hidden else counts


def tables_table(report: Report, t: Translator) -> DataTable:
    """One row per table that the file writes."""
    return DataTable(
        file_name="import_tables",
        headings=(t("Table"), t("New"), t("Changed"), t("Unchanged")),
        rows=tuple(
            (table_words(written.table, t), written.inserted, written.changed, written.unchanged)
            for written in report.tables
        ),
    )


def batches_table(batches: Iterable[ImportBatch], time_zone: ZoneInfo, t: Translator) -> DataTable:
    """One row per imported file, the newest first."""
    headings = (
        t("Batch"),
        t("File"),
        t("Mapping"),
        t("By"),
        t("Finished"),
        t("Rows"),
        t("New"),
        t("Changed"),
        t("Unchanged"),
        t("Left out"),
        t("Warnings"),
        t("Taken back"),
    )
    return DataTable(
        file_name="import_log",
        headings=headings,
        rows=tuple(
            (
                batch.id,
                batch.file_name,
                batch.mapping,
                batch.user,
                instant(batch.finished_at, time_zone),
                batch.rows,
                batch.inserted,
                batch.changed,
                batch.unchanged,
                batch.rejected,
                batch.warnings,
                instant(batch.undone_at, time_zone) if batch.undone_at else "",
            )
            for batch in batches
        ),
    )


def row_counts_table(tables: Iterable[TableFreshness], time_zone: ZoneInfo, t: Translator) -> DataTable:
    """One row per source table."""
    return DataTable(
        file_name="row_counts",
        headings=(t("Table"), t("Rows"), t("Last change")),
        rows=tuple(
            (
                table_words(table.table, t),
                table.rows,
                instant(table.newest_at, time_zone) if table.newest_at else t("no rows"),
            )
            for table in tables
        ),
    )
