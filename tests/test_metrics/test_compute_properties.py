from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compute import compute
from metrics.counts import Fact
from metrics.survival import kaplan_meier, quantile
from tests.test_metrics.making import AS_OF, AUGUST, GROUPS, JULY, frame, indicator

ON_TIME = indicator("resolution_on_time_rate")


def due(*rows):
    return {Fact.RESOLUTIONS_DUE: frame(Fact.RESOLUTIONS_DUE, *rows)}


def row(unit, cases, on_time=0, **more):
    return {"unit": unit, "resolution_due": cases, "resolved_on_time": on_time, **more}


rows = st.lists(
    st.tuples(
        st.sampled_from(["C", "D", "B1", "B2", "T1", "T2"]),
        st.sampled_from([JULY, AUGUST]),
        st.integers(0, 30),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=30,
)


def plain_groups(unit):
    """The groups a unit's rows belong to, said once more."""
    return {"C": ["C"], "D": ["C"], "B1": ["C", "B1"], "B2": ["C", "B2"]}.get(unit, ["C", "B1", unit])


@given(rows)
@settings(deadline=None)
def test_quantiles_equal_those_of_the_rows_taken_one_by_one(drawn):
    fact = Fact.RESOLUTION_WORKING_DAYS
    names = ("unit", "part", "duration", "observed", "cases")
    lines = [dict(zip(names, (unit, part.start, *rest), strict=True)) for unit, part, *rest in drawn]
    frames = {fact: frame(fact, *lines)}
    for result in compute(indicator("resolution_days_median"), frames, GROUPS, [JULY, AUGUST], AS_OF):
        mine = [
            (duration, observed)
            for unit, part, duration, observed, cases in drawn
            for _ in range(cases)
            if part == result.period and result.group.unit_id in plain_groups(unit)
        ]
        assert result.denominator == (len(mine) or None)
        if mine:
            assert result.value == quantile(kaplan_meier(*zip(*mine, strict=True)), 0.5)


@given(rows, st.randoms())
@settings(deadline=None)
def test_row_order_and_splitting_rows_are_irrelevant(drawn, random):
    lines = [row(unit, cases, min(on_time, cases), part=part.start) for unit, part, cases, _, on_time in drawn]
    halves = []
    for line in lines:
        first, on_time = line["resolution_due"] // 2, line["resolved_on_time"] // 2
        halves.append(line | {"resolution_due": first, "resolved_on_time": on_time})
        rest = {
            "resolution_due": line["resolution_due"] - first,
            "resolved_on_time": line["resolved_on_time"] - on_time,
        }
        halves.append(line | rest)
    shuffled = random.sample(halves, len(halves))
    whole, split = (compute(ON_TIME, due(*each), GROUPS, [JULY, AUGUST], AS_OF) for each in (lines, shuffled))
    assert whole == split


@given(rows)
@settings(deadline=None)
def test_a_partition_pools_to_the_whole(drawn):
    lines = [row(unit, cases, part=part.start) for unit, part, cases, _, _ in drawn]
    results = compute(ON_TIME, due(*lines), GROUPS, [JULY], AS_OF)
    counts = {each.group.unit_id: each.denominator or 0 for each in results}
    own = {unit: sum(cases for owner, part, cases, *_ in drawn if owner == unit and part == JULY) for unit in "CD"}
    own |= {"B1": sum(cases for owner, part, cases, *_ in drawn if owner == "B1" and part == JULY)}
    assert counts["C"] == counts["B1"] + counts["B2"] + own["C"] + own["D"]
    assert counts["B1"] == counts["T1"] + counts["T2"] + own["B1"]
