"""Single cases as rows: number, grade, category, unit, dates, days late. Never where they came from."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from dashboard.i18n import Translator
from dashboard.presenters.periods import instant
from dashboard.presenters.tables import DataTable
from data_access.case_list import CasePage, ListedCase
from data_access.hierarchy import Unit
from metrics.vocabulary import Vocabulary


def case_table(
    found: CasePage, units: Mapping[str, Unit], words: Vocabulary, time_zone: ZoneInfo, t: Translator
) -> DataTable:
    """One row per case, in the order given."""
    headings = (t("Number"), t("Grade"), t("Category"), t("Responsible unit"), t("Received"), t("Due"), t("Deadline"))
    rows = tuple(
        (
            case.case_no,
            words.name("grades", case.grade, t.language) if case.grade else t("not stated"),
            words.name("categories", case.category, t.language) if case.category else t("not stated"),
            _unit_name(case, units, t),
            instant(case.received_at, time_zone),
            instant(case.due_at, time_zone) if case.due_at else t("none"),
            deadline_text(case, t),
        )
        for case in found.cases
    )
    return DataTable("cases", headings, rows)


def _unit_name(case: ListedCase, units: Mapping[str, Unit], t: Translator) -> str:
    unit = units.get(case.unit_id or "")
    return unit.name if unit else case.unit_id or t("not stated")


def deadline_text(case: ListedCase, t: Translator) -> str:
    """How many days are left, or how many it is late."""
    if case.days_left is None:
        return t("no deadline")
    if case.overdue:
        return t.plural("{count} day late", "{count} days late", max(-case.days_left, 0))
    return t.plural("{count} day left", "{count} days left", case.days_left) if case.days_left else t("due today")
