"""The page Duties."""

from dashboard.components.page import open_page

page = open_page("duties")
