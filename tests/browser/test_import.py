"""Import in the browser from end to end: upload, check, errors, annotated workbook, confirm, undo."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.browser import MARKS
from tests.browser.server import served
from tests.browser.visitor import Visitor

pytestmark = MARKS

GOOD = "单位编码,单位名称,单位类别\nC1,新矿公司,公司\nB1,综采一队,党支部\n"
BAD = "单位编码,单位名称,单位类别\nC1,新矿公司,公司\nB1,,党支部\nB2,综采二队,车间\n"


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def own_server(own_folder: Path, browser: object) -> Iterator[str]:
    with served(own_folder) as address:
        yield address


def upload(someone: Visitor, name: str, text: str) -> None:
    someone.page.locator(".st-key-import_file input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    someone.settle()
    someone.page.locator(".st-key-import_check button").click()
    someone.page.wait_for_selector('[data-testid="stAlert"]')
    someone.settle()


def units(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "huiyin.db")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM org_units ORDER BY id")]


def test_errors_are_read_mended_and_the_file_is_written_and_taken_back(
    own_folder: Path, own_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(own_server)
    someone.open("/data", tab="import")

    upload(someone, "单位.csv", BAD)
    assert "2 处错误" in someone.text()
    assert someone.page.locator(".st-key-import_write").count() == 0
    assert units(own_folder) == []
    with someone.page.expect_download() as download:
        someone.page.locator(".st-key-import_annotated button").click()
    marked = own_folder / "marked.xlsx"
    download.value.save_as(marked)
    listed = [row for row in openpyxl.load_workbook(marked)["问题清单"].iter_rows(values_only=True) if row[0] == "错误"]
    assert len(listed) >= 2

    upload(someone, "单位.csv", GOOD)
    someone.page.locator(".st-key-import_write button").click()
    someone.page.wait_for_selector(".st-key-undo")
    someone.settle()
    assert "新增 2 行" in someone.text()
    assert units(own_folder) == ["综采一队", "新矿公司"]

    someone.page.locator(".st-key-undo button").click()
    someone.page.locator(".st-key-undo_confirm button").click()
    someone.page.wait_for_function("() => !document.querySelector('.st-key-undo')")
    someone.settle()
    assert units(own_folder) == []
    assert "删除 2 行" in someone.text()


def test_the_template_can_be_saved_in_the_readers_language(
    own_folder: Path, own_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(own_server)
    someone.open("/data", tab="import")
    with someone.page.expect_download() as download:
        someone.page.locator(".st-key-template button").click()
    path = own_folder / "template.xlsx"
    download.value.save_as(path)
    assert "诉求" in openpyxl.load_workbook(path).sheetnames


@pytest.mark.parametrize(("name", "text"), [("empty.csv", ""), ("picture.csv", "\x89PNG\r\n\x1a\n\x00\x00")])
def test_a_file_of_the_wrong_kind_is_reported(
    name: str, text: str, own_server: str, visit: Callable[..., Visitor]
) -> None:
    someone = visit(own_server)
    someone.open("/data", tab="import", lang="en")
    upload(someone, name, text)
    assert not someone.has_exception()
    assert "nothing can be written" in someone.text()
