from metrics.period import parse_period
from metrics.result import Reason, Result, Status
from tests.test_metrics.making import AS_OF, AUGUST, COMPANY, JULY, QUARTER, SEPTEMBER
from tests.test_metrics.protected import branch, result, suppress, team

MONTHS = (JULY, AUGUST, SEPTEMBER)


def company(*branches, own=0, part=QUARTER):
    """A company's Results for one part: its branches' counts and what is its own."""
    rows = [result(COMPANY, part, sum(branches) + own)]
    return rows + [result(branch(number), part, count) for number, count in enumerate(branches, 1)]


def shown(results, **more):
    return [each.group.unit_id for each in suppress(results, **more) if each.status is not Status.HIDDEN]


def reasons(results, **more):
    return {each.group.unit_id: each.reason for each in suppress(results, **more) if each.status is Status.HIDDEN}


def test_a_hidden_figure_keeps_nothing_that_tells_its_cases():
    hidden = suppress(company(3, 40, 50))[1]
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
    assert suppress(results) == results


def test_a_unit_without_a_company_beside_it_never_shows_that_nobody_rated():
    assert reasons([result(branch(1), QUARTER, 0)]) == {"B1": Reason.SMALL_CELL}


def test_a_kind_without_a_meaning_is_no_secret():
    meaningless = Result("satisfaction_rate", branch(3), QUARTER, AS_OF, Status.NO_DATA, Reason.NOT_FOR_KIND)
    assert suppress([*company(20, 30), meaningless])[-1] == meaningless


def test_a_part_that_is_not_closed_is_hidden_as_a_whole():
    results = company(20, 30, part=QUARTER) + company(5, 30, part=JULY)
    after = suppress(results, closed=[JULY])
    assert {each.reason for each in after if each.period == QUARTER} == {Reason.OPEN_PERIOD}
    assert {each.group.unit_id for each in after if each.reason is Reason.SMALL_CELL} == {"B1"}


def test_months_inside_a_shown_quarter_are_shown_together_or_not_at_all():
    results = []
    for part, counts in zip((QUARTER, *MONTHS), ((40, 60, 50), (4, 20, 15), (17, 20, 20), (19, 20, 15)), strict=True):
        results += company(*counts, part=part)
    seen = {(each.group.unit_id, each.period) for each in suppress(results) if each.status is not Status.HIDDEN}
    assert {unit for unit, part in seen if part == QUARTER} == {"C", "B1", "B2", "B3"}
    assert all({unit for unit, part in seen if part == month} == {"C", "B2"} for month in MONTHS)


def test_a_month_that_is_left_over_is_not_given_away():
    results = company(40, 60, part=QUARTER) + company(18, 20, part=JULY) + company(17, 20, part=AUGUST)
    seen = [(each.group.unit_id, each.period) for each in suppress(results) if each.status is not Status.HIDDEN]
    assert ("B1", QUARTER) in seen
    assert ("B1", JULY) not in seen


def test_months_without_the_quarter_stand_alone():
    results = company(4, 20, 20, part=JULY) + company(12, 20, 20, part=AUGUST)
    hidden = [(each.group.unit_id, each.period) for each in suppress(results) if each.status is Status.HIDDEN]
    assert {part for _, part in hidden} == {JULY}


def test_parts_that_overlap_without_one_that_holds_them_are_shown_together():
    autumn = parse_period("2026-08-01..2026-09-30")
    summer = parse_period("2026-07-01..2026-08-31")
    results = company(4, 20, 30, part=summer) + company(50, 60, 70, part=autumn)
    hidden = {(each.group.unit_id, each.period) for each in suppress(results) if each.status is Status.HIDDEN}
    assert ("B1", autumn) in hidden


def test_a_total_that_cannot_be_protected_by_its_members_is_hidden_itself():
    # in August the branch has nothing but its team, and the team is hidden because of July
    first, second, third = branch(1), branch(2), branch(3)
    results = []
    for part, own, inside in ((QUARTER, 22, 34), (JULY, 12, 4), (AUGUST, 0, 14), (SEPTEMBER, 10, 16)):
        results += [result(COMPANY, part, own + inside + 200), result(first, part, own + inside)]
        results += [result(second, part, 100), result(third, part, 100), result(team(1, first), part, inside)]
    seen = {(each.group.unit_id, each.period) for each in suppress(results) if each.status is not Status.HIDDEN}
    assert ("B1", QUARTER) in seen
    assert ("B1", AUGUST) not in seen


def test_a_cell_that_would_tell_of_others_is_hidden_and_protected_like_a_small_one():
    telling = frozenset({("B1", QUARTER)})
    assert reasons(company(40, 60, 50), telling=telling) == {"B1": Reason.SUBTRACTION, "B3": Reason.SUBTRACTION}
    assert reasons(company(40, 60, 50), telling=frozenset({("B1", JULY)})) == {}
