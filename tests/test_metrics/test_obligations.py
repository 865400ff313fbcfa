from datetime import date, timedelta

import pandas as pd
import pytest

from metrics import obligations
from metrics.obligations import Obligation, plan
from metrics.problem import DefinitionError
from metrics.working_time import statutory_schedule

SCHEDULE = statutory_schedule()
LONG_AGO = date(2000, 1, 1)


def units(*rows):
    return pd.DataFrame(list(rows), columns=["id", "kind", "function", "founded_on", "closed_on"])


BRANCH = ("B1", "branch", None, None, None)


def report(**changes):
    given = {"kind": "opinion_report", "unit_kind": "branch", "frequency": "monthly", "planned": 1}
    return Obligation(**{**given, "effective_from": LONG_AGO, **changes})


def owed(obligation, first, last, *rows):
    frame = plan(
        [obligation] if isinstance(obligation, Obligation) else obligation, units(*rows), first, last, SCHEDULE
    )
    return [(row.unit_id, row.period_start, row.due_day) for row in frame.itertuples()]


def test_a_report_is_due_on_the_fifth_working_day_after_its_month():
    # 1 to 7 October 2026 are holidays and 10 October is a working Saturday
    rows = owed(report(due_working_day=5), date(2026, 10, 1), date(2026, 10, 31), BRANCH)
    assert rows == [("B1", date(2026, 9, 1), date(2026, 10, 13))]


def test_only_what_falls_due_in_the_range_is_owed():
    assert owed(report(due_working_day=5), date(2026, 10, 14), date(2026, 10, 31), BRANCH) == []


def test_a_yearly_letter_is_due_by_the_end_of_january():
    letter = report(kind="responsibility_letter", frequency="yearly", due_day=30)
    assert owed(letter, date(2026, 1, 1), date(2026, 12, 31), BRANCH) == [("B1", date(2026, 1, 1), date(2026, 1, 31))]


def test_a_weekly_duty_is_placed_on_its_weekday_and_leaves_out_holidays():
    study = report(kind="skills_study", frequency="weekly", weekday=4, due_day=0)
    days = [due for _, _, due in owed(study, date(2026, 9, 21), date(2026, 10, 18), BRANCH)]
    assert days == [date(2026, 9, 24), date(2026, 10, 8), date(2026, 10, 15)]


def test_a_duty_of_every_working_day_follows_the_calendar():
    daily = report(kind="daily_report", frequency="working_day", due_day=0)
    days = [due for _, _, due in owed(daily, date(2026, 9, 30), date(2026, 10, 10), BRANCH)]
    assert days == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]


def test_a_daily_duty_does_not_rest():
    daily = report(frequency="daily", due_day=0)
    assert len(owed(daily, date(2026, 10, 1), date(2026, 10, 7), BRANCH)) == 7


def test_a_unit_owes_from_the_first_period_it_sees_begin_until_it_is_gone():
    rows = owed(
        report(due_working_day=5),
        date(2026, 7, 1),
        date(2026, 9, 30),
        ("new", "branch", None, date(2026, 7, 2), None),
        ("old", "branch", None, None, date(2026, 8, 7)),
        ("gone", "branch", None, None, date(2026, 7, 7)),
    )
    assert sorted((unit, start.month) for unit, start, _ in rows) == [("new", 8), ("old", 6)]


def test_only_departments_of_the_function_owe():
    bulletin = report(kind="bulletin", unit_kind="department", function="party", due_day=0)
    rows = owed(
        bulletin,
        date(2026, 9, 1),
        date(2026, 9, 30),
        ("D1", "department", "party", None, None),
        ("D2", "department", "administrative", None, None),
        BRANCH,
    )
    assert [unit for unit, _, _ in rows] == ["D1"]


def test_a_later_rule_takes_the_place_of_the_earlier_one():
    rules = [report(due_day=9), report(due_day=4, planned=2, effective_from=date(2026, 8, 1))]
    frame = plan(rules, units(BRANCH), date(2026, 7, 1), date(2026, 9, 30), SCHEDULE)
    assert list(zip(frame["due_day"], frame["planned"], strict=True)) == [
        (date(2026, 7, 10), 1),
        (date(2026, 8, 5), 2),
        (date(2026, 9, 5), 2),
    ]


def test_nothing_is_owed_before_a_rule_begins():
    assert owed(report(due_day=0, effective_from=date(2026, 9, 2)), date(2026, 9, 1), date(2026, 9, 30), BRANCH) == []


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly", "quarterly", "yearly"])
@pytest.mark.parametrize("due", [{"due_day": 0}, {"due_day": 45}, {"due_working_day": 1}, {"due_working_day": 40}])
def test_what_falls_due_in_two_ranges_falls_due_in_both_together(frequency, due):
    rule, cut, start, end = report(frequency=frequency, **due), date(2026, 3, 3), date(2025, 12, 1), date(2026, 7, 1)
    parts = owed(rule, start, cut, BRANCH) + owed(rule, cut + timedelta(days=1), end, BRANCH)
    whole = owed(rule, start, end, BRANCH)
    assert sorted(parts) == sorted(whole)
    assert len(whole) == len(set(whole)) > 0


def test_an_empty_plan_has_the_columns_of_a_full_one():
    frame = plan([], units(BRANCH), date(2026, 1, 1), date(2026, 1, 31), SCHEDULE)
    assert list(frame.columns) == ["unit_id", "kind", "period_start", "due_day", "planned"]
    assert frame.empty


def test_the_built_in_plan_owes_every_kind_of_duty():
    from metrics import vocabulary

    built_in = obligations.load(None)
    assert {each.kind for each in built_in} == set(vocabulary.load(None).codes("duty_kinds"))
    assert Obligation("opinion_report", "branch", "monthly", 1, LONG_AGO, due_working_day=5) in built_in


def test_every_problem_of_a_file_is_reported(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        """
colour = 1
[[obligations]]
kind = "juggling"
unit_kind = "branch"
frequency = "monthly"
due_day = 1
due_working_day = 1
effective_from = 2026-01-01
[[obligations]]
kind = "bulletin"
unit_kind = "branch"
function = "party"
frequency = "monthly"
weekday = 9
due_day = -1
planned = 0
effective_from = "soon"
""",
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as caught:
        obligations.load(path)
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {
        "colour",
        "obligations[1].kind",
        "obligations[1].due_day",
        "obligations[2].function",
        "obligations[2].weekday",
        "obligations[2].due_day",
        "obligations[2].planned",
        "obligations[2].effective_from",
    }
    assert all(problem.file == str(path) for problem in caught.value.problems)


def test_the_same_rule_twice_is_a_problem(tmp_path):
    rule = '[[obligations]]\nkind = "bulletin"\nunit_kind = "company"\nfrequency = "monthly"\ndue_day = 1\n'
    path = tmp_path / "own.toml"
    path.write_text((rule + "effective_from = 2026-01-01\n") * 2, encoding="utf-8")
    with pytest.raises(DefinitionError, match="bulletin of company is there twice"):
        obligations.load(path)


def test_a_missing_file_is_a_problem(tmp_path):
    with pytest.raises(DefinitionError, match="can't be read"):
        obligations.load(tmp_path / "none.toml")
