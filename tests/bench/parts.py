"""The parts of ``make bench``: each measures one thing and returns its section of the report."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.clicks import ClicksMeasured, FirstVisitMeasured
from tests.bench.copy_baseline import BARE_TABLE, COPY, INDEXED_TABLE, measure_import_against_copy
from tests.bench.databases import KEPT, Databases
from tests.bench.imports import measure_imports
from tests.bench.page_data import PageMeasured, measure_page_data
from tests.bench.past import measure_past
from tests.bench.refreshes import CHANGE, CHANGES, GROUP_BY, PUT_BACK, REMEMBER, measure_check, measure_refresh
from tests.bench.report import block, section, table
from tests.bench.serving import measure_browser, measure_crowds
from tests.bench.six_questions import measure_six_questions
from tests.bench.viewers import ViewersMeasured

PAGE_COLUMNS = (
    "page",
    "cold p50",
    "cold p95",
    "warm p50",
    "warm p95",
    "other view p50",
    "other view p95",
    "processes",
    "views",
)
CROWD_COLUMNS = (
    "viewers",
    "views",
    "first load p50",
    "p95",
    "rerun p50",
    "p95",
    "reruns/s",
    "errors",
    "server",
    "each",
)


def page_data(databases: Databases) -> str:
    """The data of the pages at ten million and one million cases."""
    large = list(measure_page_data(databases.ten_million))
    small = list(measure_page_data(databases.million))
    growth = [
        (one.title, _ratio(one.cold_p50, other.cold_p50), _ratio(one.other_p50, other.other_p50))
        for one, other in zip(large, small, strict=True)
    ]
    return section(
        "The data of the pages",
        "Milliseconds inside the queries and the computing that a page asks for, drawing left out. Cold: a new "
        "process that has read its definitions, nothing cached, connecting included. Warm: the same page again in "
        "that process, every figure asked "
        "for anew. Another view: another period (or another unit, for a branch and a team) in that process, not "
        "cached. The last two columns say how many processes and views were measured: fewer where they take long. "
        "Asked: warm p95 at most 20 ms, cold p50 at most 150 ms at ten million cases.\n",
        "### PostgreSQL, 10,000,000 cases\n",
        _pages(large),
        "### PostgreSQL, 1,000,000 cases\n",
        _pages(small),
        "### From one million to ten million cases (asked: at most 1.5 times)\n",
        table(("page", "cold p50", "other view p50"), growth),
    )


def page_data_sqlite(databases: Databases) -> str:
    """The data of the pages in a file of our own."""
    return section(
        "The data of the pages, SQLite, 1,000,000 cases",
        "As on PostgreSQL above, for one million cases in a file.\n",
        _pages(list(measure_page_data(databases.million_sqlite))),
    )


def _pages(measured: list[PageMeasured]) -> str:
    rows = [
        (
            one.title,
            *(_ms(value) for value in (one.cold_p50, one.cold_p95, one.warm_p50, one.warm_p95)),
            *(_ms(value) for value in (one.other_p50, one.other_p95)),
            one.processes,
            one.views,
        )
        for one in measured
    ]
    return table(PAGE_COLUMNS, rows)


def six_questions(databases: Databases) -> str:
    """The six questions three ways, with the SQL that was compared."""
    measured = measure_six_questions(databases.ten_million, KEPT)
    rows = [
        (
            each.name,
            _ms(each.ours),
            _ms(each.plain),
            _ms(each.duck),
            _ratio(each.plain, each.ours),
            _ratio(each.duck, each.ours),
        )
        for each in measured.questions
    ]
    filled = "was there already" if measured.duck_seconds is None else f"took {measured.duck_seconds:,.0f} s to fill"
    return section(
        "Six questions three ways, PostgreSQL, 10,000,000 cases",
        f"{measured.period} as it stood on {measured.as_of:%Y-%m-%d}, the whole company. Medians of at least three "
        "runs (five where a run takes less than 20 s) after one that isn't counted; the three answers are the same, "
        "or this section would say so. Ours: the functions that pages call, in a warm process, nothing cached, "
        "protection of small groups included. Asked: 20 times faster than plain SQL, 3 times faster than DuckDB.\n",
        table(("question", "ours", "plain SQL", "DuckDB", "plain / ours", "DuckDB / ours"), rows),
        f"Ready for it: our rollups (see the refresh below); DuckDB's own file of {measured.duck_megabytes:,.0f} MB "
        f"with the raw rows, which {filled}; the indexes on the source tables.\n",
        "### The SQL, the same text for both databases\n",
        *(f"{each.name}:\n\n{block(each.statement)}" for each in measured.questions),
    )


def past(databases: Databases) -> str:
    """Shares as they stood at an instant in the past."""
    measured = list(measure_past(databases.ten_million))
    rows = [
        (f"{each.unit}: {', '.join(each.shares)}", f"{each.first:.2f} s", f"{each.again:.2f} s") for each in measured
    ]
    return section(
        "A past as-of time, PostgreSQL, 10,000,000 cases",
        f"{measured[0].period} as it stood at {measured[0].as_of:%Y-%m-%d %H:%M}, an instant for which nothing is "
        "kept ready. Asked: one branch at most 1 s, the company at most 15 s.\n",
        table(("unit and shares", "first time", "again"), rows),
    )


def refresh(databases: Databases) -> str:
    """A full and an incremental refresh at ten million cases."""
    measured = measure_refresh(databases.ten_million)
    rows = [
        ("GROUP BY, best of three", f"{measured.group_by:.1f} s", ""),
        ("`huiyin refresh --full`", f"{measured.full:.1f} s", f"{_ratio(measured.full, measured.group_by)} GROUP BY"),
        ("`huiyin refresh`", f"{measured.incremental:.1f} s", f"{measured.incremental / measured.full:.1%} of full"),
    ]
    return section(
        "Refresh, PostgreSQL, 10,000,000 cases",
        "Whole commands, start of the program included. The incremental one follows a change of 1 % of the cases of "
        f"the last three months ({measured.changed:,} cases; mean of two). The full one held {measured.megabytes:,.0f} "
        "MB at its peak. Asked: full at most 5 times the GROUP BY, incremental at most 10 % of full.\n",
        table(("what", "time", "ratio"), rows),
        block(GROUP_BY),
        *(block(statement) for statement in (REMEMBER, CHANGE, PUT_BACK)),
    )


def check(databases: Databases) -> str:
    """Whether the rollups are right after changes of every kind."""
    measured = measure_check(databases.million)
    return section(
        "Rollups after 1,000 changes, PostgreSQL, 1,000,000 cases",
        f"Refresh after the changes: {measured.refresh:.1f} s. `huiyin refresh --check` after it: "
        f"{measured.check:.1f} s; it said:\n\n```\n{measured.said}\n```\n",
        *(f"{name}:\n\n{block(statement)}" for name, statement in CHANGES.items()),
    )


def imports(_: Databases) -> str:
    """Imports, alone and against COPY."""
    with TemporaryDirectory() as folder:
        compared = measure_import_against_copy(Path(folder))
        measured = list(measure_imports(Path(folder)))
    rows = [(one.database, f"{one.rows:,}", f"{one.seconds:,.0f} s", f"{one.megabytes:,.0f} MB") for one in measured]
    against = [
        ("`huiyin import`", f"{compared.import_seconds:,.1f} s", f"{compared.rows_per_second:,.0f}", ""),
        *(
            (name, f"{seconds:,.1f} s", f"{compared.rows / seconds:,.0f}", f"{share:.3f}")
            for name, seconds, share in (
                ("COPY into the same table", compared.indexed_seconds, compared.share_of_indexed),
                ("COPY into a table without indexes", compared.bare_seconds, compared.share_of_bare),
            )
        ),
    ]
    return section(
        "Import of cases from a CSV file",
        "Asked: at least 1/8 of COPY's rows per second with full validation, at most 500 MB.\n",
        f"### Against COPY of the same file of {compared.rows:,} rows, PostgreSQL\n",
        f"The import as its batch records it, from the first byte read to the last row noted; the whole command, with "
        f"the rollups made anew, took {compared.command_seconds:,.1f} s and held {compared.megabytes:,.0f} MB at its "
        "peak.\n",
        table(("what", "time", "rows/s", "import's share"), against),
        block(";\n".join((BARE_TABLE, INDEXED_TABLE, COPY))),
        "### Into empty databases\n",
        table(("database", "rows", "time", "peak memory"), rows),
    )


def viewers(databases: Databases) -> str:
    """Viewers at once, on the ten million cases."""
    with TemporaryDirectory() as folder:
        rows = [_crowd(each) for each in measure_crowds(databases.ten_million, Path(folder))]
    return section(
        "Viewers at once, PostgreSQL, 10,000,000 cases",
        "Through Streamlit's own websocket protocol, each acting every 10 s; saturated: without waiting. Milliseconds. "
        "First everybody on views of their own, then the same views again. Asked of 100: rerun p95 at most 100 ms, "
        "first load p95 at most 2 s, no error, server at most 700 MB.\n",
        table(CROWD_COLUMNS, rows),
    )


def _crowd(each: ViewersMeasured) -> tuple[str, ...]:
    return (
        f"{each.viewers}{'' if each.pause else ', saturated'}",
        "again" if each.again else "own",
        *(_ms(value) for value in (each.first_p50, each.first_p95, each.rerun_p50, each.rerun_p95)),
        f"{each.reruns_per_second:.1f}",
        str(each.errors),
        f"{each.server_megabytes:,.0f} MB",
        f"{each.session_megabytes:,.1f} MB",
    )


def browser(databases: Databases) -> str:
    """Clicks and first visits in a real browser, on the ten million cases."""
    with TemporaryDirectory() as folder:
        measured = list(measure_browser(databases.ten_million, Path(folder)))
    clicks = [
        (each.page, *(_ms(value) for value in (each.first_median, each.first_p95, each.again_median, each.again_p95)))
        for each in measured
        if isinstance(each, ClicksMeasured)
    ]
    visits = [
        (
            f"{each.page}{', through nginx' if each.compressed else ''}",
            each.requests,
            f"{each.file_bytes:,}",
            f"{each.session_bytes:,}",
            f"{each.seconds:.1f} s",
        )
        for each in measured
        if isinstance(each, FirstVisitMeasured)
    ]
    return section(
        "In the browser, PostgreSQL, 10,000,000 cases",
        "From a click to the frame with the new data, in milliseconds: on views nobody saw before, then on the same "
        "again. Asked: median at most 150 ms.\n",
        table(("page", "first median", "p95", "again median", "p95"), clicks),
        "A first visit with an empty browser:\n",
        table(("page", "requests", "bytes of files", "bytes of the session", "until whole"), visits),
    )


def _ms(value: float) -> str:
    return f"{value:,.1f} ms" if value < 10 else f"{value:,.0f} ms"


def _ratio(one: float, other: float) -> str:
    return f"{one / other:,.1f} ×"


PARTS: Mapping[str, Callable[[Databases], str]] = {
    "page-data": page_data,
    "six-questions": six_questions,
    "past": past,
    "refresh": refresh,
    "check": check,
    "imports": imports,
    "viewers": viewers,
    "browser": browser,
    "page-data-sqlite": page_data_sqlite,
}
"""The parts by name, in the order of the report."""
