"""Results of a protected indicator, for tests of what is hidden."""

import numpy as np

from metrics.result import Beside, Group, Reason, Result, Status, Tone
from metrics.suppression import REASONS, SHOWN, Cells, hide, suppressed
from metrics.unit_tree import UnitTree
from tests.test_metrics.making import AS_OF


def result(group, part, count, *, as_of=AS_OF, numerator=None, name="satisfaction_rate"):
    if count == 0:
        return Result(name, group, part, as_of, Status.NO_DATA, Reason.NO_DATA)
    return Result(
        name,
        group,
        part,
        as_of,
        Status.OK,
        value=1.0,
        numerator=count if numerator is None else numerator,
        denominator=count,
        low=0.5,
        high=1.0,
        target=0.9,
        tone=Tone.MET,
        gap=0,
        beside=(Beside("ratings", count),),
    )


def branch(number):
    return Group(f"B{number}", f"支部{number}", "branch", "C")


def team(number, parent):
    return Group(f"{parent.unit_id}T{number}", f"班组{number}", "team", parent.unit_id)


def suppress(results, closed=None, telling=frozenset()):
    """The Results as they may be shown; all parts are closed unless told. ``telling`` are unit ids and parts."""
    judged = [each for each in results if each.reason is not Reason.NOT_FOR_KIND]
    units = {each.group.unit_id: each.group for each in sorted(judged, key=lambda each: each.group.unit_id)}
    parts = tuple(sorted({each.period for each in judged}))
    found = {(each.group.unit_id, each.period): each for each in judged}
    codes = suppressed(_cells(units, parts, found, telling), parts if closed is None else closed)
    reasons = dict(zip([(unit, part) for unit in units for part in parts], codes.ravel().tolist(), strict=True))
    coded = [(each, reasons.get((each.group.unit_id, each.period), SHOWN)) for each in results]
    return [each if code == SHOWN else hide(each, REASONS[code]) for each, code in coded]


def _cells(units, parts, found, telling):
    def table(value, default):
        rows = [[value(found[unit, part]) if (unit, part) in found else default for part in parts] for unit in units]
        return np.array(rows).reshape(len(units), len(parts))

    places = {unit: place for place, unit in enumerate(units)}
    return Cells(
        tree=UnitTree(np.array([places.get(group.parent_id, -1) for group in units.values()], dtype=np.int64)),
        parts=parts,
        companies=np.array([group.kind == "company" for group in units.values()]),
        counts=table(lambda each: float(each.denominator or 0), 0.0),
        empty=table(lambda each: each.status is Status.NO_DATA, True),
        telling=np.array([[(unit, part) in telling for part in parts] for unit in units]),
    )
