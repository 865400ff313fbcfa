"""Between which numbers those of some cases lie: where to look for their events, and not among all there are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, false, func, select

from data_access.tables import cases


@dataclass(frozen=True)
class CaseNumbers:
    """The least and the greatest number of some cases, in the database's order; None where there are no cases.

    Numbers mostly follow one another in time, so that few other cases have one between them.
    """

    least: str | None
    greatest: str | None

    def hold(self, number: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a number lies between them, both included.

        They are written out, for the database looks differently for few events than for many.
        """
        if self.least is None or self.greatest is None:
            return false()
        return and_(number >= self.least, number <= self.greatest)


def read_case_numbers(connection: Connection, condition: ColumnElement[bool]) -> CaseNumbers:
    """The numbers of the cases of which the condition is true."""
    # Made of the number, so that PostgreSQL doesn't walk through all numbers in order for one that fits.
    made = cases.c.case_no.concat("")
    least, greatest = connection.execute(select(func.min(made), func.max(made)).where(condition)).one()
    return CaseNumbers(least, greatest)
