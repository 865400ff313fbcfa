"""Wrong use of a command, and the words that put it right."""

from collections.abc import Iterable
from difflib import get_close_matches

NO_UNITS = "The database has no units yet. Import some (huiyin import) or make a sample (huiyin sample)."


class WrongUseError(ValueError):
    """A command was asked for something that there isn't; the message says what there is."""


def unknown(what: str, given: str, known: Iterable[str]) -> WrongUseError:
    """The error for a name that isn't among the known ones, with those that look like it.

    Where none looks like it, the message lists the first ones.
    """
    names = sorted(set(known))
    near = get_close_matches(given, names, n=5, cutoff=0.5)
    if near:
        return WrongUseError(f"{what} {given!r} is unknown. Did you mean: {', '.join(near)}?")
    return WrongUseError(f"{what} {given!r} is unknown. There are: {_listed(names)}.")


def _listed(names: list[str], most: int = 12) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "") if names else "none yet"
