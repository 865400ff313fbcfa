"""Every page, in both languages, in every state a database can be in."""

import shutil
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cached
from dashboard.i18n import LANGUAGES
from tests.test_dashboard.pages import APP, PAGES, charts, component_data, open_page, shows, texts

WITH_FIGURES = ("overview", "cases", "coverage", "duties", "unit")
LAST_QUARTER = {"period": "2026Q3", "as_of": "2026-10-08T00:00"}
NOTHING_YET = {"zh": "还没有数据", "en": "There are no data yet"}
UNREACHABLE = {"zh": "暂时连不上数据库", "en": "The database can't be reached"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_shows_the_sample_company(sample: Path, name: str, language: str) -> None:
    app = open_page(name, lang=language, **LAST_QUARTER)
    assert not app.exception
    assert shows(app, "测试员")
    assert app.query_params["lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_FIGURES)
def test_page_of_an_empty_database_says_what_to_do(empty: object, name: str, language: str) -> None:
    app = open_page(name, lang=language)
    assert not app.exception
    assert shows(app, NOTHING_YET[language])
    assert shows(app, "huiyin sample")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_without_database_is_calm(unreachable: str, name: str, language: str) -> None:
    app = open_page(name, lang=language)
    assert not app.exception
    assert shows(app, UNREACHABLE[language])


def test_page_recovers_when_the_database_is_back(missing: Path, sample_file: Path) -> None:
    app = open_page(lang="zh", **LAST_QUARTER)
    assert shows(app, "数据库尚未就绪")
    shutil.copy(sample_file, missing)
    app.button(key="try_again").click().run()
    assert not shows(app, "数据库尚未就绪")
    assert shows(app, "按期办结率")


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_period_before_the_first_data_shows_no_zeros(sample: Path, name: str) -> None:
    app = open_page(name, lang="zh", period="2019Q1", as_of="settled")
    assert not app.exception
    if name == "overview":
        cells = {cell["text"] for row in component_data(app)["rows"] for cell in row["cells"]}
        assert cells == {"无数据"}


def test_overview_of_a_small_team_marks_few_and_hides_ratings(sample: Path) -> None:
    branch = next(row for row in component_data(open_page(lang="zh", **LAST_QUARTER))["rows"])
    cells = [
        cell
        for row in component_data(open_page(lang="zh", unit=branch["id"], **LAST_QUARTER))["rows"]
        for cell in row["cells"]
    ]
    assert any("样本少" in cell["text"] for cell in cells if cell["tone"] == "few")
    assert all(cell["text"] == "不显示" for cell in cells if cell["tone"] == "hidden")
    assert any(cell["tone"] == "hidden" for cell in cells)


def test_drill_down_leads_to_the_unit_and_back(sample: Path) -> None:
    app = open_page(lang="zh", **LAST_QUARTER)
    company = app.query_params["unit"]
    branch = component_data(app)["rows"][0]
    app.query_params["unit"] = branch["id"]
    app.run()
    assert shows(app, branch["name"])
    app.button(key=f"crumb_{company}").click().run()
    assert app.query_params["unit"] == company


@pytest.mark.parametrize("name", ["overview", "coverage", "duties"])
def test_tiles_say_what_is_counted_and_lead_to_its_definition(sample: Path, name: str) -> None:
    page = open_page(name, lang="en", view="full", **LAST_QUARTER)
    tiles = component_data(page, "tiles")["tiles"]
    assert tiles
    for tile in tiles:
        assert tile["name"] in texts(page)
        path, _, query = tile["href"].partition("?")
        asked = {key: value for key, [value] in parse_qs(query).items()}
        assert path == "definitions"
        assert asked | {"indicator": tile["id"], "view": "full", "period": "2026Q3", "lang": "en"} == asked


def test_choosing_a_filter_goes_into_the_link(sample: Path) -> None:
    app = open_page(lang="zh", **LAST_QUARTER)
    app.selectbox(key="filter_period").select("2026Q2").run()
    app.selectbox(key="filter_as_of").select("settled").run()
    app.selectbox(key="filter_view").select("full").run()
    chosen = {name: app.query_params[name] for name in ("period", "as_of", "view")}
    assert chosen == {"period": "2026Q2", "as_of": "settled", "view": "full"}


def test_language_switch_goes_into_the_link(sample: Path) -> None:
    app = open_page(lang="zh", **LAST_QUARTER)
    app.button(key="language_en").click().run()
    assert app.query_params["lang"] == "en"
    assert shows(app, "On-time resolution rate")


def test_language_of_the_first_visit_is_the_browsers(sample: Path) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.context = {"locale": "en-US"}
    app.run()
    assert app.query_params["lang"] == "en"


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        ("unit", "<script>alert(1)</script>"),
        ("period", "2026Q9"),
        ("as_of", "**bold** [x](javascript:1)"),
        ("track", "' OR 1=1 --"),
        ("view", "{0}{nothing}"),
        ("lang", "xx"),
        ("indicator", "no_such_rate"),
    ],
)
def test_link_that_names_what_does_not_exist_shows_the_default_and_says_so(
    sample: Path, parameter: str, given: str
) -> None:
    app = open_page(**(LAST_QUARTER | {"lang": "zh", parameter: given}))
    assert not app.exception
    assert len(app.warning) == 1
    assert app.query_params.get(parameter) != given
    assert not any("<script>" in html.proto.body for html in app.get("html"))


def test_case_list_is_searched_by_number_and_paged(sample: Path) -> None:
    app = open_page("cases", lang="zh", tab="open_cases", **LAST_QUARTER)
    first = app.dataframe[-1].value["编号"].iloc[0]
    app.text_input(key="choice_search").input(first).run()
    assert list(app.dataframe[-1].value["编号"]) == [first]
    assert app.query_params["search"] == first


def test_cases_page_draws_every_chart_with_words_for_those_who_cannot_see_it(sample: Path) -> None:
    app = open_page("cases", lang="zh", **LAST_QUARTER)
    assert set(charts(app)) == {"flow", "curves", "rates", "backlog", "due", "pareto"}
    assert all(node.proto.alt for node in app.get("plotly_chart"))


def test_clicked_bar_leads_to_its_unit(sample: Path) -> None:
    app = open_page("cases", lang="zh", **LAST_QUARTER)
    bars = charts(app)["rates"]["data"][0]
    unit_id = bars["customdata"][0][0]
    app.query_params["unit"] = unit_id
    app.run()
    assert shows(app, bars["hovertext"][0].split(" · ")[0])


def test_names_of_units_are_escaped(sample_file: Path, missing: Path) -> None:
    shutil.copy(sample_file, missing)
    with sqlite3.connect(missing) as connection:
        connection.execute("UPDATE org_units SET name = '<img src=x onerror=alert(1)>' WHERE kind = 'company'")
    connection.close()
    app = open_page("unit", lang="zh", **LAST_QUARTER)
    bodies = [html.proto.body for html in app.get("html")]
    assert any("&lt;img src=x" in body for body in bodies)
    assert not any("<img src=x" in body for body in bodies)


def test_unit_page_has_a_row_for_every_indicator_of_its_kind(sample: Path) -> None:
    app = open_page("unit", lang="zh", **LAST_QUARTER)
    shown = set(texts(app))
    expected = {one.text("zh").name for one in cached.company().registry if "company" in one.unit_kinds}
    assert expected <= shown
