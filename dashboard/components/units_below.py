"""The units that a page compares: those below its unit, or its siblings where there are none."""

from dataclasses import dataclass

from dashboard.components.answers import about, ask
from dashboard.components.context import Page
from data_access.hierarchy import Unit
from metrics.counts import BRANCH, DEPARTMENT, TEAM
from metrics.definition import Indicator
from metrics.result import Result

KINDS_BELOW = (BRANCH, DEPARTMENT, TEAM)


@dataclass(frozen=True)
class UnitsBelow:
    """Units of one kind with their results; ``name`` says which, ``kinds`` could be shown in their place."""

    name: str
    kind: str
    kinds: tuple[str, ...]
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    results: list[Result]


def ask_units_below(page: Page, indicators: tuple[Indicator, ...]) -> UnitsBelow:
    """The units below the page's unit, of the kind that the address names, with their results."""
    below = page.children
    around, units = (page.unit, below) if below else (page.path[-2] if len(page.path) > 1 else page.unit, page.siblings)
    kinds = tuple(kind for kind in KINDS_BELOW if any(unit.kind == kind for unit in units))
    kind = page.option("by", *kinds) if kinds else page.unit.kind
    chosen = tuple(unit for unit in units if unit.kind == kind)
    fitting = tuple(indicator for indicator in indicators if kind in indicator.unit_kinds)
    results = ask(page, about(page, around), fitting, chosen)
    return UnitsBelow(page.names_of_kind(kind), kind, kinds, chosen, fitting, results)
