"""The keys under which additions are added up: unit, segment, moment, view and the codes of the cases."""

from dataclasses import dataclass, field

import numpy as np

from data_access.errors import DataAccessError
from data_access.question import View
from data_access.rollup.additions import Addition
from data_access.rollup.rows import Array, Rows
from data_access.rollup.sums import Packing

MOST_WORDS, MOST_THIRD = 512, 16
"""More different codes than a dimension can have; the last number says that there is none."""


@dataclass(frozen=True, eq=False)
class Keyed:
    """How additions are keyed: their packing, and the dimensions ``first``, ``second`` and ``third`` of the cases.

    ``anchored`` ones count for the branch of the unit. ``values`` name what else tells rows apart.
    """

    packing: Packing
    first: str | None
    second: str | None
    third: str | None = None
    anchored: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CaseKeys:
    """The keys of the cases read together; what doesn't depend on the moment is packed once.

    ``anchors`` is the place of the branch of each unit (a row) and segment (a column); nowhere comes last.
    """

    rows: Rows
    anchors: Array
    _packed: dict[tuple[object, ...], Array] = field(default_factory=dict)
    _units: dict[str, Array] = field(default_factory=dict)

    def of(self, keyed: Keyed, unit: str, each: Addition) -> Array:
        """The key of each row that is added, for the unit in the column of that name."""
        packing = keyed.packing
        moving = {"segment": each.segments, "moment": each.moments}
        moving |= {name: each.values[:, place] for place, name in enumerate(keyed.values)}
        if keyed.anchored:
            moving["unit"] = self.anchors[self._unit(unit)[each.rows], each.segments]
        view = packing.strides["view"] * int(each.view is View.FULL)
        return self._static(keyed, unit)[each.rows] + packing.pack(moving) + view

    def _static(self, keyed: Keyed, unit: str) -> Array:
        """What each case's unit and codes add to its keys."""
        key = (tuple(keyed.packing.sizes.items()), keyed.first, keyed.second, keyed.third, keyed.anchored or unit)
        if key not in self._packed:
            self._packed[key] = keyed.packing.pack(self._parts(keyed, unit))
        return self._packed[key]

    def _parts(self, keyed: Keyed, unit: str) -> dict[str, Array]:
        dimensions = {"first": keyed.first, "second": keyed.second, "third": keyed.third}
        codes = {part: self._codes(name, keyed.packing.sizes[part]) for part, name in dimensions.items()}
        return codes if keyed.anchored else codes | {"unit": self._unit(unit)}

    def _codes(self, name: str | None, size: int) -> Array:
        """The number of each case's code; the last one where there is no such dimension."""
        return np.full(self.rows.size, size - 1) if name is None else self._words(name, size)

    def _unit(self, name: str) -> Array:
        """The unit of each case; nowhere for a restricted one."""
        if name not in self._units:
            restricted = self.rows.column("restricted")
            hidden = restricted.data if restricted.null is None else restricted.data & ~restricted.null
            self._units[name] = np.where(hidden, len(self.anchors) - 1, self.rows.column(name).data)
        return self._units[name]

    def _words(self, name: str, most: int) -> Array:
        """The number of each case's code; the last one where it has none."""
        values = self.rows.column(name)
        check_words(name, len(values.words or ()), most)
        return values.data if values.null is None else np.where(values.null, most - 1, values.data)


def check_words(name: str, count: int, most: int) -> None:
    """Nothing; raises DataAccessError if a dimension has more codes than keys can tell apart, or stand for none."""
    if count >= most:
        raise DataAccessError(
            f"The cases have more than {most - 1} different codes in {name}: something is wrong there."
        )
