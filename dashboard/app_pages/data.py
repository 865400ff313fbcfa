"""Data: whether it can be trusted, and how more of it comes in."""

from dashboard.components.choice import draw_choice
from dashboard.components.data_state import draw_quality, draw_state
from dashboard.components.import_files import draw_import
from dashboard.components.page import open_page

page = open_page("data", filters=False, needs_data=False)
t = page.t
drawings = {"state": draw_state, "quality": draw_quality, "import": draw_import}
titles = {"state": t("Freshness"), "quality": t("Data quality"), "import": t("Import")}
if page.address.unit_id is None:
    titles = {"import": titles["import"], **titles}
drawings[draw_choice(page, "tab", titles, t("What to look at"))](page)
