"""Who is looking: until there is sign-in, the local user, on this machine only."""

from dataclasses import dataclass

from data_access.scope import Scope, local_scope
from data_access.settings import Settings


@dataclass(frozen=True)
class Viewer:
    """The person at the screen; ``local`` says that nobody signed in."""

    name: str
    scope: Scope
    local: bool


def viewer(settings: Settings) -> Viewer:
    """The viewer that the settings name (``HUIYIN_USER``), with the whole company in view."""
    return Viewer(name=settings.user, scope=local_scope(settings.user), local=True)
