"""One function per fact: SQL that counts, and frames as ``metrics.counts`` describes them.

``COUNTERS`` finds the function of a fact; it is made of one mapping per family of facts.
"""

from collections.abc import Mapping
from types import MappingProxyType

from data_access.counts.case_counters import SOURCE_COUNTERS
from data_access.counts.counter import Counter
from data_access.counts.unit_facts import UNIT_COUNTERS
from metrics.counts import Fact

COUNTERS: Mapping[Fact, Counter] = MappingProxyType({**SOURCE_COUNTERS, **UNIT_COUNTERS})
"""The function that counts each fact."""

__all__ = ["COUNTERS", "Counter"]
