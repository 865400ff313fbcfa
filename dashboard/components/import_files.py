"""Import in the browser: choose, check, read the problems, confirm; take the newest back."""

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard import cached, imports
from dashboard.components.card import card
from dashboard.components.chart import draw_download, draw_table
from dashboard.components.context import Page
from dashboard.components.data_state import condition
from dashboard.i18n import message
from dashboard.imports import Upload
from dashboard.presenters.imports import (
    batches_table,
    kinds_note,
    outcome_words,
    problems_table,
    step_words,
    tables_table,
)
from data_access.errors import DataAccessError
from data_access.ingest.report import Progress, Report
from data_access.quality.freshness import ImportBatch
from data_access.scope import Verb

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHECKED, SAID = "import_checked", "import_said"
"""Places in the session: the upload's key with its report, and what to say once about what was done."""


def draw_import(page: Page) -> None:
    """Nothing: draws the import and the log of earlier ones."""
    if page.viewer.scope.allows(Verb.IMPORT):
        _draw_choice(page)
    _draw_log(page)


def _draw_choice(page: Page) -> None:
    t = page.t
    with card("import", t("Import files"), t("A file is checked as a whole before anything is written.")):
        _say(page)
        _draw_template(page)
        upload = _draw_upload(page)
        if upload is None:
            return
        if st.button(t("Check"), key="import_check", type="primary"):
            _run(
                page, lambda progress: _keep(upload, imports.check_upload(page.company, _user(page), upload, progress))
            )
        checked = st.session_state.get(CHECKED)
        if checked and checked[0] == upload.key:
            _draw_checked(page, upload, checked[1])


def _user(page: Page) -> str:
    return page.viewer.name


def _say(page: Page) -> None:
    said = st.session_state.pop(SAID, None)
    if said:
        st.success(page.t(said[0], **said[1]), icon=":material/check_circle:")


def _draw_template(page: Page) -> None:
    t = page.t
    st.download_button(
        t("Save the template"),
        lambda: cached.template(page.company.hash, t.language),
        file_name=t("huiyin_template.xlsx"),
        mime=WORKBOOK,
        key="template",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(t("An Excel workbook with a sheet for every table, and lists to choose from."))


def _draw_upload(page: Page) -> Upload | None:
    t = page.t
    _translate_uploader(page)
    file = st.file_uploader(t("Excel or CSV file"), type=["xlsx", "xls", "csv", "tsv", "txt", "gz"], key="import_file")
    left, right = st.columns(2, vertical_alignment="bottom")
    mapping = left.selectbox(
        t("Layout of the file"),
        imports.MAPPINGS,
        key="import_mapping",
        format_func=lambda name: name or t("Huiyin's own template"),
    )
    accept = right.checkbox(t("Write the good rows even if others have errors"), key="import_accept")
    if file is None:
        return None
    key = f"{file.file_id} {mapping} {accept}"
    return Upload(key, file.name, file.getvalue(), mapping, accept)


def _translate_uploader(page: Page) -> None:
    """Nothing: gives the uploader, whose own words are English only, the reader's; details.css shows them."""
    choose, hint = page.t("Choose a file"), page.t("Up to 500 MB: xlsx, xls, csv, tsv, txt, also packed with gzip")
    st.html(f'<style>.st-key-import_file {{ --choose: "{choose}"; --hint: "{hint}"; }}</style>')


def _run(page: Page, work: Callable[[Callable[[Progress], None]], None]) -> None:
    """Does the work with a progress bar; an expected failure is said in its place."""
    bar = st.progress(0.0, page.t("Reading"))

    def show(progress: Progress) -> None:
        bar.progress(min(progress.done / max(progress.total, 1), 1.0), step_words(progress, page.t))

    try:
        work(show)
    except DataAccessError as error:
        st.error(str(error))
    bar.empty()


def _keep(upload: Upload, report: Report) -> None:
    st.session_state[CHECKED] = (upload.key, report)


def _draw_checked(page: Page, upload: Upload, report: Report) -> None:
    t = page.t
    can_be_written = report.ok or (upload.accept_valid and bool(report.tables))
    (st.info if can_be_written else st.error)(outcome_words(report, t))
    if report.tables and can_be_written:
        draw_table(tables_table(report, t), "import_tables")
    if report.problems:
        _draw_problems(page, upload, report)
    if can_be_written and st.button(t("Write into the database"), key="import_write", type="primary"):
        _run(page, lambda progress: _write(page, upload, progress))


def _draw_problems(page: Page, upload: Upload, report: Report) -> None:
    t = page.t
    heading = t("Problems")
    st.html(f'<h3 class="part">{heading}</h3>')
    st.caption(kinds_note(report, t))
    table = problems_table(report, t)
    draw_table(table, "import_problems")
    with st.container(horizontal=True):
        draw_download(table, "import_problems_csv", t)
        ending = t("problems")
        st.download_button(
            t("Save the workbook with the problems marked"),
            lambda: imports.annotated(upload, report, t.language),
            file_name=f"{upload.name.rsplit('.', 1)[0]}_{ending}.xlsx",
            mime=WORKBOOK,
            key="import_annotated",
            on_click="ignore",
            icon=":material/download:",
        )


def _write(page: Page, upload: Upload, progress: Callable[[Progress], None]) -> None:
    report = imports.import_upload(page.company, _user(page), upload, progress)
    cached.notice_changes()
    if not report.written:
        _keep(upload, report)
        return
    st.session_state.pop(CHECKED, None)
    counts = {
        "batch": report.batch,
        "inserted": f"{report.inserted:,}",
        "changed": f"{report.changed:,}",
        "unchanged": f"{report.unchanged:,}",
    }
    said = message("Batch {batch} is written: {inserted} new rows, {changed} changed, {unchanged} unchanged.")
    st.session_state[SAID] = (said, counts)
    st.rerun()


def _draw_log(page: Page) -> None:
    t, batches = page.t, condition(page).batches
    with card("import_log", t("Import log")):
        if not batches:
            st.write(t("No file has been imported yet."))
            return
        table = batches_table(batches, page.known.time_zone, t)
        draw_table(table, "import_log")
        draw_download(table, "import_log_csv", t)
        standing = next((batch for batch in batches if batch.undone_at is None), None)
        if standing and page.viewer.scope.allows(Verb.IMPORT):
            _draw_undo(page, standing)


def _draw_undo(page: Page, batch: ImportBatch) -> None:
    t = page.t
    with st.popover(t("Take batch {batch} back", batch=batch.id), icon=":material/undo:", key="undo"):
        words = t(
            "New rows of {file} are removed, and rows that it changed are as they were before.", file=batch.file_name
        )
        # Not as Markdown: the file's name is whatever somebody called it.
        st.html(f"<p>{escape(words)}</p>")
        if st.button(t("Take it back"), key="undo_confirm"):
            _run(page, lambda _: _undo(page, batch))


def _undo(page: Page, batch: ImportBatch) -> None:
    undone = imports.undo_batch(page.company, _user(page), batch.id)
    cached.notice_changes()
    counts = {"batch": undone.batch, "removed": f"{undone.removed:,}", "restored": f"{undone.restored:,}"}
    said = message("Batch {batch} is taken back: {removed} rows removed, {restored} as they were before.")
    st.session_state[SAID] = (said, counts)
    st.rerun()
