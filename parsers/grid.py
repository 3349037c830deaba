"""The table model of HTML as browsers lay it out, which is not always what its text says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .celltext import lines_of, printed_lines
from .errors import TooLarge
from .flow import CellPart, Flow, Table
from .model import At, Cell, Grid

SPAN = re.compile(r"[ \t\r\n\f]*\+?([0-9]+)")
MOST_COLUMNS, MOST_ROWS = 1_000, 65_534  # the clamps of the HTML standard
MOST_CELLS, MOST_SLOTS = 6_000, 100_000  # a report has some 500; beyond this a page is hostile


@dataclass(slots=True)
class Raw:
    """A cell before empty rows and columns are dropped."""

    part: CellPart
    row: int
    col: int
    rowspan: int
    colspan: int
    ordinal: int


@dataclass(slots=True)
class Hanging:
    """Columns that a cell from above covers: column -> the first row in which it is free."""

    until: dict[int, int] = field(default_factory=dict)
    work: int = 0

    def free(self, col: int, row: int) -> int:
        """The first free slot from `col` on."""
        if self.until:
            while self.until.get(col, 0) > row:
                col += 1
                self.work += 1
        self.bound()
        return col

    def cover(self, cell: Raw) -> None:
        """`cell` hangs into the rows below; where two claim a slot, both do."""
        below = cell.row + cell.rowspan
        self.work += cell.colspan
        for col in range(cell.col, cell.col + cell.colspan):
            if self.until.get(col, 0) < below:
                self.until[col] = below
        self.bound()

    def bound(self) -> None:
        """Refuse what is laid out without end."""
        if self.work > 10 * MOST_SLOTS:
            raise TooLarge("spans that overlap without end")


def colspan(value: str | None) -> int:
    """Leading digits, clamped; anything else is 1."""
    number = _digits(value)
    return min(number, MOST_COLUMNS) if number else 1


def rowspan(value: str | None, left: int) -> int:
    """Leading digits, clamped to the rows left in the group; 0 means all of them."""
    number = _digits(value)
    if number is None:
        return 1
    return left if number == 0 else min(number, MOST_ROWS, left)


def _digits(value: str | None) -> int | None:
    hit = SPAN.match(value) if value else None
    return int(hit.group(1)[:9]) if hit else None


def groups_of(table: Table) -> list[list[list[CellPart]]]:
    """Row groups in the order they are shown: the first thead first, the first tfoot last."""
    top: list[list[list[CellPart]]] = []
    middle: list[list[list[CellPart]]] = []
    bottom: list[list[list[CellPart]]] = []
    for tag, rows in table.groups:
        first = {"thead": top, "tfoot": bottom}.get(tag, middle)
        (middle if first else first).append(rows)
    return [*top, *middle, *bottom]


def raw_cells(table: Table) -> list[Raw]:
    """Every cell with its first slot; TooLarge for a table no report can have."""
    if sum(len(row) for _, rows in table.groups for row in rows) > MOST_CELLS:
        raise TooLarge(f"a table of more than {MOST_CELLS} cells")
    cells: list[Raw] = []
    top = 0
    for rows in groups_of(table):
        hanging = Hanging()
        for number, row in enumerate(rows):
            cells.extend(_row(row, top + number, top + len(rows), hanging))
        top += len(rows)
    return cells


def _row(row: Sequence[CellPart], number: int, end: int, hanging: Hanging) -> list[Raw]:
    cells: list[Raw] = []
    col = 0
    for part in row:
        col = hanging.free(col, number)
        attributes = part.element.attributes
        down = across = 1
        if attributes:
            down = rowspan(attributes.get("rowspan"), end - number)
            across = colspan(attributes.get("colspan"))
        cells.append(Raw(part, number, col, down, across, len(cells)))
        col += across
    for cell in cells:
        if cell.rowspan > 1:
            hanging.cover(cell)
    return cells


def form_grid(table: Table, index: int) -> Grid:
    """The grid of one table; rows and columns in which no cell starts are dropped."""
    raw = raw_cells(table)
    rows = sorted({cell.row for cell in raw})
    cols = sorted({cell.col for cell in raw})
    if len(rows) * len(cols) > MOST_SLOTS:
        raise TooLarge(f"a table of {len(rows)} rows and {len(cols)} columns")
    return Grid(
        index=index,
        cells=tuple(_cells(raw, rows, cols, index)),
        n_rows=len(rows),
        n_cols=len(cols),
        caption="\n".join(lines_of(table.caption).whole) or None,
        source=f"table[{table.ordinal}]",
    )


def _cells(cells: Sequence[Raw], rows: list[int], cols: list[int], index: int) -> Iterator[Cell]:
    row_of = {row: number for number, row in enumerate(rows)}
    col_of = {col: number for number, col in enumerate(cols)}
    for raw in cells:
        row, col = row_of[raw.row], col_of[raw.col]
        down = across = 1
        if raw.rowspan > 1:
            down = bisect_left(rows, raw.row + raw.rowspan) - row
        if raw.colspan > 1:
            across = bisect_left(cols, raw.col + raw.colspan) - col
        text, lines, plain, marks, uncertain = _printed(raw.part.flow)
        at, header = At(index, row, raw.ordinal), raw.part.element.tag == "th"
        # by position: names cost a third of a cell, and a page has hundreds
        yield Cell(text, lines, row, col, at, down, across, plain, marks, uncertain, header)


def _printed(flow: Flow) -> tuple[str, tuple[str, ...], str, tuple[str, ...], bool]:
    """Text, lines, text without raised runs, those, doubt; most cells are one run or none."""
    if not flow:
        return "", (), "", (), False
    if len(flow) == 1 and isinstance(only := flow[0], str):
        lines = printed_lines((only,))
        text = lines[0] if len(lines) == 1 else "\n".join(lines)
        return text, tuple(lines), text, (), False
    found = lines_of(flow)
    text = "\n".join(found.whole)
    plain = text if not found.marks else "\n".join(found.plain)
    marks = tuple(filter(None, map(str.strip, found.marks)))
    return text, tuple(found.whole), plain, marks, found.uncertain
