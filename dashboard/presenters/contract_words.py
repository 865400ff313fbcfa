"""The tables and columns of the shared database as people call them: as the template's sheets and headers do."""

from dashboard.i18n import CHINESE, Translator
from data_access.ingest.schema import table_rules


def table_words(table: str, t: Translator) -> str:
    """What a table is called: the sheet's name, or the table's own with blanks in English."""
    return table_rules()[table].sheets[0] if t.language == CHINESE else table.replace("_", " ")


def column_words(table: str, column: str, t: Translator) -> str:
    """What a column is called: the template's header, or the column's own name with blanks in English."""
    rule = {known.name: known for known in table_rules()[table].columns}.get(column)
    return rule.headers[0] if rule and t.language == CHINESE else column.replace("_", " ")
