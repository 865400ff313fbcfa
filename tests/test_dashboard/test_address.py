"""The link as the whole state of a page."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import OPTIONS, Known, parse_instant, read_address, resolve_as_of
from data_access.question import View
from metrics.period import Period, PeriodKind, parse_period

FILTERS = ("unit", "period", "as_of", "track", "view", "lang")
SHANGHAI = ZoneInfo("Asia/Shanghai")
KNOWN = Known(
    unit_ids=frozenset({"C", "B1"}),
    company_id="C",
    tracks=("company", "branch"),
    time_zone=SHANGHAI,
    now=datetime(2026, 11, 20, 1, 7, 30, tzinfo=UTC),
    data_until=datetime(2026, 11, 19, tzinfo=UTC),
    settlement_days=10,
    indicator_ids=frozenset({"x", "z"}),
)


def test_bare_link_means_the_last_full_quarter_of_the_whole_company_settled() -> None:
    address, problems = read_address({}, KNOWN)
    assert not problems
    assert (address.unit_id, address.period.name, address.as_of_text) == ("C", "2026Q3", "settled")
    assert address.as_of == datetime(2026, 10, 11, tzinfo=SHANGHAI)
    assert (address.track, address.view, address.language) == (None, View.SCORED, "zh")


def test_default_period_follows_the_data_where_they_end_long_before_now() -> None:
    address, _ = read_address({}, replace(KNOWN, data_until=datetime(2025, 6, 30, 23, tzinfo=UTC)))
    assert address.period.name == "2025Q2"


def test_every_filter_is_written_into_the_link() -> None:
    address, _ = read_address({}, KNOWN)
    assert set(address.parameters()) == set(FILTERS)


def test_a_link_read_again_means_the_same() -> None:
    given = {
        "unit": "B1",
        "period": "2026-09",
        "as_of": "2026-10-08T08:00",
        "track": "branch",
        "view": "full",
        "lang": "en",
    }
    address, problems = read_address(given | {"sort": "x"}, KNOWN)
    assert not problems
    assert address.parameters() == given | {"sort": "x"}
    assert read_address(address.parameters(), KNOWN)[0] == address


def test_settled_is_now_until_the_period_is_settled() -> None:
    quarter = parse_period("2026Q4")
    assert resolve_as_of("settled", quarter, KNOWN) == datetime(2026, 11, 20, 1, 5, tzinfo=UTC)


def test_now_is_the_last_full_five_minutes() -> None:
    assert resolve_as_of("now", parse_period("2026Q3"), KNOWN) == datetime(2026, 11, 20, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-08T08:00", datetime(2026, 10, 8, 8, tzinfo=SHANGHAI)),
        ("2026-10-08T08:00+00:00", datetime(2026, 10, 8, 8, tzinfo=UTC)),
        ("2026-10-08T08:00 00:00", datetime(2026, 10, 8, 8, tzinfo=UTC)),
        ("2026-10-08T00:00Z", datetime(2026, 10, 8, tzinfo=UTC)),
        ("2026-09-30", datetime(2026, 10, 1, tzinfo=SHANGHAI)),
    ],
)
def test_iso_instants_are_understood(text: str, instant: datetime) -> None:
    assert parse_instant(text, SHANGHAI) == instant


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ("unit", "B2"),
        ("period", "2026Q5"),
        ("period", "0000"),
        ("period", "0001"),
        ("as_of", "0001-01-01"),
        ("as_of", "yesterday"),
        ("as_of", "9999-12-31"),
        ("track", "third"),
        ("view", "half"),
        ("lang", "fr"),
        ("indicator", "nothing"),
        ("sort", "nothing"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_default_shown(parameter: str, text: str) -> None:
    address, problems = read_address({parameter: text}, KNOWN)
    assert [(problem.parameter, problem.given) for problem in problems] == [(parameter, text)]
    assert address == read_address({}, KNOWN)[0]


@given(st.dictionaries(st.sampled_from([*FILTERS, *OPTIONS]), st.text(max_size=300)))
def test_no_link_is_refused(parameters: dict[str, str]) -> None:
    address, _ = read_address(parameters, KNOWN)
    assert read_address(address.parameters(), KNOWN) == (address, ())


def test_links_to_other_pages_leave_the_page_s_own_options_behind() -> None:
    address, _ = read_address({"sort": "x", "search": "y"}, KNOWN)
    assert set(address.filters(indicator="z")) == {*FILTERS, "indicator"}


def test_a_change_to_nothing_removes_the_option() -> None:
    address, _ = read_address({"page": "3"}, KNOWN)
    assert "page" not in address.parameters(page="")


def test_assessment_months_are_periods_of_a_link() -> None:
    address, _ = read_address({"period": "2026-09A"}, KNOWN)
    assert address.period == Period(date(2026, 8, 19), date(2026, 9, 19), PeriodKind.ASSESSMENT_MONTH)
