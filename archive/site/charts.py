"""Charts as inline SVG, drawn on the server: readable without script, with a table beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.site.look import number

WIDTH, HEIGHT = 440, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 26, 28
BREAKS = (2014, 2019, 2021)  # first years of new national forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One year of one line; `value` is None where nothing was printed."""

    year: int
    value: float | None
    form: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Data to pixels."""

    first: int
    last: int
    top: float

    def x(self, year: float) -> float:
        """A year."""
        span = max(self.last - self.first, 1)
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - self.first + 0.5) / (span + 1)

    def y(self, value: float) -> float:
        """A value from 0."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top


def line(points: Sequence[Point], title: str, breaks: str, broken: bool = True) -> Markup:
    """Values over years; the line stops where the form changes and where nothing is printed."""
    known = [point for point in points if point.value is not None]
    if not known:
        return Markup("")
    years = [point.year for point in points]
    whole = all(point.value == int(point.value or 0) for point in known)
    top = _ceiling(max(point.value or 0 for point in known), whole=whole)
    scale = Scale(min(years), max(years), top)
    parts = [_grid(scale), *(_break(scale, year, breaks) for year in BREAKS if broken)]
    parts += [_path(scale, run) for run in _runs(points, broken=broken) if len(run) > 1]
    parts += [_dot(scale, point) for point in known]
    return drawn(parts, title, "chart", HEIGHT)


def _runs(points: Sequence[Point], *, broken: bool) -> list[list[Point]]:
    runs: list[list[Point]] = [[]]
    for point in sorted(points, key=lambda point: point.year):
        before = runs[-1][-1] if runs[-1] else None
        gap = before is not None and point.year - before.year > 1
        changed = broken and before is not None and before.form != point.form
        if point.value is None or gap or changed:
            runs.append([])
        if point.value is not None:
            runs[-1].append(point)
    return runs


def _path(scale: Scale, run: Sequence[Point]) -> Markup:
    steps = " ".join(f"{scale.x(p.year):.1f},{scale.y(p.value or 0):.1f}" for p in run)
    return Markup('<polyline class="line" points="{}"/>').format(steps)


def _dot(scale: Scale, point: Point) -> Markup:
    label = f"{point.year}: {number(point.value)}"
    dot = Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4"><title>{}</title></circle>')
    drawn = dot.format(scale.x(point.year), scale.y(point.value or 0), label)
    if not point.href:
        return drawn
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(point.href, label, drawn)


def _grid(scale: Scale) -> Markup:
    lines = [
        Markup('<line class="rule" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
               '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
            LEFT, WIDTH - RIGHT, scale.y(v), scale.y(v), LEFT - 8, scale.y(v) + 4, _short(v))
        for v in (0, scale.top / 2, scale.top)
    ]  # fmt: skip
    step = max(1, math.ceil((scale.last - scale.first + 1) / 6))
    lines += [
        Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            scale.x(year), HEIGHT - 8, year
        )
        for year in range(scale.first, scale.last + 1, step)
    ]
    return Markup("").join(lines)


def _break(scale: Scale, year: int, label: str) -> Markup:
    if not scale.first < year <= scale.last:
        return Markup("")
    x = scale.x(year - 0.5)
    return Markup(
        '<line class="break" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"><title>{3}</title></line>'
        '<text class="break-label" x="{4:.1f}" y="{5}">{6}</text>'
    ).format(x, TOP - 18, HEIGHT - BOTTOM, label.replace("YEAR", str(year)), x + 3, TOP - 10, year)


def bars(pairs: Sequence[tuple[str, int]], title: str) -> Markup:
    """A histogram: how many bodies lie in each class."""
    if not pairs:
        return Markup("")
    top = max(count for _, count in pairs) or 1
    step = (WIDTH - LEFT - RIGHT) / len(pairs)
    parts = [_bar(i, step, label, count, top) for i, (label, count) in enumerate(pairs)]
    return drawn(parts, title, "chart", HEIGHT)


def _bar(place: int, step: float, label: str, count: int, top: int) -> Markup:
    height = (HEIGHT - TOP - BOTTOM) * count / top
    x, y = LEFT + place * step, HEIGHT - BOTTOM - height
    return Markup(
        '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
        "<title>{}: {}</title></rect>"
        '<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
        '<text class="count" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>'
    ).format(x + 2, y, step - 4, height, label, count, x + step / 2, HEIGHT - 8, label,
             x + step / 2, y - 5, count or "")  # fmt: skip


def drawn(
    parts: Sequence[Markup], title: str, kind: str, height: int, width: int = WIDTH
) -> Markup:
    """A picture that scales with its column."""
    inner = Markup("").join(parts)
    role = "group" if "<a " in inner else "img"  # a picture may hold nothing that is clicked
    return Markup('<svg class="{}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>').format(
        kind, width, height, role, title, inner
    )


def _ceiling(value: float, *, whole: bool) -> float:
    """A round number at or above the largest value; of whole numbers its half is whole too."""
    if value <= (2 if whole else 0):
        return 2 if whole else 1
    size = 10.0 ** math.floor(math.log10(value))
    steps = (1, 2, 4, 6, 8, 10) if whole else (1, 2, 2.5, 5, 10)
    return next(step * size for step in steps if step * size >= value)


def _short(value: float) -> str:
    return number(int(value)) if value == int(value) else number(round(value, 2))
