"""The tables of the rollups: counts kept ready, made from the source tables and from nothing else.

They can be thrown away and made again at any time; on PostgreSQL they are not logged. A row counts for every
as-of time from ``counts_from`` on, so what happened later is a row of its own, which may be negative. What
is known of a unit is the sum of its rows.

What grows with the cases lies packed in blocks: a page needs a few of them, and reading or writing one costs no
more than a row. The rows inside say for themselves from when on they count.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from data_access.columns import at, code, day, number
from data_access.tables import OWN_SCHEMA, metadata
from metrics.counts import FACTS, Fact

COUNTED_CASES = (
    Fact.CASES_RECEIVED,
    Fact.CASES_BY_ORIGIN,
    Fact.COHORT,
    Fact.RESPONSES_DUE,
    Fact.RESOLUTIONS_DUE,
    Fact.CASES_RESOLVED,
    Fact.CASES_FIRST_RESOLVED,
    Fact.CASES_FED_BACK,
    Fact.CASES_RATED,
)
"""The facts that are counted by dates of cases."""

COUNTED_WHILE_RUNNING = frozenset(
    {
        Fact.CASES_BY_ORIGIN,
        Fact.CASES_RESOLVED,
        Fact.CASES_FIRST_RESOLVED,
        Fact.CASES_FED_BACK,
        Fact.CASES_RATED,
    }
)
"""Those that are also counted at settlements before the one of their month: the facts of protected figures.

What is hidden of a month is decided with the other months of its quarter, as they stand when that month is settled.
"""

COUNTED_AT_MONTH_ENDS = (
    Fact.HEADCOUNTS,
    Fact.ZONES,
    Fact.CHAT_GROUPS,
    Fact.CHAT_GROUP_ACTIVITY,
    Fact.LIAISONS,
    Fact.CONTACT_POINTS,
)
"""The facts that ``unit_counts`` holds."""


def _rollup(name: str, comment: str, *columns: Column) -> Table:  # type: ignore[type-arg]
    return Table(name, metadata, *columns, schema=OWN_SCHEMA, comment=comment)


def _grain() -> Column[str]:
    return Column(
        "grain",
        String(10),
        nullable=False,
        comment="unit: what is the unit's own; branch: with all below it; company: everything, without a unit",
    )


def _counts(*facts: Fact) -> tuple[Column[int], ...]:
    return tuple(number(name, f"{name}, see metrics/counts.py") for fact in facts for name in FACTS[fact].counts)


case_blocks = _rollup(
    "case_blocks",
    "a block of counts of cases: many rows of one kind in columns, packed (see data_access/rollup/block.py)",
    code("kind", "what the rows count: by dates, by topic, by duration, or open cases at settlements", required=True),
    _grain(),
    code("anchor", "branch, department or company of the units in it; empty: all of the grain", required=True),
    day("partition", "first day of the month of receipt", required=True),
    day(
        "segment",
        "first day of the stretch of a month, without a move, that holds the dates counted; of open cases the day "
        "that begins at the settlement",
        required=True,
    ),
    number("rows", "how many rows it holds", required=True),
    Column("data", LargeBinary(), nullable=False, comment="the columns, packed"),
)
case_words = _rollup(
    "case_words",
    "a code of cases and the number that stands for it in the blocks",
    code("dimension", "column of the code", required=True),
    number("number", "number, from 0 on", required=True),
    code("word", "the code", required=True),
)
case_counts_ahead = _rollup(
    "case_counts_ahead",
    "a block of what cases will count from later times of one day on, packed (see data_access/rollup/ahead_blocks.py)",
    code("fact", "what they count", required=True),
    day("partition", "first day of the month of receipt", required=True),
    at("counts_from", "the earliest as-of time from which one of its rows counts", required=True),
    number("rows", "how many rows it holds", required=True),
    Column("data", LargeBinary(), nullable=False, comment="the columns, packed"),
)
duty_counts = _rollup(
    "duty_counts",
    "the duties of a unit of one kind, counted by their due days",
    _grain(),
    code("unit_id", "the unit; empty: unknown, and counts for the company only"),
    day("segment", "first day of the stretch of a month, without a move, that holds the due day", required=True),
    at("counts_from", "as-of time from which the row counts", required=True),
    code("duty_kind", "kind of the duties", required=True),
    *_counts(Fact.DUTIES),
)
unit_counts = _rollup(
    "unit_counts",
    "what stands for a unit on the last day of a month",
    _grain(),
    code("unit_id", "the unit; empty: unknown, and counts for the company only"),
    day("day", "last day of the month", required=True),
    at("counts_from", "as-of time from which the row counts", required=True),
    *_counts(*COUNTED_AT_MONTH_ENDS),
)
zone_load_counts = _rollup(
    "zone_load_counts",
    "the posts of a unit with as many targets on the last day of a month",
    _grain(),
    code("unit_id", "the unit"),
    day("day", "last day of the month", required=True),
    at("counts_from", "as-of time from which the row counts", required=True),
    number("targets", "how many targets each post has", required=True),
    *_counts(Fact.ZONE_LOADS),
)
event_counts = _rollup(
    "event_counts",
    "the cases of a unit with such a decision, counted by the days of the decisions",
    _grain(),
    code("unit_id", "the unit; empty: counts for the company only"),
    day("partition", "first day of the month of receipt", required=True),
    day("segment", "first day of the stretch of a month, without a move, that holds the day", required=True),
    at("counts_from", "as-of time from which the row counts", required=True),
    number("first_of", "months of the longest period in which it is the case's first decision of its kind: 1 to 12"),
    code("grade", "grade of the cases"),
    code("track", "track of the cases"),
    code("decided_by", "post that decided"),
    *_counts(Fact.CASE_EVENTS),
)
rollup_sources = _rollup(
    "rollup_sources",
    "a source table as it was when last counted as a whole",
    code("name", "the table", required=True),
    at("changed_until", "its newest change"),
    Column("rows", BigInteger(), nullable=False, comment="how many rows it had"),
)
rollup_partitions = _rollup(
    "rollup_partitions",
    "a month of receipt as it was when last counted",
    day("partition", "first day of the month; of the first one also what is older", required=True),
    Column("cases", BigInteger(), nullable=False, comment="how many cases were received in it"),
)
refresh_log = _rollup(
    "refresh_log",
    "a refresh of the rollups",
    Column("id", Integer(), primary_key=True, comment="number"),
    code("kind", "full or incremental", required=True),
    at("started_at", "when it started", required=True),
    at("finished_at", "when it was written", required=True),
    at("known_until", "newest as-of time that the rollups hold ready", required=True),
    at("changed_until", "newest change of a source row that they hold"),
    code("configuration", "hash of rules and units", required=True),
    code("calendar", "hash of the calendar", required=True),
    day("first_month", "first month that they hold", required=True),
    number("settlement_days", "days after which a month is settled", required=True),
    number("partitions", "how many months of receipt were counted", required=True),
    code("stamp", "another text for each refresh, never used again", required=True),
)

ROLLUP_TABLES: tuple[Table, ...] = (
    case_blocks,
    case_words,
    case_counts_ahead,
    duty_counts,
    unit_counts,
    zone_load_counts,
    event_counts,
    rollup_sources,
    rollup_partitions,
    refresh_log,
)
