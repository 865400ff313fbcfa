import re
from datetime import date
from pathlib import Path

import pytest

from metrics import vocabulary
from metrics.counts import FACT_OF_COUNT, FACTS, Fact
from metrics.definition import FAMILIES, Direction, Formula, Term, Unit
from metrics.problem import DefinitionError
from metrics.registry import BUILT_IN, load

CATALOGUE = """
response_rate response_on_time_rate urgent_response_on_time_rate response_hours_median resolution_rate
resolution_on_time_rate resolution_days_median resolution_days_p90 resolution_hours_median resolution_hours_p90
overdue_rate open_backlog overdue_backlog solved_rate satisfaction_rate rating_participation feedback_rate
publication_rate reopen_rate repeat_rate extension_rate exclusion_rate downgrade_rate transfer_rate
grassroots_resolution_rate registration_on_time_rate zone_coverage_tier1 zone_coverage_tier2 zone_coverage_tier3
zone_chain_coverage zone_load group_branch_coverage group_team_coverage group_employee_coverage
group_active_coverage liaison_team_coverage liaison_network_coverage duty_on_time_rate duty_completion_rate
report_on_time_rate reception_day_rate study_day_rate letter_signing_rate zone_duty_rate care_visit_rate
mentoring_rate contact_point_closure consultation_settlement_rate consultation_worker_share
activity_participation cases_per_100_employees
"""

TEXTS = """
name = "{0}名称"
short = "{0}简称"
meaning = "{0}含义"
why = "{0}意义"
calculation = "{0}算法"
caveats = "{0}局限"
owner = "{0}部门"
"""
LANGUAGES = f"[zh]{TEXTS.format('')}[en]{TEXTS.format('en ')}"
HEAD = """
id = "own"
family = "resolution"
order = 1
next_review = 2027-01-31
"""
RATIO = HEAD + 'formula = "ratio"\nunit = "share"\ndirection = "higher"\n'
COUNTS = 'numerator = ["resolved"]\ndenominator = ["resolution_due"]\n'


def write(folder, text, name="own"):
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load_own(folder, head=RATIO + COUNTS, tail="", texts=LANGUAGES):
    write(folder, head + tail + "\n" + texts)
    return load(folder)["own"]


def problems_of(folder):
    with pytest.raises(DefinitionError) as caught:
        load(folder)
    return {(Path(problem.file).name, problem.key): problem.message for problem in caught.value.problems}


def keys_of(folder, head=RATIO + COUNTS, tail="", texts=LANGUAGES):
    write(folder, head + tail + "\n" + texts)
    return {key for _, key in problems_of(folder)}


def test_the_built_in_indicators_are_the_catalogue():
    assert sorted(load(None).ids) == sorted(CATALOGUE.split())


def test_protected_are_ratings_reopening_escalation_and_origin():
    protected = {each.id for each in load(None) if each.protected}
    assert protected == {
        "satisfaction_rate",
        "rating_participation",
        "reopen_rate",
        "grassroots_resolution_rate",
        "cases_per_100_employees",
    }


@pytest.mark.parametrize(
    ("name", "direction", "target"),
    [
        ("response_rate", "higher", 1.0),
        ("response_on_time_rate", "higher", 0.95),
        ("urgent_response_on_time_rate", "higher", 1.0),
        ("response_hours_median", "lower", None),
        ("resolution_rate", "higher", 0.95),
        ("resolution_on_time_rate", "higher", 0.9),
        ("overdue_rate", "lower", 0.0),
        ("overdue_backlog", "context", None),
        ("solved_rate", "higher", 0.85),
        ("satisfaction_rate", "higher", 0.9),
        ("rating_participation", "higher", 0.6),
        ("feedback_rate", "higher", 1.0),
        ("publication_rate", "higher", 0.6),
        ("reopen_rate", "lower", 0.03),
        ("registration_on_time_rate", "higher", 0.95),
        ("zone_chain_coverage", "higher", 1.0),
        ("group_team_coverage", "higher", 0.7),
        ("liaison_network_coverage", "higher", 1.0),
        ("duty_completion_rate", "higher", 0.95),
        ("contact_point_closure", "higher", 0.9),
        ("consultation_settlement_rate", "higher", 0.85),
        ("cases_per_100_employees", "context", None),
    ],
)
def test_directions_and_targets_are_those_of_the_catalogue(name, direction, target):
    assert (load(None)[name].direction, load(None)[name].target) == (direction, target)


def test_headlines_are_eight_to_ten_in_the_order_of_families():
    headlines = load(None).headlines()
    assert 8 <= len(headlines) <= 10
    assert headlines[0].id == "response_on_time_rate"
    places = [FAMILIES.index(each.family) for each in headlines]
    assert places == sorted(places)


def test_every_text_is_written_in_its_language():
    for indicator in load(None):
        zh, en = indicator.text("zh"), indicator.text("en")
        for field in ("name", "short", "meaning", "why", "calculation", "caveats", "owner"):
            assert re.search(r"[\u4e00-\u9fff]", getattr(zh, field)), f"{indicator.id} zh {field}"
            assert not re.search(r"[\u4e00-\u9fff]", getattr(en, field)), f"{indicator.id} en {field}"
        assert bool(zh.target_basis) == bool(en.target_basis)


def test_names_are_different():
    for language in ("zh", "en"):
        names = [each.text(language).name for each in load(None)]
        assert len(names) == len(set(names))


def test_an_indicator_says_which_facts_and_dimensions_it_needs():
    registry = load(None)
    assert registry["satisfaction_rate"].facts == (Fact.CASES_RATED,)
    assert registry["satisfaction_rate"].dimensions == ("rating_source",)
    assert registry["extension_rate"].facts == (Fact.CASE_EVENTS, Fact.CASES_RECEIVED)
    assert registry["resolution_days_median"].facts == (Fact.RESOLUTION_WORKING_DAYS,)
    assert registry["zone_load"].facts == (Fact.ZONE_LOADS,)
    assert registry["overdue_backlog"].facts == (Fact.OPEN_CASES,)
    for indicator in registry:
        offered = {name for fact in indicator.facts for name in FACTS[fact].dimensions}
        assert set(indicator.dimensions) <= offered


def test_every_count_is_used_by_an_indicator():
    used = {term.count for each in load(None) for term in (*each.numerator, *each.denominator)}
    used |= {name for each in load(None) for name in each.beside}
    flow = {count for count in FACT_OF_COUNT if count.startswith("cohort_")}
    assert set(FACT_OF_COUNT) - used - flow <= {"excluded_cases", "activities_held"}


def test_a_share_that_is_counted_case_by_case_is_binary():
    registry = load(None)
    assert registry["resolution_on_time_rate"].binary
    assert registry["satisfaction_rate"].part_of_whole
    assert not registry["satisfaction_rate"].binary
    assert not registry["extension_rate"].part_of_whole
    assert not registry["resolution_days_median"].binary


def test_families_come_in_order_with_their_indicators():
    families = load(None).families()
    assert [family for family, _ in families] == list(FAMILIES)
    assert [each.id for each in dict(families)["backlog"]] == ["open_backlog", "overdue_backlog"]


def test_looking_up():
    registry = load(None)
    assert "solved_rate" in registry
    assert "nothing" not in registry
    assert registry.get("nothing") is None
    assert registry.get("solved_rate") is registry["solved_rate"]
    assert len(registry) == len(CATALOGUE.split())
    with pytest.raises(KeyError):
        registry["nothing"]


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
    assert len(registry) == len(CATALOGUE.split())


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


BAD_KEYS = {
    "colour = 1": "colour",
    "target = 1.5": "target",
    "target = -0.1": "target",
    'target = "high"': "target",
    "target = true": "target",
    "target = nan": "target",
    "minimum_to_show = 0": "minimum_to_show",
    "minimum_to_show = 2.5": "minimum_to_show",
    "minimum_to_score = 4": "minimum_to_score",
    "headline = 1": "headline",
    'protected = "yes"': "protected",
    'unit_kinds = ["squad"]': "unit_kinds",
    'unit_kinds = ["branch", "branch"]': "unit_kinds",
    "unit_kinds = []": "unit_kinds",
    'unit_kinds = "branch"': "unit_kinds",
    'unit_kinds = ["company", "team"]\nprotected = true': "unit_kinds",
    'unit_kinds = ["branch", "team"]\nprotected = true': "unit_kinds",
    'unit_kinds = ["department"]\nprotected = true': "unit_kinds",
    'beside = ["ratings"]': "beside",
    'companions = ["nothing"]': "companions",
    "quantile = 0.5": "quantile",
    'duration = "response_minutes"': "duration",
    'where = { platform = ["qq"] }': "where.platform",
    'where = { grade = ["D"] }': "where.grade",
    "where = { grade = [] }": "where.grade",
    'where = { grade = "A" }': "where.grade",
    'where_scored = { rating_source = ["callback"] }': "where_scored.rating_source",
    'where = "A"': "where",
}


@pytest.mark.parametrize(("tail", "key"), BAD_KEYS.items())
def test_a_bad_key_is_reported_by_file_and_key(tmp_path, tail, key):
    write(tmp_path, RATIO + COUNTS + tail + "\n" + LANGUAGES)
    assert ("own.toml", key) in problems_of(tmp_path)


BAD_HEADS = {
    "id": HEAD.replace('"own"', '"other"'),
    "family": HEAD.replace('"resolution"', '"weather"'),
    "order": HEAD.replace("order = 1", "order = -1"),
    "next_review": HEAD.replace("2027-01-31", '"2027-01-31"'),
}


@pytest.mark.parametrize(("key", "head"), BAD_HEADS.items())
def test_a_bad_head_is_reported(tmp_path, key, head):
    rest = RATIO.removeprefix(HEAD) + COUNTS
    assert keys_of(tmp_path, head + rest) == {key}


def test_a_time_is_not_a_date(tmp_path):
    assert keys_of(tmp_path, RATIO.replace("2027-01-31", "2027-01-31T00:00:00") + COUNTS) == {"next_review"}


@pytest.mark.parametrize("name", ["Own", "own-rate", "1st"])
def test_an_id_is_a_plain_name(tmp_path, name):
    write(tmp_path, (RATIO + COUNTS + LANGUAGES).replace('"own"', f'"{name}"'), name)
    assert problems_of(tmp_path)[f"{name}.toml", "id"].startswith("may hold only")


@pytest.mark.parametrize("key", ["id", "family", "order", "next_review", "formula", "unit", "direction"])
def test_a_missing_key_is_reported(tmp_path, key):
    text = re.sub(rf"(?m)^{key} = .*\n", "", RATIO + COUNTS)
    assert keys_of(tmp_path, text) == {key}


BAD_COUNTS = {
    'numerator = ["resolved"]': {"denominator"},
    'denominator = ["resolved"]': {"numerator"},
    'numerator = ["nothing"]\ndenominator = ["resolved"]': {"numerator.count"},
    'numerator = ["resolved", "ratings"]\ndenominator = ["resolved"]': {"numerator"},
    'numerator = ["resolved"]\ndenominator = ["resolution_due", "received"]': {"denominator"},
    'numerator = ["resolved", "resolved"]\ndenominator = ["resolution_due"]': {"numerator"},
    'numerator = "resolved"\ndenominator = ["resolution_due"]': {"numerator"},
    'numerator = [3]\ndenominator = ["resolution_due"]': {"numerator.count"},
    'numerator = [{ count = "resolved", weight = 0 }]\ndenominator = ["resolution_due"]': {"numerator.weight"},
    'numerator = [{ count = "resolved", weight = 1.2 }]\ndenominator = ["resolution_due"]': {"numerator.weight"},
    'numerator = [{ count = "resolved", share = 1 }]\ndenominator = ["resolution_due"]': {"numerator.share"},
    'numerator = ["cases"]\ndenominator = ["resolution_due"]': {"numerator.count"},
}


@pytest.mark.parametrize(("counts", "keys"), BAD_COUNTS.items())
def test_bad_counts_are_reported(tmp_path, counts, keys):
    assert keys_of(tmp_path, RATIO + counts + "\n") == keys


QUANTILE = HEAD + 'formula = "survival_quantile"\nunit = "hours"\ndirection = "lower"\n'
COUNT = HEAD + 'formula = "count"\nunit = "count"\ndirection = "context"\nnumerator = ["open_cases"]\n'
LOAD = HEAD + 'formula = "median_load"\nunit = "count"\ndirection = "context"\n'
PER_100 = HEAD + 'formula = "ratio"\nunit = "per_100_employees"\ndirection = "context"\n'
CONTEXT = RATIO.replace('"higher"', '"context"') + COUNTS
MISFITS = [
    (QUANTILE + 'duration = "response_minutes"\n', {"quantile"}),
    (QUANTILE + "quantile = 0.5\n", {"duration"}),
    (QUANTILE + 'duration = "resolution_working_days"\nquantile = 0.5\n', {"duration"}),
    (QUANTILE + 'duration = "response_minutes"\nquantile = 1.0\n', {"quantile"}),
    (QUANTILE + 'duration = "response_minutes"\nquantile = 0\n', {"quantile"}),
    (QUANTILE + 'duration = "response_minutes"\nquantile = 0.5\nnumerator = ["resolved"]\n', {"numerator"}),
    (QUANTILE + 'duration = "response_minutes"\nquantile = 0.5\nprotected = true\n', {"protected"}),
    (QUANTILE + 'duration = "response_minutes"\nquantile = 0.5\nbeside = ["cases"]\n', {"beside"}),
    (COUNT + 'denominator = ["open_cases"]\n', {"denominator"}),
    (COUNT + "minimum_to_show = 6\n", {"minimum_to_show"}),
    (COUNT + "minimum_to_score = 30\n", {"minimum_to_score"}),
    (COUNT.replace('unit = "count"', 'unit = "share"'), {"unit"}),
    (LOAD + 'numerator = ["branches"]\n', {"numerator"}),
    (LOAD + "where = { grade = ['A'] }\n", {"where.grade"}),
    (PER_100 + 'numerator = ["received"]\ndenominator = ["received"]\n', {"denominator"}),
    (CONTEXT + "target = 0.5\n", {"target"}),
    (CONTEXT + "minimum_to_score = 30\n", {"minimum_to_score"}),
]


@pytest.mark.parametrize(("head", "keys"), MISFITS)
def test_what_has_no_meaning_for_the_formula_is_reported(tmp_path, head, keys):
    found = keys_of(tmp_path, head)
    assert {key for key in found if not key.endswith("target_basis")} == keys


def test_every_formula_can_be_defined_by_a_company(tmp_path):
    assert load_own(tmp_path, COUNT).formula is Formula.COUNT
    assert load_own(tmp_path, LOAD).formula is Formula.MEDIAN_LOAD
    assert load_own(tmp_path, QUANTILE + 'duration = "response_minutes"\nquantile = 0.75\n').quantile == 0.75
    per_100 = load_own(tmp_path, PER_100 + 'numerator = ["received"]\ndenominator = ["employees"]\n')
    assert per_100.unit is Unit.PER_100_EMPLOYEES
    weighted = load_own(
        tmp_path, RATIO + 'numerator = ["resolved", { count = "overdue", weight = 0.5 }]\ndenominator = ["resolved"]\n'
    )
    assert weighted.numerator == (Term("resolved"), Term("overdue", 0.5))


def test_a_post_that_decides_can_be_any(tmp_path):
    counts = 'numerator = ["extended"]\ndenominator = ["received"]\nwhere = { decided_by = ["P-07"] }\n'
    assert load_own(tmp_path, RATIO + counts).where == (("decided_by", ("P-07",)),)


BAD_TEXTS = [
    (LANGUAGES.split("[en]")[0], {f"en.{key}" for key in TEXTS.split()[::3]} | {"en"}),
    (LANGUAGES.replace('why = "意义"', ""), {"zh.why"}),
    (LANGUAGES.replace('"意义"', '" "'), {"zh.why"}),
    (LANGUAGES.replace('"意义"', "1"), {"zh.why"}),
    (LANGUAGES + 'author = "me"\n', {"en.author"}),
    (LANGUAGES + "[fr]\n", {"fr"}),
]


@pytest.mark.parametrize(("texts", "keys"), BAD_TEXTS)
def test_bad_texts_are_reported(tmp_path, texts, keys):
    assert keys_of(tmp_path, texts=texts) == keys


def test_a_target_needs_its_basis_in_both_languages(tmp_path):
    assert keys_of(tmp_path, tail="target = 0.9\n") == {"zh.target_basis", "en.target_basis"}
    texts = LANGUAGES.replace("[en]", 'target_basis = "文件"\n[en]') + 'target_basis = "document"\n'
    own = load_own(tmp_path, tail="target = 0.9\n", texts=texts)
    assert (own.target, own.text("zh").target_basis, own.text("en").target_basis) == (0.9, "文件", "document")


def test_all_problems_of_all_files_are_reported_at_once(tmp_path):
    write(tmp_path, "id = [broken", "broken")
    (tmp_path / "latin.toml").write_bytes("id = 'é'".encode("latin-1"))
    write(tmp_path, RATIO + COUNTS + "colour = 1\nheadline = 2\n" + LANGUAGES, "own")
    write(tmp_path, (RATIO + COUNTS + "size = 1\n" + LANGUAGES).replace('"own"', '"other"'), "other")
    found = problems_of(tmp_path)
    assert set(found) == {
        ("broken.toml", ""),
        ("latin.toml", ""),
        ("own.toml", "colour"),
        ("own.toml", "headline"),
        ("other.toml", "size"),
    }
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 5
    assert f"{tmp_path / 'own.toml'}: colour: is not a known key" in lines


def test_a_folder_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(DefinitionError, match="is not a folder"):
        load(tmp_path / "nowhere")


def test_a_companys_own_words_may_be_named(tmp_path):
    words = tmp_path / "words.toml"
    words.write_text('[categories]\ndust = { zh = "粉尘", en = "Dust" }\n', encoding="utf-8")
    folder = tmp_path / "definitions"
    folder.mkdir()
    write(folder, RATIO + COUNTS + 'where = { category = ["dust"] }\n' + LANGUAGES)
    with pytest.raises(DefinitionError, match="'dust' is not one of"):
        load(folder)
    assert load(folder, vocabulary.load(words))["own"].where == (("category", ("dust",)),)
