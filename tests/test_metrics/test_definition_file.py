import re

import pytest

from metrics import vocabulary
from metrics.definition import Formula, Term, Unit
from metrics.problem import DefinitionError
from metrics.registry import load
from tests.test_metrics.writing import COUNTS, HEAD, LANGUAGES, RATIO, TEXTS, keys_of, load_own, problems_of, write

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
