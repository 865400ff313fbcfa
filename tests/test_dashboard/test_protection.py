"""Protected figures: hidden for whoever asks, by all that anybody else can ask for."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from dashboard.protection import protected_results
from data_access.question import View
from data_access.scope import Scope
from metrics.result import Group, Reason, Status
from tests.test_dashboard.small_companies import (
    SATISFACTION,
    SHANGHAI,
    SUPERVISOR,
    VIEWER,
    Counting,
    Kind,
    answers,
    asking,
    company_of,
    hidden,
    in_,
    moved,
    with_days,
)
from tests.test_metrics.making import indicator

THREE = company_of(B1=0, B2=0, B3=0)
FOUR = company_of(B1=0, B2=0, B3=0, B4=0)
JULY, AUGUST, SEPTEMBER = in_(7), in_(8), in_(9)


def july(track="company", scored=True, **counts):
    return {Kind(unit, JULY, track, scored): count for unit, count in counts.items()}


def by_month(unit, counts):
    """A unit's cases by month."""
    return {Kind(unit, in_(month)): count for month, count in counts.items()}


def is_hidden(found):
    return found.status is Status.HIDDEN


SMALL_JULY = july(B1=4, B2=20, B3=30)


@pytest.mark.parametrize(
    "question",
    [
        asking("2025-07"),
        replace(asking("2025-07"), unit_id="B1"),
        asking("2025-07", scope=Scope("secretary", "B1")),
        asking("2025-07", scope=SUPERVISOR),
        replace(asking("2025-07", scope=Scope("secretary", "B1")), unit_id="B1"),
    ],
    ids=["company", "unit", "scope below", "supervisor", "unit in a scope"],
)
def test_a_small_cell_is_hidden_for_whoever_asks(question) -> None:
    assert hidden(THREE, SMALL_JULY, question, "B1") == {"B1"}
    assert hidden(THREE, SMALL_JULY, question, "B2") == {"B2"}, "it would follow from the others"
    assert hidden(THREE, SMALL_JULY, question, "B3") == set()


def test_the_whole_company_is_counted_whoever_asks() -> None:
    counting = Counting(THREE, SMALL_JULY)
    asked = replace(asking("2025-07", scope=Scope("secretary", "B1")), unit_id="B1")
    protected_results(counting.count, THREE, asked, [SATISFACTION], [Group("B1", "B1", "branch", "C")])
    assert {(one.unit_id, one.scope.root_unit_id) for one in counting.asked} == {(None, None)}


def test_results_keep_the_order_of_indicators_groups_and_parts() -> None:
    both = [SATISFACTION, indicator("reopen_rate")]
    found = answers(THREE, SMALL_JULY, asking("2025-08", "2025-07"), "B3", "C", indicators=both)
    assert [(each.indicator, each.group.unit_id, each.period.name) for each in found] == [
        (one.id, unit, part) for one in both for unit in ("B3", "C") for part in ("2025-08", "2025-07")
    ]


def test_a_group_keeps_the_parent_that_it_was_asked_for_with() -> None:
    asked = Group("B1", "综采一队", "branch", "D7")
    (found,) = protected_results(Counting(THREE, SMALL_JULY).count, THREE, asking("2025-07"), [SATISFACTION], [asked])
    assert (found.group, found.status) == (asked, Status.HIDDEN)


def test_each_indicator_is_hidden_by_its_own_cases() -> None:
    class Uneven(Counting):
        def __call__(self, question, indicators, groups):
            plain = super().__call__(question, indicators, groups)
            return [replace(each, denominator=100.0) if each.indicator == "reopen_rate" else each for each in plain]

    groups = [Group("B1", "B1", "branch", "C")]
    both = [SATISFACTION, indicator("reopen_rate")]
    found = protected_results(Uneven(THREE, SMALL_JULY).count, THREE, asking("2025-07"), both, groups)
    assert [each.status for each in found] == [Status.HIDDEN, Status.OK]


# Months, quarters and years


def test_a_month_is_hidden_because_of_another_month_of_its_quarter() -> None:
    cases = {
        **{Kind("B1", day): count for day, count in ((JULY, 15), (AUGUST, 4), (SEPTEMBER, 15))},
        **{Kind(unit, day): 30 for unit in ("B2", "B3") for day in (JULY, AUGUST, SEPTEMBER)},
    }
    assert "B1" in hidden(THREE, cases, asking("2025-07"))
    assert hidden(THREE, cases, asking("2025Q3")) == set()


def test_a_quarter_is_the_same_as_its_dates() -> None:
    for question in (asking("2025Q3"), asking("2025-07-01..2025-09-30")):
        assert hidden(THREE, SMALL_JULY, question) == {"B1", "B2"}


@pytest.mark.parametrize("part", ["2025", "2025H1", "2025-01-01..2025-09-30"])
def test_a_longer_part_is_hidden_where_it_less_its_quarters_tells(part: str) -> None:
    counts = {2: 4, 5: 20, 8: 20, 11: 20}
    cases = (
        by_month("B1", counts) | by_month("B2", dict.fromkeys(counts, 30)) | by_month("B3", dict.fromkeys(counts, 40))
    )
    assert hidden(THREE, cases, asking(part)) == {"B1", "B2"}


def test_the_year_of_a_branch_that_is_always_small_is_shown() -> None:
    cases = by_month("B1", dict.fromkeys((2, 5, 8, 11), 6))
    for unit in ("B2", "B3"):
        cases |= by_month(unit, dict.fromkeys((2, 5, 8, 11), 30))
    assert hidden(THREE, cases, asking("2025")) == set()
    assert hidden(THREE, cases, asking("2025H1")) == {"B1", "B2"}, "the year less a half would tell of the other"


def test_part_of_a_quarter_is_shown_only_with_its_months() -> None:
    cases = {Kind(unit, day): 30 for unit in ("B1", "B2", "B3") for day in (JULY, AUGUST, SEPTEMBER)}
    assert hidden(THREE, cases, asking("2025-07-01..2025-08-31")) == set()
    few = cases | {Kind("B1", SEPTEMBER): 3}
    assert "B1" in hidden(THREE, few, asking("2025-07-01..2025-08-31"))


def test_what_is_asked_for_besides_changes_nothing() -> None:
    cases = {
        **by_month("B1", {2: 5, 7: 30, 8: 4}),
        **by_month("B2", {2: 20, 7: 30, 8: 20}),
        **by_month("B3", {2: 30, 7: 12, 8: 11}),
    }
    months = [f"2025-{number:02}" for number in range(1, 13)]
    together = {(each.group.unit_id, each.period): each.status for each in answers(THREE, cases, asking(*months))}
    alone = {
        (each.group.unit_id, each.period): each.status
        for month in months
        for each in answers(THREE, cases, asking(month))
    }
    assert together == alone


def test_assessment_months_stand_alone() -> None:
    assert hidden(THREE, SMALL_JULY, asking("2025-07A")) == {"B1", "B2"}


# Open periods


OPEN = datetime(2025, 8, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize("part", ["2025-08", "2025Q3", "2025", "2025-07-01..2025-07-20"])
def test_open_periods_are_for_supervisors(part: str) -> None:
    cases = {Kind(unit, day): 30 for unit in ("B1", "B2", "B3") for day in (JULY, AUGUST)}
    seen = answers(THREE, cases, replace(asking(part, scope=VIEWER), as_of=OPEN))
    assert {(each.status, each.reason) for each in seen} == {(Status.HIDDEN, Reason.OPEN_PERIOD)}
    supervised = answers(THREE, cases, replace(asking(part, scope=SUPERVISOR), as_of=OPEN))
    assert {each.status for each in supervised} == {Status.OK}


def test_a_closed_month_of_an_open_quarter_is_for_everybody() -> None:
    cases = july(B1=20, B2=30, B3=40)
    assert hidden(THREE, cases, replace(asking("2025-07"), as_of=OPEN)) == set()
    assert hidden(THREE, cases, replace(asking("2025-07"), as_of=datetime(2025, 8, 1, tzinfo=SHANGHAI))) == set()
    late = replace(asking("2025-07"), as_of=datetime(2025, 7, 31, 23, 59, tzinfo=SHANGHAI))
    assert hidden(THREE, cases, late) == {"C", "B1", "B2", "B3"}


# Filters and views


def test_a_track_is_hidden_where_the_other_track_would_follow() -> None:
    cases = july(B1=30, B2=30, B3=30) | july("branch", B1=4, B2=30, B3=30)
    assert "B1" in hidden(THREE, cases, asking("2025-07", track="company"))
    assert hidden(THREE, cases, asking("2025-07")) == set()


def test_both_tracks_hide_the_same_units() -> None:
    # by each track's own numbers another branch would protect the first one, and both protectors would follow
    cases = july(B1=12, B2=15, B3=40, B4=50) | july("branch", B1=5, B2=40, B3=15, B4=50)
    tracks = [hidden(FOUR, cases, asking("2025-07", track=track)) for track in ("company", "branch")]
    assert tracks == [{"B1", "B2"}, {"B1", "B2"}]


def test_a_track_that_everything_came_by_is_as_visible_as_everything() -> None:
    cases = july(B1=20, B2=30, B3=30)
    assert hidden(THREE, cases, asking("2025-07", track="company")) == set()
    assert {each.status for each in answers(THREE, cases, asking("2025-07", track="branch"))} == {Status.NO_DATA}


def test_what_is_hidden_in_all_is_hidden_on_each_track() -> None:
    cases = july(B1=14, B2=40, B3=20) | july("branch", B1=14, B2=40, B3=20)
    assert "B1" not in hidden(THREE, cases, asking("2025-07", track="branch"))
    few_in_august = {Kind("B1", AUGUST): 4, Kind("B2", AUGUST): 40, Kind("B3", AUGUST): 40}
    assert "B1" in hidden(THREE, cases | few_in_august, asking("2025-07", track="branch"))


def test_the_full_view_is_hidden_where_the_excluded_cases_would_follow() -> None:
    cases = july(B1=30, B2=30, B3=30) | july(scored=False, B1=3, B2=20, B3=20)
    assert hidden(THREE, cases, asking("2025-07", view=View.FULL)) == {"B1", "B2"}
    assert hidden(THREE, cases, asking("2025-07")) == set(), "the scored view comes first"


def test_what_the_scored_view_hides_the_full_view_hides() -> None:
    cases = july(B1=4, B2=30, B3=40) | july(scored=False, B1=30, B2=30, B3=30)
    assert hidden(THREE, cases, asking("2025-07", view=View.FULL)) == {"B1", "B2"}


def test_both_views_are_shown_where_they_do_not_differ() -> None:
    assert hidden(THREE, july(B1=30, B2=30, B3=30), asking("2025-07", view=View.FULL)) == set()


# Units that move, come and go


def test_a_unit_is_protected_under_the_parent_of_its_own_time() -> None:
    hierarchy = moved(company_of(B1=2, B2=2), "B1T1", "B1", "B2", since=(date.min, date(2025, 10, 1)))
    cases = july(B1T1=4, B1T2=20, B2T1=20, B2T2=30)
    assert hidden(hierarchy, cases, asking("2025-07")) == {"B1T1", "B1T2"}
    both = answers(hierarchy, cases, asking("2025-07", "2025-12"))
    in_july = {each.group.unit_id for each in both if each.period.start == date(2025, 7, 1) and is_hidden(each)}
    assert in_july == {"B1T1", "B1T2"}, "whatever is asked for besides"


def test_a_unit_that_was_not_there_is_no_secret_and_protects_nobody() -> None:
    founded = with_days(THREE, "B1", founded_on=date(2025, 10, 1))
    cases = july(B2=20, B3=30)
    (gone,) = answers(founded, cases, asking("2025-07"), "B1")
    assert (gone.status, gone.reason) == (Status.NO_DATA, Reason.NO_DATA)
    assert hidden(founded, cases, asking("2025-07")) == set()
    assert hidden(THREE, cases, asking("2025-07")) == {"B1", "B2"}


def test_cases_of_a_unit_that_was_not_there_are_protected_all_the_same() -> None:
    closed = with_days(THREE, "B1", closed_on=date(2025, 6, 1))
    assert hidden(closed, SMALL_JULY, asking("2025-07")) == {"B1", "B2"}


def test_the_year_of_a_unit_that_came_later_is_shown() -> None:
    founded = with_days(THREE, "B1", founded_on=date(2025, 4, 1))
    cases = by_month("B1", dict.fromkeys((5, 8, 11), 20))
    cases |= by_month("B2", dict.fromkeys((2, 5, 8, 11), 30)) | by_month("B3", dict.fromkeys((2, 5, 8, 11), 40))
    assert hidden(founded, cases, asking("2025")) == set()
    assert hidden(THREE, cases, asking("2025")) == {"B1", "B2"}


def test_a_company_without_cases_has_no_data() -> None:
    assert {each.status for each in answers(THREE, {}, asking("2025Q3", track="company"))} == {Status.NO_DATA}


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        protected_results(
            Counting(THREE, SMALL_JULY).count,
            THREE,
            asking("2025-07"),
            [SATISFACTION],
            [Group("B9", "B9", "branch", "C")],
        )
