"""The story of a sample company: what is true in it, where, since when, and which figures tell it."""

from dataclasses import dataclass
from datetime import date

from sample_data.bad_rows import BAD_ROWS, BadRows
from sample_data.world import World


@dataclass(frozen=True)
class Chapter:
    """Something that is true of a unit from a day on. ``shows_in`` names indicators that tell it."""

    unit_id: str
    since: date
    truth_zh: str
    truth_en: str
    shows_in: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """All chapters, and how many bad cases there are of each kind."""

    hard_cases: Chapter
    lost_sponsors: Chapter
    silent_groups: Chapter
    records_nothing: Chapter
    too_small: Chapter
    moved: Chapter
    merged: Chapter
    improvement: Chapter
    fluctuation: Chapter
    bad_rows: BadRows

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order."""
        return tuple(each for each in vars(self).values() if isinstance(each, Chapter))


def story_of(world: World) -> Story:
    """The story that the world's rows tell."""
    return Story(**_about_cases(world), **_about_reach(world), **_about_units(world), bad_rows=BAD_ROWS)


def _about_cases(world: World) -> dict[str, Chapter]:
    parts, dates = world.structure.parts, world.dates
    return {
        "hard_cases": Chapter(
            parts.hard_cases,
            dates.first_day,
            "响应快，但难件长期挂着不办：已办结件的中位数好看，含在办件的中位数（Kaplan–Meier）才是真相。",
            "Answers fast but leaves the hard cases open: the median of closed cases flatters, Kaplan-Meier tells.",
            ("response_on_time_rate", "resolution_days_median", "resolution_on_time_rate", "overdue_backlog"),
        ),
        "improvement": Chapter(
            world.structure.units[0].id,
            dates.improved_quarter.start,
            "全公司按期响应率真实提高，此后一直保持。",
            "The whole company really responds in time more often, and keeps it up.",
            ("response_on_time_rate",),
        ),
        "fluctuation": Chapter(
            parts.fluctuation,
            dates.last_quarter.start,
            "上一季度按期办结率看似下滑，其实只是波动：件数少，与前一季度无法区分。",
            "Its on-time resolution seems to fall in the last quarter; with so few cases that is noise.",
            ("resolution_on_time_rate",),
        ),
    }


def _about_reach(world: World) -> dict[str, Chapter]:
    parts, dates = world.structure.parts, world.dates
    return {
        "lost_sponsors": Chapter(
            parts.lost_sponsors,
            dates.sponsors_lost_on,
            "春季起一级、二级包保责任人空缺，三级全覆盖降为零。",
            "Has had no sponsors of tiers 1 and 2 since spring: its chain coverage is zero.",
            ("zone_coverage_tier1", "zone_coverage_tier2", "zone_chain_coverage"),
        ),
        "silent_groups": Chapter(
            parts.silent_groups,
            dates.silent_since,
            "微信群还在，但已经没有人说话：群覆盖率满格，活跃群覆盖率为零。",
            "Its chat groups exist but nobody speaks any more: full coverage, no activity.",
            ("group_team_coverage", "group_active_coverage"),
        ),
        "records_nothing": Chapter(
            parts.records_nothing,
            dates.first_day,
            "应做的事项一件也不记录：按计划统计，履责率为零，而不是“没有数据”。",
            "Records nothing of what it owes: by the plan its duties are at zero, not at 'no data'.",
            ("duty_on_time_rate", "duty_completion_rate", "report_on_time_rate"),
        ),
    }


def _about_units(world: World) -> dict[str, Chapter]:
    parts, dates = world.structure.parts, world.dates
    return {
        "too_small": Chapter(
            parts.too_small,
            dates.first_day,
            "每季度只有两件诉求：样本太少，不作评价。",
            "Gets two cases a quarter: too few to judge.",
            ("response_on_time_rate", "resolution_on_time_rate"),
        ),
        "moved": Chapter(
            parts.moved,
            dates.moved_on,
            "班组划转到另一个区队：此前的件数归原区队，此后的归新区队。",
            "Moved to another branch: what was counted before stays with the old one.",
            ("cases_per_100_employees", "resolution_on_time_rate"),
        ),
        "merged": Chapter(
            parts.merged,
            dates.merged_on,
            "班组撤销，人员和职责并入同区队的另一个班组。",
            "Closed, and merged into another team of its branch.",
            ("zone_coverage_tier2", "liaison_team_coverage"),
        ),
    }
