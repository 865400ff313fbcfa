"""The shared database's tables: the contract's only definition in code.

Each column's comment is its line in docs/data-contract.md. Source tables carry no foreign keys:
other systems write them, and a bad row must be counted, not lost.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from data_access.columns import at, code, day, flag, number
from data_access.index_conditions import CLOSED_AGAIN, DUE, OPEN_LONG, OPEN_LONG_ON_SQLITE

OWN_SCHEMA = "assessment"
"""What the dashboard writes; ``dialect.py`` turns the schema into a name prefix on SQLite."""

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})


def _source(name: str, comment: str, *columns: Column | Index) -> Table:  # type: ignore[type-arg]
    return Table(
        name,
        metadata,
        *columns,
        at("recorded_at", "when the system learned of the row", required=True),
        at("updated_at", "when the row last changed", required=True, index=True),
        comment=comment,
    )


org_units = _source(
    "org_units",
    "a unit",
    code("id", "the company's own code, unique for good", key=True),
    Column("name", String(200), nullable=False, comment="the unit's name"),
    code("kind", "company, department, branch or team", required=True),
    code("function", "party or administrative, for departments"),
    day("founded_on", "first day of the unit; empty: always there"),
    day("closed_on", "first day on which the unit is gone; empty: still there"),
    code("successor_id", "the unit that took over when it closed"),
    code("party_lead", "party post holder"),
    code("administrative_lead", "administrative post holder"),
)
unit_parents = _source(
    "unit_parents",
    "a unit under a parent for a time",
    code("unit_id", "the unit", key=True),
    code("parent_id", "the unit above it", required=True),
    day("valid_from", "first day", key=True),
    day("valid_to", "first day on which it no longer holds; empty: it still does"),
)
headcounts = _source(
    "headcounts",
    "a unit's own staff in a month, without the units below it",
    code("unit_id", "the unit", key=True),
    day("month", "first day of the month", key=True),
    number("employees", "employees", required=True),
    number("family_members", "family members who live with the company"),
)
cases = _source(
    "cases",
    "an appeal, suggestion or complaint, as it stands",
    code("case_no", "the case's number", key=True),
    code("track", "company or branch"),
    code("channel", "code of the channel"),
    code("category", "code of the category"),
    code("grade", "A, B or C as set at receipt"),
    at("received_at", "received", required=True, index=True),
    code("origin_unit_id", "unit it came from"),
    code("responsible_unit_id", "unit that must answer"),
    at("response_due_at", "own response deadline", index=True),
    at("responded_at", "first contact with the appellant"),
    at("resolution_due_at", "own resolution deadline", index=True),
    at("first_resolved_at", "closed for the first time", index=True),
    at("resolved_at", "closed as it stands; emptied by reopening, set again"),
    code("outcome", "solved, partly, explained or not_now"),
    code("resolved_level", "company, department, branch or team"),
    at("fed_back_at", "the appellant was told", index=True),
    at("published_at", "published"),
    flag("confidential", "not to be published"),
    number("rating", "1 to 5"),
    code("rating_source", "callback or self_service"),
    at("rated_at", "rated", index=True),
    at("reopened_at", "reopened for the last time"),
    number("transferred_count", "how often it was passed on"),
    at("escalated_at", "passed up"),
    code("repeat_of", "number of the case it repeats"),
    flag("collective", "raised by several people together"),
    code("exclusion", "duplicate, withdrawn, out_of_remit, statutory_route or tolerated"),
    at("excluded_at", "when that was decided"),
    flag("restricted", "counts company-wide only"),
    flag("sla_met", "the source system's own on-time flag"),
    Index("ix_cases_resolved_at_received_at", "resolved_at", "received_at"),
    Index(
        "ix_cases_responsible_unit_id_received_at_resolved_at",
        "responsible_unit_id",
        "received_at",
        "resolved_at",
    ),
    Index(
        "ix_cases_open_long",
        "resolved_at",
        "received_at",
        postgresql_where=OPEN_LONG,
        sqlite_where=OPEN_LONG_ON_SQLITE,
    ),
    Index("ix_cases_closed_again", "first_resolved_at", postgresql_where=CLOSED_AGAIN, sqlite_where=CLOSED_AGAIN),
)
case_events = _source(
    "case_events",
    "a decision on a case (append-only)",
    code("id", "the event's number", key=True),
    code("case_no", "the case", required=True, index=True),
    code(
        "kind",
        "assigned, transferred, regraded, extended, excluded, reopened, escalated, urged or supervised",
        required=True,
    ),
    at("at", "when it was decided", required=True, index=True),
    code("from_unit_id", "unit before"),
    code("to_unit_id", "unit after"),
    code("old", "value before"),
    code("new", "value after"),
    code("decided_by", "post that decided"),
)
zones = _source(
    "zones",
    "a post's responsibility for a target",
    code("id", "the zone's number", key=True),
    number("tier", "1 department for branch, 2 branch for team, 3 team for employees", required=True),
    code("sponsor_unit_id", "unit of the post", required=True),
    code("sponsor_post", "the post's code, never a name", required=True),
    code("target_unit_id", "unit it is responsible for", required=True),
    number("employees_covered", "employees, tier 3 only"),
    day("valid_from", "first day", required=True),
    day("valid_to", "first day on which it no longer holds; empty: it still does"),
)
chat_groups = _source(
    "chat_groups",
    "a group chat of a unit",
    code("id", "the group's number", key=True),
    code("platform", "wechat, wecom or qq", required=True),
    code("unit_id", "the unit", required=True),
    day("created_on", "first day", required=True),
    day("closed_on", "first day on which it is gone; empty: still there"),
)
chat_group_months = _source(
    "chat_group_months",
    "a group in a month, where known; no contents, ever",
    code("group_id", "the group", key=True),
    day("month", "first day of the month", key=True),
    number("members", "members"),
    number("active_days", "days with at least one message"),
)
liaisons = _source(
    "liaisons",
    "a unit's contact in a network",
    code("id", "the liaison's number, never a name", key=True),
    code("network", "code of the network", required=True),
    code("unit_id", "the unit", required=True),
    day("valid_from", "first day", required=True),
    day("valid_to", "first day on which it no longer holds; empty: it still does"),
)
duties = _source(
    "duties",
    "a duty done, or a single duty outside the plan",
    code("id", "the record's number", key=True),
    code("kind", "code of the duty", required=True),
    code("unit_id", "the unit that owes it", required=True),
    day("period_start", "first day of the period it is owed for", required=True),
    at("due_at", "due, for a duty outside the plan"),
    number("planned", "how many are owed, at least 1", required=True),
    number("done", "how many were done", required=True),
    at("done_at", "when the last one was done"),
    Index("ix_duties_kind_period_start", "kind", "period_start"),
    Index("ix_duties_due_at", "due_at", postgresql_where=DUE, sqlite_where=DUE),
)
contact_points = _source(
    "contact_points",
    "a department's monthly contact with a unit",
    code("department_id", "the department", key=True),
    code("unit_id", "the unit", key=True),
    day("month", "first day of the month", key=True),
    at("contacted_at", "contacted"),
    at("registered_at", "registered"),
    at("reported_at", "reported"),
    at("implemented_at", "carried out"),
    at("fed_back_at", "told back"),
)
consultations = _source(
    "consultations",
    "a joint session that settles raised problems",
    code("id", "the session's number", key=True),
    code("level", "weekly, monthly or quarterly", required=True),
    code("unit_id", "the unit that held it", required=True),
    day("held_on", "day", required=True),
    number("items_raised", "problems raised", required=True),
    number("items_settled", "problems settled", required=True),
    number("cadres", "cadres present"),
    number("workers", "workers present"),
)
activities = _source(
    "activities",
    "a support or outreach activity",
    code("id", "the activity's number", key=True),
    code("kind", "code of the activity", required=True),
    code("unit_id", "the unit that held it", required=True),
    day("held_on", "day", required=True),
    number("participants", "people present", required=True),
)
external_scores = _source(
    "external_scores",
    "a score given elsewhere (safety, democratic appraisal)",
    code("unit_id", "the unit", key=True),
    code("item", "code of the item", key=True),
    day("period_start", "first day of the period", key=True),
    Column("score", Float(), nullable=False, comment="score"),
    Column("maximum", Float(), nullable=False, comment="highest possible score"),
    code("evidence", "document number"),
)

SOURCE_TABLES: tuple[Table, ...] = tuple(metadata.tables.values())
"""The tables that other systems and the importer write, in an order in which references come first."""


def _own(name: str, comment: str, *columns: Column | Index) -> Table:  # type: ignore[type-arg]
    return Table(name, metadata, *columns, schema=OWN_SCHEMA, comment=comment)


calendar_days = _own(
    "calendar_days",
    "a local day of the company's time zone",
    day("date", "the day", key=True),
    at("begins_at", "its first instant", required=True),
    at("ends_at", "the first instant of the next day", required=True),
    day("month", "first day of its month", required=True),
    day("assessment_month", "first day of its assessment month (the 19th)", required=True),
    number("working_index", "how many working days there were up to it, itself included", required=True),
    Column("working", Boolean(), nullable=False, comment="a working day"),
    Column("official", Boolean(), nullable=False, comment="from an official schedule, not weekends only"),
    Index("ix_calendar_days_working_index", "working_index"),
)
targets = _own(
    "targets",
    "a target of an indicator for a unit, or for all units of a kind, in a year",
    code("indicator", "the indicator", key=True),
    code("unit", "a unit's id, or a kind of unit", key=True),
    Column("year", Integer(), primary_key=True, autoincrement=False, comment="calendar year"),
    Column("value", Float(), nullable=False, comment="target in the indicator's unit"),
    code("basis", "document that sets it"),
)
import_batches = _own(
    "import_batches",
    "a file that was imported",
    Column("id", Integer(), primary_key=True, comment="the batch's number"),
    Column("file_name", String(500), nullable=False, comment="name of the file"),
    Column("file_hash", String(64), nullable=False, comment="SHA-256 of the file"),
    code("mapping", "name of the mapping file"),
    code("user", "who imported it", required=True),
    at("started_at", "when it started", required=True),
    at("finished_at", "when it was written", required=True),
    at("undone_at", "when it was taken back"),
    Column("rows", BigInteger(), nullable=False, comment="rows read"),
    Column("inserted", BigInteger(), nullable=False, comment="rows that were new"),
    Column("changed", BigInteger(), nullable=False, comment="rows that replaced others"),
    Column("unchanged", BigInteger(), nullable=False, comment="rows that were there already"),
    Column("rejected", BigInteger(), nullable=False, comment="rows left out with --accept-valid"),
    Column("warnings", BigInteger(), nullable=False, comment="warnings"),
)
import_changes = _own(
    "import_changes",
    "a row that a batch wrote, with what was there before, so that it can be undone",
    Column("batch_id", Integer(), primary_key=True, autoincrement=False, comment="the batch"),
    Column("table_name", String(63), primary_key=True, comment="the table"),
    Column("key", String(700), primary_key=True, comment="the row's key as JSON list"),
    Column("before", JSON(none_as_null=True), comment="the row before; empty: it was new"),
)
import_rejects = _own(
    "import_rejects",
    "a row that a batch left out",
    Column("batch_id", Integer(), primary_key=True, autoincrement=False, comment="the batch"),
    Column("sheet", String(200), primary_key=True, comment="sheet, or table for a CSV file"),
    Column("row", BigInteger(), primary_key=True, autoincrement=False, comment="row in the file"),
    Column("messages", Text(), nullable=False, comment="what was wrong; never the row's contents"),
)
audit_log = _own(
    "audit_log",
    "something a user did",
    Column("id", Integer(), primary_key=True, comment="number"),
    at("at", "when", required=True),
    code("user", "who", required=True),
    code("action", "what", required=True),
    Column("detail", Text(), comment="on what"),
)
OWN_TABLES: tuple[Table, ...] = (
    calendar_days,
    targets,
    import_batches,
    import_changes,
    import_rejects,
    audit_log,
)
