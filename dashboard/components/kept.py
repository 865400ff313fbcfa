"""What a page makes of its figures, kept while data, link and theme are the same."""

from collections.abc import Callable
from typing import TypeVar, cast

from dashboard import cached
from dashboard.components.context import Page

Made = TypeVar("Made")


def kept(page: Page, name: str, build: Callable[[], Made]) -> Made:
    """What ``build`` makes, or made when the same page was last seen by anybody; nobody may change it.

    ``name`` tells apart what is kept for one page.
    """
    return cast("Made", cached.made(f"{page.name} {name}", page.key, build))
