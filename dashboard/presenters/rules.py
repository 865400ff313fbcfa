"""The company's rules as tables: deadlines, obligations, calendar."""

from collections.abc import Iterable
from datetime import date

from dashboard.i18n import Translator
from dashboard.presenters.tables import DataTable, Value
from metrics.deadlines import DeadlineRule, Limit
from metrics.obligations import Obligation
from metrics.vocabulary import Vocabulary
from metrics.working_time import Schedule

FRIDAY = 5


def deadlines_table(rules: Iterable[DeadlineRule], vocabulary: Vocabulary, t: Translator) -> DataTable:
    """One row per grade and effective date."""
    return DataTable(
        file_name="deadlines",
        headings=(t("Grade"), t("In force from"), t("Answer within"), t("Resolve within")),
        rows=tuple(
            (
                vocabulary.name("grades", rule.grade, t.language),
                rule.effective_from.isoformat(),
                limit_text(rule.response, t),
                limit_text(rule.resolution, t),
            )
            for rule in rules
        ),
    )


def limit_text(limit: Limit, t: Translator) -> str:
    """The time allowed, in words."""
    if limit.hours is not None:
        return t.plural("{count} hour by the clock", "{count} hours by the clock", limit.hours)
    return t("end of working day {number} after receipt", number=limit.working_days)


def obligations_table(obligations: Iterable[Obligation], vocabulary: Vocabulary, t: Translator) -> DataTable:
    """One row per planned duty of a kind of unit."""
    return DataTable(
        file_name="obligations",
        headings=(t("Duty"), t("Owed by"), t("How often"), t("How many"), t("Due"), t("In force from")),
        rows=tuple(_obligation_row(obligation, vocabulary, t) for obligation in obligations),
    )


def _obligation_row(obligation: Obligation, vocabulary: Vocabulary, t: Translator) -> tuple[Value, ...]:
    owed_by = [vocabulary.name("unit_kinds", obligation.unit_kind, t.language)]
    if obligation.function:
        owed_by.append(vocabulary.name("functions", obligation.function, t.language))
    return (
        vocabulary.name("duty_kinds", obligation.kind, t.language),
        " · ".join(owed_by),
        vocabulary.name("frequencies", obligation.frequency, t.language),
        obligation.planned,
        due_text(obligation, t),
        obligation.effective_from.isoformat(),
    )


def due_text(obligation: Obligation, t: Translator) -> str:
    """By when the duty is due, in words."""
    if obligation.weekday is not None:
        return t("on {weekday}", weekday=_weekday(obligation.weekday, t))
    if obligation.due_working_day is not None:
        return t("by working day {number} after the period", number=obligation.due_working_day)
    if not obligation.due_day:
        return t("on the day itself")
    return t("by day {number} of the period", number=obligation.due_day + 1)


def _weekday(number: int, t: Translator) -> str:
    days = (t("Monday"), t("Tuesday"), t("Wednesday"), t("Thursday"), t("Friday"), t("Saturday"), t("Sunday"))
    return days[number - 1]


def years_table(schedule: Schedule, years: Iterable[int], t: Translator) -> DataTable:
    """One row per year: whether its holidays were announced, and how many days are worked."""
    return DataTable(
        file_name="calendar",
        headings=(t("Year"), t("Calendar"), t("Working days"), t("Free weekdays"), t("Worked weekend days")),
        rows=tuple(_year_row(schedule, year, t) for year in years),
    )


def _year_row(schedule: Schedule, year: int, t: Translator) -> tuple[Value, ...]:
    official = year in schedule.official_years
    return (
        str(year),
        t("official") if official else t("weekends only: no official calendar yet"),
        schedule.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)),
        sum(day.year == year and day.isoweekday() <= FRIDAY for day in schedule.holidays),
        sum(day.year == year for day in schedule.make_up_days),
    )


def overrides_table(schedule: Schedule, statutory: Schedule, t: Translator) -> DataTable:
    """One row per day that the company's own file changes."""
    free = sorted(schedule.holidays - statutory.holidays)
    worked = sorted(schedule.make_up_days - statutory.make_up_days)
    undone = sorted((statutory.holidays - schedule.holidays) - set(worked))
    rows = [(day, t("free")) for day in free] + [(day, t("worked")) for day in (*worked, *undone)]
    return DataTable(
        file_name="calendar_overrides",
        headings=(t("Day"), t("Worked or free")),
        rows=tuple((day.isoformat(), change) for day, change in sorted(rows)),
    )
