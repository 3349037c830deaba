"""A page taken apart: grids of its data tables, the text round them, its metadata and documents.

Displayed tables come first. What a page carries in scripts, fields and escaped text, what style
takes off it, and what it lays out without tables speak only for sections not read before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .bands import bands
from .bare import described
from .boxes import rewritten
from .carriers import body_script, embedded
from .celltext import printed_lines, trimmed
from .errors import TooLarge
from .flow import Flow, Raise, Table, unfolded
from .grid import MOST_SLOTS, form_grid
from .hollow import doubt_filled
from .limits import bounded
from .model import WHOLE, At, Block, Cell, Document, Grid, Problem
from .page import Carrier, Page, read_page
from .plaintext import grid_of
from .problems import problem
from .rows import sections_in

DEEPEST = 3  # carriers in carriers
WORDS = ("申请", "公开", "维持", "许可")  # without one of them no line belongs to a form
CELL_TAG = re.compile("<(?:t[dh]|/t(?:[dhr]|body|able))", re.I)  # opens a cell, or closes one
MOST_CARRIERS = 40  # with tables of statistics; a report has a few


def parse(text: str) -> Document:
    """Grids, blocks, metadata, links; also of tables that hide in scripts and attributes."""
    return _parse(text, DEEPEST)


def _parse(text: str, depth: int) -> Document:
    text = bounded(text)
    if whole := body_script(text):
        return _with_embedded(described(whole.text), [whole], "", depth)
    page = read_page(text)
    document = _displayed(page, text)
    filled = doubt_filled(document.grids, page.carriers)
    document = replace(document, problems=(*document.problems, *filled)) if filled else document
    document = _with_embedded(document, page.carriers, text, depth)
    for weaker in (_undisplayed, _boxes, _lines):
        if any(map(sections_in, document.grids)):
            break
        document = weaker(document, page)
    return document


def _with_embedded(
    document: Document, carriers: Sequence[Carrier], text: str, depth: int
) -> Document:
    """Tables of statistics in carriers, for the sections that the page itself does not show."""
    if not depth or not (carriers or "<![CDATA[" in text):
        return document
    found: list[Document] = []
    for carrier in embedded(carriers, text):
        inner = _parse(carrier.text, depth - 1)
        if any(map(sections_in, inner.grids)):
            found.append(_from(inner, carrier))
        if len(found) == MOST_CARRIERS:
            break
    return _joined(document, found)


def _from(inner: Document, carrier: Carrier) -> Document:
    grids = [
        replace(
            grid,
            source=f"{carrier.path} > {grid.source}",
            carrier=carrier.kind if grid.carrier == "html" else grid.carrier,
        )
        for grid in inner.grids
    ]
    return replace(inner, grids=tuple(grids))


def _joined(document: Document, weaker: Iterable[Document]) -> Document:
    """`document` and what weaker sources add to it; a table that stands twice is one."""
    shown = {band.section for band in bands(document)} if document.grids else set()
    texts = {_texts(grid) for grid in document.grids}
    for inner in weaker:
        copies = {_texts(grid) for grid in inner.grids if sections_in(grid)}
        sections = {band.section for band in bands(inner)}
        if sections - shown and not copies <= texts:
            texts |= copies
            document = appended(document, inner)
    return document


def _texts(grid: Grid) -> tuple[str, ...]:
    return tuple([cell.text for cell in grid.cells])


def appended(outer: Document, inner: Document) -> Document:
    """Both as one; tables of `inner` are numbered on."""
    shift = len(outer.grids)
    return Document(
        title=outer.title or inner.title,
        metas=(*outer.metas, *inner.metas),
        grids=(*outer.grids, *(_moved(grid, shift) for grid in inner.grids)),
        blocks=(*outer.blocks, *(replace(b, before=b.before + shift) for b in inner.blocks)),
        links=(*outer.links, *inner.links),
        problems=(*outer.problems, *(replace(p, at=_shifted(p.at, shift)) for p in inner.problems)),
    )


def _moved(grid: Grid, shift: int) -> Grid:
    cells = tuple([replace(cell, at=_shifted(cell.at, shift)) for cell in grid.cells])
    return replace(grid, index=grid.index + shift, cells=cells)


def _shifted(at: At, shift: int) -> At:
    return at if at.table is None else replace(at, table=at.table + shift)


def _displayed(page: Page, text: str) -> Document:
    """What the page itself shows."""
    grids, problems = _grids(page.tables)
    shown = [table.ordinal for table in page.tables if table.is_data]
    if grids and cut_short(text):
        last = grids[-1].cells[-1].at
        problems.append(problem("truncated", last, reason="the page ends inside this cell"))
    if "\ufffd" in text:
        problems += [_lost(cell) for grid in grids for cell in grid.cells if "\ufffd" in cell.text]
    return Document(
        title=trimmed([page.title]),
        metas=tuple(page.metas),
        blocks=tuple(_blocks(page.flow, shown)),
        grids=tuple(grids),
        links=tuple(dict.fromkeys(page.links)),
        problems=tuple(problems),
    )


def _lost(cell: Cell) -> Problem:
    return problem("character-lost", cell.at, raw=cell.text)


def _grids(tables: Sequence[Table]) -> tuple[list[Grid], list[Problem]]:
    """The data tables as grids; one too large is left to the text, with a problem."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    slots = 0
    for table in tables:
        if not table.is_data:
            continue
        try:
            grid = form_grid(table, len(grids))
            slots += grid.n_rows * grid.n_cols
            if slots > MOST_SLOTS:
                raise TooLarge(f"more than {MOST_SLOTS} slots in all tables of the page")
            grids.append(grid)
        except TooLarge as error:
            problems.append(problem("too-large", WHOLE, reason=error))
            table.is_data = False
    return grids, problems


def _blocks(flow: Flow, shown: Sequence[int]) -> list[Block]:
    """Lines of text outside the data tables, with the number of tables before each."""
    blocks: list[Block] = []
    line: list[str] = []
    tag, before = "body", 0
    for item in unfolded(flow):
        if isinstance(item, str):
            line.append(item)
            continue
        if isinstance(item, Raise):
            continue
        if line:
            blocks += [Block(text, before, tag) for text in printed_lines(line)]
            line = []
        if isinstance(item, Table):
            before = bisect_right(shown, item.last)
        else:
            tag = item.tag or tag
    return blocks + [Block(text, before, tag) for text in printed_lines(line)]


def cut_short(text: str) -> bool:
    """Whether the markup ends inside a table cell: what was cut off may have been digits."""
    tail = text[-20_000:].rstrip()
    tags = CELL_TAG.findall(tail)
    if not tags or tags[-1].startswith("</"):
        return False
    unfinished = tail.rfind("<") > tail.rfind(">") or not tail.endswith(">")
    return unfinished or "</td" in text or "</TD" in text


def _undisplayed(document: Document, page: Page) -> Document:
    """Tables that style takes off the page: perhaps a tab that a script opens."""
    if not page.unshown:
        return document
    hidden = read_page(page.markup, everything=True)
    found = _doubted(_displayed(hidden, ""), "not-displayed", "hidden")
    return _joined(document, [found])


def _boxes(document: Document, page: Page) -> Document:
    """Tables laid out with other elements; the page is read again, so that no text stands twice."""
    if not any(sum(map(block.text.count, WORDS)) for block in document.blocks):
        return document
    markup = rewritten(page)
    found = _doubted(_displayed(read_page(markup), ""), "table-of-boxes", "div") if markup else None
    return found if found and any(map(sections_in, found.grids)) else document


def _lines(document: Document, page: Page) -> Document:
    """Tables printed as text; the lines stay in the text as well."""
    grid = grid_of(document.blocks, len(document.grids))
    if grid is None:
        return document
    doubt = problem("table-of-text", At(table=grid.index))
    return replace(document, grids=(*document.grids, grid), problems=(*document.problems, doubt))


def _doubted(document: Document, code: str, carrier: str) -> Document:
    """Tables of statistics from a weaker source, each with a problem that says so."""
    spoken = {grid.index for grid in document.grids if sections_in(grid)}
    grids = [replace(g, carrier=carrier) if g.index in spoken else g for g in document.grids]
    doubts = [problem(code, At(table=index)) for index in sorted(spoken)]
    return replace(document, grids=tuple(grids), problems=(*document.problems, *doubts))
