"""Counts of units that are read with one statement: each question gets the rows that are its own."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, insert

from data_access.hierarchy import Hierarchy, Unit
from data_access.question import Question
from data_access.rollup.grid import make_grid
from data_access.rollup.read_units import read_units
from data_access.rollup_tables import unit_counts
from data_access.scope import local_scope
from metrics.counts import COMPANY, Fact
from metrics.period import parse_period
from sample_data.make import built_in_rules

RULES = built_in_rules()
NOW = datetime(2026, 11, 5, 1, tzinfo=UTC)
HIERARCHY = Hierarchy({"C": Unit("C", "公司", "company")})


def test_a_row_counts_from_its_own_time_on_for_each_question(transaction: Connection) -> None:
    grid = make_grid(datetime(2026, 1, 1, tzinfo=UTC), NOW, RULES.settlement_days, RULES.time_zone, ())
    times = [NOW - timedelta(hours=hours) for hours in (3, 2, 1)]
    for number, since in enumerate(times):
        row = {"grain": "company", "unit_id": "C", "day": date(2026, 9, 30), "counts_from": since}
        transaction.execute(insert(unit_counts).values(row | {"employees": 10**number}))
    parts = (parse_period("2026-09"),)
    asked = [Question(parts, at, local_scope("tester"), RULES, finest=COMPANY) for at in reversed(times)]
    found = read_units(transaction, HIERARCHY, [(Fact.HEADCOUNTS, each) for each in asked], grid)
    assert [found[Fact.HEADCOUNTS, each].columns["employees"].sum() for each in asked] == [111, 11, 1]
