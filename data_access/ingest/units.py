"""Units built as they are met in a file: readable ids that are the same in every import."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from data_access.ingest.mapping import UnitLevel, UnitPlan
from data_access.ingest.problems import Fault
from data_access.ingest.text import Cell
from data_access.ingest.values import Remembering, parse_text

SEPARATOR = " / "

Placed = str | Fault | None


@dataclass(frozen=True)
class BuiltUnit:
    """A unit to be made where it isn't there yet."""

    id: str
    name: str
    kind: str
    parent_id: str | None


@dataclass
class UnitBuilder:
    """The units met so far, and the unit of each row."""

    plan: UnitPlan
    units: dict[str, BuiltUnit] = field(default_factory=dict)
    _placed: dict[tuple[Cell, ...], Placed] = field(default_factory=dict)
    _parse: Remembering = field(default_factory=lambda: Remembering(parse_text))

    def place(self, columns: Sequence[Sequence[Cell]], size: int) -> list[Placed]:
        """The lowest unit of each row; ``columns`` are the cells that make the ids, level by level."""
        rows = zip(*columns, strict=True) if columns else iter([()] * size)
        return [self._place(row) for row in rows]

    def _place(self, cells: tuple[Cell, ...]) -> Placed:
        if cells not in self._placed:
            self._placed[cells] = self._build(cells)
        return self._placed[cells]

    def _build(self, cells: tuple[Cell, ...]) -> Placed:
        parent, position = None, 0
        for level in self.plan.levels:
            taken = cells[position : position + len(level.headers)]
            position += len(level.headers)
            unit = self._unit(level, taken, parent)
            if isinstance(unit, Fault):
                return unit
            if unit is None:
                return parent if level is not self.plan.levels[-1] else self._lowest(parent)
            parent = unit.id
        return parent

    def _lowest(self, parent: str | None) -> str | None:
        """A row without a value for the lowest level belongs to nobody rather than to the whole company."""
        built = self.units.get(parent or "")
        return parent if built is not None and built.parent_id is not None else None

    def _unit(self, level: UnitLevel, cells: tuple[Cell, ...], parent: str | None) -> BuiltUnit | Fault | None:
        texts = [self._parse(cell) for cell in cells]
        fault = next((text for text in texts if isinstance(text, Fault)), None)
        if fault is not None:
            return fault
        if level.id is not None:
            return self._known(BuiltUnit(level.id, level.name or level.id, level.kind, parent))
        if None in texts:
            return None
        names = [str(text) for text in texts]
        unit_id = self.plan.prefix + SEPARATOR.join(names)
        return self._known(BuiltUnit(unit_id, names[-1], level.kind, parent))

    def _known(self, unit: BuiltUnit) -> BuiltUnit | Fault:
        known = self.units.setdefault(unit.id, unit)
        if known != unit:
            return Fault("two_units_one_id", (("id", unit.id),))
        return unit
