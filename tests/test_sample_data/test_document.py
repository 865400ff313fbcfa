"""docs/sample-company.md tells the story that the generator tells."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from sample_data.bad_rows import BAD_ROWS
from sample_data.companies import COMPANIES
from sample_data.story import Chapter, story_of
from tests.test_sample_data.worlds import world_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "sample-company.md"


def _rows() -> dict[str, list[str]]:
    """The cells behind the name of a chapter or a kind of bad row."""
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {re.findall("`(.*?)`", first)[0]: rest for first, *rest in cells}


@pytest.mark.parametrize(("place", "company"), list(enumerate(COMPANIES)))
def test_the_chapters_units_are_those_of_the_story(place: int, company: str):
    for seed in (1, 2):
        world = world_of(company, seed)
        chapters = {name: each for name, each in vars(story_of(world)).items() if isinstance(each, Chapter)}
        for name, chapter in chapters.items():
            unit = world.structure.unit(chapter.unit_id)
            assert _rows()[name][place] == f"{unit.id} {unit.name}"


def test_the_numbers_of_bad_rows_are_those_of_the_generator():
    rows = _rows()
    assert {name: int(rows[name][0]) for name in asdict(BAD_ROWS)} == asdict(BAD_ROWS)
