"""The rows themselves: deterministic, of the right size, sound in their references, without anybody's name."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from data_access.tables import SOURCE_TABLES
from metrics import vocabulary
from metrics.counts import BRANCH, TEAM
from sample_data.companies import COMPANIES
from tests.test_sample_data.worlds import STORIES, UNTIL, frames, frames_of, world_of

PHONE_OR_IDENTITY = re.compile(r"(?<!\d)1\d{10}(?!\d)|\d{17}[\dXx]")
POST = re.compile(r"[A-Z]{2}[DBT]\d+-\d\d")
SECTIONS = {
    "cases": {
        "track": "tracks",
        "category": "categories",
        "grade": "grades",
        "outcome": "outcomes",
        "rating_source": "rating_sources",
        "exclusion": "exclusions",
        "resolved_level": "unit_kinds",
    },
    "case_events": {"kind": "event_kinds"},
    "chat_groups": {"platform": "platforms"},
    "liaisons": {"network": "networks"},
    "duties": {"kind": "duty_kinds"},
    "consultations": {"level": "levels"},
    "activities": {"kind": "activity_kinds"},
    "org_units": {"kind": "unit_kinds", "function": "functions"},
}
UNIT_COLUMNS = ("unit_id", "parent_id", "origin_unit_id", "sponsor_unit_id", "target_unit_id", "department_id")


def _open_branches(company: str) -> int:
    return len(world_of(company).structure.of_kind(BRANCH))


def test_the_same_seed_and_day_tell_the_same_rows():
    again = frames(world_of("small"))
    for name, frame in frames_of("small").items():
        assert_frame_equal(frame, again[name])


def test_another_seed_tells_other_cases_about_the_same_units():
    one, other = frames_of("small"), frames_of("small", seed=2)
    assert not one["cases"].equals(other["cases"])
    assert list(one["org_units"]["id"]) == list(other["org_units"]["id"])


def test_nothing_is_drawn_from_the_common_generator():
    before = np.random.get_state()[1].copy()
    frames(world_of("small"), 600)
    assert np.array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize("company", STORIES)
def test_every_table_of_the_contract_is_filled_with_its_columns(company: str):
    frames = frames_of(company)
    assert list(frames) == [table.name for table in SOURCE_TABLES]
    for table in SOURCE_TABLES:
        frame = frames[table.name]
        assert list(frame.columns) == table.columns.keys()
        assert len(frame) > 0
        key = [column.name for column in table.primary_key]
        assert not frame.duplicated(key).any()
        required = [column.name for column in table.columns if not column.nullable]
        assert frame[required].notna().all(axis=None)


@pytest.mark.parametrize(
    ("company", "branches", "teams", "employees"),
    [("small", 8, 30, 800), ("xingtai", 30, 148, 3_600), ("changping", 60, 318, 8_000)],
)
def test_the_companies_have_the_size_they_should(company: str, branches: int, teams: int, employees: int):
    structure, frames = world_of(company).structure, frames_of(company)
    staff = frames["headcounts"].groupby("month")["employees"].sum()
    assert len(structure.of_kind(BRANCH)) == branches
    assert len(structure.of_kind(TEAM)) == teams
    assert staff.iloc[-1] == pytest.approx(employees, rel=0.04)
    assert staff.iloc[-1] >= employees * 0.98
    assert len(frames["cases"]) == COMPANIES[company].cases


def test_changping_is_as_large_as_it_was_told():
    frames = frames_of("changping")
    last = frames["headcounts"][frames["headcounts"]["month"] == date(2026, 10, 1)]
    groups = frames["chat_groups"]
    units = groups.loc[groups["closed_on"].isna(), "unit_id"].to_numpy(dtype=object)
    with_groups = len(np.unique(world_of("changping").branch_numbers(units)))
    assert last["employees"].sum() > 8_000
    assert last["family_members"].sum() == pytest.approx(15_000, rel=0.03)
    assert 0.7 < with_groups / _open_branches("changping") < 0.76


def test_xingtai_has_more_than_a_hundred_liaisons():
    liaisons = frames_of("xingtai")["liaisons"]
    assert liaisons["valid_to"].isna().sum() > 100


@pytest.mark.parametrize("company", STORIES)
def test_references_lead_somewhere(company: str):
    frames = frames_of(company)
    units, cases = set(frames["org_units"]["id"]), set(frames["cases"]["case_no"])
    for name, frame in frames.items():
        for column in set(UNIT_COLUMNS) & set(frame.columns):
            assert set(frame[column].dropna()) <= units, (name, column)
    assert set(frames["case_events"]["case_no"]) <= cases
    assert set(frames["cases"]["repeat_of"].dropna()) <= cases
    assert set(frames["chat_group_months"]["group_id"]) <= set(frames["chat_groups"]["id"])
    assert set(frames["org_units"]["successor_id"].dropna()) <= units


@pytest.mark.parametrize("company", STORIES)
def test_codes_are_those_of_the_vocabulary(company: str):
    words, frames = vocabulary.load(None), frames_of(company)
    for name, sections in SECTIONS.items():
        for column, section in sections.items():
            assert set(frames[name][column].dropna()) <= set(words.codes(section)), (name, column)


def test_no_row_holds_a_person():
    for name, frame in frames_of("small").items():
        for column in frame.columns:
            texts = [value for value in frame[column].dropna().unique() if isinstance(value, str)]
            assert not [text for text in texts if PHONE_OR_IDENTITY.search(text)], (name, column)
    assert all(POST.fullmatch(post) for post in frames_of("small")["zones"]["sponsor_post"])
    leads = frames_of("small")["org_units"][["party_lead", "administrative_lead"]].stack()
    assert leads.str.fullmatch(".*(书记|经理|负责人|组长|班长|主任)").all()


@pytest.mark.parametrize("until", [date(2026, 10, 1), date(2026, 11, 21), date(2027, 3, 5), date(2025, 1, 2)])
def test_the_story_can_end_on_any_day(until: date):
    frames, dates = frames_of("small", until=until), world_of("small", until=until).dates
    received = frames["cases"]["received_at"]
    assert len(received) == COMPANIES["small"].cases
    assert received.min() >= pd.Timestamp(dates.first_day)
    assert received.max() < pd.Timestamp(until)
    assert (until - dates.first_day).days >= 2 * 365
    assert dates.sponsors_lost_on < until
    assert dates.last_quarter.end <= until


def test_the_number_of_cases_can_be_chosen():
    cases = frames(world_of("small"), 700)["cases"]
    assert len(cases) == 700
    assert cases["case_no"].is_unique


@pytest.mark.parametrize("name", [table.name for table in SOURCE_TABLES])
def test_nothing_is_known_before_the_last_day_that_happened_after_it(name: str):
    frame = frames_of("small")[name]
    for column in ("recorded_at", "updated_at"):
        assert (frame[column] <= pd.Timestamp(UNTIL)).all()
