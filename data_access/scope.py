"""The Scope: what a viewer may see and do. Every function that returns data takes one."""

from dataclasses import dataclass, field
from enum import StrEnum


class Verb(StrEnum):
    """Something a viewer may do within a scope."""

    VIEW = "view"
    HANDLE = "handle"
    SUPERVISE = "supervise"
    EXPORT = "export"
    IMPORT = "import"
    ADJUST = "adjust"
    APPROVE = "approve"
    PUBLISH = "publish"
    ADMINISTER = "administer"


@dataclass(frozen=True)
class Scope:
    """A viewer's unit subtree and verbs. ``root_unit_id`` None is the whole company."""

    user: str
    root_unit_id: str | None = None
    verbs: frozenset[Verb] = field(default_factory=lambda: frozenset({Verb.VIEW}))

    def allows(self, verb: Verb) -> bool:
        """Whether the viewer may do it."""
        return verb in self.verbs


def local_scope(user: str) -> Scope:
    """The scope of a local user before sign-in exists: the whole company, every verb."""
    return Scope(user=user, verbs=frozenset(Verb))
