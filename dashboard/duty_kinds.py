"""Duty indicators of one kind of duty: the same definition, restricted to the kind."""

from collections.abc import Iterable
from dataclasses import replace

from metrics.definition import Indicator
from metrics.result import Group, Result
from metrics.vocabulary import Vocabulary

DUTY_KIND = "duty_kind"
SEPARATOR = ":"
"""Stands between an indicator's id and the kind it is restricted to."""


def of_kind(indicator: Indicator, kind: str) -> Indicator:
    """The indicator restricted to one kind of duty, under an id of its own."""
    return replace(indicator, id=f"{indicator.id}{SEPARATOR}{kind}", where=((DUTY_KIND, (kind,)),))


def split_id(indicator_id: str) -> tuple[str, str]:
    """The indicator's own id and the kind of duty, "" where it is restricted to none."""
    own, _, kind = indicator_id.partition(SEPARATOR)
    return own, kind


def by_kind(results: Iterable[Result], vocabulary: Vocabulary, language: str) -> list[Result]:
    """The results of restricted indicators, each as the figure of a group that is the kind of duty."""
    found = []
    for result in results:
        own, kind = split_id(result.indicator)
        group = Group(kind, vocabulary.name("duty_kinds", kind, language), DUTY_KIND)
        found.append(replace(result, indicator=own, group=group))
    return found
