from metrics.long_periods import quarters_by_unit, quarters_within, told_by_quarters
from metrics.period import parse_period
from metrics.result import Status
from metrics.suppression import suppress
from tests.test_metrics.making import COMPANY, SHANGHAI, indicator
from tests.test_metrics.protected import branch, result

SATISFACTION = indicator("satisfaction_rate")
YEAR = parse_period("2025")
QUARTERS = tuple(parse_period(f"2025Q{number}") for number in (1, 2, 3, 4))


def told(*counts_by_quarter):
    """The branches whose year tells, for each quarter's counts of the company's branches."""
    groups = [COMPANY, *(branch(number) for number in range(1, len(counts_by_quarter[0]) + 1))]
    short, totals = [], dict.fromkeys(groups, 0)
    for quarter, counts in zip(QUARTERS, counts_by_quarter, strict=True):
        for group, count in zip(groups, (sum(counts), *counts), strict=True):
            short.append(result(group, quarter, count))
            totals[group] += count
    long = [result(group, YEAR, count) for group, count in totals.items()]
    shown = suppress(SATISFACTION, short, SHANGHAI)
    return {unit for unit, _ in told_by_quarters(long, quarters_by_unit(SATISFACTION, short, shown))}


def test_only_parts_longer_than_a_quarter_have_quarters_within():
    assert quarters_within(YEAR) == QUARTERS
    assert quarters_within(parse_period("2025H2")) == QUARTERS[2:]
    assert quarters_within(parse_period("2025-02-01..2025-06-30")) == QUARTERS[1:2]
    assert quarters_within(QUARTERS[0]) == ()
    assert quarters_within(parse_period("2025-07")) == ()


def test_a_year_with_one_hidden_quarter_tells_of_it():
    assert told((20, 30, 40), (20, 30, 40), (3, 30, 40), (20, 30, 40)) == {"B1", "B2"}


def test_a_year_with_small_hidden_quarters_tells_of_them():
    assert told((4, 5, 40), (4, 15, 40), (20, 30, 40), (20, 30, 40)) >= {"B1"}


def test_a_year_with_two_hidden_quarters_of_ten_together_tells_nothing():
    assert told((6, 30, 40), (6, 30, 40), (20, 30, 40), (20, 30, 40)) == set()


def test_a_year_without_hidden_quarters_tells_nothing():
    assert told(*[(20, 30, 40)] * 4) == set()


def test_a_year_that_tells_is_not_given_away_by_the_other_branches():
    years = [
        result(COMPANY, YEAR, 400),
        *(result(branch(number), YEAR, count) for number, count in ((1, 100), (2, 300))),
    ]
    after = suppress(SATISFACTION, years, SHANGHAI, telling=frozenset({("B1", YEAR)}))
    assert [each.status for each in after] == [Status.OK, Status.HIDDEN, Status.HIDDEN]
