"""The page Data."""

from dashboard.components.page import open_page

page = open_page("data", filters=False, needs_data=False)
