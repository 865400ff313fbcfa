"""Checks of units and who is above whom, made on the staged rows together with what the database holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from data_access.ingest.problems import Level, Problem, ProblemLog
from data_access.ingest.staging import PLACE, ROW, SHEET, Stage
from data_access.parentage import Link, Parents, chain, whole
from data_access.tables import org_units, unit_parents
from metrics.counts import COMPANY

Links = dict[str, dict[date, Link]]
Headers = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class _StagedLink:
    sheet: int
    row: int
    unit_id: str
    link: Link


def check_units(
    connection: Connection, stages: Mapping[str, Stage], sheets: Sequence[str], headers: Headers, log: ProblemLog
) -> None:
    """Log a second company, parents in a circle, and overlapping parents."""
    if "org_units" in stages:
        _check_company(connection, stages["org_units"], sheets, headers, log)
    if "unit_parents" in stages:
        staged = _staged_links(connection, stages["unit_parents"])
        links = _links(connection, staged)
        parents = {unit: whole(own.values()) for unit, own in links.items()}
        for each in staged:
            code = _fault(each, links, parents)
            if code is not None:
                level = Level.ERROR if code == "parents_in_circle" else Level.WARNING
                column = headers.get(("unit_parents", "parent_id"), "parent_id")
                log.add(Problem(level, code, sheets[each.sheet], each.row, column, each.link.parent_id))


def _check_company(
    connection: Connection, stage: Stage, sheets: Sequence[str], headers: Headers, log: ProblemLog
) -> None:
    staged = stage.table
    known = set(connection.execute(select(org_units.c.id).where(org_units.c.kind == COMPANY)).scalars())
    rows = select(staged.c[SHEET], staged.c[ROW], staged.c.id).where(staged.c.kind == COMPANY)
    for sheet, row, unit_id in connection.execute(rows.order_by(staged.c[SHEET], staged.c[ROW])):
        known.add(unit_id)
        if len(known) > 1:
            column = headers.get(("org_units", "kind"))
            log.add(Problem(Level.WARNING, "second_company", sheets[sheet], row or None, column, unit_id))


def _staged_links(connection: Connection, stage: Stage) -> list[_StagedLink]:
    names = [name for name in (*PLACE, "unit_id", "parent_id", "valid_from", "valid_to") if name in stage.table.c]
    rows = connection.execute(select(*(stage.table.c[name] for name in names)).order_by(*PLACE))
    return [
        _StagedLink(
            row._mapping[SHEET],
            row._mapping[ROW],
            row.unit_id,
            Link(row.valid_from, row.parent_id, row._mapping.get("valid_to")),
        )
        for row in rows
        if None not in (row.unit_id, row.parent_id, row.valid_from)
    ]


def _links(connection: Connection, staged: Sequence[_StagedLink]) -> Links:
    """All links by unit and first day; a staged one replaces the database's own."""
    links: Links = defaultdict(dict)
    for row in connection.execute(select(unit_parents)):
        links[row.unit_id][row.valid_from] = Link(row.valid_from, row.parent_id, row.valid_to)
    for each in staged:
        links[each.unit_id][each.link.valid_from] = each.link
    return links


def _fault(staged: _StagedLink, links: Links, parents: Mapping[str, Parents]) -> str | None:
    day = staged.link.valid_from
    above = chain(parents, staged.link.parent_id, day)
    if staged.unit_id in above:
        return "parents_in_circle"
    own = links[staged.unit_id]
    others = (other for first, other in own.items() if first < day)
    return "parents_overlap" if any(other.holds(day) for other in others) else None
