"""How many targets each post is responsible for, the most loaded first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, or_, select

from data_access.counts.standing import stock_days
from data_access.counts.units_on import WITHIN, UnitsByDay, roots
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import org_units, zones

LOAD_COLUMNS = ["unit_id", "post", "targets", "target_ids"]


@dataclass(frozen=True, eq=False)
class PostLoads:
    """The posts with the most targets, and how many ``posts`` there are in all.

    One row of ``first`` is a post: ``unit_id`` (the unit it belongs to), ``post`` (its code), ``targets`` (how many
    units it is responsible for), ``target_ids`` (which, as a tuple). Most targets first.
    """

    posts: int
    first: pd.DataFrame


def list_post_loads(
    connection: Connection, hierarchy: Hierarchy, question: Question, limit: int | None = None
) -> PostLoads:
    """The posts with a zone on the last day of the question's last part (or on its as-of day).

    Targets are units that exist that day, each counted once a post. At most ``limit`` rows.
    """
    days = stock_days(question)
    if not days:
        return PostLoads(0, pd.DataFrame(columns=LOAD_COLUMNS))
    day = max(one.day for one in days)
    standing = _standing(hierarchy, question, day)
    counted = _counted(standing)
    posts = connection.execute(select(counted)).all()
    least = _least(Counter(post.targets for post in posts), limit)
    wanted = {(unit_id, post) for unit_id, post, targets in posts if targets >= least}
    sponsors = sorted({unit_id for unit_id, _ in wanted})
    rows = [row for row in connection.execute(_targets(standing, sponsors)).all() if (row[0], row[1]) in wanted]
    return PostLoads(len(posts), _frame(rows)[:limit])


def _standing(hierarchy: Hierarchy, question: Question, day: date) -> ColumnElement[bool]:
    """Whether a zone holds that day, of a post that is asked about and for a unit that exists."""
    there = select(org_units.c.id).where(
        or_(org_units.c.founded_on.is_(None), org_units.c.founded_on <= day),
        or_(org_units.c.closed_on.is_(None), org_units.c.closed_on > day),
    )
    sponsor = zones.c.sponsor_unit_id
    if roots(hierarchy, question):
        units = UnitsByDay(hierarchy, question).on(day)
        asked = sponsor.in_(sorted(units.index[units[WITHIN]]))
    else:
        asked = sponsor.in_(there)
    holds = and_(zones.c.valid_from <= day, or_(zones.c.valid_to.is_(None), zones.c.valid_to > day))
    return and_(holds, asked, zones.c.target_unit_id.in_(there))


def _counted(standing: ColumnElement[bool]) -> Subquery:
    post = zones.c.sponsor_unit_id, zones.c.sponsor_post
    targets = func.count(zones.c.target_unit_id.distinct()).label("targets")
    return select(*post, targets).where(standing).group_by(*post).subquery("counted")


def _least(posts_by_load: Mapping[int, int], limit: int | None) -> int:
    """The fewest targets of a post that can be among the first: the database may order names otherwise than we do."""
    posts = 0
    for targets in sorted(posts_by_load, reverse=True):
        posts += posts_by_load[targets]
        if limit is not None and posts >= limit:
            return targets
    return 0


def _targets(standing: ColumnElement[bool], sponsors: Sequence[str]) -> Select[Any]:
    """Each target of each post of the units."""
    columns = (zones.c.sponsor_unit_id, zones.c.sponsor_post, zones.c.target_unit_id)
    return select(*columns).where(standing, zones.c.sponsor_unit_id.in_(sponsors)).distinct()


def _frame(rows: Iterable[Any]) -> pd.DataFrame:
    targets_of: dict[tuple[str, str], list[str]] = {}
    for unit_id, post, target in rows:
        targets_of.setdefault((unit_id, post), []).append(target)
    ordered = sorted(targets_of.items(), key=lambda item: (-len(item[1]), item[0]))
    loads = [(*post, len(own), tuple(sorted(own))) for post, own in ordered]
    return pd.DataFrame(loads, columns=LOAD_COLUMNS)
