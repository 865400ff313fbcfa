"""Coverage: the company as strips, and the list of what is missing."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.charts.icicle import Strip
from dashboard.i18n import Translator
from dashboard.presenters.heat import cell_label
from dashboard.presenters.judgement import tone_shape, value_text
from dashboard.presenters.nouns import counted
from dashboard.presenters.tables import DataTable
from data_access.hierarchy import Unit
from data_access.work_lists.coverage_gaps import Gap
from metrics.definition import Indicator
from metrics.result import Result, Status
from metrics.vocabulary import Vocabulary


def coverage_strips(
    results: Iterable[Result], indicator: Indicator, employees: Mapping[str, int], root_id: str, t: Translator
) -> tuple[Strip, ...]:
    """One strip per unit, a parent before the units below it, the least covered first.

    A strip is as large as the unit's staff without the units below it; where no staff is known, all units
    without others below them are alike.
    """
    known = {result.group.unit_id: result for result in results}
    below = _below(known, root_id)
    own = _own_sizes(employees, below, known)
    ordered = sorted(known.values(), key=lambda result: (result.group.unit_id != root_id, _standing(result)))
    return tuple(
        Strip(
            id=result.group.unit_id,
            parent_id="" if result.group.unit_id == root_id else result.group.parent_id or root_id,
            label=_label(result, indicator, t),
            size=own[result.group.unit_id],
            tone=_tone(result),
            hover=_hover(result, indicator, employees, t),
        )
        for result in ordered
    )


def _below(known: Mapping[str, Result], root_id: str) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for unit_id, result in known.items():
        if unit_id != root_id:
            below.setdefault(result.group.parent_id or root_id, []).append(unit_id)
    return below


def _own_sizes(
    employees: Mapping[str, int], below: Mapping[str, list[str]], known: Mapping[str, Result]
) -> dict[str, float]:
    if not any(employees.get(unit_id) for unit_id in known):
        return {unit_id: float(unit_id not in below) for unit_id in known}
    return {
        unit_id: float(max(0, employees.get(unit_id, 0) - sum(employees.get(one, 0) for one in below.get(unit_id, ()))))
        for unit_id in known
    }


def _standing(result: Result) -> tuple[float, str]:
    return (2.0 if result.value is None else result.value, result.group.unit_id)


def _label(result: Result, indicator: Indicator, t: Translator) -> str:
    parts = (tone_shape(result.tone), result.group.name, value_text(result, indicator.unit, t))
    return " ".join(part for part in parts if part)


def _tone(result: Result) -> str:
    if result.status is Status.FEW:
        return _tone_of_few(result)
    return result.tone.value if result.tone else "plain"


def _tone_of_few(result: Result) -> str:
    """A unit too small for a judgement that nobody covers at all is still one to be seen."""
    return "missed" if result.value == 0 else "few"


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
