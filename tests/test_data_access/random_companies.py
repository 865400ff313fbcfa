"""Small random companies, dense, with what goes wrong in real ones: orphans, moves, overlaps, unknown units."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from data_access.question import Filters, Question, Rules
from data_access.scope import Scope, local_scope
from metrics.period import Period, add_months, parse_period
from tests.reference.units import SHANGHAI, Company, Row

Item = TypeVar("Item")

FIRST, LAST = date(2025, 10, 1), date(2026, 6, 30)
MONTHS = [add_months(FIRST, count) for count in range(9)]
DEPARTMENTS, BRANCHES, TEAMS = ("D1", "D2"), ("B1", "B2", "B3"), ("T1", "T2", "T3", "T4", "T5")
UNITS = ("C", *DEPARTMENTS, *BRANCHES, *TEAMS)
KINDS = {"C": "company", "D": "department", "B": "branch", "T": "team"}
NETWORKS = ("party", "union")
STEPS = ("contacted_at", "registered_at", "reported_at", "implemented_at", "fed_back_at")


class Chance:
    """Random days, instants and units of one company."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, items: Sequence[Item]) -> Item:
        return self.random.choice(items)

    def maybe(self, item: Item, share: float = 0.5) -> Item | None:
        return item if self.random.random() < share else None

    def number(self, last: int, first: int = 0) -> int:
        return self.random.randint(first, last)

    def day(self) -> date:
        return FIRST + timedelta(days=self.number((LAST - FIRST).days))

    def instant(self, day: date | None = None) -> datetime:
        """An instant of a local day, often its beginning."""
        minutes = self.pick((0, self.number(24 * 60 - 1)))
        local = datetime.combine(day or self.day(), time.min, SHANGHAI) + timedelta(minutes=minutes)
        return local.astimezone(UTC)

    def unit(self, likely: Sequence[str] = UNITS) -> str:
        return self.pick((*UNITS, "unknown")) if self.random.random() < 0.15 else self.pick(likely)

    def span(self, first: str, after: str) -> Row:
        """A first day, mostly early, and often no last one."""
        begins = self.pick((FIRST, FIRST, self.day()))
        return {first: begins, after: self.maybe(begins + timedelta(days=self.number(200, 1)))}


def kind_of(unit_id: str) -> str:
    return KINDS[unit_id[0]]


def units(chance: Chance) -> list[Row]:
    return [
        {
            "id": unit_id,
            "name": unit_id,
            "kind": kind_of(unit_id),
            "function": chance.pick(("party", "administrative")) if kind_of(unit_id) == "department" else None,
            "founded_on": chance.maybe(chance.day(), 0.2),
            "closed_on": chance.maybe(chance.day(), 0.2),
        }
        for unit_id in UNITS
    ]


def parents(chance: Chance) -> list[Row]:
    """Departments and branches under the company, teams under branches; some move, some hang nowhere."""
    found: list[Row] = []
    above = {**dict.fromkeys(DEPARTMENTS, ("C",)), **dict.fromkeys(BRANCHES, ("C", "C", "D1"))}
    above |= dict.fromkeys(TEAMS, (*BRANCHES, *BRANCHES, "D2", "unknown"))
    for unit_id, choices in above.items():
        days = sorted({FIRST, *(chance.day() for _ in range(chance.number(1)))}) if chance.number(9) else []
        ends = [*days[1:], None]
        found += [
            {"unit_id": unit_id, "parent_id": chance.pick(choices), "valid_from": day, "valid_to": end}
            for day, end in zip(days, ends, strict=False)
        ]
    return found


def zone(chance: Chance) -> Row:
    tier = chance.number(3, 1)
    sponsors, targets = {1: (DEPARTMENTS, BRANCHES), 2: (BRANCHES, TEAMS), 3: (TEAMS, TEAMS)}[tier]
    return {
        "tier": tier,
        "sponsor_unit_id": chance.unit(sponsors),
        "sponsor_post": chance.pick(("p", "q")),
        "target_unit_id": chance.unit(targets),
        "employees_covered": chance.maybe(chance.number(12), 0.9),
        **chance.span("valid_from", "valid_to"),
    }


def contact_point(chance: Chance) -> Row:
    month = chance.pick(MONTHS)
    steps = {step: chance.maybe(chance.instant(month + timedelta(days=chance.number(35))), 0.9) for step in STEPS}
    return {"department_id": chance.unit(DEPARTMENTS), "unit_id": chance.unit(BRANCHES), "month": month, **steps}


def consultation(chance: Chance) -> Row:
    numbers = {name: chance.number(9) for name in ("items_raised", "items_settled")}
    present = {name: chance.maybe(chance.number(9), 0.8) for name in ("cadres", "workers")}
    return {"level": chance.pick(("weekly", "monthly")), "unit_id": chance.unit(), "held_on": chance.day()} | (
        numbers | present
    )


def numbered(found: list[Row]) -> list[Row]:
    return [{**row, "id": str(number)} for number, row in enumerate(found)]


def keyed(found: list[Row], *key: str) -> list[Row]:
    return list({tuple(row[name] for name in key): row for row in found}.values())


def coverage_company(seed: int) -> Company:
    """A company with zones, groups, liaisons, contacts, sessions and activities."""
    chance = Chance(seed)
    staff = [
        {"unit_id": chance.unit(), "month": chance.pick(MONTHS), "employees": chance.number(30, -1)} for _ in range(30)
    ]
    groups = [
        {"platform": chance.pick(("wechat", "qq")), "unit_id": chance.unit((*BRANCHES, *TEAMS))}
        | chance.span("created_on", "closed_on")
        for _ in range(chance.number(12, 3))
    ]
    group_months = [
        {
            "group_id": str(chance.number(12)),
            "month": chance.pick(MONTHS),
            "members": chance.maybe(chance.number(20), 0.8),
            "active_days": chance.maybe(chance.number(9), 0.8),
        }
        for _ in range(chance.pick((0, 5, 60, 60)))
    ]
    liaisons = [
        {"network": chance.pick((*NETWORKS, "other")), "unit_id": chance.unit((*BRANCHES, *TEAMS))}
        | chance.span("valid_from", "valid_to")
        for _ in range(chance.number(16))
    ]
    activities = [
        {
            "kind": chance.pick(("visit", "sport")),
            "unit_id": chance.unit(),
            "held_on": chance.day(),
            "participants": chance.number(30),
        }
        for _ in range(15)
    ]
    return Company(
        {
            "org_units": units(chance),
            "unit_parents": parents(chance),
            "headcounts": keyed(staff, "unit_id", "month"),
            "zones": numbered([zone(chance) for _ in range(60)]),
            "chat_groups": numbered(groups),
            "chat_group_months": keyed(group_months, "group_id", "month"),
            "liaisons": numbered(liaisons),
            "contact_points": keyed([contact_point(chance) for _ in range(20)], "department_id", "unit_id", "month"),
            "consultations": numbered([consultation(chance) for _ in range(15)]),
            "activities": numbered(activities),
        }
    )


def duty(chance: Chance, likely: Sequence[tuple[str, str]]) -> Row:
    """A record, mostly of what is planned: whole or in part, in time or late, dated or not."""
    kind, unit_kind = chance.pick((*likely, ("other", "team")))
    start = chance.pick((chance.day(), chance.pick(MONTHS), date(2026, 1, 1)))
    return {
        "kind": kind,
        "unit_id": chance.unit([unit for unit in UNITS if kind_of(unit) == unit_kind]),
        "period_start": start,
        "due_at": chance.maybe(chance.instant(), 0.4),
        "planned": chance.pick((0, 1, 1, 1, 2, 3)),
        "done": chance.pick((-1, 0, 1, 1, 2, 3)),
        "done_at": chance.maybe(chance.instant(start + timedelta(days=chance.number(40))), 0.8),
    }


def duty_company(seed: int, likely: Sequence[tuple[str, str]]) -> Company:
    """A company with records of duties of these kinds (and the kind of unit that owes each), and of others."""
    chance = Chance(seed)
    records = [duty(chance, likely) for _ in range(60)]
    return Company({"org_units": units(chance), "unit_parents": parents(chance), "duties": numbered(records)})


PERIODS = tuple(
    parse_period(text)
    for text in ("2025-12", "2026-02", "2026-03A", "2026Q1", "2025Q4", "2026H1", "2026-02-10..2026-04-05")
)


def parts(chance: Chance) -> tuple[Period, ...]:
    """A period whole, its months, or it with one before it and a gap between."""
    period = chance.pick(PERIODS)
    return chance.pick(((period,), period.months(), (period, period.previous().previous())))


def any_question(seed: int, rules: Rules, dimension: str | None = None) -> Question:
    """A question as of a time in or after the data, mostly late, and often about everything."""
    chance = Chance(seed + 1)
    root = chance.maybe(chance.unit(), 0.3)
    days = chance.number(150) + chance.pick((0, 150, 150))
    return Question(
        parts=parts(chance),
        as_of=chance.instant(FIRST + timedelta(days=days)),
        scope=local_scope("tester") if root is None else Scope("tester", root),
        rules=rules,
        unit_id=chance.maybe(chance.unit(), 0.3),
        filters=Filters(platform=chance.maybe("wechat", 0.3)),
        dimensions=(dimension,) if dimension and chance.maybe(True) else (),
    )


SEEDS = st.integers(0, 10**9)
"""Hypothesis chooses only the seed: a company and a question that it drew piece by piece would be nearly empty."""
