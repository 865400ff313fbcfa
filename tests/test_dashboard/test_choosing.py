"""Clicks on bars, rows and cells: one gesture, which leads to a unit."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components import chart, heat_table


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for module in (chart, heat_table):
        monkeypatch.setattr(module, "st", SimpleNamespace(session_state=state))
    return state


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([{"customdata": ["B1"]}], ["B1"]),
        ([{"customdata": "B1"}], ["B1"]),
        ([{"customdata": [""]}], []),
        ([{"id": "B1"}], ["B1"]),
        ([{"customdata": []}], []),
        ([{}], []),
        ([], []),
    ],
)
def test_a_clicked_bar_gives_what_it_stands_for(
    session: dict[str, Any], chosen: list[str], points: list[dict[str, Any]], expected: list[str]
) -> None:
    session["bars"] = {"selection": {"points": points}}
    chart._choose("bars", chosen.append)
    assert chosen == expected


@pytest.mark.parametrize(("rows", "expected"), [([1], ["B2"]), ([], []), ([7], []), ([2], [])])
def test_a_chosen_row_gives_its_unit(
    session: dict[str, Any], chosen: list[str], rows: list[int], expected: list[str]
) -> None:
    session["table"] = {"selection": {"rows": rows}}
    chart._choose_row("table", ("B1", "B2", ""), chosen.append)
    assert chosen == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"unit": "B1", "indicator": "x"}, [("B1", "x")]),
        ({"unit": "B1", "indicator": None}, [("B1", "")]),
        ({"unit": 7}, []),
        ("B1", []),
        (None, []),
    ],
)
def test_a_clicked_cell_gives_unit_and_indicator_and_nonsense_gives_nothing(
    session: dict[str, Any], sent: object, expected: list[tuple[str, str]]
) -> None:
    session["heat"] = {"chosen": sent}
    found: list[tuple[str, str]] = []
    heat_table._chosen("heat", lambda unit, indicator: found.append((unit, indicator)))
    assert found == expected


def test_a_clicked_heading_gives_its_indicator(session: dict[str, Any], chosen: list[str]) -> None:
    session["heat"] = {"sorted": "x"}
    heat_table._sorted("heat", chosen.append)
    session["heat"] = {"sorted": None}
    heat_table._sorted("heat", chosen.append)
    assert chosen == ["x"]
