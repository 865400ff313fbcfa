"""The page Cases: where matters wait, in bars, curves and rows."""

from collections.abc import Sequence

from dashboard.breakdown import Curve, Slice
from dashboard.charts.bars import Bar
from dashboard.charts.curves import Line
from dashboard.charts.stacks import Stack
from dashboard.i18n import Translator
from dashboard.presenters.nouns import CASES, counted
from dashboard.presenters.numbers import percent, whole
from dashboard.presenters.tables import DataTable
from metrics.counts import AGE_BANDS
from metrics.result import Group
from metrics.vocabulary import Vocabulary

STEPS = ("cohort_received", "cohort_contacted", "cohort_resolved", "cohort_told", "cohort_rated")


def step_names(t: Translator) -> tuple[str, ...]:
    """The steps of a case in words."""
    return (t("Received"), t("Contacted"), t("Resolved"), t("Told"), t("Rated"))


def flow_bars(cohort: Slice, t: Translator) -> list[Bar]:
    """One bar per step: how many of the cases received had come so far."""
    received = cohort[STEPS[0]]
    return [
        Bar(name, cohort[step], f"{counted(cohort[step], CASES, t)} · {percent(cohort[step] / received)}")
        for name, step in zip(step_names(t), STEPS, strict=True)
        if received
    ]


def flow_table(cohort: Slice, t: Translator) -> DataTable:
    """One row per step with its share of the cases received."""
    received = cohort[STEPS[0]]
    rows = tuple(
        (name, cohort[step], round(100 * cohort[step] / received, 2) if received else None)
        for name, step in zip(step_names(t), STEPS, strict=True)
    )
    return DataTable("flow", (t("Step"), t("Cases"), t("% of received")), rows)


def band_stacks(slices: Sequence[Slice], words: Vocabulary, t: Translator) -> list[Stack]:
    """One row per age band, youngest first: open cases that are overdue, and those in time."""
    found = {each.code: each for each in slices}
    return [
        _stack(words.name("age_bands", code, t.language), found[code], "", t) for code, _ in AGE_BANDS if code in found
    ]


def band_table(slices: Sequence[Slice], words: Vocabulary, t: Translator) -> DataTable:
    """One row per age band."""
    found = {each.code: each for each in slices}
    rows = tuple(
        (
            words.name("age_bands", code, t.language),
            found[code]["open_cases"],
            found[code]["overdue_cases"],
            found[code]["falling_due"],
        )
        for code, _ in AGE_BANDS
        if code in found
    )
    return DataTable("backlog", (t("Age"), t("Open"), t("Overdue"), t("Falling due")), rows)


def _stack(label: str, counts: Slice, chosen: str, t: Translator) -> Stack:
    overdue, every = counts["overdue_cases"], counts["open_cases"]
    text = t("{all} ({overdue} overdue)", all=whole(every), overdue=whole(overdue)) if overdue else whole(every)
    return Stack(label, overdue, every - overdue, text, chosen)


def due_stacks(slices: Sequence[Slice], groups: Sequence[Group], t: Translator) -> list[Stack]:
    """One row per unit that has any: overdue cases, and those falling due soon; the most overdue first."""
    names = {group.unit_id: group.name for group in groups}
    waiting = [each for each in slices if each["overdue_cases"] or each["falling_due"]]
    ordered = sorted(waiting, key=lambda each: (-each["overdue_cases"], -each["falling_due"], each.code or ""))
    return [
        Stack(
            names[each.code or ""],
            each["overdue_cases"],
            each["falling_due"],
            t("{overdue} overdue · {soon} soon", overdue=each["overdue_cases"], soon=each["falling_due"]),
            each.code or "",
        )
        for each in ordered
    ]


def due_table(slices: Sequence[Slice], groups: Sequence[Group], t: Translator) -> DataTable:
    """One row per unit with its open, overdue and soon due cases."""
    names = {group.unit_id: group.name for group in groups}
    rows = tuple(
        (names[each.code or ""], each["open_cases"], each["overdue_cases"], each["falling_due"]) for each in slices
    )
    headings = (t("Unit"), t("Open"), t("Overdue"), t("Falling due"))
    return DataTable("falling_due", headings, rows, tuple(each.code or "" for each in slices))


def curve_lines(curves: Sequence[Curve], words: Vocabulary, t: Translator) -> list[Line]:
    """One line per grade: the share finished after each time."""
    return [
        Line(
            name=words.name("grades", each.code or "", t.language),
            times=tuple(float(time) for time in each.curve.times),
            shares=tuple(1.0 - float(survival) for survival in each.curve.survival),
        )
        for each in curves
    ]


def curve_table(lines: Sequence[Line], t: Translator) -> DataTable:
    """One row per grade and time, with the share finished by then in per cent."""
    rows = tuple(
        (line.name, time, round(100 * share, 2))
        for line in lines
        for time, share in zip(line.times, line.shares, strict=True)
    )
    return DataTable("time_curves", (t("Grade"), t("Working days"), t("% finished")), rows)


def pareto_bars(slices: Sequence[Slice], words: Vocabulary, section: str, t: Translator) -> list[Bar]:
    """One bar per code, the most frequent first, with its share and the share of all so far."""
    every = sum(each["received"] for each in slices)
    bars, so_far = [], 0
    for each in sorted(slices, key=lambda each: (-each["received"], each.code or "")):
        so_far += each["received"]
        share, together = percent(each["received"] / every), percent(so_far / every)
        text = t("{cases} · {share} · Σ {together}", cases=whole(each["received"]), share=share, together=together)
        bars.append(Bar(_name(each.code, words, section, t), each["received"], text))
    return bars


def pareto_table(slices: Sequence[Slice], words: Vocabulary, section: str, t: Translator) -> DataTable:
    """One row per code."""
    ordered = sorted(slices, key=lambda each: (-each["received"], each.code or ""))
    rows = tuple((_name(each.code, words, section, t), each["received"]) for each in ordered)
    return DataTable(section, (t("Kind"), t("Cases received")), rows)


def _name(code: str | None, words: Vocabulary, section: str, t: Translator) -> str:
    return t("not stated") if code is None else words.name(section, code, t.language)
