"""Definition files of a company's own, for tests."""

from pathlib import Path

import pytest

from metrics.problem import DefinitionError
from metrics.registry import load

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
