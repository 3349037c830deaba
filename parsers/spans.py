"""Where cells stand: the table model as browsers lay it out, not as the specification writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534
_SPAN = re.compile(r"[ \t\n\f\r]*\+?([0-9]+)")


def colspan(value: str | None) -> int:
    """Leading digits count, what follows is ignored; nothing readable and 0 are 1."""
    return max(1, _span(value, MAX_COLSPAN, 1))


def rowspan(value: str | None) -> int:
    """As colspan, but 0 stays: to the end of the row group."""
    return _span(value, MAX_ROWSPAN, 1)


def _span(value: str | None, ceiling: int, default: int) -> int:
    match = _SPAN.match(value or "")
    if not match:
        return default
    digits = match[1].lstrip("0")
    return ceiling if len(digits) > 5 else min(int(digits or 0), ceiling)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the n-th cell of a row starts and how far it reaches, in compact rows and columns."""

    row: int
    col: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Places row by row in the order of the cells given, without rows or columns nobody starts."""

    places: tuple[tuple[Place, ...], ...]
    n_rows: int
    n_cols: int


Spans = tuple[int, int]  # rowspan, colspan


def lay_out(groups: Iterable[Sequence[Sequence[Spans]]]) -> Layout:
    """Place the cells of row groups in display order; a rowspan ends with its group."""
    loose: list[list[Place]] = []
    for group in groups:
        _lay_group(group, loose)
    return _compact(loose)


def _lay_group(group: Sequence[Sequence[Spans]], out: list[list[Place]]) -> None:
    pending: list[tuple[int, int, int]] = []  # (first column, end column, rows still to cover)
    for number, row in enumerate(group):
        left = len(group) - number
        taken = sorted((start, end) for start, end, _ in pending)
        places: list[Place] = []
        column = turn = 0
        for rows, cols in row:
            while turn < len(taken) and taken[turn][0] <= column:
                column = max(column, taken[turn][1])
                turn += 1
            height = left if rows == 0 else min(rows, left)
            places.append(Place(len(out), column, height, cols))
            column += cols
        pending = [(start, end, rest - 1) for start, end, rest in pending if rest > 1]
        pending += [(p.col, p.col + p.colspan, p.rowspan - 1) for p in places if p.rowspan > 1]
        out.append(places)


def _compact(loose: list[list[Place]]) -> Layout:
    """Drop rows in which no cell starts and columns in which none does."""
    rows = _ranks(number for number, places in enumerate(loose) if places)
    cols = _ranks(sorted({place.col for places in loose for place in places}))
    row_at, col_at = _Counter(rows, len(loose)), _Counter(cols, max(cols, default=-1) + 1)
    places = tuple(
        tuple(
            Place(
                rows[place.row],
                cols[place.col],
                row_at.before(place.row + place.rowspan) - rows[place.row],
                col_at.before(place.col + place.colspan) - cols[place.col],
            )
            for place in row
        )
        for row in loose
        if row
    )
    return Layout(places, len(rows), len(cols))


def _ranks(numbers: Iterable[int]) -> dict[int, int]:
    return {number: rank for rank, number in enumerate(numbers)}


class _Counter:
    """How many of the kept numbers lie below one."""

    __slots__ = ("_below",)

    def __init__(self, kept: dict[int, int], size: int) -> None:
        self._below = [0]
        for number in range(size):
            self._below.append(self._below[-1] + (number in kept))

    def before(self, number: int) -> int:
        return self._below[min(number, len(self._below) - 1)]
