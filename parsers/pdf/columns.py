"""Where columns part when nothing is drawn between them: strips that rows agree on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from .words import Line

GAP = 0.45  # type sizes: signs of one word are nearer
MARK_LIMIT = 4_000
_LEAST_ROWS = 3
_MOST_ACROSS = 0.15  # of the rows that part there: titles and wide cells print across
_EVEN = 0.01  # points


def edges_of(lines: Sequence[Line]) -> list[float]:
    """Abscissas between columns, left to right.

    A strip parts two columns when rows print on both sides of it, and hardly one across it.
    """
    rows = [[(part.x0, part.x1) for part in line.segments(GAP)] for line in lines]
    marks = sorted({side for row in rows for part in row for side in part})
    if len(marks) > MARK_LIMIT:
        return []
    strips: list[list[Strip]] = []
    for left, right in pairwise(marks):
        across, parted = _counts(rows, (left + right) / 2)
        if parted < _LEAST_ROWS or across > _MOST_ACROSS * parted:
            continue
        if strips and left - strips[-1][-1].right < _EVEN:
            strips[-1].append(Strip(left, right, across))
        else:
            strips.append([Strip(left, right, across)])
    return [_middle(strip) for strip in strips]


class Strip(NamedTuple):
    """A strip of a page, and how many rows print across it."""

    left: float
    right: float
    across: int


def _counts(rows: Sequence[Sequence[tuple[float, float]]], x: float) -> tuple[int, int]:
    """Rows that print at `x`, and those that only do so on both sides of it."""
    across = sum(any(x0 < x < x1 for x0, x1 in row) for row in rows)
    return across, sum(row[0][0] < x < row[-1][1] for row in rows if row) - across


def _middle(strip: Sequence[Strip]) -> float:
    """Of the widest part that the fewest rows cross: long words reach far into a strip."""
    least = min(part.across for part in strip)
    parts = [list(group) for few, group in groupby(strip, lambda part: part.across) if few == least]
    widest = max(parts, key=lambda part: part[-1].right - part[0].left)
    return (widest[0].left + widest[-1].right) / 2
