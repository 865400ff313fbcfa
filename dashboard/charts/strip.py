"""Where a unit stands among its peers: a strip with a mark for each, the unit's own in front."""

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.theme import Palette

WIDTH, HEIGHT, MARGIN, RADIUS = 160, 22, 6, 4.5


def strip(values: Sequence[float], own: float | None, tones: Palette) -> str:
    """The strip as the address of an image, the lowest value at the left; empty without peers."""
    if not values:
        return ""
    known = [*values, own] if own is not None else list(values)
    low, spread = min(known), (max(known) - min(known)) or 1.0
    middle = HEIGHT / 2
    marks = [f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{middle}" y2="{middle}" stroke="{tones.line}"/>']
    marks += [_tick(_place(value, low, spread), tones) for value in values]
    if own is not None:
        marks.append(f'<circle cx="{_place(own, low, spread):.1f}" cy="{middle}" r="{RADIUS}" fill="{tones.accent}"/>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(marks)}</svg>'
    return f"data:image/svg+xml,{quote(svg)}"


def _place(value: float, low: float, spread: float) -> float:
    return MARGIN + (value - low) / spread * (WIDTH - 2 * MARGIN)


def _tick(place: float, tones: Palette) -> str:
    return (
        f'<line x1="{place:.1f}" x2="{place:.1f}" y1="5" y2="{HEIGHT - 5}" stroke="{tones.bar}" stroke-opacity="0.55"/>'
    )
