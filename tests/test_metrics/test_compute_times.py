from metrics.compute import compute
from metrics.counts import Fact
from metrics.result import Beside, Reason, Status, Tone
from tests.test_metrics.making import AS_OF, B1, JULY, frame, indicator


def figure(chosen, frames, group=B1):
    (result,) = compute(chosen, frames, [group], [JULY], AS_OF)
    return result


def resolutions(fact, *rows):
    names = ("unit", "duration", "observed", "cases")
    return {fact: frame(fact, *(dict(zip(names, each, strict=True)) for each in rows))}


def test_hours_are_minutes_by_sixty_with_open_cases_among_them():
    hours = indicator("resolution_hours_median")
    frames = resolutions(
        Fact.RESOLUTION_MINUTES, ("T1", 90, True, 3), ("T2", 600, True, 2), ("T2", 60, False, 1), ("B1", 700, False, 2)
    )
    result = figure(hours, frames)
    assert (result.status, result.value, result.numerator, result.denominator) == (Status.OK, 10.0, 5, 8)
    assert result.at_least is None


def test_a_quantile_that_is_not_reached_tells_the_longest_follow_up():
    days = indicator("resolution_days_p90")
    frames = resolutions(Fact.RESOLUTION_WORKING_DAYS, ("B1", 4, True, 8), ("B1", 9, False, 2))
    result = figure(days, frames)
    assert (result.status, result.reason, result.value, result.at_least) == (Status.OK, Reason.NOT_REACHED, None, 9)


def test_few_cases_whose_quantile_is_not_reached_are_few():
    frames = resolutions(Fact.RESOLUTION_WORKING_DAYS, ("B1", 9, False, 2))
    result = figure(indicator("resolution_days_p90"), frames)
    assert (result.status, result.reason, result.at_least) == (Status.FEW, Reason.NOT_REACHED, 9)


def test_a_median_has_an_interval_a_tone_and_a_gap_in_cases():
    days = indicator("resolution_days_median", target=5.0)
    slow = figure(days, resolutions(Fact.RESOLUTION_WORKING_DAYS, ("B1", 4, True, 10), ("B1", 9, True, 30)))
    assert (slow.value, slow.low, slow.tone, slow.gap) == (9, 9, Tone.MISSED, 10)
    near = figure(days, resolutions(Fact.RESOLUTION_WORKING_DAYS, ("B1", 4, True, 10), ("B1", 9, True, 11)))
    assert (near.value, near.low, near.tone, near.gap) == (9, 4, Tone.NEAR, 1)
    good = figure(days, resolutions(Fact.RESOLUTION_WORKING_DAYS, ("B1", 4, True, 10), ("B1", 9, True, 10)))
    assert (good.value, good.tone, good.gap) == (4, Tone.MET, 0)


def test_the_target_of_a_time_is_in_its_own_unit():
    hours = indicator("response_hours_median", target=2.0)
    frames = resolutions(Fact.RESPONSE_MINUTES, ("B1", 120, True, 10))
    assert figure(hours, frames).tone is Tone.MET


def loads(*rows):
    names = ("unit", "targets", "posts")
    return {Fact.ZONE_LOADS: frame(Fact.ZONE_LOADS, *(dict(zip(names, each, strict=True)) for each in rows))}


def test_the_median_load_counts_each_post_once_and_names_the_largest():
    result = figure(indicator("zone_load"), loads(("B1", 2, 3), ("T1", 5, 2), ("T1", 9, 1), ("B2", 99, 1)))
    assert (result.value, result.numerator, result.denominator) == (3.5, 25, 6)
    assert result.beside == (Beside("largest", 9.0),)
    assert figure(indicator("zone_load"), loads(("B1", 2, 3), ("T1", 5, 2))).value == 2
    assert figure(indicator("zone_load"), loads()).status is Status.NO_DATA
