"""The cases behind protected figures, of every unit at once."""

from datetime import date

import numpy as np
import pytest

from metrics.cases_behind import added_cases, adds_up, estimated_cases, side_by_side, smallest
from metrics.compute import Conditions
from metrics.counted_rows import in_codes
from metrics.counts import Fact
from metrics.long_periods import parts_around
from metrics.period import parse_period
from metrics.pooling import Grid, pool
from metrics.registry import load
from tests.test_metrics.making import AS_OF, AUGUST, GROUPS, JULY, QUARTER, SEPTEMBER, frame, indicator

REOPENED = indicator("reopen_rate")
VOLUME = indicator("cases_per_100_employees")
COLUMNS = [group.unit_id for group in GROUPS]


def periods(*names: str):
    return tuple(parse_period(name) for name in names)


def names(parts):
    return [part.name for part in parts]


def test_every_protected_indicator_is_counted_in_one_way_or_the_other() -> None:
    ways = {one.id: adds_up(one) for one in load(None) if one.protected}
    assert ways["reopen_rate"]
    assert ways["satisfaction_rate"]
    assert not ways["cases_per_100_employees"], "heads don't add up over months"


# Parts that decide together


@pytest.mark.parametrize(
    ("asked", "around"),
    [
        (["2026Q3"], [["2026Q3"]]),
        (["2026-08"], [["2026-08"], ["2026Q3"], ["2026-07", "2026-09"]]),
        (["2026H2"], [["2026H2"], ["2026Q3", "2026Q4"]]),
        (
            ["2026-06-01..2026-09-30"],
            [["2026-06-01..2026-09-30"], ["2026Q2", "2026Q3"], ["2026-04", "2026-05", "2026-06"]],
        ),
        (["2026-07-05..2026-08-10"], [["2026-07-05..2026-08-10"]]),
        (["2026-07A"], [["2026-07A"]]),
    ],
)
def test_months_are_counted_only_where_they_decide(asked, around) -> None:
    assert [names(layer) for layer in parts_around(periods(*asked), all_months=False)] == around


def test_where_cases_do_not_add_up_all_months_are_counted() -> None:
    layers = parts_around([QUARTER], all_months=True)
    assert [names(layer) for layer in layers] == [["2026Q3"], ["2026-07", "2026-08", "2026-09"]]


def test_the_smallest_parts_make_all_others() -> None:
    assert smallest([QUARTER, JULY, AUGUST, SEPTEMBER]) == (JULY, AUGUST, SEPTEMBER)
    assert smallest([QUARTER]) == (QUARTER,)
    assert names(smallest(periods("2026H2", "2026Q3", "2026Q4", "2026-07", "2026-08", "2026-09"))) == [
        "2026-07",
        "2026-08",
        "2026-09",
        "2026Q4",
    ]


# Counting


def reopened(*rows, parts, judged=None, **conditions):
    grid = Grid(GROUPS, smallest(parts))
    lines = [{"unit": unit, "part": part.start, "first_resolved": cases} for unit, part, cases in rows]
    counts = frame(Fact.CASES_FIRST_RESOLVED, *lines)
    placed = pool(Fact.CASES_FIRST_RESOLVED, in_codes(counts), grid.unit_places, grid.parts, grid.size)
    everybody = np.ones(len(GROUPS), dtype=bool) if judged is None else np.array(judged)
    return added_cases(REOPENED, placed, everybody, parts, Conditions(**conditions))


def test_the_cases_of_a_quarter_are_those_of_its_months() -> None:
    found = reopened(("T1", JULY, 4), ("T2", AUGUST, 5), ("B1", AUGUST, 2), parts=(QUARTER, JULY, AUGUST, SEPTEMBER))
    by_unit = dict(zip(COLUMNS, found.cases.tolist(), strict=True))
    assert by_unit["B1"] == by_unit["C"] == [11, 4, 7, 0]
    assert by_unit["T1"] == [4, 4, 0, 0]
    assert dict(zip(COLUMNS, found.empty.tolist(), strict=True))["B1"] == [False, False, False, True]


def test_there_are_no_cases_where_there_is_no_meaning_and_before_the_data() -> None:
    rows = [("T1", JULY, 4), ("T1", AUGUST, 4)]
    judged = [group.kind != "company" for group in GROUPS]
    found = reopened(*rows, parts=(JULY, AUGUST), judged=judged, first_day=date(2026, 8, 1))
    by_unit = dict(zip(COLUMNS, zip(found.cases.tolist(), found.empty.tolist(), strict=True), strict=True))
    assert by_unit["C"] == ([0, 0], [True, True])
    assert by_unit["T1"] == ([0, 4], [True, False])


@pytest.mark.parametrize(("cases", "heads", "behind"), [(9, 300, 9), (12, 8, 8), (5, 8, 5), (39, 292, 39), (12, 0, 0)])
def test_behind_a_volume_are_cases_or_heads_whichever_are_fewer_where_heads_are_few(cases, heads, behind) -> None:
    (numerator,), (denominator,) = ([term.count for term in terms] for terms in (VOLUME.numerator, VOLUME.denominator))
    frames = {
        VOLUME.numerator_fact: frame(VOLUME.numerator_fact, {"unit": "B1", numerator: cases}),
        VOLUME.denominator_fact: frame(VOLUME.denominator_fact, {"unit": "B1", denominator: heads}),
    }
    found = estimated_cases(VOLUME, frames, Grid(GROUPS, (JULY,)), AS_OF, Conditions())
    assert dict(zip(COLUMNS, found.cases[:, 0], strict=True))["B1"] == behind
    assert dict(zip(COLUMNS, found.empty[:, 0], strict=True))["B1"] == (heads == 0)


def test_layers_stand_side_by_side() -> None:
    july, rest = reopened(("T1", JULY, 4), parts=(JULY,)), reopened(("T1", AUGUST, 5), parts=(AUGUST, SEPTEMBER))
    both = side_by_side([july, rest])
    assert both.parts == (JULY, AUGUST, SEPTEMBER)
    assert both.cases[COLUMNS.index("T1")].tolist() == [4, 5, 0]


# The same rows in another grid


def test_a_pool_narrowed_to_some_units_is_as_if_placed_there() -> None:
    counts = frame(
        Fact.CASES_FIRST_RESOLVED,
        {"unit": "T1", "part": JULY.start, "first_resolved": 3},
        {"unit": "T2", "part": AUGUST.start, "first_resolved": 4},
        {"unit": "B2", "part": SEPTEMBER.start, "first_resolved": 5},
    )
    wide, narrow = Grid(GROUPS, (JULY, AUGUST, SEPTEMBER)), Grid((GROUPS[1], GROUPS[4]), (QUARTER,))
    placed = pool(Fact.CASES_FIRST_RESOLVED, in_codes(counts), wide.unit_places, wide.parts, wide.size)
    units = np.array([narrow.groups.index(group) if group in narrow.groups else -1 for group in GROUPS])
    found = placed.narrowed(units, np.array([0, 0, 0]), narrow).summed(REOPENED.denominator)
    straight = pool(Fact.CASES_FIRST_RESOLVED, in_codes(counts), narrow.unit_places, narrow.parts, narrow.size)
    assert found.tolist() == straight.summed(REOPENED.denominator).tolist() == [7, 4]
