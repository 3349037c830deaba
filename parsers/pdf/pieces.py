"""Tables of one page: ruled ones cell by cell, unruled ones by the gaps between words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.lattice import Slot, snap
from parsers.model import At
from parsers.problems import problem

from .pages import Sheet
from .ruled import SNAP, ruled_tables, shade_rules
from .words import Bounds, Char, Line, lines_of, said

_SEGMENT_GAP = 1.2  # type sizes between two columns of an unruled table
_LEAST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a table that stands on one page; row numbers of its slots start at 0."""

    page: int
    bounds: Bounds
    slots: tuple[Slot, ...]
    is_ruled: bool = True

    @property
    def height(self) -> int:
        return max((slot.row + slot.rowspan for slot in self.slots), default=0)


def pieces_of(page: Sheet) -> tuple[list[Piece], list[Line]]:
    """Tables from top to bottom, and the lines that stand in none."""
    cells = ruled_tables(page.rules) or ruled_tables(shade_rules(page.shades))
    ruled, chars = [], list(page.chars)
    for table in cells:
        inside, chars = _split(chars, _around(table))
        piece = _piece(page, table, inside)
        if _is_table(piece):
            ruled.append(piece)
        else:
            chars += inside
    pieces, lines = _unruled(page, lines_of(chars))
    return sorted([*ruled, *pieces], key=lambda piece: piece.bounds[1]), lines


def _is_table(piece: Piece) -> bool:
    """Text in at least two columns; frames and shaded paragraphs are none."""
    return len({slot.left for slot in piece.slots if slot.content.text}) > 1 or (
        len({slot.left for slot in piece.slots}) > 1 and piece.height > 1
    )


def _around(boxes: Sequence[Bounds]) -> Bounds:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _split(chars: Sequence[Char], bounds: Bounds) -> tuple[list[Char], list[Char]]:
    inside: list[Char] = []
    outside: list[Char] = []
    for char in chars:
        (inside if _holds(bounds, char) else outside).append(char)
    return inside, outside


def _holds(bounds: Bounds, char: Char) -> bool:
    x, y = char.middle
    return bounds[0] <= x < bounds[2] and bounds[1] <= y < bounds[3]


def _piece(page: Sheet, cells: Sequence[Bounds], chars: Sequence[Char]) -> Piece:
    tops = _distinct(box[1] for box in cells)
    slots = []
    rest = list(chars)
    for box in sorted(cells, key=lambda box: (box[1], box[0])):
        inside, rest = _split(rest, box)
        row = snap(box[1], tops, SNAP)
        last = sum(top < box[3] - SNAP for top in tops)
        slots.append(
            Slot(
                row=row,
                rowspan=max(last - row, 1),
                left=box[0],
                right=box[2],
                content=said(lines_of(inside)),
                at=At(page=page.number, box=_rounded(box)),
            )
        )
    return Piece(page.number, _around(cells), tuple(slots))


def _distinct(values: Iterator[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found


def _rounded(box: Bounds) -> Bounds:
    x0, top, x1, bottom = (round(side, 1) for side in box)
    return x0, top, x1, bottom


def _unruled(page: Sheet, lines: Sequence[Line]) -> tuple[list[Piece], list[Line]]:
    pieces: list[Piece] = []
    rest: list[Line] = []
    for run in _runs(lines):
        piece = _by_gaps(page, run) if len(run) >= _LEAST_ROWS else None
        if piece is None:
            rest += run
        else:
            pieces.append(piece)
    return pieces, rest


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines that are all in columns, or all not."""
    run: list[Line] = []
    state = False
    for line in sorted(lines, key=lambda line: line.top):
        in_columns = len(line.segments(_SEGMENT_GAP)) > 1
        if run and in_columns != state:
            yield run
            run = []
        run.append(line)
        state = in_columns
    if run:
        yield run


def _by_gaps(page: Sheet, lines: Sequence[Line]) -> Piece | None:
    """Columns are what lies between strips that no line prints in."""
    segments = [line.segments(_SEGMENT_GAP) for line in lines]
    columns = _columns([part for row in segments for part in row])
    has_digits = any(character.isdigit() for line in lines for character in line.text)
    if len(columns) < 2 or not has_digits:
        return None
    slots = [
        slot
        for number, row in enumerate(segments)
        for slot in _row_slots(page, number, row, columns)
    ]
    boxes = [(line.x0, line.top, line.x1, line.bottom) for line in lines]
    slots[0] = replace(slots[0], notes=(problem("table-unruled"),))
    return Piece(page.number, _around(boxes), tuple(slots), is_ruled=False)


def _columns(parts: Sequence[Line]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for part in sorted(parts, key=lambda part: part.x0):
        if columns and part.x0 <= columns[-1][1] + 2:
            columns[-1] = (columns[-1][0], max(columns[-1][1], part.x1))
        else:
            columns.append((part.x0, part.x1))
    return columns


def _row_slots(
    page: Sheet, number: int, row: Sequence[Line], columns: Sequence[tuple[float, float]]
) -> Iterator[Slot]:
    edges = [*(left for left, _ in columns), columns[-1][1] + 1]
    for (left, right), end in zip(pairwise(edges), (right for _, right in columns), strict=True):
        parts = [part for part in row if left <= part.x0 <= end]
        box = (left, min(p.top for p in row), end, max(p.bottom for p in row))
        yield Slot(
            row=number,
            left=left,
            right=right,
            content=said(parts),
            at=At(page=page.number, box=_rounded(box)),
        )
