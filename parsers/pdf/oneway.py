"""Tables ruled, or shaded, one way only: sides for their cells, where rules and text show them.

A rule under a row is mostly drawn cell by cell, so that its pieces end where the columns do; where
it is one stroke, columns are the strips in which no row prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from .columns import GAP, edges_of
from .pages import Rule
from .words import Char, Line, lines_of

PIECE_LIMIT = 1_500
WORK_LIMIT = 4_000_000  # pieces times characters
_LEAST_LANES = 3
_SNAP = 3.0  # points within which two rules are one
_TALLEST = 120.0  # points between the rules of one row
_REACH = 1.8  # of the height of a row: how far one without a rule of its own may stand
_APART = 1.2  # type sizes between two columns
Lane = list[Rule]


def closed(rules: Iterable[Rule], chars: Sequence[Char]) -> list[Rule]:
    """The horizontal rules of such tables, with sides; nothing for what is no table."""
    out: list[Rule] = []
    for stack in _stacks((rule for rule in rules if rule.way == "h"), chars):
        out += _closed(stack, chars)
    return out


def _stacks(rules: Iterable[Rule], chars: Sequence[Char]) -> Iterator[list[Lane]]:
    """Lanes of rules below each other, between the same margins."""
    stack: list[Lane] = []
    for lane in _lanes(rules):
        if stack and not (_is_next(stack[-1], lane) and not _is_parted(stack, lane, chars)):
            yield stack
            stack = []
        stack.append(lane)
    yield stack


def _lanes(rules: Iterable[Rule]) -> list[Lane]:
    lanes: list[Lane] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][-1].at <= _SNAP:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    return lanes


def _is_next(upper: Lane, lower: Lane) -> bool:
    """Whether two lanes are of one table: near, and one between the margins of the other."""
    (left, right), (start, end) = _margins(upper), _margins(lower)
    is_inside = start >= left - _SNAP and end <= right + _SNAP
    is_around = left >= start - _SNAP and right <= end + _SNAP
    return (is_inside or is_around) and lower[0].at - upper[0].at <= _TALLEST


def _is_parted(stack: Sequence[Lane], lower: Lane, chars: Sequence[Char]) -> bool:
    """Whether a heading stands above a lane, and below it the first row of another table."""
    left, right = _margins([rule for lane in (*stack, lower) for rule in lane])
    low, high = stack[-1][0].at, lower[0].at
    between = [char for char in chars if low < char.middle[1] < high and left < char.x0 < right]
    lines = lines_of(between)
    edges = [rule.end for rule in lower if rule.end < right - _SNAP]
    if len(lines) < 2 or len(lines[0].segments(GAP)) > 1:
        return False
    return any(lines[0].x0 < x < lines[0].x1 for x in edges)


def _margins(lane: Lane) -> tuple[float, float]:
    return min(rule.start for rule in lane), max(rule.end for rule in lane)


def _closed(stack: Sequence[Lane], chars: Sequence[Char]) -> list[Rule]:
    if len(stack) < _LEAST_LANES or sum(map(len, stack)) > PIECE_LIMIT:
        return []
    left = min(_margins(lane)[0] for lane in stack)
    right = max(_margins(lane)[1] for lane in stack)
    near = [char for char in chars if left - _SNAP <= char.middle[0] <= right + _SNAP]
    top, bottom = _reach(stack, near)
    inside = [char for char in near if top <= char.middle[1] <= bottom]
    pieces = [rule for lane in stack for rule in lane]
    if len(pieces) * len(inside) > WORK_LIMIT:
        return []
    pieces += [Rule("h", bottom, rule.start, rule.end) for rule in _open(pieces, bottom)]
    sides = [side for rule in pieces for side in _beside(rule, pieces, inside, top)]
    if all(min(side.at - left, right - side.at) <= _SNAP for side in sides):
        sides += _between([top, *(rule.at for rule in pieces)], inside)
    return [*pieces, Rule("h", top, left, right), *sides]


def _reach(stack: Sequence[Lane], chars: Sequence[Char]) -> tuple[float, float]:
    """Top and bottom of the table: its first and last rows may have no rule of their own."""
    first, last = stack[0][0].at, stack[-1][0].at
    far = _REACH * median(lower[0].at - upper[0].at for upper, lower in pairwise(stack))
    above = [char for char in chars if first - far <= char.top and char.bottom <= first + 1]
    below = [char for char in chars if last - 1 <= char.top and char.bottom <= last + far]
    top = min((line.top - 1 for line in lines_of(above) if _is_row(line)), default=first)
    bottom = max((line.bottom + 1 for line in lines_of(below) if _is_row(line)), default=last)
    return top, bottom


def _open(pieces: Sequence[Rule], bottom: float) -> list[Rule]:
    """The rules above cells that no rule closes: the page ends there, or the last row has none."""
    found: list[Rule] = []
    for rule in sorted(pieces, key=lambda rule: -rule.at):
        middle = (rule.start + rule.end) / 2
        if any(other.start < middle < other.end for other in found):
            continue
        found.append(rule)
    return [rule for rule in found if rule.at < bottom - _SNAP]


def _is_row(line: Line) -> bool:
    return len(line.segments(_APART)) > 1


def _beside(
    rule: Rule, pieces: Sequence[Rule], chars: Sequence[Char], top: float
) -> Iterator[Rule]:
    """Both sides of the cell that a rule closes, up to the next one above; not through text."""
    middle = (rule.start + rule.end) / 2
    above = (
        other.at
        for other in pieces
        if other.at < rule.at - _SNAP and other.start - _SNAP <= middle <= other.end + _SNAP
    )
    upper = max(above, default=top)
    if upper >= rule.at - _SNAP:
        return
    for x in (rule.start, rule.end):
        if not any(_is_through(x, char, upper, rule.at) for char in chars):
            yield Rule("v", x, upper, rule.at)


def _between(levels: Iterable[float], chars: Sequence[Char]) -> Iterator[Rule]:
    """Sides where rows leave strips free, in every row that does."""
    edges = edges_of(lines_of(chars))
    for upper, lower in pairwise(sorted(levels)):
        if lower - upper <= _SNAP:
            continue
        for x in edges:
            if not any(_is_through(x, char, upper, lower) for char in chars):
                yield Rule("v", x, upper, lower)


def _is_through(x: float, char: Char, upper: float, lower: float) -> bool:
    return char.x0 < x < char.x1 and upper <= char.middle[1] <= lower
