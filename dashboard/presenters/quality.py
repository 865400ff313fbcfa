"""Rules of data quality in words, and what they found."""

from collections.abc import Iterable

from dashboard.i18n import Translator
from dashboard.presenters.contract_words import column_words, table_words
from dashboard.presenters.tables import DataTable
from data_access.quality.check import Finding
from data_access.quality.rule import Effect, Problem, Rule


def problem_words(problem: Problem, t: Translator) -> str:
    """What is wrong with the row."""
    return {
        Problem.UNKNOWN_CODE: t("a code that the vocabulary doesn't have"),
        Problem.REFUSED_CHANNEL: t("a channel that doesn't belong here"),
        Problem.UNKNOWN_UNIT: t("a unit that doesn't exist"),
        Problem.NO_UNIT: t("no unit"),
        Problem.UNKNOWN_REFERENCE: t("names a row that doesn't exist"),
        Problem.NO_DEADLINE: t("no deadline, and no rule that gives one"),
        Problem.OUT_OF_ORDER: t("in the wrong order"),
        Problem.IN_THE_FUTURE: t("in the future"),
        Problem.OUT_OF_RANGE: t("outside the possible range"),
        Problem.NO_FIRST_RESOLUTION: t("resolved, but never for the first time"),
        Problem.NO_DECISION: t("excluded, but nobody decided it"),
        Problem.OVERLAP: t("two at the same time; the later one counts"),
    }[problem]


def effect_words(effect: Effect, t: Translator) -> str:
    """What becomes of such a row in figures."""
    return {
        Effect.STAYS: t("counts like any other"),
        Effect.COMPANY_ONLY: t("counts for the whole company only"),
        Effect.LEAVES_DURATIONS: t("leaves durations"),
        Effect.LEAVES_ON_TIME: t("leaves on-time figures"),
        Effect.NOT_YET: t("counts from that time on"),
        Effect.LEAVES: t("leaves the figures that need it"),
    }[effect]


def place_words(rule: Rule, t: Translator) -> str:
    """The table and columns a rule looks at."""
    table = rule.table.name
    columns = t(", ").join(column_words(table, column, t) for column in rule.columns)
    return f"{table_words(table, t)} · {columns}"


def findings_table(findings: Iterable[Finding], t: Translator) -> DataTable:
    """One row per rule, the most bad rows first."""
    ordered = sorted(findings, key=lambda finding: -finding.bad_rows)
    return DataTable(
        file_name="data_quality",
        headings=(t("Where"), t("What is wrong"), t("Rows"), t("Of"), t("In figures such a row …"), t("Rule")),
        rows=tuple(
            (
                place_words(finding.rule, t),
                problem_words(finding.rule.problem, t),
                finding.bad_rows,
                finding.rows,
                effect_words(finding.rule.effect, t),
                finding.rule.id,
            )
            for finding in ordered
        ),
    )


def keys_table(rule: Rule, keys: Iterable[tuple[object, ...]], t: Translator) -> DataTable:
    """One row per bad row: its key and nothing else."""
    return DataTable(
        file_name=f"data_quality_{rule.id}",
        headings=tuple(column_words(rule.table.name, column, t) for column in rule.key),
        rows=tuple(tuple(str(part) for part in key) for key in keys),
    )
