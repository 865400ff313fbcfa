"""One cell as a wall-clock time."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.ingest.instants import Clock, instant_texts, read_instants
from data_access.ingest.problems import Fault
from data_access.ingest.times import DateOrder, Moment, parse_moment
from data_access.ingest.wall_clock import localise

DMY, MDY = DateOrder.DAY_MONTH_YEAR, DateOrder.MONTH_DAY_YEAR
AFTERNOON = datetime(2026, 3, 5, 14, 20)
NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月5日 14:20",
        "2026年3月5日14时20分",
        "2026年3月5日下午2:20",
        "2026年3月5日 星期四 14:20",
        "2026年03月05日14点20分00秒",
        "2026-3-5 14:20",
        "2026/03/05 14:20:00",
        "2026.3.5 14:20",
        "2026-03-05T14:20:00",
        "2026-03-05T14:20:00.000",
        "2026-03-05 2:20 PM",
        "2026-03-05 02:20:00 pm",
        "２０２６年３月５日 １４：２０",
        " 2026-03-05\u3000 14:20 ",
        "20260305142000",
        "20260305 1420",
        "2026-03-05 14:20:00,0",
    ],
)
def test_forms_of_the_same_time(text: str) -> None:
    assert parse_moment(text) == Moment(AFTERNOON)


@pytest.mark.parametrize(
    "text", ["2026-3-5", "2026年3月5日", "2026/03/05", "20260305", "2026.3.5", "2026年3月5日（周四）", "46086"]
)
def test_forms_of_the_same_day(text: str) -> None:
    assert parse_moment(text) == Moment(datetime(2026, 3, 5), whole_day=True)


def test_typed_cells() -> None:
    assert parse_moment(AFTERNOON) == Moment(AFTERNOON)
    assert parse_moment(date(2026, 3, 5)) == Moment(datetime(2026, 3, 5), whole_day=True)
    assert parse_moment(46086) == Moment(datetime(2026, 3, 5), whole_day=True)
    assert parse_moment(46086.597222222) == Moment(AFTERNOON)
    assert parse_moment("46086.5972222222") == Moment(AFTERNOON)
    assert parse_moment(None) is None
    assert parse_moment("  ") is None


def test_order_of_day_and_month() -> None:
    assert parse_moment("05/03/2026", DMY) == Moment(datetime(2026, 3, 5), whole_day=True)
    assert parse_moment("03/05/2026 02:20:00 PM", MDY) == Moment(AFTERNOON)
    assert parse_moment("29-02-2016 01:16", DMY) == Moment(datetime(2016, 2, 29, 1, 16))


def test_written_offsets_are_kept() -> None:
    assert parse_moment("2026-03-05T14:20:00Z") == Moment(datetime(2026, 3, 5, 14, 20, tzinfo=UTC))
    eight = timezone(timedelta(hours=8))
    assert parse_moment("2026-03-05 14:20:00+0800") == Moment(datetime(2026, 3, 5, 14, 20, tzinfo=eight))


def test_end_of_day() -> None:
    assert parse_moment("2026-03-05 24:00") == Moment(datetime(2026, 3, 6))
    assert parse_moment("2026-03-05 12:00 AM") == Moment(datetime(2026, 3, 5))
    assert parse_moment("2026年3月5日下午14:20") == Moment(AFTERNOON)


@pytest.mark.parametrize(
    ("cell", "order", "code"),
    [
        ("昨天", None, "not_a_date"),
        ("2026", None, "not_a_date"),
        (12, None, "not_a_date"),
        (float("nan"), None, "not_a_date"),
        (True, None, "not_a_date"),
        (time(14, 20), None, "not_a_date"),
        (timedelta(hours=2), None, "not_a_date"),
        ("05/03/2026", None, "ambiguous_date"),
        ("21/03/2026", None, "ambiguous_date"),
        ("21/03/2026", MDY, "other_date_order"),
        ("03/21/2026", DMY, "other_date_order"),
        ("2026-02-30", None, "no_such_day"),
        ("20260230", None, "no_such_day"),
        ("31/02/2026", DMY, "no_such_day"),
        ("2026-03-05 25:10", None, "no_such_time"),
        ("2026-03-05 14:61", None, "no_such_time"),
        ("2026-03-05 24:01", None, "no_such_time"),
        ("2026-03-05 13:00 AM", None, "no_such_time"),
        ("2026-03-05T14:20:00+99:00", None, "no_such_time"),
        ("26-3-5", None, "two_digit_year"),
        ("26年3月5日", None, "two_digit_year"),
        ("1826-03-05", None, "year_out_of_range"),
        ("9999-12-31 24:00", None, "year_out_of_range"),
        (datetime(1026, 3, 5), None, "year_out_of_range"),
    ],
)
def test_what_is_no_time(cell: object, order: DateOrder | None, code: str) -> None:
    found = parse_moment(cell, order)  # type: ignore[arg-type]
    assert isinstance(found, Fault)
    assert found.code == code


def test_a_phone_number_in_a_date_column_stays_secret() -> None:
    found = parse_moment("13812345678")
    assert isinstance(found, Fault)
    assert found.secret


@given(st.text(max_size=30), st.sampled_from([None, DMY, MDY]))
def test_any_text_is_a_time_or_a_fault(text: str, order: DateOrder | None) -> None:
    assert isinstance(parse_moment(text, order), Moment | Fault | None)


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2099, 12, 31)))
def test_columns_read_as_single_cells_do(at: datetime) -> None:
    forms = (
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at:%Y/%m/%d %H:%M}",
        f"{at:%Y-%m-%dT%H:%M:%S.%f}",
        f"{at:%Y-%m-%d}",
        at.isoformat(" "),
    )
    read = read_instants([*forms, None, "no"], Clock(ZoneInfo("UTC")), deadline=False)
    for place, form in enumerate(forms):
        found = parse_moment(form)
        assert isinstance(found, Moment)
        assert read.values[place] == np.datetime64(found.at, "us")
        assert read.whole_day[place] == found.whole_day
    assert np.isnat(read.values[5])
    assert set(read.faults) == {6}


def test_a_deadline_that_is_a_day_ends_with_it() -> None:
    clock = Clock(SHANGHAI)
    due = read_instants(["2026-03-05", "2026-03-05 00:00", date(2026, 3, 5)], clock, deadline=True)
    assert instant_texts(due.values) == [
        "2026-03-05 16:00:00.000000",
        "2026-03-04 16:00:00.000000",
        "2026-03-05 16:00:00.000000",
    ]
    begun = read_instants(["2026-03-05"], clock, deadline=False)
    assert instant_texts(begun.values) == ["2026-03-04 16:00:00.000000"]


def test_whole_days_of_workbooks_can_be_midnights() -> None:
    clock = Clock(SHANGHAI, whole_days_are_midnights=True)
    due = read_instants([date(2026, 3, 5), datetime(2026, 3, 5, 8)], clock, deadline=True)
    assert instant_texts(due.values)[0] == "2026-03-04 16:00:00.000000"
    text = read_instants(["2026-03-05"], clock, deadline=True)
    assert instant_texts(text.values)[0] == "2026-03-05 16:00:00.000000"


def test_clock_changes() -> None:
    wall = np.array(["2015-11-01T01:30", "2015-03-08T02:30", "2015-06-01T00:00", "NaT"], "datetime64[us]")
    found = localise(wall, NEW_YORK)
    assert (found.twice, found.never) == ((0,), (1,))
    assert [str(one) for one in found.instants] == [
        "2015-11-01T05:30:00.000000",
        "2015-03-08T07:30:00.000000",
        "2015-06-01T04:00:00.000000",
        "NaT",
    ]


def test_a_written_offset_decides_in_the_doubled_hour() -> None:
    read = read_instants(["2015-11-01T01:30:00-05:00"], Clock(NEW_YORK), deadline=False)
    assert instant_texts(read.values) == ["2015-11-01 06:30:00.000000"]
    assert read.twice == ()


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 12, 31)))
def test_localising_agrees_with_python(at: datetime) -> None:
    wall = np.array([at], "datetime64[us]")
    expected = at.replace(tzinfo=NEW_YORK).astimezone(UTC).replace(tzinfo=None)
    assert localise(wall, NEW_YORK).instants[0] == np.datetime64(expected, "us")


def test_no_cells() -> None:
    assert instant_texts(read_instants([], Clock(SHANGHAI), deadline=False).values) == []
