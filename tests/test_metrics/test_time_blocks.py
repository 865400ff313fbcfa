from metrics.period import parse_period
from metrics.time_blocks import Block, blocks

QUARTER = parse_period("2026Q3")
MONTHS = QUARTER.months()


def test_parts_that_do_not_overlap_stand_alone():
    assert blocks(MONTHS) == tuple(Block(month, ()) for month in MONTHS)
    assert blocks([]) == ()


def test_the_longest_holds_the_others():
    june = parse_period("2026-06")
    assert blocks([*MONTHS, QUARTER, june]) == (Block(june, ()), Block(QUARTER, MONTHS))


def test_leaves_are_the_parts_that_hold_no_other():
    year = parse_period("2026")
    (block,) = blocks([year, QUARTER, *MONTHS])
    assert block.outer == year
    assert block.leaves == MONTHS


def test_leaves_that_overlap_are_none():
    parts = [parse_period("2026-07-01..2026-08-31"), parse_period("2026-08-01..2026-09-30")]
    (block,) = blocks([*parts, QUARTER])
    assert (block.outer, block.leaves) == (QUARTER, ())


def test_overlapping_parts_without_one_that_holds_all():
    parts = (parse_period("2026-07-01..2026-08-31"), parse_period("2026-08-01..2026-09-30"))
    assert blocks(parts) == (Block(None, parts),)
