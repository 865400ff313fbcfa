"""The page Overview."""

from dashboard.components.page import open_page

page = open_page("overview")
