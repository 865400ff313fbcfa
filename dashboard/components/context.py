"""The page's context: the checked address and everything needed to answer it."""

from dataclasses import dataclass
from functools import cached_property

from dashboard.access import Viewer
from dashboard.address import Address, Known
from dashboard.company import Company
from dashboard.i18n import Translator
from dashboard.state import go
from dashboard.theme import Palette
from data_access.hierarchy import Hierarchy, Unit
from data_access.question import Filters, Question
from metrics.counts import BRANCH, COMPANY, DEPARTMENT, TEAM
from metrics.period import Period
from metrics.result import Group


@dataclass(frozen=True)
class Page:
    """A page about to be drawn."""

    name: str
    address: Address
    known: Known
    viewer: Viewer
    company: Company
    hierarchy: Hierarchy
    version: str
    tones: Palette
    t: Translator

    @cached_property
    def key(self) -> str:
        """All that decides what the page shows: data, definitions, whose eyes, link, instant and theme.

        The link's text alone isn't enough: what it means by "now" moves on.
        """
        scope = (self.viewer.scope.root_unit_id, sorted(self.viewer.scope.verbs))
        link = sorted(self.address.parameters().items())
        return repr((self.version, self.company.hash, scope, link, self.address.as_of.isoformat(), self.tones.name))

    @property
    def unit(self) -> Unit:
        """The unit the page is about; raises KeyError while there are no units."""
        return self.hierarchy.units[self.address.unit_id or ""]

    @property
    def path(self) -> tuple[Unit, ...]:
        """The units from the company down to the page's unit, on the period's last day."""
        unit_id = self.address.unit_id
        return self.hierarchy.path(unit_id, self.address.period.last_day) if unit_id else ()

    @property
    def children(self) -> tuple[Unit, ...]:
        """The units directly under the page's unit during the period: departments last."""
        if self.address.unit_id is None:
            return ()
        found = self.hierarchy.children(self.address.unit_id, self.address.period)
        return tuple(sorted(found, key=lambda unit: (unit.kind == DEPARTMENT, unit.id)))

    @property
    def siblings(self) -> tuple[Unit, ...]:
        """The units of the same kind under the same parent, the page's unit among them."""
        if len(self.path) < 2:
            return ()
        found = self.hierarchy.children(self.path[-2].id, self.address.period)
        return tuple(unit for unit in found if unit.kind == self.unit.kind)

    @property
    def everything_below(self) -> str:
        """The words for all units below the page's unit."""
        return self.names_of_kind(BRANCH if self.unit.kind == COMPANY else TEAM)

    def names_of_kind(self, kind: str) -> str:
        """All units of a kind, in words."""
        t = self.t
        words = {BRANCH: t("All branches"), TEAM: t("All teams"), DEPARTMENT: t("All departments")}
        return words.get(kind, t("Company"))

    def option(self, name: str, *allowed: str) -> str:
        """The page's own parameter; the first of the allowed values where the address has none of them.

        Without allowed values, whatever the address says, "" where it says nothing.
        """
        given = dict(self.address.options).get(name, "")
        return given if given in allowed or not allowed else allowed[0]

    def question(self, *parts: Period, unit_id: str | None = None, dimensions: tuple[str, ...] = ()) -> Question:
        """What to count for the address; about one unit's subtree where one is named."""
        return Question(
            parts=parts or (self.address.period,),
            as_of=self.address.as_of,
            scope=self.viewer.scope,
            rules=self.company.rules,
            unit_id=unit_id,
            filters=Filters(track=self.address.track),
            view=self.address.view,
            dimensions=dimensions,
        )

    def group(self, unit: Unit) -> Group:
        """The unit as a group of figures."""
        return Group(unit.id, unit.name, unit.kind, self.hierarchy.parent(unit.id, self.address.period.last_day))

    def choose_unit(self, unit_id: str) -> None:
        """Nothing: the drill-down; the page is about the unit from now on. For callbacks."""
        if unit_id in self.hierarchy.units:
            go(self.address, unit=unit_id)

    def choose(self, **changes: str) -> None:
        """Nothing: changes some of the address. For callbacks."""
        go(self.address, **changes)
