"""A page with one printed cell marked: found by the pass that gave the cell its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .boxes import rewritten
from .carriers import body_script, embedded
from .document import DEEPEST, parse
from .errors import TooLarge
from .flow import Table
from .grid import form_grid, raw_cells
from .limits import bounded
from .model import At, Cell, Grid
from .page import Page, read_page

MARK = "data-gongkai"  # "cell" on the chosen cell, "term" on those that it is summed with
NAME = re.compile(r"[^\s/>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page that prints the cell; of a table that a script carries, what the script holds."""

    html: str
    found: bool
    text: str = ""  # what the cell says when it is read now
    carrier: str = "html"


def show(text: str, at: At, terms: Sequence[At] = ()) -> Shown:
    """`text` is the decoded page; a cell that is not there leaves the page without a mark."""
    text = bounded(text)
    grids = parse(text).grids
    if at.table is None or at.table >= len(grids):
        return Shown(html=text, found=False)
    grid = grids[at.table]
    place = next(_places(text, grid, DEEPEST), None)
    cell = _printed(grid, at)
    if place is None or cell is None:
        return Shown(html=text, found=False, carrier=grid.carrier)
    page, table = place
    pieces = list(page.pieces)
    starts = _starts(table)
    for term in terms:
        if term.table == at.table and (start := starts.get((term.row, term.cell))):
            _mark(pieces, start, "term")
    _mark(pieces, starts[at.row, at.cell], "cell")
    return Shown(html="<".join(pieces), found=True, text=cell.text, carrier=grid.carrier)


def _places(text: str, grid: Grid, depth: int) -> Iterator[tuple[Page, Table]]:
    """The pages and tables that print this grid, in the order in which `document` reads them."""
    if whole := body_script(text):
        yield from _places(whole.text, grid, depth - 1) if depth else ()
        return
    page = read_page(text, in_place=True)
    yield from _tables(page, grid)
    for carrier in embedded(page.carriers, text) if depth else ():
        yield from _places(carrier.text, grid, depth - 1)
    if page.unshown:
        yield from _tables(read_page(page.markup, everything=True, in_place=True), grid)
    if markup := rewritten(page):
        yield from _tables(read_page(markup, in_place=True), grid)


def _tables(page: Page, grid: Grid) -> Iterator[tuple[Page, Table]]:
    """The source names the place; the printed texts decide between pages that share it."""
    texts = [cell.text for cell in grid.cells]
    for table in page.tables:
        if not table.is_data or not grid.source.endswith(f"table[{table.ordinal}]"):
            continue
        try:
            printed = form_grid(table, 0)
        except TooLarge:
            continue
        if [cell.text for cell in printed.cells] == texts:
            yield page, table


def _starts(table: Table) -> dict[tuple[int | None, int | None], int]:
    """Row and cell ordinals of a grid -> the place of the start tag."""
    raw = raw_cells(table)
    rows = {row: number for number, row in enumerate(sorted({cell.row for cell in raw}))}
    return {(rows[cell.row], cell.ordinal): cell.part.start for cell in raw}


def _mark(pieces: list[str], start: int, mark: str) -> None:
    """An attribute right behind the name of the element."""
    pieces[start] = NAME.sub(rf'\g<0> {MARK}="{mark}"', pieces[start], count=1)


def _printed(grid: Grid, at: At) -> Cell | None:
    return next(
        (cell for cell in grid.cells if (cell.at.row, cell.at.cell) == (at.row, at.cell)), None
    )
