"""What a figure is compared with."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.comparison import last_period, trend, year_before
from data_access.question import Question, Rules
from data_access.scope import local_scope
from metrics.period import parse_period
from tests.test_dashboard.results import ON_TIME, REGISTRY

SHANGHAI = ZoneInfo("Asia/Shanghai")


def question(period: str, *as_of: int) -> Question:
    rules = Rules(time_zone=SHANGHAI, deadlines=(), obligations=(), networks=())
    return Question((parse_period(period),), datetime(*as_of, tzinfo=SHANGHAI), local_scope("x"), rules)


def test_a_settled_quarter_is_compared_with_settled_quarters() -> None:
    asked = question("2026Q3", 2026, 10, 11)
    assert (last_period(asked).parts[0].name, last_period(asked).as_of) == (
        "2026Q2",
        datetime(2026, 7, 11, tzinfo=SHANGHAI),
    )
    assert (year_before(asked).parts[0].name, year_before(asked).as_of) == (
        "2025Q3",
        datetime(2025, 10, 11, tzinfo=SHANGHAI),
    )


def test_an_unfinished_quarter_is_compared_with_an_equally_unfinished_one() -> None:
    asked = last_period(question("2026Q4", 2026, 11, 20))
    assert asked.as_of == datetime(2026, 8, 20, tzinfo=SHANGHAI)


def test_a_trend_is_twelve_months_in_one_question() -> None:
    (asked,) = trend(question("2026Q3", 2026, 10, 11), ON_TIME)
    assert [part.name for part in asked.parts][::11] == ["2025-10", "2026-09"]


def test_a_trend_leaves_out_months_that_have_not_ended() -> None:
    (asked,) = trend(question("2026Q4", 2026, 11, 20), ON_TIME)
    assert asked.parts[-1].name == "2026-10"
    assert trend(question("2026Q4", 2025, 1, 1), ON_TIME) == ()


def test_open_cases_are_counted_at_the_settlement_of_each_month() -> None:
    asked = trend(question("2026Q3", 2026, 10, 11), REGISTRY["open_backlog"])
    assert len(asked) == 12
    assert asked[-1].as_of == datetime(2026, 10, 11, tzinfo=SHANGHAI)
    assert asked[-2].as_of == datetime(2026, 9, 11, tzinfo=SHANGHAI)
    assert trend(question("2026Q3", 2026, 10, 4), REGISTRY["open_backlog"])[-1].as_of.day == 4
