"""The units that a page compares: those below its unit, or its siblings where there are none."""

from dataclasses import dataclass

from dashboard.components.context import Page
from data_access.hierarchy import Unit
from metrics.counts import BRANCH, DEPARTMENT, TEAM

KINDS_BELOW = (BRANCH, DEPARTMENT, TEAM)


@dataclass(frozen=True)
class Below:
    """Units of one kind under ``around``; ``name`` says which, ``kinds`` could be shown in their place."""

    around: Unit
    name: str
    kind: str
    kinds: tuple[str, ...]
    units: tuple[Unit, ...]


def units_below(page: Page) -> Below:
    """The units below the page's unit, of the kind that the address names (``by``)."""
    around, units = _around(page)
    kinds = tuple(kind for kind in KINDS_BELOW if any(unit.kind == kind for unit in units))
    kind = page.option("by", *kinds) if kinds else page.unit.kind
    chosen = tuple(unit for unit in units if unit.kind == kind)
    return Below(around, page.names_of_kind(kind), kind, kinds, chosen)


def _around(page: Page) -> tuple[Unit, tuple[Unit, ...]]:
    if page.children:
        return page.unit, page.children
    return (page.path[-2], page.siblings) if len(page.path) > 1 else (page.unit, ())
