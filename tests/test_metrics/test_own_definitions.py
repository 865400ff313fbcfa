from datetime import date

import pytest

from metrics.definition import Direction, Formula, Term, Unit
from metrics.registry import BUILT_IN, load
from tests.test_metrics.writing import COUNTS, LANGUAGES, RATIO, load_own, write


def test_a_company_adds_an_indicator_with_defaults(tmp_path):
    own = load_own(tmp_path)
    assert (own.formula, own.unit, own.direction) == (Formula.RATIO, Unit.SHARE, Direction.HIGHER)
    assert (own.numerator, own.denominator) == ((Term("resolved"),), (Term("resolution_due"),))
    assert (own.minimum_to_show, own.minimum_to_score, own.target) == (5, 20, None)
    assert own.unit_kinds == ("company", "department", "branch", "team")
    assert (own.protected, own.headline, own.beside, own.companions, own.where) == (False, False, (), (), ())
    assert own.next_review == date(2027, 1, 31)
    assert (own.text("zh").name, own.text("en").name) == ("名称", "en 名称")
    assert own.text("zh").target_basis == ""


def test_a_company_puts_its_own_in_place_of_a_built_in_one(tmp_path):
    text = (BUILT_IN / "solved_rate.toml").read_text(encoding="utf-8").replace("target = 0.85", "target = 0.7")
    write(tmp_path, text, "solved_rate")
    registry = load(tmp_path)
    assert registry["solved_rate"].target == 0.7
    assert registry.ids == load(None).ids


CHANGES = {
    "order": ("order = 1", "order = 2"),
    "family": ('"resolution"', '"response"'),
    "next_review": ("2027-01-31", "2027-02-01"),
    "direction": ('"higher"', '"lower"'),
    "numerator": ('["resolved"]', '["overdue"]'),
    "denominator": ('["resolution_due"]', '["resolved"]'),
    "text": ("含义", "意思"),
}
ADDITIONS = [
    "headline = true",
    "protected = true",
    "minimum_to_show = 6",
    "minimum_to_score = 30",
    'unit_kinds = ["branch"]',
    'beside = ["resolution_tolerated"]',
    'companions = ["solved_rate"]',
    'where = { grade = ["A"] }',
    'where_scored = { grade = ["A"] }',
]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_key_changes_the_hash(tmp_path, change):
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    text = RATIO + COUNTS + LANGUAGES
    write(tmp_path / "before", text)
    write(tmp_path / "after", text.replace(*change))
    assert load(tmp_path / "before").hash != load(tmp_path / "after").hash


@pytest.mark.parametrize("addition", ADDITIONS)
def test_every_further_key_changes_the_hash(tmp_path, addition):
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    write(tmp_path / "before", RATIO + COUNTS + LANGUAGES)
    write(tmp_path / "after", RATIO + COUNTS + addition + "\n" + LANGUAGES)
    assert load(tmp_path / "before").hash != load(tmp_path / "after").hash


def test_the_hash_is_the_same_for_the_same_definitions(tmp_path):
    write(tmp_path, (BUILT_IN / "solved_rate.toml").read_text(encoding="utf-8"), "solved_rate")
    assert load(tmp_path).hash == load(None).hash
    assert len(load(None).hash) == 64
