"""The page Unit."""

from dashboard.components.page import open_page

page = open_page("unit")
