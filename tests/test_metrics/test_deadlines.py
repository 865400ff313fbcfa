from datetime import date

import pytest

from metrics import deadlines
from metrics.deadlines import DeadlineRule, Limit, rule_in_force
from metrics.problem import DefinitionError

START = date(2000, 1, 1)


def load_own(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return deadlines.load(path)


def test_the_built_in_limits_are_those_of_the_contract():
    assert deadlines.load(None) == (
        DeadlineRule("A", START, Limit(hours=2), Limit(working_days=3)),
        DeadlineRule("B", START, Limit(hours=24), Limit(working_days=7)),
        DeadlineRule("C", START, Limit(working_days=3), Limit(working_days=15)),
    )


def test_the_latest_rule_that_is_effective_is_in_force():
    newer = DeadlineRule("A", date(2026, 7, 1), Limit(hours=1), Limit(working_days=2))
    rules = (*deadlines.load(None), newer)
    assert rule_in_force(rules, "A", date(2026, 6, 30)).effective_from == START
    assert rule_in_force(rules, "A", date(2026, 7, 1)) is newer
    assert rule_in_force(rules, "A", date(1999, 12, 31)) is None
    assert rule_in_force(rules, "X", date(2026, 7, 1)) is None


def test_a_companys_file_takes_the_place_of_the_built_in_one(tmp_path):
    rule = (
        '[[rules]]\ngrade = "B"\neffective_from = 2026-01-01\nresponse = { hours = 8 }\nresolution = { hours = 48 }\n'
    )
    assert load_own(tmp_path, rule) == (DeadlineRule("B", date(2026, 1, 1), Limit(hours=8), Limit(hours=48)),)
    with pytest.raises(DefinitionError, match="grade B has two rules from 2026-01-01"):
        load_own(tmp_path, rule * 2)


def test_every_problem_is_reported(tmp_path):
    text = """
basis = 1
[[rules]]
grade = "D"
effective_from = 2026-01-01
response = { hours = 2, working_days = 1 }
resolution = { days = 2 }
[[rules]]
grade = "A"
response = { hours = 0 }
resolution = { working_days = 1.5 }
"""
    with pytest.raises(DefinitionError) as caught:
        load_own(tmp_path, text)
    assert {problem.key for problem in caught.value.problems} == {
        "basis",
        "rules[1].grade",
        "rules[1].response.hours",
        "rules[1].resolution.hours",
        "rules[1].resolution.days",
        "rules[2].effective_from",
        "rules[2].response.hours",
        "rules[2].resolution.working_days",
    }


@pytest.mark.parametrize("text", ["", "rules = 3", "rules = []", "rules = [1]"])
def test_a_file_without_rules_is_a_problem(tmp_path, text):
    with pytest.raises(DefinitionError, match="rules"):
        load_own(tmp_path, text)


def test_a_broken_file_is_a_problem(tmp_path):
    with pytest.raises(DefinitionError, match="not valid TOML"):
        load_own(tmp_path, "[[rules")
