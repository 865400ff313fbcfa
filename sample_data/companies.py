"""The sample companies: how large they are and which of their branches the story is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cast:
    """Which branches (by name) play which part in the story. No branch plays two parts."""

    hard_cases: str
    lost_sponsors: str
    silent_groups: str
    records_nothing: str
    too_small: str
    moved_from: str
    moved_to: str
    fluctuation: str
    merged: str


@dataclass(frozen=True)
class CompanyPlan:
    """The size of a company and the make-up of its branches (trade stem and how many of it).

    ``employees`` and ``family_members`` are for the whole company, ``cases`` for the whole time told.
    ``branches_with_groups`` is how many branches have chat groups at the end, ``groups_gained`` how many
    of them only since the last year. ``branch_spread`` says how much branches differ (log scale),
    ``late_responses`` how likely a late response was before and after the whole company improved.
    ``fluctuation`` is the share of late resolutions in the quarter before the last one and in the last one of the
    branch where nothing really changed, and ``fluctuating_effect`` how likely they are there otherwise, relative to
    the average (None: as drawn). ``years`` is how many years are told, besides the begun ones.
    """

    key: str
    prefix: str
    name: str
    party_departments: int
    administrative_departments: int
    branches: tuple[tuple[str, int], ...]
    teams: int
    employees: int
    family_members: int
    cases: int
    branches_with_groups: int
    groups_gained: int
    team_liaison_share: float
    branch_spread: float
    late_responses: tuple[float, float]
    cast: Cast
    fluctuation: tuple[float, float] = (0.07, 0.16)
    fluctuating_effect: float | None = None
    years: int = 2

    @property
    def branch_count(self) -> int:
        """How many branches there are."""
        return sum(count for _, count in self.branches)


SMALL = CompanyPlan(
    key="small",
    prefix="SF",
    name="示范煤矿",
    party_departments=3,
    administrative_departments=1,
    branches=(("综采", 2), ("掘进", 2), ("机电", 1), ("运输", 1), ("通风", 1), ("选煤", 1)),
    teams=30,
    employees=806,
    family_members=1_480,
    cases=2_500,
    branches_with_groups=6,
    groups_gained=1,
    team_liaison_share=0.9,
    branch_spread=0.3,
    late_responses=(0.09, 0.034),
    cast=Cast(
        hard_cases="综采二队",
        lost_sponsors="掘进二队",
        silent_groups="运输队",
        records_nothing="通风队",
        too_small="选煤厂",
        moved_from="机电队",
        moved_to="综采一队",
        fluctuation="掘进一队",
        merged="选煤厂",
    ),
)
CHANGPING = CompanyPlan(
    key="changping",
    prefix="CP",
    name="长平公司",
    party_departments=7,
    administrative_departments=8,
    branches=(
        ("综采", 5),
        ("掘进", 8),
        ("开拓", 3),
        ("机电", 3),
        ("运输", 3),
        ("通风", 2),
        ("抽采", 2),
        ("安装", 2),
        ("准备", 2),
        ("巷修", 3),
        ("皮带", 3),
        ("防突", 1),
        ("探放水", 1),
        ("监测监控", 1),
        ("地测", 1),
        ("选煤", 1),
        ("机修", 1),
        ("救护", 1),
        ("供应", 1),
        ("煤质", 1),
        ("瓦斯发电", 1),
        ("供热", 1),
        ("矸石处理", 1),
        ("保卫", 1),
        ("汽车", 2),
        ("生活服务", 1),
        ("物业", 1),
        ("环境卫生", 1),
        ("职工医院", 1),
        ("培训", 1),
        ("离退休", 1),
        ("信息", 1),
        ("支护材料", 1),
        ("多种经营", 1),
    ),
    teams=318,
    employees=8_222,
    family_members=15_060,
    cases=13_000,
    branches_with_groups=44,
    groups_gained=4,
    team_liaison_share=0.96,
    branch_spread=0.38,
    late_responses=(0.072, 0.039),
    cast=Cast(
        hard_cases="综采三队",
        lost_sponsors="掘进五队",
        silent_groups="运输二队",
        records_nothing="准备二队",
        too_small="探放水队",
        moved_from="机电二队",
        moved_to="综采四队",
        fluctuation="开拓二队",
        merged="机修厂",
    ),
)
XINGTAI = CompanyPlan(
    key="xingtai",
    prefix="XT",
    name="邢台公司",
    party_departments=6,
    administrative_departments=4,
    branches=(
        ("综采", 3),
        ("掘进", 4),
        ("开拓", 2),
        ("机电", 2),
        ("运输", 2),
        ("通风", 1),
        ("抽采", 1),
        ("安装", 1),
        ("准备", 1),
        ("巷修", 1),
        ("皮带", 1),
        ("防突", 1),
        ("地测", 1),
        ("选煤", 1),
        ("机修", 1),
        ("救护", 1),
        ("供应", 1),
        ("煤质", 1),
        ("保卫", 1),
        ("生活服务", 1),
        ("物业", 1),
        ("职工医院", 1),
    ),
    teams=148,
    employees=3_610,
    family_members=6_200,
    cases=6_000,
    branches_with_groups=24,
    groups_gained=2,
    team_liaison_share=0.85,
    branch_spread=0.35,
    late_responses=(0.08, 0.036),
    cast=Cast(
        hard_cases="综采二队",
        lost_sponsors="掘进三队",
        silent_groups="运输二队",
        records_nothing="准备队",
        too_small="防突队",
        moved_from="机电二队",
        moved_to="综采三队",
        fluctuation="开拓一队",
        merged="机修厂",
    ),
)
GROUP = CompanyPlan(
    key="group",
    prefix="JT",
    name="示范集团",
    party_departments=7,
    administrative_departments=8,
    branches=(("东区", 10), ("西区", 10), ("南区", 10), ("北区", 10), ("中区", 10), ("新区", 10)),
    teams=3_000,
    employees=120_000,
    family_members=210_000,
    cases=1_000_000,
    branches_with_groups=48,
    groups_gained=4,
    team_liaison_share=0.95,
    branch_spread=0.3,
    late_responses=(0.075, 0.038),
    cast=Cast(
        hard_cases="东区三矿",
        lost_sponsors="西区五矿",
        silent_groups="南区二矿",
        records_nothing="北区七矿",
        too_small="新区十矿",
        moved_from="东区八矿",
        moved_to="东区九矿",
        fluctuation="中区四矿",
        merged="西区一矿",
    ),
    fluctuation=(0.08, 0.083),
    fluctuating_effect=1.0,
    years=5,
)

COMPANIES: dict[str, CompanyPlan] = {plan.key: plan for plan in (SMALL, CHANGPING, XINGTAI, GROUP)}
