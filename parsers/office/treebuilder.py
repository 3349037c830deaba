"""Word's flat stream of paragraphs, cell ends and row ends, as .doc and .rtf keep it, to a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .tree import Box, Merge, Node, Para, Table

DEPTH_LIMIT = 50
UNIT = 1000.0  # width of a cell whose row definition does not mention it


@dataclass(frozen=True, slots=True)
class CellDef:
    """One cell of a row definition; `joined` continues the cell to its left."""

    left: float
    right: float
    merge: Merge = ""
    joined: bool = False


@dataclass(slots=True)
class _Level:
    rows: list[tuple[Box, ...]] = field(default_factory=list)
    cells: list[tuple[Node, ...]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def close_cell(self) -> None:
        self.cells.append(tuple(self.nodes))
        self.nodes = []


class TreeBuilder:
    """Takes events in document order; depth 0 is outside tables."""

    def __init__(self) -> None:
        self._top: list[Node] = []
        self._levels: list[_Level] = []

    def paragraph(self, para: Para, depth: int) -> None:
        """A paragraph at that depth."""
        self._reach(depth)
        (self._levels[-1].nodes if self._levels else self._top).append(para)

    def end_cell(self, depth: int) -> None:
        """The cell that is open at that depth ends."""
        self._reach(max(depth, 1))
        self._levels[-1].close_cell()

    def end_row(self, depth: int, definition: Sequence[CellDef]) -> None:
        """The row that is open at that depth ends; its cells get their edges."""
        self._reach(max(depth, 1))
        level = self._levels[-1]
        if level.nodes:  # text without a cell mark: an unfinished cell is a cell
            level.close_cell()
        level.rows.append(tuple(_boxes(level.cells, definition)))
        level.cells = []

    def nodes(self) -> tuple[Node, ...]:
        """All that came; tables still open are closed."""
        for level in self._levels:
            if level.nodes:
                level.close_cell()
            if level.cells:
                level.rows.append(tuple(_boxes(level.cells, ())))
        self._reach(0)
        return tuple(self._top)

    def _reach(self, depth: int) -> None:
        depth = min(max(depth, 0), DEPTH_LIMIT)
        while len(self._levels) > depth:
            closed = self._levels.pop()
            parent = self._levels[-1].nodes if self._levels else self._top
            if closed.rows:
                parent.append(Table(tuple(closed.rows)))
            parent += closed.nodes
        while len(self._levels) < depth:
            self._levels.append(_Level())


def _boxes(cells: Sequence[tuple[Node, ...]], definition: Sequence[CellDef]) -> list[Box]:
    boxes: list[Box] = []
    edge = 0.0
    for place, body in enumerate(cells):
        defined = definition[place] if place < len(definition) else CellDef(edge, edge + UNIT)
        edge = defined.right
        if defined.joined and boxes:
            last = boxes[-1]
            boxes[-1] = Box(last.left, defined.right, last.body + body, last.merge)
        else:
            boxes.append(Box(defined.left, defined.right, body, defined.merge))
    return boxes
