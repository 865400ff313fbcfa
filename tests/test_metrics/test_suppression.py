from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metrics.period import parse_period
from metrics.result import Beside, Group, Reason, Result, Status, Tone
from metrics.suppression import suppress
from tests.test_metrics.making import AS_OF, AUGUST, JULY, QUARTER, SEPTEMBER, SHANGHAI, indicator

COMPANY = Group("C", "公司", "company")
SATISFACTION = indicator("satisfaction_rate")
MONTHS = (JULY, AUGUST, SEPTEMBER)


def result(group, part, count, *, as_of=AS_OF, numerator=None, name="satisfaction_rate"):
    if count == 0:
        return Result(name, group, part, as_of, Status.NO_DATA, Reason.NO_DATA)
    return Result(
        name,
        group,
        part,
        as_of,
        Status.OK,
        value=1.0,
        numerator=count if numerator is None else numerator,
        denominator=count,
        low=0.5,
        high=1.0,
        target=0.9,
        tone=Tone.MET,
        gap=0,
        beside=(Beside("ratings", count),),
    )


def branch(number):
    return Group(f"B{number}", f"支部{number}", "branch", "C")


def team(number, parent):
    return Group(f"{parent.unit_id}T{number}", f"班组{number}", "team", parent.unit_id)


def company(*branches, own=0, part=QUARTER):
    """A company's Results for one part: its branches' counts and what is its own."""
    rows = [result(COMPANY, part, sum(branches) + own)]
    return rows + [result(branch(number), part, count) for number, count in enumerate(branches, 1)]


def hide(results, **more):
    return suppress(SATISFACTION, results, SHANGHAI, **more)


def shown(results, **more):
    return [each.group.unit_id for each in hide(results, **more) if each.status is not Status.HIDDEN]


def reasons(results, **more):
    return {each.group.unit_id: each.reason for each in hide(results, **more) if each.status is Status.HIDDEN}


def test_what_is_not_protected_stays_as_it_is():
    results = company(3, 40)
    assert suppress(indicator("resolution_rate"), results, SHANGHAI) == results


def test_a_hidden_figure_keeps_nothing_that_tells_its_cases():
    hidden = hide(company(3, 40, 50))[1]
    assert (hidden.status, hidden.reason) == (Status.HIDDEN, Reason.SMALL_CELL)
    assert (hidden.value, hidden.numerator, hidden.denominator, hidden.low, hidden.high) == (None,) * 5
    assert (hidden.tone, hidden.gap, hidden.at_least, hidden.beside) == (None, None, None, ())
    assert hidden.target == 0.9


def test_ten_are_shown_and_nine_are_not():
    assert shown(company(10, 40)) == ["C", "B1", "B2"]
    assert reasons(company(9, 40, 50)) == {"B1": Reason.SMALL_CELL, "B2": Reason.SUBTRACTION}


def test_a_zero_is_hidden_like_any_small_number():
    assert reasons(company(0, 40, 50)) == {"B1": Reason.SMALL_CELL, "B2": Reason.SUBTRACTION}


def test_two_small_ones_that_are_ten_together_protect_each_other():
    assert reasons(company(6, 4, 50)) == {"B1": Reason.SMALL_CELL, "B2": Reason.SMALL_CELL}


def test_a_small_total_hides_all_below():
    first = branch(1)
    results = [result(COMPANY, QUARTER, 90), result(first, QUARTER, 8), result(branch(2), QUARTER, 12)]
    results += [result(branch(3), QUARTER, 70), result(team(1, first), QUARTER, 8), result(team(2, first), QUARTER, 0)]
    assert shown(results) == ["C", "B3"]


def test_teams_of_a_branch_hidden_for_subtraction_are_hidden_too():
    second = branch(2)
    results = [*company(3, 20, 50), result(team(1, second), QUARTER, 20)]
    assert reasons(results)["B2T1"] is Reason.SUBTRACTION


def test_what_a_unit_has_itself_is_a_hidden_member():
    assert reasons(company(20, 30, own=4)) == {"B1": Reason.SUBTRACTION}
    assert reasons(company(20, 30, own=10)) == {}
    assert reasons(company(7, 30, own=4)) == {"B1": Reason.SMALL_CELL}
    assert reasons(company(7, 30, own=2)) == {"B1": Reason.SMALL_CELL, "B2": Reason.SUBTRACTION}


def test_a_company_without_anybody_has_no_data():
    results = company(0, 0)
    assert hide(results) == results


def test_a_unit_without_a_company_beside_it_never_shows_that_nobody_rated():
    assert reasons([result(branch(1), QUARTER, 0)]) == {"B1": Reason.SMALL_CELL}


def test_a_kind_without_a_meaning_is_no_secret():
    meaningless = Result("satisfaction_rate", branch(3), QUARTER, AS_OF, Status.NO_DATA, Reason.NOT_FOR_KIND)
    assert hide([*company(20, 30), meaningless])[-1] == meaningless


@pytest.mark.parametrize("name", ["2026-10", "2026Q4", "2026-07-01..2026-08-15"])
def test_outside_the_department_only_whole_closed_months_are_shown(name):
    results = company(20, 30, part=parse_period(name))
    assert set(reasons(results).values()) == {Reason.OPEN_PERIOD}
    assert shown(results, supervises=True) == ["C", "B1", "B2"]


def test_an_assessment_month_is_a_whole_month():
    assert shown(company(20, 30, part=parse_period("2026-09A"))) == ["C", "B1", "B2"]


def test_months_inside_a_shown_quarter_are_shown_together_or_not_at_all():
    results = []
    for part, counts in zip((QUARTER, *MONTHS), ((40, 60, 50), (4, 20, 15), (17, 20, 20), (19, 20, 15)), strict=True):
        results += company(*counts, part=part)
    seen = {(each.group.unit_id, each.period) for each in hide(results) if each.status is not Status.HIDDEN}
    assert {unit for unit, part in seen if part == QUARTER} == {"C", "B1", "B2", "B3"}
    assert all({unit for unit, part in seen if part == month} == {"C", "B2"} for month in MONTHS)


def test_a_month_that_is_left_over_is_not_given_away():
    results = company(40, 60, part=QUARTER) + company(18, 20, part=JULY) + company(17, 20, part=AUGUST)
    seen = [(each.group.unit_id, each.period) for each in hide(results) if each.status is not Status.HIDDEN]
    assert ("B1", QUARTER) in seen
    assert ("B1", JULY) not in seen


def test_months_without_the_quarter_stand_alone():
    results = company(4, 20, 20, part=JULY) + company(12, 20, 20, part=AUGUST)
    hidden = [(each.group.unit_id, each.period) for each in hide(results) if each.status is Status.HIDDEN]
    assert {part for _, part in hidden} == {JULY}


def test_parts_that_overlap_without_one_that_holds_them_are_shown_together():
    autumn = parse_period("2026-08-01..2026-09-30")
    summer = parse_period("2026-07-01..2026-08-31")
    results = company(4, 20, 30, part=summer) + company(50, 60, 70, part=autumn)
    hidden = {(each.group.unit_id, each.period) for each in hide(results) if each.status is Status.HIDDEN}
    assert ("B1", autumn) in hidden


def test_volumes_are_hidden_by_cases_and_by_heads():
    volume = indicator("cases_per_100_employees")
    groups = [COMPANY, branch(1), branch(2), branch(3), branch(4)]
    cases, heads = (120, 9, 12, 39, 60), (900, 300, 8, 292, 300)
    results = [
        result(group, QUARTER, head, numerator=case, name=volume.id)
        for group, case, head in zip(groups, cases, heads, strict=True)
    ]
    hidden = {each.group.unit_id for each in suppress(volume, results, SHANGHAI) if each.status is Status.HIDDEN}
    assert hidden == {"B1", "B2"}


def test_a_total_that_cannot_be_protected_by_its_members_is_hidden_itself():
    # in August the branch has nothing but its team, and the team is hidden because of July
    first, second, third = branch(1), branch(2), branch(3)
    results = []
    for part, own, inside in ((QUARTER, 22, 34), (JULY, 12, 4), (AUGUST, 0, 14), (SEPTEMBER, 10, 16)):
        results += [result(COMPANY, part, own + inside + 200), result(first, part, own + inside)]
        results += [result(second, part, 100), result(third, part, 100), result(team(1, first), part, inside)]
    seen = {(each.group.unit_id, each.period) for each in hide(results) if each.status is not Status.HIDDEN}
    assert ("B1", QUARTER) in seen
    assert ("B1", AUGUST) not in seen


counts = st.one_of(st.integers(0, 12), st.integers(0, 60))


@st.composite
def companies(draw, parts=1):
    """Counts by month: the company's and each branch's own, and those of each branch's teams."""
    own = [draw(counts) for _ in range(parts)]
    branches = [
        (
            [draw(counts) for _ in range(parts)],
            [[draw(counts) for _ in range(parts)] for _ in range(draw(st.integers(0, 3)))],
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return own, branches


def cells(drawn):
    """Each group with its own counts by month, without those of the groups below it."""
    own, branches = drawn
    rows = [(COMPANY, own)]
    for number, (of_branch, teams) in enumerate(branches, 1):
        rows.append((branch(number), of_branch))
        rows += [(team(place, branch(number)), of_team) for place, of_team in enumerate(teams, 1)]
    return rows


def totals(rows):
    below = defaultdict(list)
    for group, own in rows:
        below[group.unit_id].append(own)
        if group.kind == "team":
            below[group.parent_id].append(own)
        if group is not COMPANY:
            below["C"].append(own)
    return {unit: np.sum(each, axis=0) for unit, each in below.items()}


def results_of(rows, months, outer=None):
    sums = totals(rows)
    parts = [(month, lambda unit, place=place: sums[unit][place]) for place, month in enumerate(months)]
    if outer:
        parts.append((outer, lambda unit: sums[unit].sum()))
    return [result(group, part, int(count(group.unit_id))) for part, count in parts for group, _ in rows]


def equations(rows, months, results):
    """The visible totals as sums of unknown cells (a unit's own cases in a month): matrix and cell numbers."""
    numbers = {
        (group.unit_id, month): place * len(months) + column
        for place, (group, _) in enumerate(rows)
        for column, month in enumerate(months)
    }
    lines = {}
    for each in results:
        line = np.zeros(len(numbers))
        for group, _ in rows:
            inside = each.group is COMPANY or each.group.unit_id in (group.unit_id, group.parent_id)
            if inside:
                for month in months:
                    if each.period.start <= month.start < each.period.end:
                        line[numbers[group.unit_id, month]] = 1
        lines[each] = line
    return lines, numbers


def follows(line, visible):
    """Whether a sum of cells can be had from the visible sums by adding and subtracting."""
    if not len(visible):
        return False
    matrix = np.array(visible)
    return np.linalg.matrix_rank(np.vstack([matrix, line])) == np.linalg.matrix_rank(matrix)


def check_nothing_small_follows(rows, months, results):
    after = hide(results)
    assume(any(each.status is Status.HIDDEN for each in after))
    lines, numbers = equations(rows, months, results)
    visible = [lines[old] for old, new in zip(results, after, strict=True) if new.status is not Status.HIDDEN]
    for old, new in zip(results, after, strict=True):
        if new.status is Status.HIDDEN and (old.denominator or 0) < 10:
            assert not follows(lines[old], visible), f"{old.group.unit_id} in {old.period.name} follows"
    for place, (group, own) in enumerate(rows):
        for column, count in enumerate(own):
            if 0 < count < 10 and any(below.parent_id == group.unit_id for below, _ in rows):
                line = np.zeros(len(numbers))
                line[place * len(months) + column] = 1
                assert not follows(line, visible), f"what {group.unit_id} has itself follows"


@given(companies())
@settings(deadline=None, max_examples=300)
def test_no_small_cell_follows_from_what_is_visible(drawn):
    rows = cells(drawn)
    check_nothing_small_follows(rows, [JULY], results_of(rows, [JULY]))


@given(companies(parts=3))
@settings(deadline=None, max_examples=300)
def test_no_small_cell_follows_from_months_and_their_quarter(drawn):
    rows = cells(drawn)
    check_nothing_small_follows(rows, MONTHS, results_of(rows, MONTHS, QUARTER))


@given(companies())
@settings(deadline=None, max_examples=300)
def test_no_difference_of_a_total_and_any_of_its_visible_members_is_small(drawn):
    after = hide(results_of(cells(drawn), [JULY]))
    counts = {each.group: each.denominator for each in after if each.status is not Status.HIDDEN}
    hidden = {each.group.parent_id for each in after if each.status is Status.HIDDEN}
    for total in counts:
        members = [counts[group] for group in counts if group.parent_id == total.unit_id]
        if total.unit_id in hidden:
            for size in range(len(members) + 1):
                assert all(counts[total] - sum(some) >= 10 for some in combinations(members, size))


@given(companies(), st.integers(0, 3), st.integers(0, 9))
@settings(deadline=None, max_examples=300)
def test_adding_a_hidden_group_changes_nothing_visible(drawn, place, count):
    own, branches = drawn
    before = results_of(cells(drawn), [JULY])
    of_branch, teams = branches[place % len(branches)]
    assume(0 < count <= of_branch[0])
    changed = list(branches)
    changed[place % len(branches)] = ([of_branch[0] - count], [*teams, [count]])
    after = results_of(cells((own, changed)), [JULY])
    assert visible_of(before) == visible_of(after)


def visible_of(results):
    return {each for each in hide(results) if each.status is not Status.HIDDEN}


@given(companies(parts=3), st.randoms())
@settings(deadline=None)
def test_row_order_is_irrelevant(drawn, random):
    results = results_of(cells(drawn), MONTHS, QUARTER)
    shuffled = random.sample(results, len(results))
    assert set(hide(results)) == set(hide(shuffled))
