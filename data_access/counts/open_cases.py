"""Cases that are open at the as-of time: how many, how old, and which are or will soon be late."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, literal, not_, true

from data_access.counts.case_columns import (
    LEAVING,
    At,
    Condition,
    case_source,
    excluded,
    flags,
    happened,
    is_open,
    later,
    tolerated,
)
from data_access.counts.deadlines import RESOLUTION, with_deadline
from data_access.counts.grouping import count
from data_access.counts.placing import as_of_day
from data_access.dialect import instant
from data_access.hierarchy import Hierarchy
from data_access.question import Question
from data_access.tables import cases
from metrics.counts import AGE_BANDS, Fact


def open_cases(connection: Connection, hierarchy: Hierarchy, question: Question) -> pd.DataFrame:
    """Cases open at the as-of time, in the row of the question's last part whatever its days.

    ``overdue_cases`` are past their deadline and not tolerated; ``falling_due`` will be due within the rules'
    days ahead. The dimension ``age_band`` is the number of whole days of 24 hours since receipt.
    """
    placing = as_of_day(Fact.OPEN_CASES, hierarchy, question)

    def source(due: At) -> Select[Any]:
        columns = flags(
            {
                "open_cases": true(),
                "overdue_cases": overdue(due, question),
                "falling_due": falling_due(due, question),
            }
        )
        conditions = (is_open(question), not_(excluded(question, *LEAVING)))
        dimensions = {"age_band": age_band(question)}
        return case_source(placing, instant(question.as_of), columns, *conditions, dimensions=dimensions)

    return count(connection, placing, with_deadline(question, RESOLUTION, source))


def overdue(due: At, question: Question) -> Condition:
    """Whether an open case is past its deadline and not tolerated."""
    return happened(due, question) & not_(tolerated(question))


def falling_due(due: At, question: Question) -> Condition:
    """Whether an open case will be due within the rules' days ahead."""
    ahead = timedelta(days=question.rules.falling_due_days)
    return and_(due > instant(question.as_of), due <= later(question, ahead))


def age_band(question: Question) -> ColumnElement[str]:
    """The code in AGE_BANDS of the whole days since receipt."""
    younger = [
        (cases.c.received_at > later(question, -timedelta(days=days)), literal(code))
        for code, days in AGE_BANDS
        if days is not None
    ]
    return case(*younger, else_=literal(AGE_BANDS[-1][0]))
