"""Everything that pages ask for, cached; the only module of the pages that calls data_access.

Caches are keyed on the data version, the question (its scope included) and the hash of the definitions,
so that no viewer is served another's figures and no figure outlives the data it was made from. What they hold
is handed out as it is, for copying thousands of figures takes longer than showing them: nobody may change it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import breakdown, figures, imports, quality
from dashboard.breakdown import Curve, Slice
from dashboard.company import Company, read_company
from data_access.case_list import CasePage, Listing, list_cases
from data_access.engine import connect, open_reader
from data_access.errors import DataAccessError
from data_access.freshness import Freshness, read_freshness
from data_access.hierarchy import Hierarchy, read_hierarchy
from data_access.known import Known, read_known
from data_access.quality.check import bad_keys, check, find_rule
from data_access.quality.flag_agreement import FlagAgreement
from data_access.quality.flag_agreement import flag_agreement as read_flag_agreement
from data_access.quality.freshness import read_import_log, read_table_freshness
from data_access.question import Question
from data_access.scope import Scope
from data_access.settings import read_settings
from data_access.version import data_version as read_data_version
from data_access.work_lists.coverage_gaps import list_coverage_gaps
from data_access.work_lists.duty_lists import list_missed_duties
from data_access.work_lists.post_loads import PostLoads, list_post_loads
from metrics.counts import Fact
from metrics.definition import Indicator
from metrics.result import Group, Result


def _key_of(values: tuple[Any, ...]) -> str:
    """What tells units and indicators asked about from others; the text of three thousand units takes long to write."""
    return f"{len(values)} {hash(values)}"


HASH_OF_QUESTION: dict[str | type[Any], Callable[[Any], Any]] = {Question: repr, Scope: repr, tuple: _key_of}
"""The text of a question, or of a scope, holds all that it is."""

VERSION_SECONDS = 2.0
"""So old may be what is shown after somebody else's import; a hundred viewers ask for the version once, not each."""


@st.cache_resource(max_entries=1, show_spinner=False)
def company() -> Company:
    """The company's words, indicators and rules, read once where the server starts."""
    return read_company(read_settings())


@st.cache_resource(max_entries=1, show_spinner=False)
def _engine() -> Any:  # noqa: ANN401 - an engine, which pages know nothing about
    return open_reader(company().settings)


@st.cache_data(ttl=VERSION_SECONDS, max_entries=1, show_spinner=False)
def data_version() -> str:
    """What tells these data from earlier ones; asked for by the first run of every few seconds."""
    return _read_version()


def notice_changes() -> None:
    """Nothing: the next run sees what this server has just written."""
    data_version.clear()


def _read_version() -> str:
    with connect(_engine()) as connection:
        return read_data_version(connection)


def is_available() -> bool:
    """Whether the database answers."""
    try:
        _read_version()
    except DataAccessError:
        return False
    return True


@st.cache_resource(max_entries=4, show_spinner=False)
def hierarchy(version: str) -> Hierarchy:  # noqa: ARG001 - the version is the key
    """All units and who is above whom."""
    with connect(_engine()) as connection:
        return read_hierarchy(connection)


@st.cache_resource(max_entries=4, show_spinner=False)
def known(version: str) -> Known:
    """The rollups and what else all questions need."""
    with connect(_engine()) as connection:
        return read_known(connection, hierarchy(version), company().rules)


@st.cache_data(max_entries=4, show_spinner=False)
def freshness(version: str) -> Freshness:  # noqa: ARG001
    """How far the data reach and when they last changed."""
    with connect(_engine()) as connection:
        return read_freshness(connection)


@st.cache_resource(max_entries=1000, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def results(
    version: str,
    definitions: str,  # noqa: ARG001 - a part of the key
    question: Question,
    indicator_ids: tuple[str, ...],
    groups: tuple[Group, ...],
) -> list[Result]:
    """One Result per indicator, group and part of the question."""
    indicators: list[Indicator] = [company().indicator(name) for name in indicator_ids]
    units, ready = hierarchy(version), known(version)
    with connect(_engine()) as connection:
        return figures.answer(connection, units, question, indicators, groups, ready)


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def results_of_each(
    version: str,
    definitions: str,  # noqa: ARG001
    asked: tuple[tuple[Question, tuple[str, ...]], ...],
    groups: tuple[Group, ...],
) -> list[list[Result]]:
    """The Results of several questions, each about the indicators named with it."""
    questions = [(question, [company().indicator(name) for name in names]) for question, names in asked]
    units, ready = hierarchy(version), known(version)
    with connect(_engine()) as connection:
        return figures.answer_each(connection, units, questions, groups, ready)


@st.cache_resource(max_entries=1200, show_spinner=False)
def made(
    name: str,  # noqa: ARG001 - a part of the key
    key: str,  # noqa: ARG001
    _build: Callable[[], Any],
) -> Any:  # noqa: ANN401
    """What ``_build`` makes of figures for a page, kept under its name and key; nobody may change it afterwards."""
    return _build()


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def by_dimension(version: str, definitions: str, question: Question, fact: Fact, dimension: str) -> tuple[Slice, ...]:  # noqa: ARG001
    """Counts of a fact for each value of a dimension."""
    units, ready = hierarchy(version), known(version).ready
    with connect(_engine()) as connection:
        return breakdown.by_dimension(connection, units, question, fact, dimension, ready)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def in_all(version: str, definitions: str, question: Question, fact: Fact) -> Slice:  # noqa: ARG001
    """Counts of a fact, everything together."""
    units, ready = hierarchy(version), known(version).ready
    with connect(_engine()) as connection:
        return breakdown.in_all(connection, units, question, fact, ready)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def by_unit(
    version: str,
    definitions: str,  # noqa: ARG001
    question: Question,
    fact: Fact,
    groups: tuple[Group, ...],
) -> tuple[Slice, ...]:
    """Counts of a fact for each unit with all below it."""
    units, ready = hierarchy(version), known(version).ready
    with connect(_engine()) as connection:
        return breakdown.by_unit(connection, units, question, fact, groups, ready)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def curves(version: str, definitions: str, question: Question, fact: Fact, dimension: str) -> tuple[Curve, ...]:  # noqa: ARG001
    """Kaplan-Meier curves of a duration for each value of a dimension."""
    units, ready = hierarchy(version), known(version).ready
    with connect(_engine()) as connection:
        return breakdown.curves(connection, units, question, fact, dimension, ready)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def listed_cases(version: str, question: Question, listing: Listing, number_prefix: str, page: int) -> CasePage:
    """A page of single cases; raises CasesNotAllowedError for who may not see them."""
    with connect(_engine()) as connection:
        return list_cases(connection, hierarchy(version), question, listing, number_prefix=number_prefix, page=page)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def condition(version: str, definitions: str, scope: Scope, as_of: datetime) -> quality.Condition:  # noqa: ARG001
    """Rows by table, doubtful rows by rule, and the import log."""
    units = hierarchy(version)
    asked = quality.circumstances(company(), units, scope, as_of)
    with connect(_engine()) as connection:
        return quality.Condition(
            tables=read_table_freshness(connection, scope, units, asked.today),
            findings=check(connection, asked),
            batches=read_import_log(connection, scope, units),
        )


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def doubtful_keys(
    version: str,
    definitions: str,  # noqa: ARG001
    scope: Scope,
    as_of: datetime,
    rule_id: str,
    limit: int,
) -> tuple[tuple[Any, ...], ...]:
    """The keys of a rule's rows, at most ``limit`` of them."""
    asked = quality.circumstances(company(), hierarchy(version), scope, as_of)
    with connect(_engine()) as connection:
        return bad_keys(connection, asked, find_rule(rule_id), limit)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def flag_agreement(version: str, definitions: str, question: Question) -> FlagAgreement:  # noqa: ARG001
    """How often the source's own on-time flag says what we say."""
    with connect(_engine()) as connection:
        return read_flag_agreement(connection, hierarchy(version), question)


@st.cache_data(max_entries=4, show_spinner=False)
def template(definitions: str, language: str) -> bytes:  # noqa: ARG001
    """The empty workbook that people fill in."""
    return imports.template(company(), language)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def coverage_gaps(version: str, definitions: str, question: Question) -> pd.DataFrame:  # noqa: ARG001
    """What branches and teams lack, one row a gap."""
    with connect(_engine()) as connection:
        return list_coverage_gaps(connection, hierarchy(version), question)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def post_loads(version: str, definitions: str, question: Question, limit: int | None) -> PostLoads:  # noqa: ARG001
    """How many targets each post has, the most loaded first; the first ``limit`` posts."""
    with connect(_engine()) as connection:
        return list_post_loads(connection, hierarchy(version), question, limit)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs=HASH_OF_QUESTION)
def missed_duties(version: str, definitions: str, question: Question, limit: int | None) -> pd.DataFrame:  # noqa: ARG001
    """The duties that weren't done in full by their due time, the latest due first; the first ``limit`` of them."""
    with connect(_engine()) as connection:
        return list_missed_duties(connection, hierarchy(version), question, limit)
