"""Duties against the slow reference, on random small companies and plans."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from data_access.counts.duties import count_duties
from data_access.hierarchy import read_hierarchy
from data_access.question import Rules
from metrics.counts import Fact
from metrics.obligations import Obligation
from metrics.working_time import statutory_schedule
from tests.reference.duties import duties
from tests.reference.units import SHANGHAI
from tests.test_data_access.random_companies import SEEDS, any_question, duty_company
from tests.test_data_access.written import as_counts, write

ALWAYS = date(2000, 1, 1)
OBLIGATIONS = (
    Obligation("report", "branch", "monthly", 1, ALWAYS, due_working_day=5),
    Obligation("report", "department", "monthly", 1, ALWAYS, due_day=20, function="party"),
    Obligation("visit", "team", "monthly", 2, ALWAYS, due_day=30),
    Obligation("visit", "team", "monthly", 3, date(2026, 3, 1), due_day=30),
    Obligation("study", "branch", "weekly", 1, ALWAYS, due_day=0, weekday=4),
    Obligation("letter", "branch", "yearly", 1, ALWAYS, due_day=30),
    Obligation("forum", "company", "quarterly", 1, ALWAYS, due_working_day=1),
    Obligation("brief", "department", "working_day", 1, date(2026, 2, 1), due_day=0),
)
RULES = Rules(time_zone=SHANGHAI, deadlines=(), obligations=OBLIGATIONS, networks=())


LIKELY = tuple((each.kind, each.unit_kind) for each in OBLIGATIONS)


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_duties_are_counted_as_the_reference_counts_them(engine: Engine, seed: int) -> None:
    company, question = duty_company(seed, LIKELY), any_question(seed, RULES, "duty_kind")
    with engine.connect() as connection:
        write(connection, company)
        counted = count_duties(connection, read_hierarchy(connection), question).frame()
        connection.rollback()
    expected = duties(company, question, statutory_schedule())
    assert as_counts(counted, Fact.DUTIES, question.dimensions) == expected
