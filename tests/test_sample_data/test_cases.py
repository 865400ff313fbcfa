"""The life of the cases: in the right order, as their events say, with a known number of bad ones."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from sample_data.bad_rows import BAD_ROWS, UNKNOWN_CHANNEL
from tests.test_sample_data.worlds import STORIES, UNTIL, frames_of, world_of

TIMES = [
    "received_at",
    "recorded_at",
    "responded_at",
    "first_resolved_at",
    "resolved_at",
    "fed_back_at",
    "published_at",
    "rated_at",
    "reopened_at",
    "escalated_at",
    "excluded_at",
]


def bad_cases(frames: dict[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """Which cases are bad, found without knowing where the generator put them."""
    cases = frames["cases"]
    units = set(frames["org_units"]["id"])
    until = pd.Timestamp(UNTIL)
    no_grade = cases["grade"].isna() & cases["resolution_due_at"].isna() & cases["response_due_at"].isna()
    return {
        "unknown_channel": cases["channel"] == UNKNOWN_CHANNEL,
        "orphan_unit": ~cases["responsible_unit_id"].isin(units),
        "rating_out_of_range": cases["rating"].notna() & ~cases["rating"].isin([1, 2, 3, 4, 5]),
        "resolved_before_received": cases["resolved_at"] < cases["received_at"],
        "responded_before_received": cases["responded_at"] < cases["received_at"],
        "told_in_the_future": cases[TIMES].gt(until).any(axis=1),
        "no_deadline": no_grade,
    }


@pytest.mark.parametrize("company", STORIES)
def test_the_bad_rows_are_as_many_as_the_story_says(company: str):
    found = {name: int(bad.sum()) for name, bad in bad_cases(frames_of(company)).items()}
    expected = asdict(BAD_ROWS)
    del expected["own_flag_differs"]
    assert found == expected


@pytest.mark.parametrize("company", STORIES)
def test_the_source_s_own_flag_disagrees_as_often_as_the_story_says(company: str):
    world, cases = world_of(company), frames_of(company)["cases"]
    flagged = cases[cases["sla_met"].notna() & cases["grade"].notna()]
    allowed = flagged["grade"].map({"A": 3, "B": 7, "C": 15}).to_numpy(dtype=np.int64)
    by_rule = world.clock.working_day(world.clock.index(flagged["received_at"].to_numpy()) + allowed)
    due = flagged["resolution_due_at"].fillna(pd.Series(by_rule + np.timedelta64(1, "D"), flagged.index))
    agrees = (flagged["resolved_at"] <= due) == flagged["sla_met"].astype(bool)
    assert (~agrees).sum() == BAD_ROWS.own_flag_differs


def test_all_other_cases_happen_in_order():
    cases = frames_of("changping")["cases"]
    cases = cases[~pd.concat(bad_cases(frames_of("changping")), axis=1).any(axis=1)]
    orders = [
        ("received_at", "recorded_at"),
        ("received_at", "responded_at"),
        ("responded_at", "first_resolved_at"),
        ("first_resolved_at", "reopened_at"),
        ("reopened_at", "resolved_at"),
        ("resolved_at", "fed_back_at"),
        ("fed_back_at", "rated_at"),
        ("resolved_at", "published_at"),
        ("received_at", "escalated_at"),
        ("received_at", "excluded_at"),
        ("recorded_at", "updated_at"),
    ]
    for first, second in orders:
        assert not (cases[second] < cases[first]).any(), (first, second)
    assert (cases[TIMES] < pd.Timestamp(UNTIL)).where(cases[TIMES].notna(), True).all(axis=None)


def test_what_has_not_happened_says_nothing_of_how():
    cases = frames_of("changping")["cases"]
    open_cases = cases[cases["resolved_at"].isna()]
    assert open_cases[["outcome", "sla_met", "fed_back_at", "rating"]].isna().all(axis=None)
    assert cases.loc[cases["rated_at"].isna(), ["rating", "rating_source"]].isna().all(axis=None)
    assert cases.loc[cases["excluded_at"].isna(), "exclusion"].isna().all()
    assert (cases["exclusion"].notna() == cases["excluded_at"].notna()).all()
    hidden = cases["confidential"] | cases["restricted"]
    assert cases.loc[hidden, "published_at"].isna().all()


def test_every_part_of_a_case_s_life_occurs():
    cases = frames_of("small")["cases"]
    for column in cases.columns:
        assert cases[column].notna().any(), column
    for flag in ("confidential", "restricted", "collective"):
        assert cases[flag].any(), flag
    assert set(cases["exclusion"].dropna()) == {
        "duplicate",
        "withdrawn",
        "out_of_remit",
        "statutory_route",
        "tolerated",
    }
    reopened = cases["reopened_at"].notna()
    assert (reopened & cases["resolved_at"].notna()).any()
    assert (cases["resolution_due_at"].isna()).mean() > 0.8


def test_events_tell_what_the_cases_say():
    frames = frames_of("changping")
    cases, events = frames["cases"].set_index("case_no"), frames["case_events"]
    by_kind = {kind: rows.set_index("case_no") for kind, rows in events.groupby("kind")}
    for kind, column in (("reopened", "reopened_at"), ("excluded", "excluded_at"), ("escalated", "escalated_at")):
        happened = cases[column].dropna()
        assert set(by_kind[kind].index) == set(happened.index)
        assert (by_kind[kind]["at"] == happened.loc[by_kind[kind].index]).all()
    moves = events[events["kind"] == "transferred"].groupby("case_no").size()
    assert moves.to_dict() == cases.loc[cases["transferred_count"] > 0, "transferred_count"].to_dict()
    due_day = cases.loc[by_kind["extended"].index, "resolution_due_at"] - pd.Timedelta(days=1)
    good = due_day.notna()
    assert (due_day[good].dt.strftime("%Y-%m-%d") == by_kind["extended"]["new"][good]).all()
    assert (~good).sum() <= BAD_ROWS.no_deadline


def test_events_happen_after_receipt_and_are_decided_by_posts():
    frames = frames_of("changping")
    events = frames["case_events"].merge(frames["cases"][["case_no", "received_at", "grade"]], on="case_no")
    assert (events["at"] >= events["received_at"]).all()
    assert (events["at"] < pd.Timestamp(UNTIL)).all()
    assert events["at"].is_monotonic_increasing
    assert events["decided_by"].notna().all()
    regraded = events[(events["kind"] == "regraded") & events["grade"].notna()]
    assert (regraded["old"] == regraded["grade"]).all()
    assert (regraded["old"] != regraded["new"]).all()


def test_nobody_appeals_to_a_team_that_is_gone():
    frames, world = frames_of("changping"), world_of("changping")
    later = frames["cases"][frames["cases"]["received_at"] >= pd.Timestamp(world.dates.merged_on)]
    merged = world.structure.parts.merged
    assert not (later["responsible_unit_id"] == merged).any()
    assert not (later["origin_unit_id"] == merged).any()
    assert (frames["cases"]["responsible_unit_id"] == merged).any()
