"""An import's report on the terminal: counts, then every problem with its place and remedy."""

import typer

from data_access.ingest.messages import explain, in_words, level_name
from data_access.ingest.problems import Level
from data_access.ingest.report import Report

SHOWN = {Level.ERROR: 100, Level.WARNING: 20, Level.NOTE: 20}
"""How many problems of a level are printed one by one; the rest are counted."""


def print_report(report: Report, language: str, *, check_only: bool) -> None:
    """Print the report: problems to the error output, counts to the output."""
    for line in problem_lines(report, language):
        typer.echo(line, err=True)
    typer.echo(summary(report, check_only=check_only))
    for table in report.tables:
        typer.echo(f"  {table.table}: {table.inserted:,} new, {table.changed:,} changed, {table.unchanged:,} unchanged")
        for column, count in table.columns:
            typer.echo(f"    {column}: changed in {count:,} rows")
    for name, key in report.changed_keys[:10]:
        typer.echo(f"    changed: {name} {key}")


def summary(report: Report, *, check_only: bool) -> str:
    """The outcome in one line."""
    counts = (
        f"{report.rows:,} rows read, {report.inserted:,} new, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} rejected, {report.repeated:,} repeated; "
        f"{report.errors:,} errors, {report.warnings:,} warnings"
    )
    if report.written:
        return f"{report.file_name}: imported as batch {report.batch}: {counts}"
    if check_only and report.ok:
        return f"{report.file_name}: checked, nothing written: {counts}"
    return f"{report.file_name}: nothing written: {counts}"


def problem_lines(report: Report, language: str) -> list[str]:
    """The problems in words, each on a line, then how many there are beyond those."""
    lines = []
    for level in Level:
        problems = [problem for problem in report.problems if problem.level is level]
        lines += [str(in_words(problem, language)) for problem in problems[: SHOWN[level]]]
        total = sum(count for kind, count in report.kinds if kind.level is level)
        if total > len(problems[: SHOWN[level]]):
            lines += _counted(report, level, language)
    return lines


def _counted(report: Report, level: Level, language: str) -> list[str]:
    lines = []
    for kind, count in report.kinds:
        if kind.level is level:
            what, _right = explain(kind.code, (), language)
            where = " ".join(part for part in (kind.sheet, kind.column) if part)
            lines.append(f"{level_name(level, language)} × {count:,}: {where}: {what}")
    return lines
