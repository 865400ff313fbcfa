"""Single cases are listed for those who handle or supervise them, within their scope."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text

from data_access.case_list import CasePage, CasesNotAllowedError, ListedCase, Listing, list_cases
from data_access.case_selection import CaseSelection, open_by, received_by
from data_access.counts.placing import as_of_day
from data_access.engine import begin, open_writer
from data_access.hierarchy import read_hierarchy
from data_access.question import Question, View
from data_access.scope import Scope, Verb
from data_access.settings import Settings
from data_access.tables import cases
from metrics.counts import Fact
from tests.test_data_access.case_companies import SHANGHAI, ask, at, case, company, count, write

NOW = "2026-03-20 08:00"
OPEN_LONG, BY_CLOSURE = "ix_cases_open_long", "ix_cases_resolved_at_received_at"
CASES = (
    case("SQ-10", "2026-03-01", grade="C", category="pay", resolution_due_at="2026-03-18"),
    case("SQ-11", "2026-03-02", resolution_due_at="2026-03-20 07:00", responsible_unit_id="T2"),
    case("SQ-20", "2026-03-03", resolution_due_at="2026-03-21"),
    case("SQ-21", "2026-03-16 08:00", grade="A"),
    case("SQ-30", "2026-03-05", resolution_due_at="2026-04-15", restricted=True),
    case("SQ-40", "2026-03-06"),
    case("done", "2026-03-06", resolution_due_at="2026-03-10", resolved_at="2026-03-12"),
    case("gone", "2026-03-06", resolution_due_at="2026-03-10", exclusion="duplicate"),
    case("met", "2026-03-06", resolution_due_at="2026-03-10", exclusion="tolerated"),
    case("later", "2026-03-21", resolution_due_at="2026-03-24"),
)


def listed(connection: Connection, listing: Listing, question: Question | None = None, **more: object) -> CasePage:
    write(connection, company(*CASES))
    return list_cases(connection, read_hierarchy(connection), question or ask("2026-03", NOW), listing, **more)


def numbers(page: CasePage) -> list[str]:
    return [one.case_no for one in page.cases]


def test_open_cases_by_deadline_those_without_last(transaction: Connection) -> None:
    page = listed(transaction, Listing.OPEN)
    assert numbers(page) == ["met", "SQ-10", "SQ-21", "SQ-11", "SQ-20", "SQ-30", "SQ-40"]
    assert page.total == 7


@pytest.mark.parametrize(
    ("listing", "expected"),
    [(Listing.OVERDUE, ["SQ-10", "SQ-21", "SQ-11"]), (Listing.FALLING_DUE, ["SQ-20"])],
)
def test_overdue_and_falling_due(transaction: Connection, listing: Listing, expected: list[str]) -> None:
    assert numbers(listed(transaction, listing)) == expected


@pytest.mark.parametrize("listing", list(Listing))
@pytest.mark.parametrize("view", list(View))
def test_a_listing_is_as_long_as_its_count(transaction: Connection, listing: Listing, view: View) -> None:
    question = ask("2026-03", NOW, view=view)
    page = listed(transaction, listing, question)
    counts = count(transaction, Fact.OPEN_CASES, question).values()
    assert page.total == sum(row[listing.value] for row in counts)


def test_days_left_are_local_days_to_the_last_day_in_time(transaction: Connection) -> None:
    """Due 18 March 0:00 was in time until the 17th; due 21 March 0:00 is in time all of today, the 20th."""
    page = listed(transaction, Listing.OPEN)
    found = {one.case_no: (one.days_left, one.overdue) for one in page.cases}
    assert found["SQ-10"] == (-3, True)
    assert found["SQ-11"] == (0, True)
    assert found["SQ-20"] == (0, False)
    assert found["SQ-21"] == (-1, True)
    assert found["SQ-30"] == (25, False)
    assert found["SQ-40"] == (None, False)


def test_what_is_told_of_a_case(transaction: Connection) -> None:
    first = listed(transaction, Listing.OVERDUE).cases[0]
    assert first == ListedCase("SQ-10", "C", "pay", "T1", at("2026-03-01"), at("2026-03-18"), -3, overdue=True)
    assert first.received_at.tzinfo is SHANGHAI


def test_the_origin_is_never_told() -> None:
    assert not [field.name for field in fields(ListedCase) if "origin" in field.name]


def test_pages_share_one_order_and_total(transaction: Connection) -> None:
    pages = [listed(transaction, Listing.OPEN, page=page, page_size=3) for page in range(4)]
    assert [len(page.cases) for page in pages] == [3, 3, 1, 0]
    assert {page.total for page in pages} == {7}
    assert [number for page in pages for number in numbers(page)] == numbers(listed(transaction, Listing.OPEN))


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("SQ-2", ["SQ-21", "SQ-20"]), (" SQ-10 ", ["SQ-10"]), ("%", []), ("SQ_", []), ("Q-1", [])],
)
def test_search_by_the_beginning_of_the_number(transaction: Connection, prefix: str, expected: list[str]) -> None:
    assert numbers(listed(transaction, Listing.OPEN, number_prefix=prefix)) == expected


def test_a_branch_lists_its_own_and_nothing_restricted(transaction: Connection) -> None:
    scope = Scope("branch", root_unit_id="B1", verbs=frozenset({Verb.VIEW, Verb.HANDLE}))
    page = listed(transaction, Listing.OPEN, ask("2026-03", NOW, scope=scope))
    assert numbers(page) == ["met", "SQ-10", "SQ-21", "SQ-20", "SQ-40"]


@pytest.mark.parametrize(("verb", "seen"), [(Verb.HANDLE, True), (Verb.SUPERVISE, False)])
def test_restricted_cases_are_for_company_handlers(transaction: Connection, verb: Verb, seen: bool) -> None:
    scope = Scope("company", verbs=frozenset({verb}))
    page = listed(transaction, Listing.OPEN, ask("2026-03", NOW, scope=scope))
    assert ("SQ-30" in numbers(page)) is seen


def test_filters_hold(transaction: Connection) -> None:
    question = ask("2026-03", NOW)
    graded = replace(question, filters=replace(question.filters, grade="A"))
    assert numbers(listed(transaction, Listing.OPEN, graded)) == ["SQ-21"]


def test_who_neither_handles_nor_supervises_is_refused(transaction: Connection) -> None:
    scope = Scope("reader", verbs=frozenset({Verb.VIEW, Verb.EXPORT}))
    with pytest.raises(CasesNotAllowedError, match="reader may see figures"):
        listed(transaction, Listing.OPEN, ask("2026-03", NOW, scope=scope))


AGED = tuple(
    case(
        f"SQ-A{number:02}",
        f"2025-{12 - number % 11:02}-{1 + number * 7 % 28:02}",
        grade=("A", "C", None)[number % 3],
        responsible_unit_id=("T1", "T2")[number % 2],
        **({"resolution_due_at": f"2026-{1 + number % 4:02}-{1 + number:02}"} if number % 4 == 0 else {}),
        **({"resolved_at": "2026-03-25", "first_resolved_at": "2026-03-25"} if number % 5 == 0 else {}),
    )
    for number in range(24)
)


@pytest.mark.parametrize("listing", list(Listing))
@pytest.mark.parametrize("unit_id", [None, "B1"])
def test_pages_found_by_age_are_those_of_the_whole_list(
    transaction: Connection, listing: Listing, unit_id: str | None
) -> None:
    """A search that every number answers reads all cases; without one, the counts by age say which must be read."""
    write(transaction, company(*AGED, *CASES))
    question, hierarchy = ask("2026-03", NOW, unit_id=unit_id), read_hierarchy(transaction)
    whole = list_cases(transaction, hierarchy, question, listing, number_prefix="SQ", page_size=100)
    pages = [list_cases(transaction, hierarchy, question, listing, page=page, page_size=3) for page in range(12)]
    found = [number for page in pages for number in numbers(page) if number.startswith("SQ")]
    assert found == numbers(whole)
    assert len({page.total for page in pages}) == 1


def test_a_deadline_before_the_receipt_stands_where_the_case_was_received(transaction: Connection) -> None:
    slip = case("SQ-slip", "2026-03-19", resolution_due_at="2025-01-01")
    write(transaction, company(*AGED, slip))
    hierarchy, question = read_hierarchy(transaction), ask("2026-03", NOW)
    pages = [
        list_cases(transaction, hierarchy, question, Listing.OVERDUE, page=page, page_size=2) for page in range(12)
    ]
    assert [number for page in pages for number in numbers(page)][-1] == "SQ-slip"


def test_old_cases_that_were_closed_since_are_found_among_those_open_for_long(postgres_settings: Settings) -> None:
    writer = open_writer(postgres_settings)
    with begin(writer) as connection:
        write(connection, company(*AGED))
        for other in (index for index in cases.indexes if index.name not in (OPEN_LONG, BY_CLOSURE)):
            other.drop(connection)
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        placing = as_of_day(Fact.OPEN_CASES, read_hierarchy(connection), ask("2026-03", NOW))
        found = {days: plan(connection, CaseSelection(placing, Listing.OPEN, ""), days) for days in (30, 31)}
    assert OPEN_LONG in found[31]
    assert OPEN_LONG not in found[30]
    writer.dispose()


def plan(connection: Connection, asked: CaseSelection, days: int) -> str:
    """How cases are looked for that are so many days old."""
    statement = select(cases.c.case_no).where(*open_by(asked, at(NOW) - timedelta(days=days)))
    told = statement.compile(connection, compile_kwargs={"literal_binds": True}).string
    return str(connection.exec_driver_sql(f"EXPLAIN {told}".replace("%", "%%")).all())


def test_few_cases_of_a_long_list_are_read(transaction: Connection) -> None:
    write(transaction, company(*AGED))
    asked = CaseSelection(
        as_of_day(Fact.OPEN_CASES, read_hierarchy(transaction), ask("2026-03", NOW)), Listing.OPEN, ""
    )
    counts = {"91+": 20, "31-90": 4}
    assert received_by(asked, 20, counts) == at("2025-12-19 08:00")
    assert received_by(asked, 21, counts) == at("2026-02-17 08:00")
    assert received_by(asked, 25, counts) is None
