"""Printed boxes to a grid: the former that all document readers share.

A reader says for each box in which row it starts and between which edges it lies; edges may be
points, twips or column numbers. Columns are the edges that some box starts at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .content import Content
from .model import WHOLE, At, Cell, Grid, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One printed box; `at` carries what the carrier knows of it (page, box, sheet, ref)."""

    row: int
    rowspan: int = 1
    left: float
    right: float
    content: Content
    at: At = WHOLE
    notes: tuple[Problem, ...] = ()  # found while reading it; they get its address


def form_grid(
    slots: Sequence[Slot], *, index: int, carrier: str, source: str = "", tolerance: float = 0
) -> Grid | None:
    """The grid of those boxes; None when nothing is printed in them."""
    edges = _edges((slot.left for slot in slots), tolerance)
    if not any(slot.content.text for slot in slots):
        return None
    kept = sorted({slot.row for slot in slots})
    rows = {row: place for place, row in enumerate(kept)}  # rows in which no box starts go
    cells = tuple(_cell(slot, at, edges, tolerance, rows) for slot, at in _addressed(slots, index))
    return Grid(
        index=index,
        cells=cells,
        n_rows=len(rows),
        n_cols=len(edges),
        source=source,
        carrier=carrier,
    )


def notes(slots: Sequence[Slot], index: int) -> tuple[Problem, ...]:
    """What was noted on those boxes, each at the address its cell has in grid `index`."""
    return tuple(
        replace(note, at=at) for slot, at in _addressed(slots, index) for note in slot.notes
    )


def snap(value: float, edges: Sequence[float], tolerance: float) -> int:
    """Ordinal of the edge at `value`: the last one that is not beyond it."""
    return max(sum(edge <= value + tolerance for edge in edges) - 1, 0)


def _edges(lefts: Iterable[float], tolerance: float) -> list[float]:
    edges: list[float] = []
    for left in sorted(set(lefts)):
        if not edges or left - edges[-1] > tolerance:
            edges.append(left)
    return edges


def _addressed(slots: Sequence[Slot], index: int) -> Iterator[tuple[Slot, At]]:
    """Slots in reading order with their addresses: row as laid out, ordinal within it."""
    ordinals: dict[int, int] = {}
    for slot in sorted(slots, key=lambda slot: (slot.row, slot.left)):
        ordinal = ordinals.get(slot.row, 0)
        ordinals[slot.row] = ordinal + 1
        yield slot, replace(slot.at, table=index, row=slot.row, cell=ordinal)


def _cell(
    slot: Slot, at: At, edges: Sequence[float], tolerance: float, rows: dict[int, int]
) -> Cell:
    col = snap(slot.left, edges, tolerance)
    end = sum(edge < slot.right - tolerance for edge in edges)
    said = slot.content
    return Cell(
        text=said.text,
        lines=said.lines,
        plain=said.plain,
        marks=said.marks,
        row=rows[slot.row],
        col=col,
        rowspan=sum(row in rows for row in range(slot.row, slot.row + slot.rowspan)),
        colspan=max(end - col, 1),
        at=at,
    )
