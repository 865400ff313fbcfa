"""The figures of Boston's first half of 2015, as published beside the data: counts and Kaplan-Meier times."""

import csv
import gzip
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sqlalchemy import Connection

from data_access.calendar import fill_calendar
from data_access.counters import COUNTERS
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question, Rules
from data_access.scope import local_scope
from metrics.counts import Fact
from metrics.period import parse_period
from metrics.survival import kaplan_meier, quantile
from metrics.working_time import statutory_schedule
from tests.reference.case_record import Company, Row
from tests.test_data_access.case_companies import blank, link, unit, write

FILE = Path(__file__).parents[3] / "shared" / "data" / "boston311" / "boston311_2015H1.csv.gz"
NEW_YORK = ZoneInfo("America/New_York")
SNAPSHOT = datetime(2016, 1, 13, tzinfo=NEW_YORK)
FIGURES = {
    None: (58_119, 40_227, 34_526, 24_501, 5_701, 8_403, None),
    "Inspectional Services": (9_905, 9_386, 6_833, 3_693, 2_553, 23_038, None),
    "Public Works Department": (25_362, 16_091, 15_504, 10_793, 587, 2_449, 89_680),
    "Transportation - Traffic Division": (7_240, 7_029, 6_724, 5_552, 305, 6_978, 73_519),
    "Mayor's 24 Hour Hotline": (5_407, 3_475, 1_686, 1_419, 1_789, None, None),
}
"""Received, due, resolved, in time, overdue, median and 90th percentile in minutes (None: not reached)."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not FILE.exists(), reason="put the folder of real data beside the project to run this"),
]


def instant(text: str) -> datetime | None:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=NEW_YORK) if text else None


def boston() -> Company:
    units = {"Boston": unit("Boston", "company")}
    links: dict[str, Row] = {}
    cases: dict[str, Row] = {}
    with gzip.open(FILE, "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            branch, team = row["SUBJECT"], f"{row['SUBJECT']}/{row['QUEUE']}"
            units |= {branch: unit(branch, "branch"), team: unit(team, "team")}
            links |= {branch: link(branch, "Boston"), team: link(team, branch)}
            cases[row["CASE_ENQUIRY_ID"]] = _case(row, team)
    tables = {"org_units": [*units.values()], "unit_parents": [*links.values()]}
    return Company({**tables, "cases": [*cases.values()], "case_events": []}, {})


def _case(row: dict[str, str], team: str) -> Row:
    received = instant(row["OPEN_DT"])
    times = {"resolution_due_at": instant(row["TARGET_DT"]), "resolved_at": instant(row["CLOSED_DT"])}
    known = {"received_at": received, "recorded_at": received, "responsible_unit_id": team}
    return blank("cases", case_no=row["CASE_ENQUIRY_ID"], **known, **times)


@pytest.fixture
def loaded(transaction: Connection) -> tuple[Connection, Hierarchy]:
    fill_calendar(transaction, NEW_YORK, statutory_schedule(), date(2014, 1, 1), date(2016, 12, 31))
    write(transaction, boston())
    return transaction, read_hierarchy(transaction)


def ask(period: str, unit_id: str | None = None) -> Question:
    rules = Rules(NEW_YORK, deadlines=(), obligations=(), networks=())
    return Question((parse_period(period),), SNAPSHOT, local_scope("tester"), rules, unit_id=unit_id)


def minutes(frame: pd.DataFrame) -> tuple[float | None, float | None]:
    curve = kaplan_meier(*(frame[name].to_numpy() for name in ("duration", "observed", "cases")))
    return quantile(curve, 0.5), quantile(curve, 0.9)


def test_the_published_figures(loaded: tuple[Connection, Hierarchy]) -> None:
    for branch, expected in FIGURES.items():
        question = ask("2015-01-01..2016-01-12", branch)
        received = COUNTERS[Fact.CASES_RECEIVED](*loaded, question).frame()["received"].sum()
        due = COUNTERS[Fact.RESOLUTIONS_DUE](*loaded, question).frame()
        named = due[["resolution_due", "resolved", "resolved_on_time", "overdue"]].sum()
        times = minutes(COUNTERS[Fact.RESOLUTION_MINUTES](*loaded, question).frame())
        assert (received, *named, *times) == expected, branch


def test_the_cohort_due_in_spring(loaded: tuple[Connection, Hierarchy]) -> None:
    due = COUNTERS[Fact.RESOLUTIONS_DUE](*loaded, ask("2015Q2")).frame()
    named = due[["resolution_due", "resolved_on_time", "resolved"]].sum()
    assert tuple(named) == (20_731, 13_103, 18_430)
