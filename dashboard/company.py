"""What the company's files say: words, indicators and rules, read together."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from dashboard.duty_kinds import of_kind, split_id
from data_access.question import Rules
from data_access.settings import Settings
from metrics import deadlines, obligations, vocabulary
from metrics.definition import Indicator
from metrics.registry import Registry, load
from metrics.vocabulary import Vocabulary


@dataclass(frozen=True)
class Company:
    """A company's words, indicators and rules."""

    settings: Settings
    vocabulary: Vocabulary
    registry: Registry
    rules: Rules

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators by id."""
        return {indicator.id: indicator for indicator in self.registry}

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator of that id, restricted to the kind of duty that the id may name; raises KeyError."""
        own, kind = split_id(indicator_id)
        return of_kind(self.registry[own], kind) if kind else self.registry[own]

    @cached_property
    def hash(self) -> str:
        """The same for the same definitions, words and rules; figures are cached under it."""
        return hashlib.sha256(f"{self.registry.hash}{self.rules!r}".encode()).hexdigest()


def read_company(settings: Settings) -> Company:
    """The company that the settings describe; raises DefinitionError with every problem of its files."""
    words = vocabulary.load(settings.vocabulary)
    rules = Rules(
        time_zone=settings.time_zone,
        deadlines=deadlines.load(settings.deadlines),
        obligations=obligations.load(settings.obligations, words),
        networks=words.codes("networks"),
        settlement_days=settings.settlement_days,
    )
    return Company(settings, words, load(settings.definitions, words), rules)
