"""A page with one printed cell marked: found by the walk that gave the cell its address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .carriers import embedded
from .document import HIDING, bounded, parse_html
from .grid import raw_cells
from .model import At, Cell, Grid
from .rows import sections_in

MARK = "data-gongkai"  # "cell" on the chosen cell, "term" on those that it is summed with


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page that prints the cell; of a table that a script carries, what the script holds."""

    html: str
    found: bool
    text: str = ""  # what the cell says when it is read now
    carrier: str = "html"


def show(text: str, at: At, terms: Sequence[At] = ()) -> Shown:
    """`text` is the decoded page; a cell that is not there leaves the page without a mark."""
    first = 0
    for carrier, html, grids in _pieces(bounded(text)):
        if at.table is not None and at.table < first + len(grids):
            return _marked(html, carrier, grids[at.table - first], at, terms, first)
        first += len(grids)
    return Shown(html=text, found=False)


def _pieces(text: str) -> Iterator[tuple[str, str, Sequence[Grid]]]:
    """What `document.parse` joins into one document, in its order."""
    grids = parse_html(text).grids
    yield "html", text, grids
    if any(sections_in(grid) for grid in grids):
        return
    for carrier, _, html in embedded(text):
        grids = parse_html(html).grids
        if any(sections_in(grid) for grid in grids):
            yield carrier, html, grids


def _marked(html: str, carrier: str, grid: Grid, at: At, terms: Sequence[At], first: int) -> Shown:
    tree = LexborHTMLParser(html)
    nodes = _nodes(tree, grid, hiding=bool(HIDING.search(html)))
    cell = _printed(grid, at)
    node = nodes.get((at.row, at.cell)) if cell is not None else None
    for term in terms:
        other = nodes.get((term.row, term.cell)) if term.table == grid.index + first else None
        if other is not None:
            other.attrs[MARK] = "term"
    if cell is None or node is None:
        return Shown(html=tree.html or html, found=False, carrier=carrier)
    node.attrs[MARK] = "cell"
    return Shown(html=tree.html or html, found=True, text=cell.text, carrier=carrier)


def _nodes(
    tree: LexborHTMLParser, grid: Grid, *, hiding: bool
) -> dict[tuple[int | None, int | None], LexborNode]:
    """Row and cell ordinals of a grid -> the elements they came from."""
    table = tree.css("table")[_ordinal(grid)]
    raw = raw_cells(table, hiding=hiding)
    rows = {row: number for number, row in enumerate(sorted({cell.row for cell in raw}))}
    return {(rows[cell.row], cell.ordinal): cell.node for cell in raw}


def _ordinal(grid: Grid) -> int:
    """The grid's place among all tables of its page, from its source `table[3]`."""
    return int(grid.source.rsplit("[", 1)[1].rstrip("]"))


def _printed(grid: Grid, at: At) -> Cell | None:
    return next(
        (cell for cell in grid.cells if (cell.at.row, cell.at.cell) == (at.row, at.cell)), None
    )
