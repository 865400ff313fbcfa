"""The days and instants that the rollups are cut at: months, settlements, moves of units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from data_access.counts.placing import Stretch, midnight, stretches
from metrics.period import Period, add_months, month_period, quarter_period, settlement

MOST_MONTHS = 180
"""Older months are counted over the source tables: fifteen years and more are rarely asked for."""


@dataclass(frozen=True)
class Slot:
    """An as-of time of the rollups."""

    number: int
    as_of: datetime
    settled: bool


@dataclass(frozen=True)
class Segment:
    """Days of a month without a move of a unit.

    They begin at the instant ``begins``. What they hold is first counted when their month is settled, ``as_of``. What
    is counted while months are running is first counted when a month of their quarter is settled after they began,
    ``running_as_of``.
    """

    start: date
    end: date
    month: date
    begins: datetime
    as_of: datetime
    running_as_of: datetime


@dataclass(frozen=True)
class Grid:
    """The cuts from ``first_month`` to the month of ``known_until``, the newest as-of time kept ready.

    ``known_until`` is a local midnight, so that nothing depends on the time of day of a refresh.
    """

    first_month: date
    known_until: datetime
    settlement_days: int
    time_zone: ZoneInfo
    move_days: tuple[date, ...]

    @cached_property
    def today(self) -> date:
        """The local day that begins at ``known_until``."""
        return self.known_until.astimezone(self.time_zone).date()

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The months, oldest first."""
        count = (self.today.year - self.first_month.year) * 12 + self.today.month - self.first_month.month + 1
        return tuple(month_period(add_months(self.first_month, index)) for index in range(count))

    @cached_property
    def settlements(self) -> tuple[datetime, ...]:
        """The settlements that are over, in UTC, oldest first."""
        return tuple(at for at in self._settlements.values() if at <= self.known_until)

    @cached_property
    def _settlements(self) -> dict[date, datetime]:
        """The settlement of each month, by its first day, in UTC."""
        return {
            month.start: settlement(month, self.settlement_days, self.time_zone).astimezone(UTC)
            for month in self.months
        }

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The as-of times kept ready: the settlements, and last ``known_until``."""
        times = [*self.settlements, *([self.known_until] if self.known_until not in self.settlements else [])]
        return tuple(Slot(number, at, at in self.settlements) for number, at in enumerate(times))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches of days, oldest first."""
        return tuple(
            self._segment(stretch, midnight(stretch.start, self.time_zone).astimezone(UTC))
            for stretch in stretches(self.months, self.move_days)
        )

    def _segment(self, stretch: Stretch, begins: datetime) -> Segment:
        months = (month.start for month in quarter_period(stretch.part).months())
        # That of its own month comes after it has begun, so that there always is one.
        running = next(at for month in months if (at := self._settlements.get(month)) is not None and at >= begins)
        settled = self._settlements[stretch.part]
        times = (min(at, self.known_until) for at in (settled, running))
        return Segment(stretch.start, stretch.end, stretch.part, begins, *times)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The segments, as counts are placed in them."""
        return tuple(Stretch(each.start, each.end, each.month) for each in self.segments)

    def holds_settled(self, parts: Iterable[Period], as_of: datetime) -> bool:
        """Whether the parts are whole months, and the time a settlement that isn't before theirs."""
        asked = tuple(parts)
        last = max((part.end for part in asked), default=self.first_month)
        return self._holds_months(asked) and as_of in self.settlements and as_of >= self._settled(last)

    def holds_running(self, parts: Iterable[Period], as_of: datetime) -> bool:
        """Whether the parts are whole months, and the time a settlement at which they are counted or haven't begun."""
        asked = tuple(parts)
        if not self._holds_months(asked) or as_of not in self.settlements:
            return False
        missing = [each.start for each in self.segments if each.begins <= as_of < each.running_as_of]
        return not any(part.start <= day < part.end for part in asked for day in missing)

    def holds_now(self, parts: Iterable[Period], as_of: datetime) -> bool:
        """Whether the parts are whole months, and the time isn't before ``known_until``.

        Months after the last one that is cut must not have begun by then.
        """
        asked = tuple(parts)
        end = self.months[-1].end
        reached = as_of >= midnight(end, self.time_zone)
        return (
            self._holds_months(asked)
            and as_of >= self.known_until
            and not (reached and any(part.end > end for part in asked))
        )

    def _holds_months(self, parts: tuple[Period, ...]) -> bool:
        return all(part.start.day == part.end.day == 1 and part.start >= self.first_month for part in parts)

    def _settled(self, end: date) -> datetime:
        return datetime.combine(end + timedelta(days=self.settlement_days), time.min, self.time_zone)


def make_grid(
    first_received: datetime, now: datetime, settlement_days: int, time_zone: ZoneInfo, move_days: tuple[date, ...]
) -> Grid:
    """The grid of the day of ``now``, from the month of the first case on, at most MOST_MONTHS long."""
    today = now.astimezone(time_zone).date()
    earliest = add_months(today.replace(day=1), 1 - MOST_MONTHS)
    first = first_received.astimezone(time_zone).date().replace(day=1)
    known_until = datetime.combine(today, time.min, time_zone).astimezone(UTC)
    return Grid(min(max(first, earliest), today.replace(day=1)), known_until, settlement_days, time_zone, move_days)
