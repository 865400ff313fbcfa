"""Definitions: what a number means."""

from dashboard.components.choice import draw_choice
from dashboard.components.indicator_definitions import draw_indicators
from dashboard.components.page import open_page
from dashboard.components.rules import draw_calendar, draw_deadlines, draw_obligations

page = open_page("definitions", filters=False, needs_data=False)
t = page.t
drawings = {
    "indicators": draw_indicators,
    "deadlines": draw_deadlines,
    "obligations": draw_obligations,
    "calendar": draw_calendar,
}
titles = {
    "indicators": t("Indicators"),
    "deadlines": t("Deadlines"),
    "obligations": t("Obligations"),
    "calendar": t("Calendar"),
}
drawings[draw_choice(page, "tab", titles, t("What to look up"))](page)
