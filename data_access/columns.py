"""The kinds of columns that the shared database has; each carries its meaning as comment."""

from sqlalchemy import Boolean, Column, Date, Integer, String

from data_access.instant import Instant


def code(name: str, comment: str, *, key: bool = False, required: bool = False, index: bool = False) -> Column[str]:
    """A column for a code or an identifier."""
    return Column(name, String(200), primary_key=key, nullable=not (key or required), comment=comment, index=index)


def at(name: str, comment: str, *, required: bool = False, index: bool = False) -> Column[object]:
    """A column for an instant."""
    return Column(name, Instant(), nullable=not required, comment=comment, index=index)


def day(name: str, comment: str, *, key: bool = False, required: bool = False) -> Column[object]:
    """A column for a local day."""
    return Column(name, Date(), primary_key=key, nullable=not (key or required), comment=comment)


def number(name: str, comment: str, *, required: bool = False) -> Column[int]:
    """A column for a whole number."""
    return Column(name, Integer(), nullable=not required, comment=comment)


def flag(name: str, comment: str) -> Column[bool]:
    """A column for yes, no, or not known."""
    return Column(name, Boolean(), nullable=True, comment=comment)
