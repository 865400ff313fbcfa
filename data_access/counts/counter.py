"""What a function that counts a fact looks like."""

from collections.abc import Callable

from sqlalchemy import Connection

from data_access.hierarchy import Hierarchy
from data_access.question import Question
from metrics.counted_rows import CountedRows

Counter = Callable[[Connection, Hierarchy, Question], CountedRows]
"""Counts one fact; its rows are described in ``metrics.counts``."""
