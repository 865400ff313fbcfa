"""What an attentive reader could work out from all the protected figures that anybody can ask for."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.hierarchy import Hierarchy
from data_access.question import Question, View
from metrics.result import Result, Status
from tests.test_dashboard.small_companies import Cases, Kind, answers, asking, company_of, in_, kinds_by_cell

TOLERANCE = 1e-6
QUARTERS = tuple(f"2025Q{number}" for number in (1, 2, 3, 4))
MONTHS = tuple(f"2025-{number:02}" for number in range(1, 13))
LONG = ("2025", "2025H1", "2025H2", "2025-02-01..2025-08-31", "2025-03-01..2025-08-31", "2025-01-01..2025-02-28")
OF_THE_YEAR = (*(asking(name) for name in LONG), asking(*QUARTERS), asking(*MONTHS))
OF_A_QUARTER = ("2025Q3", "2025-07", "2025-08", "2025-09")

numbers = st.one_of(st.integers(0, 12), st.integers(8, 40))
scarce = st.one_of(st.integers(0, 4), st.just(0), st.integers(10, 20))
companies = st.lists(st.integers(0, 2), min_size=2, max_size=5).map(
    lambda teams: company_of(**{f"B{place}": number for place, number in enumerate(teams, 1)})
)


def visible_and_hidden(hierarchy: Hierarchy, cases: Cases, questions: Sequence[Question]):
    """The cells that are visible and those that are hidden, each as the kinds of case that it holds."""
    visible, secret = [], []
    for question in questions:
        held = kinds_by_cell(hierarchy, cases, question)
        for each in answers(hierarchy, cases, question):
            cell = (each, held.get((each.group.unit_id, each.period), []))
            (secret if each.status is Status.HIDDEN else visible).append(cell)
    return visible, secret


def check_nothing_small_follows(hierarchy: Hierarchy, cases: Cases, questions: Sequence[Question]) -> None:
    """No small hidden cell follows, and none of the cases that the scored view leaves out of a cell."""
    visible, secret = visible_and_hidden(hierarchy, cases, questions)
    places = {kind: place for place, kind in enumerate(cases)}
    known = basis(np.array([line(held, places) for _, held in visible]).reshape(-1, len(places)))
    left_out = [(each, [kind for kind in held if not kind.scored]) for each, held in (*visible, *secret)]
    for each, held in (*secret, *left_out):
        if 0 < sum(cases[kind] for kind in held) < 10:
            assert not follows(line(held, places), known), told(each, questions)


def line(held: Sequence[Kind], places: dict[Kind, int]) -> np.ndarray:
    found = np.zeros(len(places))
    found[[places[kind] for kind in held]] = 1
    return found


def basis(lines: np.ndarray) -> np.ndarray:
    """Orthonormal rows that span the same sums as the lines."""
    _, sizes, rows = np.linalg.svd(lines, full_matrices=False)
    return rows[sizes > TOLERANCE]


def follows(wanted: np.ndarray, known: np.ndarray) -> bool:
    """Whether a sum of cases can be had from the known ones by adding and subtracting."""
    return bool(np.linalg.norm(wanted - known.T @ (known @ wanted)) < TOLERANCE)


def told(each: Result, questions: Sequence[Question]) -> str:
    return f"{each.group.unit_id} in {each.period.name} follows from the answers to {len(questions)} questions"


@st.composite
def years(draw):
    hierarchy = draw(companies)
    kinds = [Kind(unit, in_(month)) for unit in hierarchy.units for month in range(1, 13)]
    few = draw(st.lists(scarce, min_size=len(kinds), max_size=len(kinds)))
    return hierarchy, dict(zip(kinds, few, strict=True))


@given(years())
@settings(deadline=None, max_examples=25)
def test_no_small_cell_follows_from_months_quarters_halves_and_the_year(drawn) -> None:
    check_nothing_small_follows(*drawn, OF_THE_YEAR)


@st.composite
def quarters(draw, track=("company",), scored=(True,)):
    hierarchy = draw(companies)
    months = draw(st.sampled_from(((7,), (7, 8, 9))))
    kinds = [
        Kind(unit, in_(month), on, counts)
        for unit in hierarchy.units
        for month in months
        for on in track
        for counts in scored
    ]
    few = draw(st.lists(numbers, min_size=len(kinds), max_size=len(kinds)))
    return hierarchy, dict(zip(kinds, few, strict=True))


@given(quarters(track=("company", "branch")))
@settings(deadline=None, max_examples=60)
def test_no_small_cell_follows_from_the_tracks_and_both_together(drawn) -> None:
    tracks = (None, "company", "branch")
    check_nothing_small_follows(*drawn, [asking(part, track=track) for part in OF_A_QUARTER for track in tracks])


@given(quarters(track=("company", "branch"), scored=(True, False)))
@settings(deadline=None, max_examples=25)
def test_no_small_cell_follows_from_the_two_views_of_the_tracks(drawn) -> None:
    tracks = (None, "company", "branch")
    asked = [asking(part, track=track, view=view) for part in OF_A_QUARTER for track in tracks for view in View]
    check_nothing_small_follows(*drawn, asked)
