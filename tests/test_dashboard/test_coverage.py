"""Coverage as strips and as a work list."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dashboard.charts.icicle import Cover, icicle, icicle_height
from dashboard.i18n import Translator
from dashboard.presenters.coverage import cover, coverage_strips, gap_words, gaps_table, loads_table, panels
from dashboard.theme import DARK, LIGHT
from data_access.hierarchy import Unit
from data_access.work_lists.coverage_gaps import GAP_COLUMNS, Gap
from metrics import vocabulary
from metrics.period import parse_period
from metrics.registry import load
from metrics.result import Group, Result, Status

EN = Translator("en")
WORDS = vocabulary.load(None)
CHAIN = load(None)["zone_chain_coverage"]
UNITS = {
    "B1": Unit("B1", "First branch", "branch"),
    "T1": Unit("T1", "First team", "team"),
}


def result(unit_id: str, value: float | None, parent: str | None = "C", target: float | None = 1.0) -> Result:
    return Result(
        indicator=CHAIN.id,
        group=Group(unit_id, f"unit {unit_id}", "team", parent),
        period=parse_period("2026Q3"),
        as_of=datetime(2026, 10, 11, tzinfo=UTC),
        status=Status.NO_DATA if value is None else Status.OK,
        value=value,
        target=target,
    )


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (1.0, 1.0, Cover.FULL),
        (0.7, 0.7, Cover.FULL),
        (0.99, 1.0, Cover.PART),
        (0.0, 1.0, Cover.NONE),
        (0.0, 0.0, Cover.NONE),
        (1.0, None, Cover.FULL),
        (0.5, None, Cover.PART),
        (None, 1.0, Cover.UNKNOWN),
    ],
)
def test_cover_is_full_in_part_none_or_unknown(value: float | None, target: float | None, expected: Cover) -> None:
    assert cover(result("B1", value, target=target)) is expected


def strips_of(*results: Result, employees: dict[str, int] | None = None):
    return coverage_strips(results, CHAIN, employees or {}, EN)


def test_the_least_covered_stands_first_and_no_data_last() -> None:
    strips = strips_of(result("B1", 0.9), result("B2", None), result("B3", 0.1))
    assert [strip.id for strip in strips] == ["B3", "B1", "B2"]


def test_a_strip_is_as_large_as_the_staff_that_the_units_below_leave() -> None:
    strips = strips_of(
        result("B1", 0.9), result("T1", 1.0, "B1"), result("T2", 1.0, "B1"), employees={"B1": 50, "T1": 20, "T2": 25}
    )
    assert {strip.id: strip.size for strip in strips} == {"B1": 5, "T1": 20, "T2": 25}
    assert {strip.id: strip.parent_id for strip in strips} == {"B1": "", "T1": "B1", "T2": "B1"}


def test_more_staff_below_than_in_the_unit_does_not_make_a_negative_strip() -> None:
    strips = strips_of(result("B1", 0.9), result("T1", 1.0, "B1"), employees={"B1": 10, "T1": 20})
    assert {strip.id: strip.size for strip in strips} == {"B1": 0, "T1": 20}


def test_without_known_staff_all_lowest_units_are_alike() -> None:
    strips = strips_of(result("B1", 0.9), result("T1", 1.0, "B1"), result("B2", 0.5))
    assert {strip.id: strip.size for strip in strips} == {"B1": 0, "T1": 1, "B2": 1}


def test_a_strip_says_unit_value_and_staff() -> None:
    (strip,) = strips_of(result("B1", 0.5), employees={"B1": 1})
    assert strip.label == "unit B1 50%" or strip.label == "unit B1 50.0%"
    assert "1 employee" in strip.hover


def test_panels_hold_every_strip_once_with_its_parent() -> None:
    branches = [result(f"B{number:02}", number / 100) for number in range(50)]
    teams = [result(f"T{number:02}", 1.0, f"B{number:02}") for number in range(50)]
    strips = strips_of(*branches, *teams)
    found = panels(strips)
    assert len(found) == 4
    assert sorted(strip.id for panel in found for strip in panel) == sorted(strip.id for strip in strips)
    for panel in found:
        inside = {strip.id for strip in panel}
        assert all(strip.parent_id in inside for strip in panel if strip.parent_id)


def test_few_units_share_one_panel() -> None:
    assert len(panels(strips_of(result("B1", 0.5), result("B2", 0.7)))) == 1


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_the_icicle_carries_ids_for_clicks_and_grows_with_its_units(tones) -> None:
    strips = strips_of(*(result(f"B{number:02}", 0.5) for number in range(20)))
    trace = icicle(strips, tones).data[0]
    assert list(trace.ids) == [strip.id for strip in strips]
    assert icicle_height(strips) > icicle_height(strips[:10])


def gaps(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=GAP_COLUMNS)


def test_a_gap_is_told_with_unit_branch_staff_and_since_when() -> None:
    table = gaps_table(
        gaps(
            ("T1", "team", "B1", "tier2", 24, date(2026, 4, 1), ()),
            ("B1", "branch", "B1", "networks", 90, None, ("safety",)),
        ),
        UNITS,
        WORDS,
        EN,
    )
    first, second = table.rows
    assert first == ("First branch", "First team", gap_words("tier2", EN), 24, "2026-04-01")
    assert second[:2] == ("First branch", "")
    assert second[2].startswith(gap_words("networks", EN) + ": ")
    assert table.unit_ids == ("T1", "B1")


@pytest.mark.parametrize("gap", Gap)
def test_every_gap_has_words(gap: Gap) -> None:
    assert gap_words(gap.value, EN)


def test_a_post_is_told_with_what_it_looks_after() -> None:
    loads = pd.DataFrame([("B1", "B1-01", 2, ("T1", "T9"))], columns=["unit_id", "post", "targets", "target_ids"])
    assert loads_table(loads, UNITS, EN).rows == (("First branch", "B1-01", 2, "First team, T9"),)
