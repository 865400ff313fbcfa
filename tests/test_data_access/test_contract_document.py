"""Tests of docs/data-contract.md: it is what the tables say, and says it of every one."""

import runpy
import sys
from pathlib import Path

import pytest

from data_access.contract_document import DOCUMENT, contract_document, write_contract_document
from data_access.tables import metadata

PROJECT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    page = (PROJECT / DOCUMENT).read_text(encoding="utf-8")
    assert page == contract_document(), "run `python -m data_access.contract_document` and commit"


def test_every_table_and_column_is_explained() -> None:
    page = contract_document()
    for table in metadata.tables.values():
        assert f"### {table.fullname}\n\nOne row is {table.comment}." in page
        assert all(column.comment for column in table.columns), table.name


def test_a_line_tells_type_requirement_and_meaning() -> None:
    page = contract_document()
    assert "| `case_no` | text, at most 200 characters | key | the case's number |" in page
    assert "| `received_at` | instant | yes | received |" in page
    assert "| `restricted` | yes or no |  | counts company-wide only |" in page


def test_the_page_is_written_into_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    path = write_contract_document(tmp_path)
    assert path.read_text(encoding="utf-8") == contract_document()
    path.unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "data_access.contract_document")
    runpy.run_module("data_access.contract_document", run_name="__main__")
    assert path.exists()
