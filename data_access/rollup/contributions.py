"""What single cases add to the rollups, as SQL: first at a settlement, and each time that something changes.

Every count is made from ``counts.case_rows``, seen from the as-of time of the row and, for a change, from the
one before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, Table, and_, case, literal, or_, select, true

from data_access.counts.case_columns import ZERO
from data_access.counts.case_rows import CaseRows, RowsOfFact, placed_unit
from data_access.counts.standpoint import Standpoint
from data_access.question import Rules, View
from data_access.rollup.cuts import Cuts
from data_access.rollup_tables import rollup_segments, rollup_slots
from data_access.tables import cases

At = ColumnElement[Any]
Condition = ColumnElement[bool]
SEGMENT, SLOT = rollup_segments.c, rollup_slots.c
PLACE = ("unit_id", "partition", "segment", "counts_from", "view")


@dataclass(frozen=True)
class Term:
    """A standpoint, and whether what is seen from it is added (1) or taken away (-1)."""

    sign: int
    seen: Standpoint


@dataclass(frozen=True, eq=False)
class _Counted:
    """Rows with what they add: values and counts, and the condition that they add anything."""

    rows: CaseRows
    columns: Mapping[str, At]
    condition: Condition


@dataclass(frozen=True)
class Contributions:
    """What the cases of one fact add, with their dimensions."""

    rows_of_fact: RowsOfFact
    rules: Rules
    cuts: Cuts
    dimensions: tuple[str, ...]
    only_settled: bool = False
    """leaves out what isn't settled yet, so that nothing depends on the newest as-of time"""

    def first(self) -> Iterator[Select[Any]]:
        """What each case adds at the settlement of its date's month."""
        for view, terms in _views(SEGMENT.as_of):
            for counted in self._counted(terms):
                tables = self._in_segments(counted.rows)
                placed = self._placed(counted, SEGMENT.segment, SEGMENT.as_of, view, tables)
                yield placed.where(SEGMENT.settled == 1) if self.only_settled else placed

    def later(self) -> Iterator[Select[Any]]:
        """What changes after that settlement, at the first slot that knows of it."""
        for view, terms in _changes(SLOT.as_of, SLOT.before):
            for counted in self._counted(terms):
                known = and_(SLOT.as_of > SEGMENT.as_of, self._at_slots(counted.rows))
                if self.only_settled:
                    known = and_(known, SLOT.settled == 1)
                tables = self._in_segments(counted.rows).join(rollup_slots, known)
                yield self._placed(counted, SEGMENT.segment, SLOT.as_of, view, tables).where(_moves(counted.rows))

    def ahead(self, moments: Table) -> Iterator[Select[Any]]:
        """What changes at each of the moments (``case_no``, ``at`` and the moment ``before``) of some cases."""
        for view, terms in _changes(moments.c.at, moments.c.before):
            for counted in self._counted(terms):
                inside = self.cuts.in_segments(counted.rows.at)
                tables = counted.rows.tables.join(moments, and_(moments.c.case_no == cases.c.case_no, inside))
                yield self._placed(counted, self.cuts.segment(counted.rows.at), moments.c.at, view, tables)

    def instants(self) -> Iterator[tuple[At, FromClause]]:
        """Each instant at which a case may count otherwise, with the tables that tell it."""
        seen = Standpoint(self.cuts.grid.known_until, View.SCORED)
        for rows in self.rows_of_fact(seen, self.rules):
            yield from ((at, rows.tables) for at in all_changes(rows))

    def _counted(self, terms: Sequence[Term]) -> Iterator[_Counted]:
        """The fact's rows with what they add over the terms; rows with values once for each term."""
        for same in zip(*(self.rows_of_fact(term.seen, self.rules) for term in terms), strict=True):
            if same[0].values:
                yield from (_with_values(term, rows) for term, rows in zip(terms, same, strict=True))
            else:
                yield _added_up(terms, same)

    def _in_segments(self, rows: CaseRows) -> FromClause:
        inside = and_(self.cuts.in_segments(rows.at), SEGMENT.segment == self.cuts.segment(rows.at))
        return rows.tables.join(rollup_segments, inside)

    def _at_slots(self, rows: CaseRows) -> Condition:
        """The slots that know of a change first; while a duration grows, every slot does."""
        changed = SLOT.slot.in_([self.cuts.slot(at) for at in all_changes(rows)])
        return or_(changed, SLOT.slot <= self.cuts.slot(cases.c.resolved_at)) if rows.values else changed

    def _placed(self, counted: _Counted, segment: At, counts_from: At, view: View, tables: FromClause) -> Select[Any]:
        columns = (
            placed_unit(counted.rows.unit),
            self.cuts.partition,
            segment,
            counts_from,
            literal(view.value, String(), literal_execute=True),
        )
        differs = true() if view is View.SCORED else cases.c.exclusion.is_not(None)
        return (
            select(
                *(column.label(name) for name, column in zip(PLACE, columns, strict=True)),
                *(cases.c[name].label(name) for name in self.dimensions),
                *(column.label(name) for name, column in counted.columns.items()),
            )
            .select_from(tables)
            .where(counted.condition, differs)
        )


def _with_values(term: Term, rows: CaseRows) -> _Counted:
    counts = {name: count * term.sign for name, count in rows.counts.items()}
    return _Counted(rows, {**rows.values, **counts}, rows.counting(term.seen))


def _added_up(terms: Sequence[Term], same: Sequence[CaseRows]) -> _Counted:
    if len(terms) == 1:
        return _Counted(same[0], same[0].counts, same[0].counting(terms[0].seen))
    return _Counted(same[0], {name: _sum(terms, same, name) for name in same[0].counts}, true())


def _sum(terms: Sequence[Term], same: Sequence[CaseRows], name: str) -> ColumnElement[int]:
    seen = (
        case((rows.counting(term.seen), rows.counts[name]), else_=ZERO) * term.sign
        for term, rows in zip(terms, same, strict=True)
    )
    return reduce(add, seen)


def _views(as_of: At) -> Iterator[tuple[View, tuple[Term, ...]]]:
    """The scored view, and what the full view has besides."""
    scored = Term(1, Standpoint(as_of, View.SCORED))
    yield View.SCORED, (scored,)
    yield View.FULL, (Term(1, Standpoint(as_of, View.FULL)), Term(-1, scored.seen))


def _changes(as_of: At, before: At) -> Iterator[tuple[View, tuple[Term, ...]]]:
    """What was different before, in the scored view and in what the full view has besides."""
    scored = Term(1, Standpoint(as_of, View.SCORED)), Term(-1, Standpoint(before, View.SCORED))
    full = Term(1, Standpoint(as_of, View.FULL)), Term(-1, Standpoint(before, View.FULL))
    yield View.SCORED, scored
    yield View.FULL, (*full, *(Term(-term.sign, term.seen) for term in scored))


def all_changes(rows: CaseRows) -> tuple[At, ...]:
    """The instants at which a case may count otherwise."""
    return (rows.at, cases.c.received_at, cases.c.recorded_at, *rows.changes)


def _moves(rows: CaseRows) -> Condition:
    """Whether anything changes after the first settlement, so that most cases are left out soon."""
    open_since = [cases.c.resolved_at.is_(None)] if rows.values else []
    return or_(*open_since, *(at > SEGMENT.as_of for at in all_changes(rows)))
