"""What a function that counts a fact looks like."""

from collections.abc import Callable

import pandas as pd
from sqlalchemy import Connection

from data_access.hierarchy import Hierarchy
from data_access.question import Question

Counter = Callable[[Connection, Hierarchy, Question], pd.DataFrame]
"""Counts one fact; the frame is described in ``metrics.counts``."""
