"""What an attentive reader could work out from everything that is shown."""

from collections import defaultdict
from itertools import combinations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metrics.result import Status
from tests.test_metrics.making import AUGUST, COMPANY, JULY, QUARTER, SEPTEMBER
from tests.test_metrics.protected import branch, result, suppress, team

MONTHS = (JULY, AUGUST, SEPTEMBER)


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
    after = suppress(results)
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
    after = suppress(results_of(cells(drawn), [JULY]))
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
    return {each for each in suppress(results) if each.status is not Status.HIDDEN}


@given(companies(parts=3), st.randoms())
@settings(deadline=None)
def test_row_order_is_irrelevant(drawn, random):
    results = results_of(cells(drawn), MONTHS, QUARTER)
    shuffled = random.sample(results, len(results))
    assert set(suppress(results)) == set(suppress(shuffled))
