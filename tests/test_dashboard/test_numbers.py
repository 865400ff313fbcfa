"""Numbers and periods in the habit of each language."""

import pytest

from dashboard.i18n import Translator
from dashboard.presenters.markdown import escaped
from dashboard.presenters.numbers import count, decimal, difference, fraction, percent_number, shown
from dashboard.presenters.periods import period_name
from metrics.definition import Unit
from metrics.period import parse_period
from tests.test_dashboard.results import CHINESE, ENGLISH


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.964, "96.4"), (1.0, "100"), (0.0, "0"), (0.9996, "99.9"), (0.0004, "0.1"), (0.5, "50.0"), (1.25, "125.0")],
)
def test_a_share_is_100_or_0_only_if_it_is(share: float, text: str) -> None:
    assert percent_number(share) == text


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [(9999, "9,999", "9,999"), (10_000, "1.00万", "10,000"), (58_017, "5.80万", "58,017"), (0, "0", "0")],
)
def test_counts_from_ten_thousand_on_are_in_wan_in_chinese(value: float, chinese: str, english: str) -> None:
    assert (count(value, CHINESE), count(value, ENGLISH)) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (0.882, Unit.SHARE, "88.2%", "88.2%"),
        (6, Unit.WORKING_DAYS, "6个工作日", "6 working days"),
        (1, Unit.WORKING_DAYS, "1个工作日", "1 working day"),
        (26.52, Unit.HOURS, "26.5小时", "26.5 hours"),
        (47, Unit.COUNT, "47件", "47 cases"),
    ],
)
def test_values_carry_their_unit(value: float, unit: Unit, chinese: str, english: str) -> None:
    assert (str(shown(value, unit, CHINESE)), str(shown(value, unit, ENGLISH))) == (chinese, english)


@pytest.mark.parametrize(
    ("change", "unit", "chinese", "english"),
    [
        (0.021, Unit.SHARE, "+2.1 个百分点", "+2.1 points"),
        (-0.006, Unit.SHARE, "−0.6 个百分点", "−0.6 points"),
        (0.0, Unit.SHARE, "±0 个百分点", "±0 points"),
        (-1, Unit.WORKING_DAYS, "−1个工作日", "−1 working day"),
    ],
)
def test_changes_have_a_sign_and_shares_change_by_points(change: float, unit: Unit, chinese: str, english: str) -> None:
    assert (difference(change, unit, CHINESE), difference(change, unit, ENGLISH)) == (chinese, english)


def test_fractions_are_exact() -> None:
    assert fraction(1512, 1568) == "1,512 / 1,568"
    assert fraction(554.6, 599) == "554.6 / 599"


@pytest.mark.parametrize(("value", "text"), [(6.0, "6"), (6.04, "6"), (6.06, "6.1"), (1234.5, "1,234.5")])
def test_decimals_only_where_they_say_something(value: float, text: str) -> None:
    assert decimal(value) == text


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("2026Q3", "2026年第三季度", "Q3 2026"),
        ("2026-09", "2026年9月", "2026-09"),
        ("2026H1", "2026年上半年", "First half of 2026"),
        ("2026H2", "2026年下半年", "Second half of 2026"),
        ("2026", "2026年", "Year 2026"),
        ("2026-09A", "2026年9月考核月", "Assessment month 2026-09"),
        ("2026-07-01..2026-07-10", "2026-07-01 至 2026-07-10", "2026-07-01 to 2026-07-10"),
    ],
)
def test_periods_are_named_as_people_say_them(name: str, chinese: str, english: str) -> None:
    period = parse_period(name)
    assert (period_name(period, CHINESE), period_name(period, ENGLISH)) == (chinese, english)


def test_an_unknown_message_is_given_in_english_and_an_empty_one_stays_empty() -> None:
    assert Translator("zh")("No such message {x}", x=1) == "No such message 1"
    assert Translator("zh")("") == ""


def test_values_with_braces_are_shown_as_they_are() -> None:
    assert "{0}" in CHINESE("As of {at}", at="{0}")


def test_markdown_shows_escaped_text_as_it_is() -> None:
    assert escaped("[x](javascript:1) **b** :red[y] $z$") == (r"\[x\]\(javascript\:1\) \*\*b\*\* \:red\[y\] \$z\$")
