"""Large files to import, made row by row."""

import csv
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

BRANCHES = 60
SEED = 20_261_120
FIRST_RECEIVED = datetime(2024, 10, 1)
MINUTES = 730 * 24 * 60
HEADER = (
    "诉求编号",
    "渠道",
    "类别",
    "等级",
    "受理时间",
    "责任单位编码",
    "首次联系时间",
    "首次办结时间",
    "办结时间",
    "办理结果",
)
CHANNELS, CATEGORIES, GRADES = ("letterbox", "hotline", "group_chat"), ("pay", "safety", "rota"), ("A", "B", "C")


def write_units(path: Path) -> None:
    """A company with its branches."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("单位编码", "单位名称", "单位类别"))
        writer.writerow(("C", "大矿公司", "公司"))
        writer.writerows((f"B{number:02}", f"第{number}区队", "党支部") for number in range(BRANCHES))


def write_cases(path: Path, count: int) -> None:
    """So many cases, the same for the same count."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_cases(count))


def _cases(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(SEED)
    for number in range(count):
        received = FIRST_RECEIVED + timedelta(minutes=chance.randrange(MINUTES))
        resolved = received + timedelta(minutes=chance.randrange(60, 30_000))
        yield (
            f"S{number:09}",
            chance.choice(CHANNELS),
            chance.choice(CATEGORIES),
            chance.choice(GRADES),
            f"{received:%Y-%m-%d %H:%M}",
            f"B{chance.randrange(BRANCHES):02}",
            f"{received + timedelta(minutes=chance.randrange(1, 3_000)):%Y-%m-%d %H:%M}",
            f"{resolved:%Y-%m-%d %H:%M}",
            f"{resolved:%Y-%m-%d %H:%M}",
            "solved",
        )
