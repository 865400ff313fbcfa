"""Coverage: the company as strips, and the list of what is missing."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from dashboard.charts.icicle import Cover, Strip
from dashboard.i18n import Translator
from dashboard.presenters.heat import cell_label
from dashboard.presenters.judgement import value_text
from dashboard.presenters.nouns import counted
from dashboard.presenters.tables import DataTable
from data_access.hierarchy import Unit
from data_access.work_lists.coverage_gaps import Gap
from metrics.definition import Indicator
from metrics.result import Result
from metrics.vocabulary import Vocabulary

MOST_PANELS, ROOTS_IN_A_PANEL = 4, 15


def coverage_strips(
    results: Iterable[Result], indicator: Indicator, employees: Mapping[str, int], t: Translator
) -> tuple[Strip, ...]:
    """One strip per unit, the least covered first.

    A strip is as large as the unit's staff without the units below it; where no staff is known, all units
    without others below them are alike.
    """
    known = {result.group.unit_id: result for result in results}
    parents = {unit_id: _parent(result, known) for unit_id, result in known.items()}
    own = _own_sizes(employees, parents)
    return tuple(
        Strip(
            id=result.group.unit_id,
            parent_id=parents[result.group.unit_id],
            label=f"{result.group.name} {value_text(result, indicator, t)}",
            size=own[result.group.unit_id],
            cover=cover(result),
            hover=_hover(result, indicator, employees, t),
        )
        for result in sorted(known.values(), key=_standing)
    )


def _parent(result: Result, known: Mapping[str, Result]) -> str:
    parent = result.group.parent_id or ""
    return parent if parent in known else ""


def _own_sizes(employees: Mapping[str, int], parents: Mapping[str, str]) -> dict[str, float]:
    if not any(employees.get(unit_id) for unit_id in parents):
        return {unit_id: float(unit_id not in parents.values()) for unit_id in parents}
    own = {unit_id: employees.get(unit_id, 0) for unit_id in parents}
    for unit_id, parent in parents.items():
        if parent:
            own[parent] -= employees.get(unit_id, 0)
    return {unit_id: float(max(0, size)) for unit_id, size in own.items()}


def _standing(result: Result) -> tuple[float, str]:
    return (2.0 if result.value is None else result.value, result.group.unit_id)


def cover(result: Result) -> Cover:
    """How far the unit is covered: at target or all of it, in part, not at all."""
    if result.value is None:
        return Cover.UNKNOWN
    if result.value == 0:
        return Cover.NONE
    return Cover.FULL if result.value >= (1.0 if result.target is None else result.target) else Cover.PART


def cover_words(found: Cover, t: Translator) -> str:
    """What a colour of the icicle means."""
    return {
        Cover.FULL: t("covered as wanted"),
        Cover.PART: t("covered in part"),
        Cover.NONE: t("not covered"),
        Cover.UNKNOWN: t("no data"),
    }[found]


def panels(strips: Sequence[Strip]) -> tuple[tuple[Strip, ...], ...]:
    """The strips in panels of about the same number of roots, each root with all below it, in their order."""
    roots = [strip for strip in strips if not strip.parent_id]
    count = min(MOST_PANELS, -(-len(roots) // ROOTS_IN_A_PANEL)) or 1
    size = -(-len(roots) // count)
    return tuple(_panel(strips, roots[first : first + size]) for first in range(0, len(roots), size))


def _panel(strips: Sequence[Strip], roots: Sequence[Strip]) -> tuple[Strip, ...]:
    inside = {root.id for root in roots}
    return tuple(strip for strip in strips if strip.id in inside or strip.parent_id in inside)


def _hover(result: Result, indicator: Indicator, employees: Mapping[str, int], t: Translator) -> str:
    staff = employees.get(result.group.unit_id)
    return cell_label(result, indicator, t) + (f" · {counted(staff, 'employee', t)}" if staff else "")


def gap_words(gap: str, t: Translator) -> str:
    """What a unit lacks."""
    return {
        Gap.TIER_1.value: t("no post of a department (tier 1)"),
        Gap.TIER_2.value: t("no post of its branch (tier 2)"),
        Gap.TIER_3.value: t("employees whom nobody is responsible for (tier 3)"),
        Gap.GROUP.value: t("no group chat"),
        Gap.LIAISON.value: t("no liaison"),
        Gap.NETWORKS.value: t("not in every network"),
    }[gap]


def gaps_table(gaps: pd.DataFrame, units: Mapping[str, Unit], vocabulary: Vocabulary, t: Translator) -> DataTable:
    """One row per gap of a branch or team, most employees first."""
    rows = tuple(
        (
            _name(gap["branch_id"], units),
            _name(gap["unit_id"], units) if gap["unit_id"] != gap["branch_id"] else "",
            _gap(gap["gap"], gap["networks"], vocabulary, t),
            int(gap["employees"]),
            f"{gap['since']}" if gap["since"] else "",
        )
        for gap in gaps.to_dict("records")
    )
    headings = (t("Branch"), t("Team"), t("What is missing"), t("Employees concerned"), t("Since"))
    return DataTable("coverage_gaps", headings, rows, tuple(gaps["unit_id"]))


def _name(unit_id: str | None, units: Mapping[str, Unit]) -> str:
    if not unit_id:
        return ""
    return units[unit_id].name if unit_id in units else unit_id


def _gap(gap: str, networks: tuple[str, ...], vocabulary: Vocabulary, t: Translator) -> str:
    names = t(", ").join(vocabulary.name("networks", code, t.language) for code in networks)
    return f"{gap_words(gap, t)}: {names}" if names else gap_words(gap, t)


def loads_table(loads: pd.DataFrame, units: Mapping[str, Unit], t: Translator) -> DataTable:
    """One row per post, the most loaded first."""
    rows = tuple(
        (
            _name(load["unit_id"], units),
            load["post"],
            int(load["targets"]),
            t(", ").join(_name(target, units) for target in load["target_ids"]),
        )
        for load in loads.to_dict("records")
    )
    headings = (t("Unit"), t("Post"), t("Targets"), t("Responsible for"))
    return DataTable("post_loads", headings, rows, tuple(loads["unit_id"]))
