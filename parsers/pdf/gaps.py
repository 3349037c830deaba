"""Tables without rules: rows and columns by the gaps between words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from parsers.lattice import Slot
from parsers.model import At, Problem
from parsers.problems import problem

from .columns import GAP, edges_of
from .pages import Sheet
from .piece import Piece, around, distinct, rounded
from .words import Line, said

_SEGMENT_GAP = 1.2  # type sizes between two columns of an unruled table
_LEAST_ROWS = 3
_MOST_LONE = 3  # lines of one column that may follow each other in a table
_FAR = 1.6  # type sizes between two rows of an unruled table
_ALONG = 0.6  # of the height of a table: rules as long part its columns
_TOUCH = 1.0  # points


def unruled(page: Sheet, lines: Sequence[Line]) -> tuple[list[Piece], list[Line]]:
    """Tables among lines that stand in no ruled one, and the lines that are left."""
    pieces: list[Piece] = []
    rest: list[Line] = []
    for run in _runs(lines):
        parted = sum(len(line.segments(_SEGMENT_GAP)) > 1 for line in run)
        piece = _by_gaps(page, run) if parted >= max(_LEAST_ROWS, len(run) / 2) else None
        if piece is None:
            rest += run
        else:
            pieces.append(piece)
    return pieces, rest


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines that are in columns, with what stands near between them; and the rest."""
    run: list[Line] = []
    lone: list[Line] = []  # lines below the run that are not in columns
    for line in sorted(lines, key=lambda line: line.top):
        if len(line.segments(_SEGMENT_GAP)) < 2:
            lone.append(line)
            continue
        if not run or not _is_near([run[-1], *lone, line]):
            yield from filter(None, (run, lone))
            run = [line]
        else:
            run += [*lone, line]
        lone = []
    yield from filter(None, (run, lone))


def _is_near(lines: Sequence[Line]) -> bool:
    """Whether few enough lines follow each other closely enough to be rows of one table."""
    return len(lines) <= _MOST_LONE + 2 and all(
        lower.top - upper.bottom <= _FAR * min(upper.size, lower.size)
        for upper, lower in pairwise(lines)
    )


def _by_gaps(page: Sheet, lines: Sequence[Line]) -> Piece | None:
    """Columns are what lies between strips that hardly a line prints in, or between rules."""
    edges = _ruled_edges(page, lines) or edges_of(lines)
    if not edges or not _has_digit(*lines):
        return None
    boxes = [(line.x0, line.top, line.x1, line.bottom) for line in lines]
    bounds = around(boxes)
    sides = [bounds[0], *edges, bounds[2] + 1]
    slots = [
        slot
        for number, row in enumerate(_rows(lines, edges[0]))
        for slot in _row_slots(page, number, [line.segments(GAP) for line in row], sides)
    ]
    slots[0] = replace(slots[0], notes=(problem("table-unruled"), *slots[0].notes))
    return Piece(page.number, bounds, tuple(slots), is_ruled=False)


def _rows(lines: Sequence[Line], edge: float) -> list[list[Line]]:
    """Lines to rows: a label of several lines stands closer than rows do, its values beside one.

    `edge` is where the first column ends.
    """
    room = [
        max(lower.top - upper.bottom, 0.0)
        for upper, lower in pairwise(lines)
        if upper.x1 > edge and lower.x1 > edge
    ]
    close = median(room) / 2 if room else 0.0
    rows = [[lines[0]]]
    for line in lines[1:]:
        last = rows[-1]
        has_values = any(other.x1 > edge for other in last) and line.x1 > edge
        labels = {round(other.x0 / 3) for other in (*last, line) if other.x0 < edge}
        if line.top - last[-1].bottom < close and not has_values and len(labels) == 1:
            last.append(line)
        else:
            rows.append([line])
    return rows


def _ruled_edges(page: Sheet, lines: Sequence[Line]) -> list[float]:
    """Where rules run down between the columns of those lines."""
    x0, top, x1, bottom = around([(line.x0, line.top, line.x1, line.bottom) for line in lines])
    down = (
        rule.at
        for rule in page.rules
        if rule.way == "v"
        and x0 < rule.at < x1
        and min(rule.end, bottom) - max(rule.start, top) > _ALONG * (bottom - top)
    )
    return distinct(down)


def _row_slots(
    page: Sheet, number: int, lines: Sequence[Sequence[Line]], sides: Sequence[float]
) -> Iterator[Slot]:
    """A slot a column; what prints across columns has one that is as wide."""
    held: list[tuple[int, int, list[Line]]] = []
    row = [part for line in lines for part in line]
    for part in sorted(row, key=lambda part: part.x0):
        first = max(sum(side <= part.x0 + _TOUCH for side in sides) - 1, 0)
        last = max(sum(side < part.x1 - _TOUCH for side in sides) - 1, first)
        if held and first <= held[-1][1]:
            held[-1] = (held[-1][0], max(last, held[-1][1]), [*held[-1][2], part])
        else:
            held.append((first, last, [part]))
    taken = {column for first, last, _ in held for column in range(first, last + 1)}
    held += [(column, column, []) for column in range(len(sides) - 1) if column not in taken]
    top, bottom = min(part.top for part in row), max(part.bottom for part in row)
    for first, last, parts in sorted(held, key=lambda one: one[0]):
        left, right = sides[first], sides[last + 1]
        yield Slot(
            row=number,
            left=left,
            right=right,
            content=said(sorted(parts, key=lambda part: (part.top, part.x0))),
            at=At(page=page.number, box=rounded((left, top, right, bottom))),
            notes=_doubts(parts),
        )


def _doubts(parts: Sequence[Line]) -> tuple[Problem, ...]:
    """Numbers with as much room before them as between columns: perhaps in one of their own."""
    if not any(
        two.x0 - one.x1 > _SEGMENT_GAP * one.size and _has_digit(one, two)
        for one, two in pairwise(parts)
    ):
        return ()
    raw = " ".join(part.text for part in parts)
    return (problem("print-doubtful", raw=raw, reason="a gap as wide as between columns"),)


def _has_digit(*lines: Line) -> bool:
    return any(character.isdigit() for line in lines for character in line.text)
