"""The router: page, language, theme, and a calm page while the database is away."""

from pathlib import Path

import streamlit as st

from dashboard import cached
from dashboard.components.messages import draw_unavailable
from dashboard.components.navigation import pages
from dashboard.components.style import draw_style
from dashboard.state import current_palette, current_translator
from data_access.errors import DataAccessError

ICON = Path(__file__).parent / "components" / "icon.svg"

t = current_translator()
st.set_page_config(page_title=t("Huiyin"), page_icon=str(ICON), layout="wide")
draw_style(current_palette())
page = st.navigation(pages(t), position="hidden")
try:
    page.run()
except DataAccessError as error:
    draw_unavailable(error, cached.is_available, t)
