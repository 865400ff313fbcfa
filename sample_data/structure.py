"""The units of a sample company: who there is, under whom, and since when."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM
from sample_data.chance import stream
from sample_data.companies import CompanyPlan
from sample_data.dates import StoryDates
from sample_data.trades import ADMINISTRATIVE_DEPARTMENTS, PARTY_DEPARTMENTS, TRADES, Trade

SPARE_TEAMS = ("综合班", "机动班", "预备班")
SMALL_TEAM_EMPLOYEES = 5
COMPANY_STAFF = 9
DEPARTMENT_STAFF = 11
BRANCH_STAFF = 5


@dataclass(frozen=True)
class Unit:
    """A unit. ``parent_id`` is the unit above it at the end; ``appeals`` how much it is appealed to."""

    id: str
    name: str
    kind: str
    parent_id: str | None
    employees: int
    appeals: float
    party_lead: str
    administrative_lead: str
    function: str | None = None
    closed_on: date | None = None
    successor_id: str | None = None


@dataclass(frozen=True)
class Parts:
    """The ids of the units that play a part in the story."""

    hard_cases: str
    lost_sponsors: str
    silent_groups: str
    records_nothing: str
    too_small: str
    moved: str
    moved_from: str
    moved_to: str
    fluctuation: str
    merged: str
    merged_into: str


@dataclass(frozen=True)
class Structure:
    """All units of a company, the company first, and the parts they play."""

    units: tuple[Unit, ...]
    parts: Parts

    def of_kind(self, kind: str) -> tuple[Unit, ...]:
        """The units of a kind, in order."""
        return tuple(unit for unit in self.units if unit.kind == kind)

    def teams_of(self, branch_id: str) -> tuple[Unit, ...]:
        """The teams under a branch at the end."""
        return tuple(self._teams[branch_id])

    def unit(self, unit_id: str) -> Unit:
        """The unit with an id; raises KeyError if there is none."""
        return self._by_id[unit_id]

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _teams(self) -> dict[str, list[Unit]]:
        """The teams by their branch, also where there are none."""
        teams: dict[str, list[Unit]] = {branch.id: [] for branch in self.of_kind(BRANCH)}
        for team in self.of_kind(TEAM):
            teams[team.parent_id or ""].append(team)
        return teams


def build(plan: CompanyPlan, dates: StoryDates, seed: int) -> Structure:
    """The company's units, the same for the same plan and seed."""
    company = Unit(plan.prefix, plan.name, COMPANY, None, COMPANY_STAFF, 0.0, "党委书记", "总经理")
    departments = _departments(plan)
    branches = _branches(plan, seed)
    teams = _teams(plan, branches, len(departments), seed)
    return _cast(plan, dates, (company, *departments, *branches, *teams))


def _departments(plan: CompanyPlan) -> list[Unit]:
    named = [(name, "party") for name in PARTY_DEPARTMENTS[: plan.party_departments]]
    named += [(name, "administrative") for name in ADMINISTRATIVE_DEPARTMENTS[: plan.administrative_departments]]
    return [
        Unit(
            id=f"{plan.prefix}D{number:02d}",
            name=name,
            kind=DEPARTMENT,
            parent_id=plan.prefix,
            employees=DEPARTMENT_STAFF,
            appeals=1.0,
            party_lead=f"{name}党支部书记",
            administrative_lead=f"{name}负责人",
            function=function,
        )
        for number, (name, function) in enumerate(named, 1)
    ]


def _branches(plan: CompanyPlan, seed: int) -> list[Unit]:
    named = [(TRADES[stem], name) for stem, count in plan.branches for name in TRADES[stem].branch_names(count)]
    spread = stream(seed, "branch appeals").lognormal(0.0, 0.2, len(named))
    return [
        Unit(
            id=f"{plan.prefix}B{number:02d}",
            name=name,
            kind=BRANCH,
            parent_id=plan.prefix,
            employees=BRANCH_STAFF,
            appeals=trade.appeals * float(spread[number - 1]),
            party_lead=f"{name}党支部书记",
            administrative_lead=f"{name}{'主任' if trade.suffix in ('中心', '站') else '负责人'}",
        )
        for number, (trade, name) in enumerate(named, 1)
    ]


def _teams(plan: CompanyPlan, branches: list[Unit], departments: int, seed: int) -> list[Unit]:
    trades = [TRADES[stem] for stem, count in plan.branches for _ in range(count)]
    counts = share_out(plan.teams, [trade.size**0.6 for trade in trades])
    generator = stream(seed, "team sizes")
    sizes = [trade.size / trade.size**0.6 for trade, count in zip(trades, counts, strict=True) for _ in range(count)]
    weights = np.array(sizes) * generator.lognormal(0.0, 0.18, plan.teams)
    rest = plan.employees - COMPANY_STAFF - departments * DEPARTMENT_STAFF - len(branches) * BRANCH_STAFF
    employees = share_out(rest, [float(weight) for weight in weights])
    appeals = generator.lognormal(0.0, 0.45, plan.teams)
    places = [
        (branch, name)
        for branch, trade, count in zip(branches, trades, counts, strict=True)
        for name in _team_names(trade, count)
    ]
    return [
        _team(plan, number, branch, name, employees[number - 1], float(appeals[number - 1]))
        for number, (branch, name) in enumerate(places, 1)
    ]


def _team_names(trade: Trade, count: int) -> tuple[str, ...]:
    return (*trade.teams, *SPARE_TEAMS)[:count]


def _team(plan: CompanyPlan, number: int, branch: Unit, name: str, employees: int, appeals: float) -> Unit:
    full_name = branch.name + name
    return Unit(
        id=f"{plan.prefix}T{number:0{_digits(plan)}d}",
        name=full_name,
        kind=TEAM,
        parent_id=branch.id,
        employees=employees,
        appeals=appeals * branch.appeals,
        party_lead=f"{full_name}党小组长",
        administrative_lead=f"{full_name}班长",
    )


def _digits(plan: CompanyPlan) -> int:
    return max(3, len(str(plan.teams)))


def share_out(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to ``total`` (largest remainders)."""
    exact = np.array(weights) / sum(weights) * total
    whole = np.floor(exact).astype(int)
    for index in np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]:
        whole[index] += 1
    return [int(number) for number in whole]


def _cast(plan: CompanyPlan, dates: StoryDates, units: tuple[Unit, ...]) -> Structure:
    """The units with the story's changes: a team moved, one made small, one merged into another."""
    branch_id = {unit.name: unit.id for unit in units if unit.kind == BRANCH}
    last_team = {
        name: [u for u in units if u.kind == TEAM and u.parent_id == unit_id] for name, unit_id in branch_id.items()
    }
    cast = plan.cast
    moved, small = last_team[cast.moved_from][-1], last_team[cast.too_small][-1]
    merged_into, merged = last_team[cast.merged][0], last_team[cast.merged][1]
    changed = {
        moved.id: replace(moved, parent_id=branch_id[cast.moved_to]),
        small.id: replace(small, employees=SMALL_TEAM_EMPLOYEES),
        merged.id: replace(merged, closed_on=dates.merged_on, successor_id=merged_into.id),
    }
    parts = Parts(
        hard_cases=branch_id[cast.hard_cases],
        lost_sponsors=branch_id[cast.lost_sponsors],
        silent_groups=branch_id[cast.silent_groups],
        records_nothing=branch_id[cast.records_nothing],
        too_small=small.id,
        moved=moved.id,
        moved_from=branch_id[cast.moved_from],
        moved_to=branch_id[cast.moved_to],
        fluctuation=branch_id[cast.fluctuation],
        merged=merged.id,
        merged_into=merged_into.id,
    )
    return Structure(tuple(changed.get(unit.id, unit) for unit in units), parts)
