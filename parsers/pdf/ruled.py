"""Rules to cells: joined lines, the outline closed where a page break left it open.

Shared with scans, whose rules come from pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .pages import Rule, outline
from .words import Bounds

SNAP = 3.0  # points within which two rules are one, or touch
_LEAST_WIDTH, _LEAST_HEIGHT = 60.0, 8.0
_ROOM = 8.0  # points between two cells of one table
PAIR_LIMIT = 4_000_000
APART_LIMIT = 2_000


def ruled_tables(rules: Sequence[Rule], *, snap: float = SNAP) -> list[list[Bounds]]:
    """Tables as lists of cell bounds, from top to bottom; single boxes are no tables."""
    tables, single = [], []
    for group in _groups(_joined(rules, snap), snap):
        bounds = _around(group)
        if bounds[3] - bounds[1] < _LEAST_HEIGHT:
            continue
        closed = _joined([*group, *outline(bounds)], snap)
        cells = list(_cells(closed, snap))
        if len(cells) == 1:
            single += cells
        elif cells and bounds[2] - bounds[0] >= _LEAST_WIDTH:
            tables.append(cells)
    return sorted([*tables, *_apart(single)], key=lambda cells: min(cell[1] for cell in cells))


def _apart(boxes: Sequence[Bounds]) -> list[list[Bounds]]:
    """Cells with room between them, each with a border of its own; a frame round them is none."""
    if len(boxes) > APART_LIMIT:
        return []
    cells = [box for box in boxes if not any(_holds(box, other) for other in boxes)]
    tables: list[list[Bounds]] = []
    for cell in cells:
        near = [table for table in tables if any(_is_near(cell, other) for other in table)]
        joined = [cell, *(other for table in near for other in table)]
        tables = [*(table for table in tables if table not in near), joined]
    return [table for table in tables if len(table) > 1]


def _holds(outer: Bounds, inner: Bounds) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    is_inside = outer[0] < x < outer[2] and outer[1] < y < outer[3]
    return is_inside and outer != inner and inner[2] - inner[0] < outer[2] - outer[0]


def _is_near(one: Bounds, two: Bounds) -> bool:
    across = max(one[0], two[0]) - min(one[2], two[2])
    down = max(one[1], two[1]) - min(one[3], two[3])
    return max(across, down) <= _ROOM and min(across, down) < 0


def shade_rules(shades: Iterable[Bounds]) -> list[Rule]:
    """Where nothing is ruled, the borders of shaded boxes may show the cells."""
    return [rule for box in shades for rule in outline(box)]


def _joined(rules: Iterable[Rule], snap: float) -> list[Rule]:
    """Rules on one line, touching or nearly so, as one rule."""
    found: list[Rule] = []
    for way in ("h", "v"):
        lanes: list[list[Rule]] = []
        for rule in sorted((rule for rule in rules if rule.way == way), key=lambda rule: rule.at):
            if lanes and rule.at - lanes[-1][-1].at <= snap:
                lanes[-1].append(rule)
            else:
                lanes.append([rule])
        for lane in lanes:
            at = sum(rule.at for rule in lane) / len(lane)
            found += _merged([replace(rule, at=at) for rule in lane], snap)
    return found


def _merged(lane: list[Rule], snap: float) -> Iterator[Rule]:
    lane.sort(key=lambda rule: rule.start)
    open_rule = lane[0]
    for rule in lane[1:]:
        if rule.start - open_rule.end <= snap:
            open_rule = replace(open_rule, end=max(open_rule.end, rule.end))
        else:
            yield open_rule
            open_rule = rule
    yield open_rule


def _groups(rules: Sequence[Rule], snap: float) -> list[list[Rule]]:
    """Rules that hang together; a group needs both ways."""
    across = [rule for rule in rules if rule.way == "h"]
    down = [rule for rule in rules if rule.way == "v"]
    if len(across) * len(down) > PAIR_LIMIT:
        return []
    roots = {id(rule): rule for rule in rules}
    parent = {key: key for key in roots}
    for h in across:
        for v in down:
            if _touch(h, v, snap):
                parent[_root(parent, id(h))] = _root(parent, id(v))
    groups: dict[int, list[Rule]] = defaultdict(list)
    for key, rule in roots.items():
        groups[_root(parent, key)].append(rule)
    return [group for group in groups.values() if len({rule.way for rule in group}) == 2]


def _root(parent: dict[int, int], key: int) -> int:
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def _touch(h: Rule, v: Rule, snap: float) -> bool:
    return h.start - snap <= v.at <= h.end + snap and v.start - snap <= h.at <= v.end + snap


def _around(rules: Iterable[Rule]) -> Bounds:
    rules = list(rules)
    across = [rule for rule in rules if rule.way == "h"]
    down = [rule for rule in rules if rule.way == "v"]
    return (
        min([rule.at for rule in down] + [rule.start for rule in across]),
        min([rule.at for rule in across] + [rule.start for rule in down]),
        max([rule.at for rule in down] + [rule.end for rule in across]),
        max([rule.at for rule in across] + [rule.end for rule in down]),
    )


def _cells(rules: Sequence[Rule], snap: float) -> Iterator[Bounds]:
    """Smallest boxes whose four sides are ruled all along."""
    across = sorted((rule for rule in rules if rule.way == "h"), key=lambda rule: rule.at)
    down = sorted((rule for rule in rules if rule.way == "v"), key=lambda rule: rule.at)
    for place, top in enumerate(across):
        corners = [v for v in down if _touch(top, v, snap)]
        for left, right in pairwise(corners):
            yield from _cell(top, left, right, across[place + 1 :], corners, snap)


def _cell(
    top: Rule, left: Rule, right: Rule, below: Sequence[Rule], corners: Sequence[Rule], snap: float
) -> Iterator[Bounds]:
    """The cell under `top` with its upper left corner at `left`."""
    if left.end <= top.at + snap:
        return  # the left side does not go down from here
    candidates = [v for v in corners if v.at >= right.at and v.end > top.at + snap]
    for bottom in below:
        if bottom.at > left.end + snap:
            return
        if not _touch(bottom, left, snap):
            continue
        for side in candidates:
            if _touch(bottom, side, snap) and _spans(side, top.at, bottom.at, snap):
                yield left.at, top.at, side.at, bottom.at
                return


def _spans(rule: Rule, start: float, end: float, snap: float) -> bool:
    return rule.start <= start + snap and rule.end >= end - snap
