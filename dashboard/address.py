"""The address: what a link says, checked. It is the whole state of a page."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.i18n import LANGUAGES, language_of
from data_access.question import View
from metrics.period import Period, PeriodError, parse_period, quarter_period, settlement

NOW, SETTLED = "now", "settled"
EVERY = "all"
"""What the address says for a filter that restricts nothing."""

MINUTES_OF_NOW = 5
"""``now`` is the last full five minutes, so that a page looked at again needn't be counted again."""

OPTIONS = ("indicator", "tab", "by", "sort", "kind", "show", "search", "page")
"""Parameters that pages have of their own; any other in a link is dropped."""

INDICATORS = ("indicator", "sort")
"""Those of them that name an indicator."""

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
"""Nothing outside is asked for; so that a year before or a settlement after is still a date."""

MAXIMUM_LENGTH = 200
LENGTH_OF_A_DAY = len("2026-09-30")


@dataclass(frozen=True)
class Problem:
    """A part of the link that can't be used; the default is shown in its place."""

    parameter: str
    given: str


@dataclass(frozen=True)
class Known:
    """What a link can be checked against. ``data_until`` is None while there are no data."""

    unit_ids: frozenset[str]
    company_id: str | None
    tracks: tuple[str, ...]
    time_zone: ZoneInfo
    now: datetime
    data_until: datetime | None
    settlement_days: int
    locale: str | None = None
    indicator_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Address:
    """A checked link. ``as_of_text`` is what it says, ``as_of`` the instant that is meant.

    ``unit_id`` is None only while there are no units. ``options`` are a page's own parameters.
    """

    unit_id: str | None
    period: Period
    as_of_text: str
    as_of: datetime
    track: str | None
    view: View
    language: str
    options: tuple[tuple[str, str], ...] = ()

    def parameters(self, **changes: str) -> dict[str, str]:
        """The query parameters that lead here, with some of them changed."""
        filters = {
            "unit": self.unit_id or "",
            "period": self.period.name,
            "as_of": self.as_of_text,
            "track": self.track or EVERY,
            "view": self.view.value,
            "lang": self.language,
        }
        return {name: value for name, value in (filters | dict(self.options) | changes).items() if value}

    def filters(self, **changes: str) -> dict[str, str]:
        """The parameters that every page shares; a link to another page carries these."""
        return replace(self, options=()).parameters(**changes)


def read_address(parameters: Mapping[str, str], known: Known) -> tuple[Address, tuple[Problem, ...]]:
    """The address that a link's parameters give, and every part of it that couldn't be used."""
    reader = _Reader(parameters)
    language = reader.take("lang", _one_of(LANGUAGES), language_of(known.locale))
    unit_id = reader.take("unit", _one_of(known.unit_ids), known.company_id)
    period = reader.take("period", asked_period, default_period(known))
    as_of_text = reader.take("as_of", lambda text: _as_of_text(text, known.time_zone), SETTLED)
    track = reader.take("track", _one_of((EVERY, *known.tracks)), EVERY)
    address = Address(
        unit_id=unit_id,
        period=period,
        as_of_text=as_of_text,
        as_of=resolve_as_of(as_of_text, period, known),
        track=None if track == EVERY else track,
        view=reader.take("view", View, View.SCORED),
        language=language,
        options=tuple(reader.options(known)),
    )
    return address, tuple(reader.problems)


def default_period(known: Known) -> Period:
    """The last quarter that ended before the newest data, or before now where there are none."""
    latest = min(known.now, known.data_until or known.now).astimezone(known.time_zone)
    return quarter_period(latest.date()).previous()


def resolve_as_of(text: str, period: Period, known: Known) -> datetime:
    """The instant that ``now``, ``settled`` (now, until the period is settled) or an ISO instant means."""
    now = known.now.replace(minute=known.now.minute // MINUTES_OF_NOW * MINUTES_OF_NOW, second=0, microsecond=0)
    if text == NOW:
        return now.astimezone(known.time_zone)
    if text == SETTLED:
        return min(settlement(period, known.settlement_days, known.time_zone), now.astimezone(known.time_zone))
    return parse_instant(text, known.time_zone)


class _Reader:
    """Takes parameters one by one and remembers those that can't be used."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        self.problems: list[Problem] = []

    def take(self, name: str, parse: Callable[[str], Any], default: Any) -> Any:  # noqa: ANN401
        text = self._parameters.get(name, "")
        if not text:
            return default
        try:
            return parse(text)
        except (ValueError, OverflowError):
            self.problems.append(Problem(name, text[:MAXIMUM_LENGTH]))
            return default

    def options(self, known: Known) -> Iterator[tuple[str, str]]:
        """The page's own parameters; an indicator among them must be one."""
        for name in OPTIONS:
            parse = _one_of(known.indicator_ids) if name in INDICATORS else _shortened
            if text := self.take(name, parse, ""):
                yield name, text


def _one_of(allowed: frozenset[str] | tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _shortened(text: str) -> str:
    return text[:MAXIMUM_LENGTH]


def asked_period(text: str) -> Period:
    """The period that a text names, if figures can be asked for it; raises ValueError otherwise."""
    period = parse_period(text)
    if not EARLIEST <= period.start < period.end <= LATEST:
        raise PeriodError(f"{text!r} reaches beyond the years {EARLIEST.year} to {LATEST.year - 1}")
    return period


def asked_instant(text: str, time_zone: ZoneInfo) -> datetime:
    """The instant of ``parse_instant``, if figures can be asked for as of then.

    Raises ValueError or OverflowError otherwise.
    """
    instant = parse_instant(text, time_zone)
    if not EARLIEST <= instant.date() <= LATEST:
        raise ValueError(text)
    return instant


def _as_of_text(text: str, time_zone: ZoneInfo) -> str:
    """The same in the form that a link keeps: a word, or company time without its zone."""
    if text in (NOW, SETTLED):
        return text
    instant = asked_instant(text, time_zone).replace(tzinfo=None)
    return instant.isoformat(timespec="seconds" if instant.second else "minutes")


def parse_instant(text: str, time_zone: ZoneInfo) -> datetime:
    """The instant that an ISO text names; a time without zone is company time, a day alone means its end.

    Raises ValueError or OverflowError for anything else.
    """
    if len(text) == LENGTH_OF_A_DAY:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, time_zone)
    instant = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if "T" in text else text)
    return instant.replace(tzinfo=time_zone) if instant.tzinfo is None else instant.astimezone(time_zone)
