"""What can go wrong with the shared database, each error with a message that says what to do."""


class DataAccessError(Exception):
    """The shared database didn't do what was asked; the message is for people and holds no password."""


class DatabaseUnavailable(DataAccessError):  # noqa: N818 - a state of the database, named as people say it
    """The database can't be reached, is locked, full or damaged. Trying again later may help."""


class DatabaseNotReady(DataAccessError):  # noqa: N818
    """The database is there, or could be, but its tables aren't, or are not those of this version."""


class QueryTimeout(DataAccessError):  # noqa: N818
    """A statement ran longer than allowed and was stopped."""
