"""A word-processor document as paragraphs and tables; docx, doc and rtf are read into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from parsers.content import Content, Run, content
from parsers.lattice import Slot, form_grid, notes, snap
from parsers.model import Block, Document, Grid, Problem
from parsers.problems import problem
from parsers.titling import title_of

Merge = Literal["", "start", "continue"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `changed` holds the runs touched by tracked changes (old and new text),
    `drawn` what is displayed and is no text: pictures, objects, fields without a result."""

    runs: tuple[Run, ...] = ()
    changed: tuple[str, ...] = ()
    tag: str = "p"
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A table cell between two edges; `merge` is its part in a vertical merge."""

    left: float
    right: float
    body: tuple[Node, ...] = ()
    merge: Merge = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Box, ...], ...] = ()


Node = Para | Table


class Assembly:
    """Collects blocks and tables in document order, then numbers the tables that hold text."""

    def __init__(self, carrier: str, tolerance: float) -> None:
        self._carrier = carrier
        self._tolerance = tolerance
        self._tables: list[list[Slot]] = []
        self._texts: list[tuple[int, Para]] = []

    def flow(self, nodes: Iterable[Node]) -> None:
        """Takes nodes outside every data table."""
        for node in nodes:
            if isinstance(node, Para):
                self._texts.append((len(self._tables), node))
            elif _is_layout(node):
                self.flow(inner for row in node.rows for box in row for inner in box.body)
            else:
                self._table(node)

    def _table(self, table: Table) -> None:
        place = len(self._tables)
        self._tables.append([])
        self._tables[place] = list(_slots(table, self._tolerance))
        for row in table.rows:
            for box in row:
                self.flow(node for node in box.body if isinstance(node, Table))

    def document(self, problems: Sequence[Problem] = ()) -> Document:
        """Everything taken, as a document."""
        grids: list[Grid] = []
        found: list[Problem] = list(problems)
        numbers: list[int] = []  # grids before table i
        for place, slots in enumerate(self._tables):
            index = len(grids)
            numbers.append(index)
            grid = form_grid(
                slots,
                index=index,
                carrier=self._carrier,
                source=f"{self._carrier}/table[{place + 1}]",
                tolerance=self._tolerance,
            )
            if grid is not None:
                grids.append(grid)
                found += notes(slots, index)
        numbers.append(len(grids))
        blocks = tuple(
            Block(text=said.text, before=numbers[place], tag=para.tag)
            for place, para in self._texts
            if (said := content(para.runs)).text
        )
        found += [note for _, para in self._texts for note in _changes(para)]
        return Document(
            title=title_of(blocks, grids),
            blocks=blocks,
            grids=tuple(grids),
            problems=tuple(found),
        )


def _is_layout(table: Table) -> bool:
    """A frame round other things: one single cell, or mostly cells that hold tables."""
    boxes = [box for row in table.rows for box in row]
    inner = [node for box in boxes for node in box.body if isinstance(node, Table)]
    inner_boxes = sum(len(row) for node in inner for row in node.rows)
    own = sum(not any(isinstance(node, Table) for node in box.body) for box in boxes)
    return len(boxes) <= 1 or inner_boxes > own


def _slots(table: Table, tolerance: float) -> Iterator[Slot]:
    open_slots: dict[int, Slot] = {}  # column -> the slot a vertical merge goes on with
    edges = _all_edges(table, tolerance)
    for number, row in enumerate(table.rows):
        going: dict[int, Slot] = {}
        for box in row:
            col = snap(box.left, edges, tolerance)
            above = open_slots.pop(col, None)
            # What "goes on" under a wider head began on another page.
            fits = above is not None and box.right >= above.right - tolerance
            if box.merge == "continue" and above is not None and fits:
                going[col] = replace(above, rowspan=above.rowspan + 1)
                continue
            if above is not None:
                yield above
            going[col] = _slot(box, number)
        yield from open_slots.values()
        open_slots = going
    yield from open_slots.values()


def _all_edges(table: Table, tolerance: float) -> list[float]:
    edges: list[float] = []
    for left in sorted({box.left for row in table.rows for box in row}):
        if not edges or left - edges[-1] > tolerance:
            edges.append(left)
    return edges


def _slot(box: Box, row: int) -> Slot:
    paragraphs = [node for node in box.body if isinstance(node, Para)]
    return Slot(
        row=row,
        left=box.left,
        right=box.right,
        content=_joined(paragraphs),
        notes=tuple(_notes(paragraphs)),
    )


def _notes(paragraphs: Sequence[Para]) -> Iterator[Problem]:
    """What is said of a cell; a picture beside its text is no loss, a picture alone may be one."""
    for para in paragraphs:
        yield from _changes(para)
    drawn = [what for para in paragraphs for what in para.drawn]
    if drawn and not any(run.text.strip() for para in paragraphs for run in para.runs):
        yield problem("embedded-unread", what=", ".join(drawn)[:200])


def _joined(paragraphs: Sequence[Para]) -> Content:
    runs: list[Run] = []
    for para in paragraphs:
        runs += [*para.runs, Run("\n")]
    return content(runs)


def _changes(para: Para) -> Iterator[Problem]:
    """One note a paragraph; loud when a changed run holds digits."""
    if para.changed:
        what = " | ".join(para.changed)[:200]
        loud = any(character.isdigit() for character in what)
        yield problem("tracked-changes", severity="warning" if loud else "info", what=what)
