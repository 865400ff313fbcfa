"""The page Coverage."""

from dashboard.components.page import open_page

page = open_page("coverage")
