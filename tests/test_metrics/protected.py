"""Results of a protected indicator, for tests of what is hidden."""

from metrics.result import Beside, Group, Reason, Result, Status, Tone
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
