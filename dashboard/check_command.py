"""``huiyin check``: doubtful rows, counted by rule."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.company import read_company
from dashboard.i18n import ENGLISH, Translator
from dashboard.preparation import prepare_existing
from dashboard.presenters.quality import effect_words, problem_words
from dashboard.quality import circumstances
from dashboard.wrong_use import NO_UNITS, unknown
from data_access.engine import connect, reader
from data_access.hierarchy import read_hierarchy
from data_access.quality.check import RULES, Finding, bad_keys, find_rule
from data_access.quality.check import check as find_bad_rows
from data_access.quality.rule import Rule
from data_access.scope import local_scope
from data_access.settings import read_settings

KEYS_AT_ONCE = 1_000

Keys = Annotated[str, typer.Option("--keys", metavar="RULE", help="List the keys of one rule's rows, one a line.")]
All = Annotated[bool, typer.Option("--all", help="Also the rules that found nothing.")]


def check(keys: Keys = "", every: All = False) -> None:
    """Count doubtful rows by rule; exit code 1 if there are any."""
    company = read_company(read_settings())
    prepare_existing(company.settings)
    with reader(company.settings) as engine, connect(engine) as connection:
        scope = local_scope(company.settings.user)
        hierarchy = read_hierarchy(connection)
        asked = circumstances(company, hierarchy, scope, datetime.now(UTC))
        if keys:
            found = _write_keys(partial(bad_keys, connection, asked, _rule(keys), KEYS_AT_ONCE))
        else:
            found = _write_findings(find_bad_rows(connection, asked), every)
            if not hierarchy.units:
                typer.echo(NO_UNITS)
    raise typer.Exit(1 if found else 0)


def _rule(rule_id: str) -> Rule:
    if rule_id not in {rule.id for rule in RULES}:
        raise unknown("The rule", rule_id, [rule.id for rule in RULES])
    return find_rule(rule_id)


def _write_keys(find_keys: Callable[[int], Sequence[tuple[object, ...]]]) -> int:
    """How many keys were written, page after page."""
    written = 0
    while page := find_keys(written):
        typer.echo("\n".join("\t".join(str(part) for part in key) for key in page))
        written += len(page)
    return written


def _write_findings(findings: Sequence[Finding], every: bool) -> int:
    bad = sum(finding.bad_rows for finding in findings)
    shown = [finding for finding in findings if finding.bad_rows or every]
    if shown:
        Console().print(_table(shown))
    typer.echo(f"{bad:,} doubtful rows." if bad else f"No doubtful rows by {len(findings)} rules.")
    return bad


def _table(findings: Sequence[Finding]) -> Table:
    table = Table("rows", "of", "rule, what is wrong, and what such a row does in figures")
    for finding in findings:
        table.add_row(f"{finding.bad_rows:,}", f"{finding.rows:,}", _words(finding))
    for column in table.columns[:2]:
        column.justify = "right"
    return table


def _words(finding: Finding) -> str:
    t, rule = Translator(ENGLISH), finding.rule
    return f"{rule.id}\n{problem_words(rule.problem, t)}: {effect_words(rule.effect, t)}"
