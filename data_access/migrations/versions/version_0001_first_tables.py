"""The first tables: what other systems and the importer write, and what the dashboard owns."""

import sqlalchemy as sa
from alembic import op

from data_access.instant import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN_SCHEMA = "assessment"


def upgrade() -> None:
    _org_units()
    _unit_parents()
    _headcounts()
    _cases()
    _case_events()
    _zones()
    _chat_groups()
    _chat_group_months()
    _liaisons()
    _duties()
    _contact_points()
    _consultations()
    _activities()
    _external_scores()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSchema(OWN_SCHEMA, if_not_exists=True))
    _calendar_days()
    _targets()
    _import_batches()
    _import_changes()
    _import_rejects()
    _audit_log()


def _org_units() -> None:
    op.create_table(
        "org_units",
        sa.Column("id", sa.String(200), nullable=False, comment="the company's own code, unique for good"),
        sa.Column("name", sa.String(200), nullable=False, comment="the unit's name"),
        sa.Column("kind", sa.String(200), nullable=False, comment="company, department, branch or team"),
        sa.Column("function", sa.String(200), comment="party or administrative, for departments"),
        sa.Column("founded_on", sa.Date(), comment="first day of the unit; empty: always there"),
        sa.Column("closed_on", sa.Date(), comment="first day on which the unit is gone; empty: still there"),
        sa.Column("successor_id", sa.String(200), comment="the unit that took over when it closed"),
        sa.Column("party_lead", sa.String(200), comment="party post holder"),
        sa.Column("administrative_lead", sa.String(200), comment="administrative post holder"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_org_units"),
        comment="a unit",
    )
    op.create_index("ix_org_units_updated_at", "org_units", ["updated_at"])


def _unit_parents() -> None:
    op.create_table(
        "unit_parents",
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("parent_id", sa.String(200), nullable=False, comment="the unit above it"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column("valid_to", sa.Date(), comment="first day on which it no longer holds; empty: it still does"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("unit_id", "valid_from", name="pk_unit_parents"),
        comment="a unit under a parent for a time",
    )
    op.create_index("ix_unit_parents_updated_at", "unit_parents", ["updated_at"])


def _headcounts() -> None:
    op.create_table(
        "headcounts",
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column("employees", sa.Integer(), nullable=False, comment="employees"),
        sa.Column("family_members", sa.Integer(), comment="family members who live with the company"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("unit_id", "month", name="pk_headcounts"),
        comment="a unit's own staff in a month, without the units below it",
    )
    op.create_index("ix_headcounts_updated_at", "headcounts", ["updated_at"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_no", sa.String(200), nullable=False, comment="the case's number"),
        sa.Column("track", sa.String(200), comment="company or branch"),
        sa.Column("channel", sa.String(200), comment="code of the channel"),
        sa.Column("category", sa.String(200), comment="code of the category"),
        sa.Column("grade", sa.String(200), comment="A, B or C as set at receipt"),
        sa.Column("received_at", Instant(), nullable=False, comment="received"),
        sa.Column("origin_unit_id", sa.String(200), comment="unit it came from"),
        sa.Column("responsible_unit_id", sa.String(200), comment="unit that must answer"),
        sa.Column("response_due_at", Instant(), comment="own response deadline"),
        sa.Column("responded_at", Instant(), comment="first contact with the appellant"),
        sa.Column("resolution_due_at", Instant(), comment="own resolution deadline"),
        sa.Column("first_resolved_at", Instant(), comment="closed for the first time"),
        sa.Column("resolved_at", Instant(), comment="closed as it stands; emptied by reopening, set again"),
        sa.Column("outcome", sa.String(200), comment="solved, partly, explained or not_now"),
        sa.Column("resolved_level", sa.String(200), comment="company, department, branch or team"),
        sa.Column("fed_back_at", Instant(), comment="the appellant was told"),
        sa.Column("published_at", Instant(), comment="published"),
        sa.Column("confidential", sa.Boolean(), comment="not to be published"),
        sa.Column("rating", sa.Integer(), comment="1 to 5"),
        sa.Column("rating_source", sa.String(200), comment="callback or self_service"),
        sa.Column("rated_at", Instant(), comment="rated"),
        sa.Column("reopened_at", Instant(), comment="reopened for the last time"),
        sa.Column("transferred_count", sa.Integer(), comment="how often it was passed on"),
        sa.Column("escalated_at", Instant(), comment="passed up"),
        sa.Column("repeat_of", sa.String(200), comment="number of the case it repeats"),
        sa.Column("collective", sa.Boolean(), comment="raised by several people together"),
        sa.Column(
            "exclusion", sa.String(200), comment="duplicate, withdrawn, out_of_remit, statutory_route or tolerated"
        ),
        sa.Column("excluded_at", Instant(), comment="when that was decided"),
        sa.Column("restricted", sa.Boolean(), comment="counts company-wide only"),
        sa.Column("sla_met", sa.Boolean(), comment="the source system's own on-time flag"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("case_no", name="pk_cases"),
        comment="an appeal, suggestion or complaint, as it stands",
    )
    op.create_index("ix_cases_fed_back_at", "cases", ["fed_back_at"])
    op.create_index("ix_cases_first_resolved_at", "cases", ["first_resolved_at"])
    op.create_index("ix_cases_rated_at", "cases", ["rated_at"])
    op.create_index("ix_cases_received_at", "cases", ["received_at"])
    op.create_index("ix_cases_resolution_due_at", "cases", ["resolution_due_at"])
    op.create_index("ix_cases_resolved_at", "cases", ["resolved_at"])
    op.create_index("ix_cases_response_due_at", "cases", ["response_due_at"])
    op.create_index("ix_cases_responsible_unit_id", "cases", ["responsible_unit_id"])
    op.create_index("ix_cases_updated_at", "cases", ["updated_at"])


def _case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.String(200), nullable=False, comment="the event's number"),
        sa.Column("case_no", sa.String(200), nullable=False, comment="the case"),
        sa.Column(
            "kind",
            sa.String(200),
            nullable=False,
            comment="assigned, transferred, regraded, extended, excluded, reopened, escalated, urged or supervised",
        ),
        sa.Column("at", Instant(), nullable=False, comment="when it was decided"),
        sa.Column("from_unit_id", sa.String(200), comment="unit before"),
        sa.Column("to_unit_id", sa.String(200), comment="unit after"),
        sa.Column("old", sa.String(200), comment="value before"),
        sa.Column("new", sa.String(200), comment="value after"),
        sa.Column("decided_by", sa.String(200), comment="post that decided"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
        comment="a decision on a case (append-only)",
    )
    op.create_index("ix_case_events_at", "case_events", ["at"])
    op.create_index("ix_case_events_case_no", "case_events", ["case_no"])
    op.create_index("ix_case_events_updated_at", "case_events", ["updated_at"])


def _zones() -> None:
    op.create_table(
        "zones",
        sa.Column("id", sa.String(200), nullable=False, comment="the zone's number"),
        sa.Column(
            "tier",
            sa.Integer(),
            nullable=False,
            comment="1 department for branch, 2 branch for team, 3 team for employees",
        ),
        sa.Column("sponsor_unit_id", sa.String(200), nullable=False, comment="unit of the post"),
        sa.Column("sponsor_post", sa.String(200), nullable=False, comment="the post's code, never a name"),
        sa.Column("target_unit_id", sa.String(200), nullable=False, comment="unit it is responsible for"),
        sa.Column("employees_covered", sa.Integer(), comment="employees, tier 3 only"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column("valid_to", sa.Date(), comment="first day on which it no longer holds; empty: it still does"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_zones"),
        comment="a post's responsibility for a target",
    )
    op.create_index("ix_zones_updated_at", "zones", ["updated_at"])


def _chat_groups() -> None:
    op.create_table(
        "chat_groups",
        sa.Column("id", sa.String(200), nullable=False, comment="the group's number"),
        sa.Column("platform", sa.String(200), nullable=False, comment="wechat, wecom or qq"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("created_on", sa.Date(), nullable=False, comment="first day"),
        sa.Column("closed_on", sa.Date(), comment="first day on which it is gone; empty: still there"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_groups"),
        comment="a group chat of a unit",
    )
    op.create_index("ix_chat_groups_updated_at", "chat_groups", ["updated_at"])


def _chat_group_months() -> None:
    op.create_table(
        "chat_group_months",
        sa.Column("group_id", sa.String(200), nullable=False, comment="the group"),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column("members", sa.Integer(), comment="members"),
        sa.Column("active_days", sa.Integer(), comment="days with at least one message"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("group_id", "month", name="pk_chat_group_months"),
        comment="a group in a month, where known; no contents, ever",
    )
    op.create_index("ix_chat_group_months_updated_at", "chat_group_months", ["updated_at"])


def _liaisons() -> None:
    op.create_table(
        "liaisons",
        sa.Column("id", sa.String(200), nullable=False, comment="the liaison's number, never a name"),
        sa.Column("network", sa.String(200), nullable=False, comment="code of the network"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column("valid_to", sa.Date(), comment="first day on which it no longer holds; empty: it still does"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_liaisons"),
        comment="a unit's contact in a network",
    )
    op.create_index("ix_liaisons_updated_at", "liaisons", ["updated_at"])


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("id", sa.String(200), nullable=False, comment="the record's number"),
        sa.Column("kind", sa.String(200), nullable=False, comment="code of the duty"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit that owes it"),
        sa.Column("period_start", sa.Date(), nullable=False, comment="first day of the period it is owed for"),
        sa.Column("due_at", Instant(), comment="due, for a duty outside the plan"),
        sa.Column("planned", sa.Integer(), nullable=False, comment="how many are owed, at least 1"),
        sa.Column("done", sa.Integer(), nullable=False, comment="how many were done"),
        sa.Column("done_at", Instant(), comment="when the last one was done"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
        comment="a duty done, or a single duty outside the plan",
    )
    op.create_index("ix_duties_updated_at", "duties", ["updated_at"])


def _contact_points() -> None:
    op.create_table(
        "contact_points",
        sa.Column("department_id", sa.String(200), nullable=False, comment="the department"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column("contacted_at", Instant(), comment="contacted"),
        sa.Column("registered_at", Instant(), comment="registered"),
        sa.Column("reported_at", Instant(), comment="reported"),
        sa.Column("implemented_at", Instant(), comment="carried out"),
        sa.Column("fed_back_at", Instant(), comment="told back"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("department_id", "unit_id", "month", name="pk_contact_points"),
        comment="a department's monthly contact with a unit",
    )
    op.create_index("ix_contact_points_updated_at", "contact_points", ["updated_at"])


def _consultations() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.String(200), nullable=False, comment="the session's number"),
        sa.Column("level", sa.String(200), nullable=False, comment="weekly, monthly or quarterly"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit that held it"),
        sa.Column("held_on", sa.Date(), nullable=False, comment="day"),
        sa.Column("items_raised", sa.Integer(), nullable=False, comment="problems raised"),
        sa.Column("items_settled", sa.Integer(), nullable=False, comment="problems settled"),
        sa.Column("cadres", sa.Integer(), comment="cadres present"),
        sa.Column("workers", sa.Integer(), comment="workers present"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_consultations"),
        comment="a joint session that settles raised problems",
    )
    op.create_index("ix_consultations_updated_at", "consultations", ["updated_at"])


def _activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.String(200), nullable=False, comment="the activity's number"),
        sa.Column("kind", sa.String(200), nullable=False, comment="code of the activity"),
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit that held it"),
        sa.Column("held_on", sa.Date(), nullable=False, comment="day"),
        sa.Column("participants", sa.Integer(), nullable=False, comment="people present"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
        comment="a support or outreach activity",
    )
    op.create_index("ix_activities_updated_at", "activities", ["updated_at"])


def _external_scores() -> None:
    op.create_table(
        "external_scores",
        sa.Column("unit_id", sa.String(200), nullable=False, comment="the unit"),
        sa.Column("item", sa.String(200), nullable=False, comment="code of the item"),
        sa.Column("period_start", sa.Date(), nullable=False, comment="first day of the period"),
        sa.Column("score", sa.Float(), nullable=False, comment="score"),
        sa.Column("maximum", sa.Float(), nullable=False, comment="highest possible score"),
        sa.Column("evidence", sa.String(200), comment="document number"),
        sa.Column("recorded_at", Instant(), nullable=False, comment="when the system learned of the row"),
        sa.Column("updated_at", Instant(), nullable=False, comment="when the row last changed"),
        sa.PrimaryKeyConstraint("unit_id", "item", "period_start", name="pk_external_scores"),
        comment="a score given elsewhere (safety, democratic appraisal)",
    )
    op.create_index("ix_external_scores_updated_at", "external_scores", ["updated_at"])


def _calendar_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("date", sa.Date(), nullable=False, comment="the day"),
        sa.Column("begins_at", Instant(), nullable=False, comment="its first instant"),
        sa.Column("ends_at", Instant(), nullable=False, comment="the first instant of the next day"),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of its month"),
        sa.Column(
            "assessment_month", sa.Date(), nullable=False, comment="first day of its assessment month (the 19th)"
        ),
        sa.Column(
            "working_index",
            sa.Integer(),
            nullable=False,
            comment="how many working days there were up to it, itself included",
        ),
        sa.Column("working", sa.Boolean(), nullable=False, comment="a working day"),
        sa.Column("official", sa.Boolean(), nullable=False, comment="from an official schedule, not weekends only"),
        sa.PrimaryKeyConstraint("date", name="pk_calendar_days"),
        schema=OWN_SCHEMA,
        comment="a local day of the company's time zone",
    )
    # Deadlines in working days look a day up by its index. As text, for the dialect makes a prefix of the schema.
    op.execute("CREATE INDEX ix_calendar_days_working_index ON assessment.calendar_days (working_index)")


def _targets() -> None:
    op.create_table(
        "targets",
        sa.Column("indicator", sa.String(200), nullable=False, comment="the indicator"),
        sa.Column("unit", sa.String(200), nullable=False, comment="a unit's id, or a kind of unit"),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False, comment="calendar year"),
        sa.Column("value", sa.Float(), nullable=False, comment="target in the indicator's unit"),
        sa.Column("basis", sa.String(200), comment="document that sets it"),
        sa.PrimaryKeyConstraint("indicator", "unit", "year", name="pk_targets"),
        schema=OWN_SCHEMA,
        comment="a target of an indicator for a unit, or for all units of a kind, in a year",
    )


def _import_batches() -> None:
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Integer(), nullable=False, comment="the batch's number"),
        sa.Column("file_name", sa.String(500), nullable=False, comment="name of the file"),
        sa.Column("file_hash", sa.String(64), nullable=False, comment="SHA-256 of the file"),
        sa.Column("mapping", sa.String(200), comment="name of the mapping file"),
        sa.Column("user", sa.String(200), nullable=False, comment="who imported it"),
        sa.Column("started_at", Instant(), nullable=False, comment="when it started"),
        sa.Column("finished_at", Instant(), nullable=False, comment="when it was written"),
        sa.Column("undone_at", Instant(), comment="when it was taken back"),
        sa.Column("rows", sa.BigInteger(), nullable=False, comment="rows read"),
        sa.Column("inserted", sa.BigInteger(), nullable=False, comment="rows that were new"),
        sa.Column("changed", sa.BigInteger(), nullable=False, comment="rows that replaced others"),
        sa.Column("unchanged", sa.BigInteger(), nullable=False, comment="rows that were there already"),
        sa.Column("rejected", sa.BigInteger(), nullable=False, comment="rows left out with --accept-valid"),
        sa.Column("warnings", sa.BigInteger(), nullable=False, comment="warnings"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batches"),
        schema=OWN_SCHEMA,
        comment="a file that was imported",
    )


def _import_changes() -> None:
    op.create_table(
        "import_changes",
        sa.Column("batch_id", sa.Integer(), nullable=False, autoincrement=False, comment="the batch"),
        sa.Column("table_name", sa.String(63), nullable=False, comment="the table"),
        sa.Column("key", sa.String(700), nullable=False, comment="the row's key as JSON list"),
        sa.Column("before", sa.JSON(none_as_null=True), comment="the row before; empty: it was new"),
        sa.PrimaryKeyConstraint("batch_id", "table_name", "key", name="pk_import_changes"),
        schema=OWN_SCHEMA,
        comment="a row that a batch wrote, with what was there before, so that it can be undone",
    )


def _import_rejects() -> None:
    op.create_table(
        "import_rejects",
        sa.Column("batch_id", sa.Integer(), nullable=False, autoincrement=False, comment="the batch"),
        sa.Column("sheet", sa.String(200), nullable=False, comment="sheet, or table for a CSV file"),
        sa.Column("row", sa.BigInteger(), nullable=False, autoincrement=False, comment="row in the file"),
        sa.Column("messages", sa.Text(), nullable=False, comment="what was wrong; never the row's contents"),
        sa.PrimaryKeyConstraint("batch_id", "sheet", "row", name="pk_import_rejects"),
        schema=OWN_SCHEMA,
        comment="a row that a batch left out",
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False, comment="number"),
        sa.Column("at", Instant(), nullable=False, comment="when"),
        sa.Column("user", sa.String(200), nullable=False, comment="who"),
        sa.Column("action", sa.String(200), nullable=False, comment="what"),
        sa.Column("detail", sa.Text(), comment="on what"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        schema=OWN_SCHEMA,
        comment="something a user did",
    )
