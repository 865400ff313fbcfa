"""The trend of a tile as SVG: a line, its last point, and the target."""

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.theme import Palette

WIDTH, HEIGHT, MARGIN = 100.0, 30.0, 3.0
SIDE = 2.0
UNSCALED = 'vector-effect="non-scaling-stroke"'

Point = tuple[float, float]


def sparkline(values: Sequence[float | None], target: float | None, tones: Palette) -> str:
    """The SVG as the address of an image; it stretches to its place, and a missing value breaks the line.

    Pages strip SVG from HTML, but show it as an image, so its colours are written into it.
    """
    return f"data:image/svg+xml,{quote(_svg(values, target, tones))}"


def _svg(values: Sequence[float | None], target: float | None, tones: Palette) -> str:
    present = [value for value in values if value is not None]
    marks: list[str] = []
    if present:
        scale = _Scale(present if target is None else [*present, target], len(values))
        points = [None if value is None else scale.point(index, value) for index, value in enumerate(values)]
        runs = _runs(points)
        if target is not None:
            height = scale.height(target)
            marks.append(_line((0.0, height), (WIDTH, height), f'stroke="{tones.muted}" stroke-dasharray="4 3"'))
        marks += [_path(run, tones) for run in runs if len(run) > 1]
        marks += [_dot(run[0], tones) for run in runs if len(run) == 1] + [_dot(runs[-1][-1], tones)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" preserveAspectRatio="none">{"".join(marks)}</svg>'
    )


class _Scale:
    """From a value and its place in the row to a point of the SVG."""

    def __init__(self, values: Sequence[float], places: int) -> None:
        self._low, self._high = min(values), max(values)
        self._step = (WIDTH - 2 * SIDE) / max(places - 1, 1)

    def height(self, value: float) -> float:
        if self._high == self._low:
            return HEIGHT / 2
        return HEIGHT - MARGIN - (value - self._low) / (self._high - self._low) * (HEIGHT - 2 * MARGIN)

    def point(self, index: int, value: float) -> Point:
        return SIDE + index * self._step, self.height(value)


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """The points in runs without a missing one between them."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(points: Sequence[Point], tones: Palette) -> str:
    places = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{tones.accent}" stroke-width="2" {UNSCALED}/>'


def _dot(point: Point, tones: Palette) -> str:
    return _line(point, point, f'stroke="{tones.accent}" stroke-width="6" stroke-linecap="round"')


def _line(start: Point, end: Point, stroke: str) -> str:
    x1, y1, x2, y2 = (f"{number:.2f}" for number in (*start, *end))
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {stroke} {UNSCALED}/>'
