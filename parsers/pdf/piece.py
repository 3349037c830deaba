"""The part of a table that stands on one page, and the boxes it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.lattice import Slot

from .ruled import SNAP
from .words import Bounds


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


def around(boxes: Sequence[Bounds]) -> Bounds:
    """The smallest box round all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def distinct(values: Iterable[float]) -> list[float]:
    """Levels, those within a snap as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found


def rounded(box: Bounds) -> Bounds:
    """As an address gives it: tenths of a point."""
    x0, top, x1, bottom = (round(side, 1) for side in box)
    return x0, top, x1, bottom
