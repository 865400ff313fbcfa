"""The six questions as plain SQL on the source tables: the same text for PostgreSQL and DuckDB.

Written as well as we can: cases with a deadline of their own are found by its index, the others by their day of
receipt, from the earliest day that can still be due in the period; every condition on the as-of time is there,
because without it the answer would be another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_ALLOWANCE = timedelta(days=45)
"""Nothing is due later than this after its receipt: 15 working days and the longest holidays among them."""


@dataclass(frozen=True)
class Span:
    """The instants from ``start`` to before ``end`` that are asked about, as they stood at ``as_of``."""

    start: datetime
    end: datetime
    as_of: datetime

    @property
    def literals(self) -> Mapping[str, str]:
        """The instants as SQL."""
        return {
            "start": _literal(self.start),
            "end": _literal(self.end),
            "as_of": _literal(self.as_of),
            "earliest": _literal(self.start - LONGEST_ALLOWANCE),
        }


def _literal(at: datetime) -> str:
    return f"TIMESTAMPTZ '{at.isoformat(sep=' ')}'"


LIMITS = """limits AS (
    SELECT received.date, in_3.ends_at AS in_3, in_7.ends_at AS in_7, in_15.ends_at AS in_15
    FROM assessment.calendar_days AS received
    JOIN assessment.calendar_days AS in_3 ON in_3.working AND in_3.working_index = received.working_index + 3
    JOIN assessment.calendar_days AS in_7 ON in_7.working AND in_7.working_index = received.working_index + 7
    JOIN assessment.calendar_days AS in_15 ON in_15.working AND in_15.working_index = received.working_index + 15
    WHERE received.begins_at >= {earliest} AND received.begins_at < {end}
)"""
"""The ends of the 3rd, 7th and 15th working day after each day of receipt."""

LOCAL_DAY = "({column} AT TIME ZONE 'Asia/Shanghai')::date"
RECEIVED_ON = LOCAL_DAY.format(column="received_at")

EXISTS = "recorded_at <= {as_of} AND received_at <= {as_of}"
NOT_EXCLUDED = "NOT (coalesce(exclusion, '') IN ({kinds}) AND (excluded_at IS NULL OR excluded_at <= {{as_of}}))"
ANSWERED_FOR = NOT_EXCLUDED.format(kinds="'duplicate', 'withdrawn'")
RESOLVED_FOR = NOT_EXCLUDED.format(kinds="'duplicate', 'withdrawn', 'out_of_remit', 'statutory_route'")
TOLERATED = "coalesce(exclusion = 'tolerated' AND (excluded_at IS NULL OR excluded_at <= {as_of}), false)"
CLOSED_AT = """CASE WHEN resolved_at <= {as_of} THEN resolved_at
         WHEN first_resolved_at <= {as_of} AND (reopened_at IS NULL OR reopened_at > {as_of}) THEN first_resolved_at
    END"""

RESPONSES = f"""responses AS (
    SELECT * FROM (
        SELECT response_due_at AS due, responded_at AS done, responsible_unit_id, restricted, {TOLERATED} AS tolerated
        FROM cases
        WHERE response_due_at >= {{start}} AND response_due_at < {{end}} AND {EXISTS} AND {ANSWERED_FOR}
        UNION ALL
        SELECT CASE grade WHEN 'A' THEN received_at + INTERVAL '2 hours' WHEN 'B' THEN received_at + INTERVAL '24 hours'
                          WHEN 'C' THEN limits.in_3 END,
               responded_at, responsible_unit_id, restricted, {TOLERATED}
        FROM cases JOIN limits ON limits.date = {RECEIVED_ON}
        WHERE response_due_at IS NULL AND received_at >= {{earliest}} AND received_at < {{end}}
          AND {EXISTS} AND {ANSWERED_FOR}
    ) AS each WHERE due >= {{start}} AND due < {{end}}
)"""

RESOLUTIONS = f"""resolutions AS (
    SELECT * FROM (
        SELECT resolution_due_at AS due, {CLOSED_AT} AS done, responsible_unit_id, restricted, {TOLERATED} AS tolerated
        FROM cases
        WHERE resolution_due_at >= {{start}} AND resolution_due_at < {{end}} AND {EXISTS} AND {RESOLVED_FOR}
        UNION ALL
        SELECT CASE grade WHEN 'A' THEN limits.in_3 WHEN 'B' THEN limits.in_7 WHEN 'C' THEN limits.in_15 END,
               {CLOSED_AT}, responsible_unit_id, restricted, {TOLERATED}
        FROM cases JOIN limits ON limits.date = {RECEIVED_ON}
        WHERE resolution_due_at IS NULL AND received_at >= {{earliest}} AND received_at < {{end}}
          AND {EXISTS} AND {RESOLVED_FOR}
    ) AS each WHERE due >= {{start}} AND due < {{end}}
)"""

IN_TIME = "count(*) FILTER (WHERE tolerated OR (done <= due AND done <= {as_of})) AS in_time, count(*) AS due"

CLOSURES = f"""closures AS (
    SELECT outcome, fed_back_at, tell_by.ends_at AS tell_by
    FROM (SELECT *, {CLOSED_AT} AS closed_at FROM cases
          WHERE {EXISTS} AND {RESOLVED_FOR}
            AND ((resolved_at >= {{start}} AND resolved_at < {{end}})
              OR (first_resolved_at >= {{start}} AND first_resolved_at < {{end}}))) AS closed
    LEFT JOIN assessment.calendar_days AS closing ON closing.date = {LOCAL_DAY.format(column="closed_at")}
    LEFT JOIN assessment.calendar_days AS tell_by
           ON tell_by.working AND tell_by.working_index = closing.working_index + 3
    WHERE closed_at >= {{start}} AND closed_at < {{end}}
)"""

HEADLINE_SHARES = f"""WITH {LIMITS},
{RESPONSES},
{RESOLUTIONS},
{CLOSURES}
SELECT 'response_on_time_rate', {IN_TIME} FROM responses
UNION ALL SELECT 'resolution_on_time_rate', {IN_TIME} FROM resolutions
UNION ALL SELECT 'solved_rate', count(*) FILTER (WHERE outcome = 'solved'),
    count(*) FILTER (WHERE outcome IN ('solved', 'partly', 'explained', 'not_now')) FROM closures
UNION ALL SELECT 'feedback_rate', count(*) FILTER (WHERE fed_back_at <= tell_by AND tell_by <= {{as_of}}),
    count(*) FILTER (WHERE tell_by <= {{as_of}}) FROM closures
UNION ALL SELECT 'satisfaction_rate',
    sum(CASE WHEN rating > 3 THEN 1.0 WHEN rating = 3 THEN 0.9 ELSE 0 END), count(*) FROM cases
    WHERE rated_at >= {{start}} AND rated_at < {{end}} AND rating BETWEEN 1 AND 5 AND rating_source = 'callback'
      AND rated_at <= {{as_of}} AND {EXISTS} AND {ANSWERED_FOR}"""

MONTH = "date_trunc('month', due AT TIME ZONE 'Asia/Shanghai')::date"
TREND = f"""WITH {LIMITS},
{RESPONSES},
{RESOLUTIONS}
SELECT 'response_on_time_rate', {MONTH} AS month, {IN_TIME} FROM responses GROUP BY 2
UNION ALL SELECT 'resolution_on_time_rate', {MONTH} AS month, {IN_TIME} FROM resolutions GROUP BY 2"""

DUE_ON = LOCAL_DAY.format(column="due")
PLACED = f"""SELECT each.*,
        CASE WHEN unit.kind = 'branch' THEN unit.id WHEN parent.kind = 'branch' THEN parent.id END AS branch
    FROM ROWS AS each
    JOIN org_units AS unit ON unit.id = each.responsible_unit_id
    LEFT JOIN unit_parents AS above ON above.unit_id = unit.id AND above.valid_from <= {DUE_ON}
                                   AND (above.valid_to IS NULL OR above.valid_to > {DUE_ON})
    LEFT JOIN org_units AS parent ON parent.id = above.parent_id
    WHERE restricted IS NOT TRUE"""
"""Rows by the branch under which their unit was on the day they were due; restricted ones count company-wide only."""

BY_UNIT = f"""WITH {LIMITS},
{RESPONSES},
{RESOLUTIONS}
SELECT 'response_on_time_rate', branch, {IN_TIME} FROM (
    {PLACED.replace("ROWS", "responses")}
) AS placed WHERE branch IS NOT NULL GROUP BY branch
UNION ALL
SELECT 'resolution_on_time_rate', branch, {IN_TIME} FROM (
    {PLACED.replace("ROWS", "resolutions")}
) AS placed WHERE branch IS NOT NULL GROUP BY branch"""

RECEIVED_BY = f"""SELECT DIMENSION, count(*), count(repeat_of),
    count(*) FILTER (WHERE recorded_at <= received_at + INTERVAL '24 hours'),
    count(*) FILTER (WHERE NOT ({RESOLVED_FOR}))
FROM cases WHERE received_at >= {{start}} AND received_at < {{end}} AND {EXISTS} GROUP BY 1"""
BY_CATEGORY = RECEIVED_BY.replace("DIMENSION", "category")
BY_CHANNEL = RECEIVED_BY.replace("DIMENSION", "channel")

MEDIAN_BY_GRADE = f"""WITH lasted AS (
    SELECT grade, last.working_index - first.working_index AS days, closed_at IS NOT NULL AS finished
    FROM (SELECT grade, received_at, {CLOSED_AT} AS closed_at FROM cases
          WHERE received_at >= {{start}} AND received_at < {{end}} AND {EXISTS} AND {RESOLVED_FOR}) AS received
    JOIN assessment.calendar_days AS first ON first.date = {RECEIVED_ON}
    JOIN assessment.calendar_days AS last ON last.date = {LOCAL_DAY.format(column="coalesce(closed_at, {as_of})")}
    WHERE grade IS NOT NULL AND coalesce(closed_at, {{as_of}}) >= received_at
), times AS (
    SELECT grade, days, count(*) AS leaving, count(*) FILTER (WHERE finished) AS finished FROM lasted GROUP BY 1, 2
), risks AS (
    SELECT grade, days, leaving, finished, sum(leaving) OVER (PARTITION BY grade ORDER BY days DESC) AS at_risk
    FROM times
), curve AS (
    SELECT grade, days, leaving, finished,
           sum(ln(greatest(1 - finished / at_risk::float8, 1e-300))) OVER (PARTITION BY grade ORDER BY days) AS log_open
    FROM risks
)
SELECT grade, min(days) FILTER (WHERE exp(log_open) <= 0.5 + 1e-9), sum(leaving), sum(finished)
FROM curve GROUP BY grade"""
"""Kaplan-Meier's median of the working days until closure, open cases included up to the as-of time."""
