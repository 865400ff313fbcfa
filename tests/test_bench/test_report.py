"""The report keeps what it has, whatever fails."""

from pathlib import Path

from tests.bench.report import document, keep, not_measured, section, table


def test_a_table_has_words_on_the_left_and_numbers_on_the_right() -> None:
    assert table(("page", "time"), [("cases", "3 ms")]) == "| page | time |\n| --- | --: |\n| cases | 3 ms |\n"


def test_sections_come_in_the_order_of_their_names_and_missing_ones_are_left_out(tmp_path: Path) -> None:
    keep("second", section("Second"), tmp_path)
    keep("first", section("First"), tmp_path)
    text = document("# Head", ("first", "never measured", "second"), tmp_path)
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == ["# Head", "## First", "## Second"]


def test_a_section_measured_anew_replaces_the_old_one(tmp_path: Path) -> None:
    keep("one", section("One", "old"), tmp_path)
    keep("one", section("One", "new"), tmp_path)
    text = document("", ("one",), tmp_path)
    assert "new" in text
    assert "old" not in text


def test_a_part_that_failed_says_why() -> None:
    text = not_measured("six-questions", RuntimeError("no server"))
    assert text.startswith("## Six-questions\n")
    assert "**Not measured**: RuntimeError: no server" in text
