"""Labels torn into two rows that could not be joined: the empty half is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from .align import Label
from .harvest import Harvest
from .model import Cell
from .text import fold


class Row(Protocol):
    """A printed row as sections S and B have it."""

    label: Label

    @property
    def empty(self) -> bool:
        """Nothing stands beside the label."""
        ...

    @property
    def given(self) -> tuple[Cell, ...]:
        """The value cells."""
        ...


def doubt_halves(rows: Sequence[Row], harvest: Harvest) -> None:
    """An empty row, itself perhaps half a label, beside an unknown row with values."""
    for above, below in pairwise(rows):
        for half, other in ((above, below), (below, above)):
            match = half.label.match
            if match and half.empty and not other.empty and other.label.match is None:
                fields = {"label": half.label.text, "expected": match.label}
                for cell in half.given if _may_be_half(half.label) else ():
                    harvest.warn("label-doubtful", cell.at, **fields)


def _may_be_half(label: Label) -> bool:
    """Known by likeness only, or with a bracket that is opened or closed elsewhere."""
    folded = fold(label.text)
    return label.likeness < 1 or folded.count("(") != folded.count(")")
