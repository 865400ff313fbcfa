"""The page Cases."""

from dashboard.components.page import open_page

page = open_page("cases")
