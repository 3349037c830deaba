"""The table model of HTML as browsers lay it out, which is not always what its text says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from .celltext import Lines, is_hidden, lines_of
from .errors import TooLarge
from .model import At, Cell, Grid

SPAN = re.compile(r"[ \t\r\n\f]*\+?(\d+)")
MOST_COLUMNS, MOST_ROWS = 1_000, 65_534  # the clamps of the HTML standard
MOST_CELLS, MOST_SLOTS = 40_000, 400_000  # a report has some 500; beyond this a page is hostile
GROUPS = frozenset(("thead", "tbody", "tfoot"))


@dataclass(slots=True)
class Raw:
    """A cell before empty rows and columns are dropped."""

    node: LexborNode
    row: int
    col: int
    rowspan: int
    colspan: int
    ordinal: int


@dataclass(slots=True)
class Spans:
    """Cells that hang into the rows below: (first slot, slot after the last, rows left)."""

    active: list[tuple[int, int, int]] = field(default_factory=list)

    def taken(self, col: int) -> int:
        """The slot after the span that covers `col`; `col` itself when it is free."""
        for start, stop, _ in self.active:
            if start <= col < stop:
                return stop
        return col

    def step(self) -> None:
        """One row further down."""
        self.active = [(start, stop, left - 1) for start, stop, left in self.active if left > 1]


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
    hit = SPAN.match(value or "")
    return int(hit.group(1)[:9]) if hit else None


def groups_of(table: LexborNode) -> list[list[LexborNode]]:
    """Row groups in the order they are shown: the first thead first, the first tfoot last."""
    top: list[list[LexborNode]] = []
    middle: list[list[LexborNode]] = []
    bottom: list[list[LexborNode]] = []
    for group in _children(table):
        if group.tag in GROUPS:
            rows = [row for row in _children(group) if row.tag == "tr"]
            first = {"thead": top, "tfoot": bottom}.get(group.tag or "", middle)
            (middle if first else first).append(rows)
    return [*top, *middle, *bottom]


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def caption_of(table: LexborNode) -> LexborNode | None:
    """The caption element."""
    return next((child for child in _children(table) if child.tag == "caption"), None)


def raw_cells(table: LexborNode, *, hiding: bool) -> list[Raw]:
    """Every cell with its first slot; TooLarge for a table no report can have."""
    cells: list[Raw] = []
    top = 0
    for group in groups_of(table):
        rows = [row for row in group if not (hiding and is_hidden(row))]
        spans = Spans()
        for number, row in enumerate(rows):
            cells.extend(_row(row, top + number, len(rows) - number, spans, hiding=hiding))
            spans.step()
            if len(cells) > MOST_CELLS:
                raise TooLarge(f"a table of more than {MOST_CELLS} cells")
        top += len(rows)
    return cells


def _row(row: LexborNode, number: int, left: int, spans: Spans, *, hiding: bool) -> list[Raw]:
    cells: list[Raw] = []
    hanging: list[tuple[int, int, int]] = []
    col = 0
    for node in _children(row):
        if node.tag not in ("td", "th") or (hiding and _gone(node)):
            continue
        while (free := spans.taken(col)) != col:
            col = free
        attributes = node.attributes
        down = rowspan(attributes.get("rowspan"), left)
        across = colspan(attributes.get("colspan"))
        cells.append(Raw(node, number, col, down, across, len(cells)))
        hanging.append((col, col + across, down))
        col += across
    spans.active.extend(hanging)
    return cells


def _gone(node: LexborNode) -> bool:
    """visibility:hidden keeps its slot, display:none does not."""
    style = (node.attributes.get("style") or "").lower().replace(" ", "")
    return "hidden" in node.attributes or "display:none" in style


def form_grid(
    table: LexborNode, index: int, apart: Collection[int], source: str, *, hiding: bool
) -> Grid:
    """The grid of one table; rows and columns in which no cell starts are dropped."""
    raw = raw_cells(table, hiding=hiding)
    rows = {row: i for i, row in enumerate(sorted({cell.row for cell in raw}))}
    cols = {col: i for i, col in enumerate(sorted({cell.col for cell in raw}))}
    if len(rows) * len(cols) > MOST_SLOTS:
        raise TooLarge(f"a table of {len(rows)} rows and {len(cols)} columns")
    cells = tuple(_cell(cell, rows, cols, index, apart, hiding=hiding) for cell in raw)
    head = caption_of(table)
    caption = "\n".join(lines_of(head, apart, hiding=hiding).whole) if head is not None else None
    return Grid(
        index=index,
        cells=cells,
        n_rows=len(rows),
        n_cols=len(cols),
        caption=caption or None,
        source=source,
    )


def _cell(
    raw: Raw,
    rows: dict[int, int],
    cols: dict[int, int],
    index: int,
    apart: Collection[int],
    *,
    hiding: bool,
) -> Cell:
    shown = not (hiding and is_hidden(raw.node))
    lines = lines_of(raw.node, apart, hiding=hiding) if shown else Lines()
    row, col = rows[raw.row], cols[raw.col]
    down = raw.rowspan if raw.rowspan == 1 else _kept(rows, raw.row, raw.rowspan)
    across = raw.colspan if raw.colspan == 1 else _kept(cols, raw.col, raw.colspan)
    text = "\n".join(lines.whole)
    return Cell(
        text=text,
        lines=tuple(lines.whole),
        row=row,
        col=col,
        rowspan=down,
        colspan=across,
        at=At(table=index, row=row, cell=raw.ordinal),
        plain=text if not lines.marks else "\n".join(lines.plain),
        marks=tuple(mark for mark in map(str.strip, lines.marks) if mark),
        header=raw.node.tag == "th",
    )


def _kept(kept: dict[int, int], start: int, span: int) -> int:
    """How many of the spanned rows or columns were kept."""
    if span > len(kept):
        return sum(start <= place < start + span for place in kept)
    return sum(place in kept for place in range(start, start + span))
