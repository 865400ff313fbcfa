"""Small random companies with what goes wrong in real ones: orphans, moves, gaps, overlaps, unknown units."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from data_access.question import Filters, Question, Rules
from data_access.scope import Scope, local_scope
from metrics.period import Period, parse_period
from tests.reference.units import SHANGHAI, Company, Row

FIRST, LAST = date(2025, 10, 1), date(2026, 6, 30)
DEPARTMENTS, BRANCHES, TEAMS = ("D1", "D2"), ("B1", "B2", "B3"), ("T1", "T2", "T3", "T4", "T5")
UNITS = ("C", *DEPARTMENTS, *BRANCHES, *TEAMS)
ANY_UNIT = st.sampled_from((*UNITS, "unknown"))
DAYS = st.dates(FIRST, LAST)
NUMBERS = st.integers(0, 12)
NETWORKS = ("party", "union")


def instants(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[datetime]:
    """Instants on whole minutes, local midnights among them."""
    minutes = st.one_of(st.integers(0, 24 * 60 - 1), st.just(0))
    return st.builds(
        lambda day, minute: datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(minutes=minute),
        st.dates(first, last),
        minutes,
    ).map(lambda moment: moment.astimezone(UTC))


def rows(**columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.fixed_dictionaries(columns), max_size=8)


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    first = draw(DAYS)
    return first, draw(st.none() | st.integers(1, 200).map(lambda days: first + timedelta(days=days)))


@st.composite
def spanned(draw: st.DrawFn, first: str, after: str, **columns: st.SearchStrategy[object]) -> list[Row]:
    found = draw(rows(span=spans(), **columns))
    return [{**row, first: row["span"][0], after: row["span"][1]} for row in found]


@st.composite
def units(draw: st.DrawFn) -> list[Row]:
    found = []
    for unit_id, kind in [("C", "company"), *((one, kind_of(one)) for one in UNITS[1:])]:
        founded = draw(st.none() | st.none() | DAYS)
        closed = draw(st.none() | st.none() | DAYS)
        function = draw(st.sampled_from(("party", "administrative"))) if kind == "department" else None
        found.append(_unit(unit_id, kind, function, founded, closed))
    return found


def kind_of(unit_id: str) -> str:
    return {"C": "company", "D": "department", "B": "branch", "T": "team"}[unit_id[0]]


def _unit(unit_id: str, kind: str, function: object, founded: object, closed: object) -> Row:
    unit = {"id": unit_id, "name": unit_id, "kind": kind, "function": function}
    return {**unit, "founded_on": founded, "closed_on": closed}


@st.composite
def parents(draw: st.DrawFn) -> list[Row]:
    """Departments and branches under the company, teams under branches; some move, some hang nowhere."""
    found = []
    above = {**dict.fromkeys(DEPARTMENTS, ("C",)), **dict.fromkeys(BRANCHES, ("C", "D1"))}
    above |= dict.fromkeys(TEAMS, (*BRANCHES, "D2", "unknown"))
    for unit_id, choices in above.items():
        moves = sorted(set(draw(st.lists(DAYS, max_size=2)) + draw(st.sampled_from(([FIRST], [FIRST], [])))))
        for day, end in zip(moves, [*moves[1:], None], strict=False):
            parent = draw(st.sampled_from(choices))
            found.append({"unit_id": unit_id, "parent_id": parent, "valid_from": day, "valid_to": end})
    return found


def numbered(found: list[Row], key: str = "id") -> list[Row]:
    return [{**row, key: str(number)} for number, row in enumerate(found)]


def keyed(found: list[Row], *key: str) -> list[Row]:
    return list({tuple(row[name] for name in key): row for row in found}.values())


MONTHS = st.sampled_from([date(2025 + (9 + month) // 12, (9 + month) % 12 + 1, 1) for month in range(9)])


@st.composite
def coverage_companies(draw: st.DrawFn) -> Company:
    """A company with zones, groups, liaisons, contacts, sessions and activities."""
    staff = rows(unit_id=ANY_UNIT, month=MONTHS, employees=st.integers(-1, 30))
    posts = spanned(
        "valid_from",
        "valid_to",
        tier=st.integers(1, 3),
        sponsor_unit_id=ANY_UNIT,
        sponsor_post=st.sampled_from(("p", "q")),
        target_unit_id=ANY_UNIT,
        employees_covered=st.none() | NUMBERS,
    )
    groups = spanned("created_on", "closed_on", platform=st.sampled_from(("wechat", "qq")), unit_id=ANY_UNIT)
    group_months = rows(
        group_id=st.sampled_from("01234x"), month=MONTHS, members=st.none() | NUMBERS, active_days=st.none() | NUMBERS
    )
    contacts = spanned("valid_from", "valid_to", network=st.sampled_from((*NETWORKS, "other")), unit_id=ANY_UNIT)
    step = st.none() | instants()
    steps = dict.fromkeys(("contacted_at", "registered_at", "reported_at", "implemented_at"), instants())
    points = rows(department_id=ANY_UNIT, unit_id=ANY_UNIT, month=MONTHS, fed_back_at=step, **steps)
    sessions = rows(
        level=st.sampled_from(("weekly", "monthly")),
        unit_id=ANY_UNIT,
        held_on=DAYS,
        items_raised=NUMBERS,
        items_settled=NUMBERS,
        cadres=st.none() | NUMBERS,
        workers=st.none() | NUMBERS,
    )
    held = rows(kind=st.sampled_from(("visit", "sport")), unit_id=ANY_UNIT, held_on=DAYS, participants=NUMBERS)
    return Company(
        {
            "org_units": draw(units()),
            "unit_parents": draw(parents()),
            "headcounts": keyed(draw(staff), "unit_id", "month"),
            "zones": numbered(draw(posts) + draw(posts) + draw(posts)),
            "chat_groups": numbered(draw(groups)),
            "chat_group_months": keyed(draw(group_months), "group_id", "month"),
            "liaisons": numbered(draw(contacts) + draw(contacts)),
            "contact_points": keyed(draw(points), "department_id", "unit_id", "month"),
            "consultations": numbered(draw(sessions)),
            "activities": numbered(draw(held)),
        }
    )


@st.composite
def duty_companies(draw: st.DrawFn, kinds: tuple[str, ...]) -> Company:
    """A company with records of duties: whole, in pieces, late, undated, and outside the plan."""
    records = rows(
        kind=st.sampled_from((*kinds, "other")),
        unit_id=ANY_UNIT,
        period_start=MONTHS | DAYS,
        due_at=st.none() | instants(),
        planned=st.integers(0, 3),
        done=st.integers(0, 3),
        done_at=st.none() | instants(),
    )
    found = [record for _ in range(4) for record in draw(records)]
    return Company({"org_units": draw(units()), "unit_parents": draw(parents()), "duties": numbered(found)})


PERIODS = tuple(
    parse_period(text)
    for text in ("2025-12", "2026-02", "2026-03A", "2026Q1", "2025Q4", "2026H1", "2026-02-10..2026-04-05")
)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Period, ...]:
    """A period whole, or its months."""
    period = draw(st.sampled_from(PERIODS))
    return draw(st.sampled_from(((period,), period.months())))


@st.composite
def questions(draw: st.DrawFn, rules: Rules, dimension: str | None = None) -> Question:
    root = draw(st.none() | st.none() | ANY_UNIT)
    return Question(
        parts=draw(parts()),
        as_of=draw(instants()),
        scope=local_scope("tester") if root is None else Scope("tester", root),
        rules=rules,
        unit_id=draw(st.none() | st.none() | ANY_UNIT),
        filters=Filters(platform=draw(st.sampled_from((None, None, "wechat")))),
        dimensions=(dimension,) if dimension and draw(st.booleans()) else (),
    )
