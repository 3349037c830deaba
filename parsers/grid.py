"""Tables as a person sees them: which of them are data, and their cells in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .celltext import lines
from .flow import Flow, RawCell, RawGroup, RawTable
from .model import At, Cell, Grid
from .spans import Place, lay_out

MAX_SLOTS = 2_000_000

_NUMERIC = re.compile(r"[-+−－]?[\d０-９][\d０-９,，.．]*\s*[%％]?|[/／]|[-—–―─－]{1,3}")
_MANY = 6  # numbers from which a table is data whatever else it holds
_SOME = 3
_ARTICLE = 300  # characters of one cell that may be an article


def is_data(table: RawTable) -> bool:
    """Whether a table holds data of its own; the tables inside it have been judged before."""
    cells = table.cells()
    if len(cells) <= 1:
        return False
    own = [cell for cell in cells if not cell.flow.holds_tables]
    texts = [cell.lines for cell in own if cell.lines]
    if len(own) == len(cells):
        return bool(texts) and not _is_article(texts)
    if table.role in ("presentation", "none"):
        return False
    numbers = _numbers(texts, _SOME)
    return numbers >= _SOME or len(texts) >= max(4, 3 * (len(cells) - len(own)))


def _is_article(texts: list[tuple[str, ...]]) -> bool:
    """Most of the text is prose in one cell, and there are hardly any numbers beside it."""
    sizes = [sum(map(len, text)) for text in texts]
    biggest = max(sizes)
    if biggest < _ARTICLE or biggest < 0.7 * sum(sizes) or _numbers(texts, _MANY) >= _MANY:
        return False
    prose = texts[sizes.index(biggest)]
    return "".join(prose).count("。") >= 3 or max(map(len, prose)) >= _ARTICLE


def _numbers(texts: Iterable[tuple[str, ...]], enough: int) -> int:
    found = 0
    for text in texts:
        found += all(map(_NUMERIC.fullmatch, text))
        if found >= enough:
            break
    return found


def grid(table: RawTable, index: int) -> Grid:
    """The grid of a data table; `index` is its ordinal among all of them."""
    groups = _display_order(table.groups)
    layout = lay_out(
        [[[(cell.rowspan, cell.colspan) for cell in row] for row in group.rows] for group in groups]
    )
    rows = [row for group in groups for row in group.rows if row]
    cells = tuple(
        _cell(raw, place, At(table=index, row=place.row, cell=number))
        for places, row in zip(layout.places, rows, strict=True)
        for number, (place, raw) in enumerate(zip(places, row, strict=True))
    )
    caption = "\n".join(line for flow in table.captions for line in lines(flow.pieces))
    return Grid(
        index=index,
        cells=cells,
        n_rows=layout.n_rows,
        n_cols=layout.n_cols,
        caption=caption or None,
        source=f"table[{table.ordinal}]",
    )


def _display_order(groups: list[RawGroup]) -> list[RawGroup]:
    """The first thead first, the first tfoot last, everything else as written."""
    head = next((group for group in groups if group.kind == "thead"), None)
    foot = next((group for group in groups if group.kind == "tfoot"), None)
    body = [group for group in groups if group is not head and group is not foot]
    return [group for group in (head, *body, foot) if group is not None]


def _cell(raw: RawCell, place: Place, at: At) -> Cell:
    text = "\n".join(raw.lines)
    marks, plain = ((), text) if not raw.flow.raised else _marks(raw.flow)
    return Cell(
        text=text,
        lines=raw.lines,
        row=place.row,
        col=place.col,
        rowspan=place.rowspan,
        colspan=place.colspan,
        at=at,
        plain=plain,
        marks=marks,
        header=raw.header,
    )


def _marks(flow: Flow) -> tuple[tuple[str, ...], str]:
    """(texts of the raised and lowered runs, the text without them)."""
    spans = sorted(flow.raised)
    marks = ("\n".join(lines(flow.pieces[start:end])) for start, end in spans)
    plain = "\n".join(lines(list(_outside(flow.pieces, spans))))
    return tuple(mark for mark in marks if mark), plain


def _outside(pieces: list[str], spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in spans:
        yield from pieces[at:start]
        at = max(at, end)
    yield from pieces[at:]
