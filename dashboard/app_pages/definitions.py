"""The page Definitions."""

from dashboard.components.page import open_page

page = open_page("definitions", filters=False, needs_data=False)
