"""The data's condition: what the Data page and ``huiyin check`` ask of the shared database."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.company import Company
from data_access.hierarchy import Hierarchy
from data_access.quality.check import Finding
from data_access.quality.freshness import ImportBatch, TableFreshness
from data_access.quality.rule import Circumstances
from data_access.scope import Scope


@dataclass(frozen=True)
class Condition:
    """Rows by table, doubtful rows by rule, and the files they came from, newest first."""

    tables: tuple[TableFreshness, ...]
    findings: tuple[Finding, ...]
    batches: tuple[ImportBatch, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)

    @property
    def doubtful(self) -> int:
        """How many findings there are in all; a row may be bad by several rules."""
        return sum(finding.bad_rows for finding in self.findings)


def circumstances(company: Company, hierarchy: Hierarchy, scope: Scope, as_of: datetime) -> Circumstances:
    """What rows are checked against, and for whom."""
    codes = {section: tuple(word.code for word in words) for section, words in company.vocabulary.sections}
    return Circumstances(scope, hierarchy, codes, company.rules, as_of)
