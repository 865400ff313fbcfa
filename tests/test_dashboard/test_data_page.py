"""The data's condition and imports in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.i18n import LANGUAGES, Translator
from dashboard.presenters.contract_words import column_words, table_words
from dashboard.presenters.imports import (
    batches_table,
    kinds_note,
    outcome_words,
    problems_table,
    row_counts_table,
    step_words,
)
from dashboard.presenters.quality import effect_words, findings_table, keys_table, place_words, problem_words
from dashboard.quality import Condition
from data_access.ingest.problems import Kind, Level, Problem
from data_access.ingest.report import Progress, Report, Step
from data_access.quality.check import RULES, Finding, find_rule
from data_access.quality.freshness import ImportBatch, TableFreshness
from data_access.quality.rule import Effect
from data_access.quality.rule import Problem as RuleProblem
from data_access.tables import SOURCE_TABLES

ZH, EN = Translator("zh"), Translator("en")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 10, 8, 4, 0, tzinfo=UTC)
RATING = find_rule("cases.rating.out_of_range")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_effect_table_and_column_has_words(language: str) -> None:
    t = Translator(language)
    assert all(problem_words(problem, t) for problem in RuleProblem)
    assert all(effect_words(effect, t) for effect in Effect)
    assert all(place_words(rule, t) for rule in RULES)
    assert all(table_words(table.name, t) for table in SOURCE_TABLES)


def test_tables_and_columns_are_called_as_the_template_calls_them() -> None:
    assert table_words("cases", ZH) == "诉求"
    assert column_words("cases", "received_at", ZH) == "受理时间"
    assert column_words("cases", "received_at", EN) == "received at"


def test_the_rule_that_found_most_stands_first() -> None:
    findings = [Finding(RULES[0], 1, 10), Finding(RATING, 5, 10), Finding(RULES[1], 0, 10)]
    table = findings_table(findings, EN)
    assert [row[2] for row in table.rows] == [5, 1, 0]
    assert table.rows[0][-1] == "cases.rating.out_of_range"


def test_keys_are_listed_and_nothing_else() -> None:
    table = keys_table(RATING, [("S1",), ("S2",)], EN)
    assert table.headings == ("case no",)
    assert table.rows == (("S1",), ("S2",))


def test_the_condition_adds_up() -> None:
    tables = (TableFreshness("cases", 7, NOON), TableFreshness("zones", 2, None))
    condition = Condition(tables, (Finding(RATING, 3, 7),), ())
    assert (condition.rows, condition.doubtful) == (9, 3)


def test_row_counts_say_when_the_newest_row_changed_in_company_time() -> None:
    table = row_counts_table([TableFreshness("cases", 7, NOON), TableFreshness("zones", 0, None)], SHANGHAI, EN)
    assert table.rows == (("cases", 7, "2026-10-08 12:00"), ("zones", 0, "no rows"))


def report(**changes: object) -> Report:
    return Report(**({"file_name": "f.csv", "mapping": "huiyin", "rows": 3, "inserted": 2, "changed": 1} | changes))


def failed() -> Report:
    problem = Problem(Level.ERROR, "required", "诉求", 4, "受理时间")
    kinds = ((Kind(Level.ERROR, "required", "诉求", "受理时间"), 150),)
    return report(inserted=0, changed=0, problems=(problem,), kinds=kinds)


def test_a_check_says_what_would_be_written() -> None:
    assert outcome_words(report(), EN) == "Of 3 rows 2 are new, 1 change others, 0 are there already."
    assert outcome_words(report(written=True), EN) == "Written: 2 new rows, 1 changed, 0 unchanged."


def test_a_file_with_errors_says_that_nothing_is_written() -> None:
    assert outcome_words(failed(), EN) == "150 errors: nothing can be written."
    assert outcome_words(failed(), ZH) == "有 150 处错误，不能写入。"


def test_more_problems_than_are_listed_are_said() -> None:
    assert kinds_note(failed(), EN) == "Error 150; the first 1 are listed."
    assert kinds_note(report(), EN) == ""


def test_each_problem_is_located_and_says_what_would_be_right() -> None:
    (row,) = problems_table(failed(), ZH).rows
    assert row[:4] == ("错误", "诉求", 4, "受理时间")
    assert row[5]
    assert row[6]


def test_progress_says_the_step_and_the_rows() -> None:
    assert step_words(Progress(Step.CHECKING, 12_000, 1, 2), EN) == "Checking: 12,000 rows"


def test_the_log_says_who_when_and_whether_it_was_taken_back() -> None:
    batch = ImportBatch(3, "f.csv", "h", None, "tester", NOON, NOON, NOON, 3, 2, 1, 0, 0, 0)
    (row,) = batches_table([batch], SHANGHAI, EN).rows
    assert row[0] == 3
    assert row[3:5] == ("tester", "2026-10-08 12:00")
    assert row[-1] == "2026-10-08 12:00"
