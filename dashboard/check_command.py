"""``huiyin check``: doubtful rows, counted by rule."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.company import Company, read_company
from dashboard.i18n import ENGLISH, Translator
from dashboard.preparation import prepare_existing
from dashboard.presenters.quality import effect_words, problem_words
from dashboard.wrong_use import unknown
from data_access.engine import connect, open_reader
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.quality.check import RULES, Finding, bad_keys, find_rule
from data_access.quality.check import check as find_bad_rows
from data_access.quality.rule import Circumstances, Rule
from data_access.scope import local_scope
from data_access.settings import read_settings

KEYS_AT_ONCE = 1_000

Keys = Annotated[str, typer.Option("--keys", metavar="RULE", help="List the keys of one rule's rows, one a line.")]
All = Annotated[bool, typer.Option("--all", help="Also the rules that found nothing.")]


def check(keys: Keys = "", every: All = False) -> None:
    """Count doubtful rows by rule; exit code 1 if there are any."""
    company = read_company(read_settings())
    prepare_existing(company.settings)
    engine = open_reader(company.settings)
    with connect(engine) as connection:
        circumstances = circumstances_of(company, read_hierarchy(connection), datetime.now(UTC))
        if keys:
            find_keys = partial(bad_keys, connection, circumstances, _rule(keys), KEYS_AT_ONCE)
            found = _write_keys(find_keys)
        else:
            found = _write_findings(find_bad_rows(connection, circumstances), every)
    engine.dispose()
    raise typer.Exit(1 if found else 0)


def circumstances_of(company: Company, hierarchy: Hierarchy, now: datetime) -> Circumstances:
    """What rows are checked against for the local user."""
    sections = company.vocabulary.sections
    codes = {section: tuple(word.code for word in words) for section, words in sections}
    return Circumstances(local_scope(company.settings.user), hierarchy, codes, company.rules, now)


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
