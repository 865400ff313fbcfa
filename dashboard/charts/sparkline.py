"""The trend of a tile as inline SVG: a line, its last point, and the target."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 100.0, 30.0, 3.0

Point = tuple[float, float]


def sparkline(values: Sequence[float | None], target: float | None, label: str) -> str:
    """An SVG that fills its place; a missing value breaks the line. ``label`` says it in words."""
    present = [value for value in values if value is not None]
    if not present:
        return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(label)}"></svg>'
    scale = _Scale(present if target is None else [*present, target], len(values))
    points = [None if value is None else scale.point(index, value) for index, value in enumerate(values)]
    drawn = [point for point in points if point is not None]
    parts = [
        "" if target is None else _line("target", (0.0, scale.height(target)), (WIDTH, scale.height(target))),
        *(f'<polyline class="trend" points="{_path(run)}"/>' for run in _runs(points) if len(run) > 1),
        *(_line("dot", run[0], run[0]) for run in _runs(points) if len(run) == 1),
        _line("dot", drawn[-1], drawn[-1]),
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


class _Scale:
    """From a value and its place in the row to a point of the SVG."""

    def __init__(self, values: Sequence[float], places: int) -> None:
        self._low, self._high = min(values), max(values)
        self._step = WIDTH / max(places - 1, 1)

    def height(self, value: float) -> float:
        if self._high == self._low:
            return HEIGHT / 2
        return HEIGHT - MARGIN - (value - self._low) / (self._high - self._low) * (HEIGHT - 2 * MARGIN)

    def point(self, index: int, value: float) -> Point:
        return index * self._step, self.height(value)


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """The points in runs without a missing one between them."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _line(name: str, start: Point, end: Point) -> str:
    return f'<line class="{name}" x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{end[0]:.2f}" y2="{end[1]:.2f}"/>'
