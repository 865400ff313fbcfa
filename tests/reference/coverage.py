"""What coverage facts should count, one unit and one day at a time."""

from datetime import date

from data_access.question import Question
from metrics.counts import FACTS, Fact
from tests.reference.units import (
    Company,
    Counts,
    Row,
    Tally,
    as_of_day,
    ended_months,
    exists,
    holds,
    months_between,
    place,
    stock_days,
    within,
)


def _ids(company: Company, question: Question, day: date, kind: str | None = None) -> list[object]:
    return [
        row["id"]
        for row in company.rows("org_units")
        if exists(company, row["id"], day)
        and within(company, question, row["id"], day)
        and (kind is None or row["kind"] == kind)
    ]


def _teams_of(company: Company, branch: object, day: date) -> list[object]:
    teams = [row["id"] for row in company.rows("org_units") if row["kind"] == "team"]
    return [team for team in teams if exists(company, team, day) and place(company, team, day)[2] == branch]


def _latest(rows: list[Row], day: date, column: str, months: int) -> int | None:
    fresh = [row for row in rows if row[column] is not None and 0 <= months_between(row["month"], day) <= months]
    return max(0, max(fresh, key=lambda row: row["month"])[column]) if fresh else None


def employees(company: Company, unit_id: object, day: date) -> int:
    rows = [row for row in company.rows("headcounts") if row["unit_id"] == unit_id]
    return _latest(rows, day, "employees", 12) or 0


def headcounts(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.HEADCOUNTS].counts)
    for part, day in stock_days(question):
        for unit in _ids(company, question, day):
            tally.add((*place(company, unit, day), part.start), employees=employees(company, unit, day))
    return tally.result()


def _zones(company: Company, day: date, tier: int, target: object) -> list[Row]:
    """Zones of a tier for a target that hold on a day and whose post's unit exists."""
    return [
        row
        for row in company.rows("zones")
        if row["tier"] == tier
        and row["target_unit_id"] == target
        and holds(row, day)
        and exists(company, row["sponsor_unit_id"], day)
    ]


def has_tier_1(company: Company, branch: object, day: date) -> bool:
    return any(company.kind(row["sponsor_unit_id"]) == "department" for row in _zones(company, day, 1, branch))


def has_tier_2(company: Company, team: object, day: date) -> bool:
    own = place(company, team, day)[2]
    return any(row["sponsor_unit_id"] == own for row in _zones(company, day, 2, team))


def covered(company: Company, team: object, day: date) -> int:
    total = sum(max(0, row["employees_covered"] or 0) for row in _zones(company, day, 3, team))
    return min(total, employees(company, team, day))


def zones(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.ZONES].counts)
    for part, day in stock_days(question):
        for branch in _ids(company, question, day, "branch"):
            key = (*place(company, branch, day), part.start)
            tally.add(key, branches=1, branches_sponsored=int(has_tier_1(company, branch, day)))
        for team in _ids(company, question, day, "team"):
            where = place(company, team, day)
            chained = has_tier_2(company, team, day) and has_tier_1(company, where[2], day)
            tally.add(
                (*where, part.start),
                teams=1,
                teams_sponsored=int(has_tier_2(company, team, day)),
                team_employees=employees(company, team, day),
                employees_covered=covered(company, team, day),
                employees_in_full_chain=covered(company, team, day) if chained else 0,
            )
    return tally.result()


def zone_loads(company: Company, question: Question) -> Counts:
    tally = Tally(("posts",))
    for part, day in stock_days(question):
        inside = set(_ids(company, question, day))
        targets: dict[tuple[object, object], set[object]] = {}
        for row in company.rows("zones"):
            known = row["sponsor_unit_id"] in inside and exists(company, row["target_unit_id"], day)
            if known and holds(row, day):
                targets.setdefault((row["sponsor_unit_id"], row["sponsor_post"]), set()).add(row["target_unit_id"])
        for (unit, _), found in targets.items():
            tally.add((*place(company, unit, day), part.start, len(found)), posts=1)
    return tally.result()


def _open_groups(company: Company, question: Question, unit: object, day: date) -> list[Row]:
    return [
        row
        for row in company.rows("chat_groups")
        if row["unit_id"] == unit
        and holds(row, day, "created_on", "closed_on")
        and question.filters.platform in (None, row["platform"])
    ]


def _members(company: Company, group: Row, day: date) -> int | None:
    rows = [row for row in company.rows("chat_group_months") if row["group_id"] == group["id"]]
    return _latest(rows, day, "members", 3)


def _unit_members(company: Company, question: Question, unit: object, day: date) -> int:
    return sum(_members(company, group, day) or 0 for group in _open_groups(company, question, unit, day))


def _members_known(company: Company, question: Question, day: date) -> bool:
    units = {row["unit_id"] for row in company.rows("chat_groups")}
    groups = [group for unit in units for group in _open_groups(company, question, unit, day)]
    return any(_members(company, group, day) is not None for group in groups)


def chat_groups(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.CHAT_GROUPS].counts)
    for part, day in stock_days(question):
        known = _members_known(company, question, day)

        def reached(team: object, day: date = day) -> int:
            return min(_unit_members(company, question, team, day), employees(company, team, day))

        for branch in _ids(company, question, day, "branch"):
            teams = _teams_of(company, branch, day)
            staff = employees(company, branch, day)
            left = staff + sum(employees(company, team, day) - reached(team) for team in teams)
            with_group = any(_open_groups(company, question, unit, day) for unit in [branch, *teams])
            tally.add(
                (*place(company, branch, day), part.start),
                group_branches=1,
                branches_with_group=int(with_group),
                group_employees=staff if known else 0,
                group_members=min(_unit_members(company, question, branch, day), left) if known else 0,
            )
        for team in _ids(company, question, day, "team"):
            tally.add(
                (*place(company, team, day), part.start),
                group_teams=1,
                teams_with_group=int(bool(_open_groups(company, question, team, day))),
                group_employees=employees(company, team, day) if known else 0,
                group_members=reached(team) if known else 0,
            )
    return tally.result()


def chat_group_activity(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.CHAT_GROUP_ACTIVITY].counts)
    groups = {
        row["id"]: row["unit_id"]
        for row in company.rows("chat_groups")
        if question.filters.platform in (None, row["platform"])
    }
    for part, day in ended_months(question):
        records = [
            row
            for row in company.rows("chat_group_months")
            if months_between(row["month"], day) == 0 and row["active_days"] is not None and row["group_id"] in groups
        ]
        active = {groups[row["group_id"]] for row in records if row["active_days"] >= question.rules.active_days}
        for team in _ids(company, question, day, "team") if records else []:
            tally.add((*place(company, team, day), part.start), team_months=1, team_months_active=int(team in active))
    return tally.result()


def liaisons(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.LIAISONS].counts)
    for part, day in stock_days(question):
        networks: dict[object, set[object]] = {}
        for row in company.rows("liaisons"):
            if holds(row, day):
                networks.setdefault(row["unit_id"], set()).add(row["network"])
        for branch in _ids(company, question, day, "branch") if question.rules.networks else []:
            units = [branch, *_teams_of(company, branch, day)]
            found = set().union(*(networks.get(unit, set()) for unit in units))
            tally.add(
                (*place(company, branch, day), part.start),
                liaison_branches=1,
                branches_with_all_networks=int(found >= set(question.rules.networks)),
            )
        for team in _ids(company, question, day, "team"):
            tally.add(
                (*place(company, team, day), part.start), liaison_teams=1, teams_with_liaison=int(team in networks)
            )
    return tally.result()


STEPS = ("contacted_at", "registered_at", "reported_at", "implemented_at", "fed_back_at")


def contact_points(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.CONTACT_POINTS].counts)
    for part, day in ended_months(question):
        branches = [row["id"] for row in company.rows("org_units") if row["kind"] == "branch"]
        owed = {
            (row["sponsor_unit_id"], branch)
            for branch in branches
            if exists(company, branch, day)
            for row in _zones(company, day, 1, branch)
            if company.kind(row["sponsor_unit_id"]) == "department"
        }
        records = [row for row in company.rows("contact_points") if months_between(row["month"], day) == 0]
        owed |= {(row["department_id"], row["unit_id"]) for row in records}
        for department, unit in owed:
            own = [row for row in records if (row["department_id"], row["unit_id"]) == (department, unit)]
            closed = any(all(row[step] and row[step] <= question.as_of for step in STEPS) for row in own)
            if within(company, question, department, day):
                key = (*place(company, department, day), part.start)
                tally.add(key, contacts_owed=1, contacts_closed=int(closed))
    return tally.result()


def _by_day(company: Company, question: Question, table: str) -> list[tuple[tuple[object, ...], Row]]:
    """Rows of a table that were held in a part by the as-of day, with the key of the place and part."""
    found = []
    for row in company.rows(table):
        held = row["held_on"]
        parts = [part for part in question.parts if part.start <= held <= part.last_day]
        if parts and held <= as_of_day(question) and within(company, question, row["unit_id"], held):
            found.append(((*place(company, row["unit_id"], held), parts[0].start), row))
    return found


def consultations(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.CONSULTATIONS].counts)
    for key, row in _by_day(company, question, "consultations"):
        raised = max(0, row["items_raised"])
        known = row["workers"] is not None and row["cadres"] is not None
        workers, cadres = (max(0, row["workers"]), max(0, row["cadres"])) if known else (0, 0)
        tally.add(
            (*key, row["level"]) if "level" in question.dimensions else key,
            items_raised=raised,
            items_settled=min(raised, max(0, row["items_settled"])),
            consultation_workers=workers,
            consultation_participants=workers + cadres,
        )
    return tally.result()


def activities(company: Company, question: Question) -> Counts:
    tally = Tally(FACTS[Fact.ACTIVITIES].counts)
    for key, row in _by_day(company, question, "activities"):
        tally.add(
            (*key, row["kind"]) if "activity_kind" in question.dimensions else key,
            activities_held=1,
            activity_participants=max(0, row["participants"]),
        )
    return tally.result()
