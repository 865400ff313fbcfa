"""One unit on one page: every indicator as a row, with where the unit stands among its peers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.i18n import Translator
from dashboard.presenters.judgement import value_text
from dashboard.presenters.nouns import shown_of
from dashboard.presenters.tiles import Headline, Tile, present_tile
from metrics.definition import Indicator
from metrics.result import Result, Status


@dataclass(frozen=True)
class Peers:
    """The values of a unit's peers, ascending; ``own`` is the unit's. ``whole`` is that of all above it, in words."""

    own: float | None
    values: tuple[float, ...]
    label: str
    whole: str


@dataclass(frozen=True)
class SheetRow:
    """An indicator of the unit with its peers."""

    tile: Tile
    value: str
    peers: Peers


@dataclass(frozen=True)
class Section:
    """The rows of one family of indicators."""

    title: str
    rows: tuple[SheetRow, ...]


def present_sheet(
    families: Iterable[tuple[str, Sequence[Headline]]],
    peers: Mapping[str, Sequence[Result]],
    whole: Mapping[str, Result],
    t: Translator,
) -> tuple[Section, ...]:
    """The sheet's sections: families with their headlines; ``peers`` and ``whole`` by indicator."""
    return tuple(
        Section(title, tuple(_row(headline, peers, whole, t) for headline in headlines))
        for title, headlines in families
        if headlines
    )


def _row(
    headline: Headline, peers: Mapping[str, Sequence[Result]], whole: Mapping[str, Result], t: Translator
) -> SheetRow:
    indicator = headline.indicator
    return SheetRow(
        tile=present_tile(headline, t),
        value=value_text(headline.now, indicator, t),
        peers=_peers(headline, peers.get(indicator.id, ()), whole.get(indicator.id), t),
    )


def _peers(headline: Headline, results: Sequence[Result], whole: Result | None, t: Translator) -> Peers:
    """Only peers with enough data count; a unit with few data itself isn't placed among them."""
    indicator, now = headline.indicator, headline.now
    values = tuple(
        sorted(result.value for result in results if result.status is Status.OK and result.value is not None)
    )
    return Peers(
        own=now.value if now.status is Status.OK else None,
        values=values,
        label=_peers_label(values, indicator, t),
        whole="" if whole is None else value_text(whole, indicator, t),
    )


def _peers_label(values: Sequence[float], indicator: Indicator, t: Translator) -> str:
    if not values:
        return t("No peers to compare with")
    lowest, highest = (shown_of(value, indicator, t) for value in (values[0], values[-1]))
    units = len(values)
    return t("{units} units of its kind, from {lowest} to {highest}", units=units, lowest=lowest, highest=highest)
