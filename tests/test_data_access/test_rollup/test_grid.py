"""For which months and as-of times the grid says that counts are kept ready."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data_access.rollup.grid import make_grid
from metrics.period import parse_period

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 20, 4, tzinfo=UTC)
GRID = make_grid(datetime(2025, 10, 5, tzinfo=UTC), NOW, 10, ZONE, (date(2026, 2, 15), date(2026, 6, 25)))


def settled(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=ZONE)


def parts(*names: str):
    return tuple(parse_period(name) for name in names)


@pytest.mark.parametrize(
    ("names", "as_of", "held"),
    [
        (["2026-04"], "2026-05-11", True),
        (["2026-04", "2026-05", "2026-06"], "2026-05-11", True),
        (["2026Q2"], "2026-05-11", True),
        (["2026Q1", "2026Q3"], "2026-04-11", True),  # the third quarter hasn't begun
        (["2026-04"], "2026-04-11", False),  # no month of its quarter is settled
        (["2026Q1", "2026Q2"], "2026-04-11", False),
        (["2026-02"], "2026-02-11", True),
        (["2026Q1"], "2026-02-12", False),  # no settlement
        (["2025-09"], "2026-02-11", False),  # before the first case
    ],
)
def test_running_months_are_held_from_the_first_settlement_of_their_quarter_on(names, as_of, held) -> None:
    assert GRID.holds_running(parts(*names), settled(as_of)) is held


def test_settled_months_are_held_at_settlements_that_are_not_before_theirs() -> None:
    assert GRID.holds_settled(parts("2026-04"), settled("2026-05-11"))
    assert not GRID.holds_settled(parts("2026-04", "2026-05"), settled("2026-05-11"))


@pytest.mark.parametrize(
    ("names", "days", "held"),
    [
        (["2026Q2"], 0, True),
        (["2026-05", "2026-07"], 0, True),  # July hasn't begun
        (["2026Q2"], -1, False),
        (["2026Q2"], 30, True),
        (["2026Q3"], 30, False),  # July has begun, and nothing of it is cut
        (["2026H1", "2026H2"], 30, False),
    ],
)
def test_now_months_are_held_that_are_cut_or_have_not_begun(names, days, held) -> None:
    assert GRID.holds_now(parts(*names), GRID.known_until + timedelta(days=days)) is held
