"""The small company, told once and made once; other tests only read it."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from sqlalchemy import Connection

from dashboard.company import Company, read_company
from dashboard.figures import answer
from data_access.engine import connect, open_reader, open_writer
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.question import Question
from data_access.scope import local_scope
from data_access.settings import Settings
from metrics.period import Period
from metrics.result import Group, Result
from sample_data import make
from sample_data.story import Story, story_of
from sample_data.world import World
from tests.test_sample_data.worlds import frames

UNTIL = date(2026, 10, 8)
SEED = 1


class Told(NamedTuple):
    """A sample company in a database, with what it was made from."""

    world: World
    story: Story
    frames: dict[str, pd.DataFrame]
    connection: Connection
    hierarchy: Hierarchy
    company: Company

    def figure(self, indicator: str, unit_id: str, period: Period, day: date = UNTIL) -> Result:
        """The product's Result as of the beginning of a day."""
        return self.figures(indicator, [unit_id], period, day)[0]

    def figures(self, indicator: str, unit_ids: list[str], period: Period, day: date = UNTIL) -> list[Result]:
        """The product's Results for several units, as of the beginning of a day."""
        zone = self.world.rules.time_zone
        question = Question((period,), datetime.combine(day, time.min, zone), local_scope("tester"), self.company.rules)
        units = [self.hierarchy.units[unit_id] for unit_id in unit_ids]
        groups = [
            Group(unit.id, unit.name, unit.kind, self.hierarchy.parent(unit.id, period.last_day)) for unit in units
        ]
        chosen = [self.company.indicators[indicator]]
        return answer(self.connection, self.hierarchy, question, chosen, groups)


@pytest.fixture(scope="session")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    yield from made(sqlite_template, tmp_path_factory.mktemp("small"), "small")


def made(template: Path, folder: Path, company: str) -> Iterator[Told]:
    shutil.copy(template, folder / "sample.db")
    settings = Settings(database_url=f"sqlite:///{folder / 'sample.db'}", user="tester")
    writer = open_writer(settings)
    world = make(writer, company, SEED, UNTIL)
    writer.dispose()
    reader = open_reader(settings)
    with connect(reader) as connection:
        hierarchy = read_hierarchy(connection)
        yield Told(world, story_of(world), frames(world), connection, hierarchy, read_company(settings))
    reader.dispose()
