"""Which rows of a table an index holds that doesn't hold them all."""

from sqlalchemy import text

DUE = text("due_at IS NOT NULL")
"""Few duties have a due time of their own."""

CLOSED_AGAIN = text("resolved_at IS NULL OR resolved_at <> first_resolved_at")
"""Few cases are open, or were closed a second time."""

OPEN_LONG = text(
    "CASE WHEN isfinite(resolved_at) AND isfinite(received_at)"
    " THEN resolved_at - received_at > INTERVAL '30 days' ELSE true END"
)
OPEN_LONG_ON_SQLITE = text("julianday(resolved_at) - julianday(received_at) > 30")
"""Few cases were open for more than 30 days; written as ``dialect.days_apart`` has it."""
