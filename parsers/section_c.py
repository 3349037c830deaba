"""Section C of forms 2019 and 2021: one row of fifteen values, told apart by their head paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bands import Band, Copy, full_width, is_header
from .dictionary import Indicator, indicator
from .harvest import Harvest, unit_of
from .model import At, Cell, FormId
from .rows import Row, distinct, usual_extent
from .section_s import say_misprinted
from .text import squeeze
from .values import read_value
from .words import outcome, remedy


@dataclass(frozen=True, slots=True)
class Head:
    """A leaf of the head: its slot, the indicator it names, the path as printed."""

    col: int
    name: str
    label: str


def ids(band: Band) -> set[str]:
    """The indicators a piece names in its heads or down its side."""
    across = {head.name for head in _heads([row for row in band.rows if _worded(row)])}
    down = {name for row in band.rows if (name := _name(_path(row, row.width)))}
    return across | down | {name for _, name, _ in _crossings(band)}


def read_c(copy: Copy, form_id: FormId, harvest: Harvest) -> None:
    """Facts of one table of section C; it takes the form of its sister tables."""
    before = len(harvest.facts)
    heads: list[Head] = []
    for band in copy.bands:
        say_misprinted([cell for row in band.rows for cell in row.cells], harvest)
        if _down(band):
            _read_down(band, form_id, harvest)
            continue
        if crossings := _crossings(band):
            _read_crossings(band, crossings, form_id, harvest)
            continue
        top = [row for row in band.rows if _worded(row)]
        heads = _heads(top) or heads
        for row in top:
            harvest.use(*row.cells)
        for row in band.rows:
            if not _worded(row):
                _read_across(row, heads, form_id, harvest)
    if len(harvest.facts) == before and copy.bands:
        reason = "heads and values do not meet"
        harvest.warn("headless-table", _at(copy.bands[0]), section="C", reason=reason)


def _at(band: Band) -> At:
    return At(table=band.rows[0].cells[0].at.table)


def _worded(row: Row) -> bool:
    """A row without any value: heads and titles."""
    filled = [cell for cell in row.cells if squeeze(cell.text)]
    return bool(filled) and all(read_value(cell).state == "text" for cell in filled)


def _name(path: Sequence[str]) -> str:
    """The indicator a path of head words means, or an empty string."""
    results = {outcome(text) for text in path} - {""}
    kinds = {remedy(text) for text in path} - {"", "suit"}
    if len(results) == 1 and len(kinds) == 1:
        return f"{kinds.pop()}_{results.pop()}"
    return ""


def _path(row: Row, stop: int) -> list[str]:
    return [cell.text for cell in distinct(row.cover[:stop]) if squeeze(cell.text)]


def _heads(rows: Sequence[Row]) -> list[Head]:
    """One head a column whose path names exactly one outcome of one remedy."""
    narrow = [row for row in rows if not full_width(row)]
    if any(remedy(cell.text) for row in narrow for cell in row.cells):
        rows = narrow  # 四、行政复议情况 across the whole table is its title
    found: dict[int, Head] = {}
    for col in range(max((row.width for row in rows), default=0)):
        stack = distinct(row.cover[col] for row in rows if col < row.width)
        words = [cell for cell in stack if _says(cell)]
        name = _name([cell.text for cell in words])
        if name and words[-1].col == col:
            named = [c for c in stack if _says(c) or remedy(c.text)]
            found[col] = Head(col, name, "·".join(cell.text for cell in named))
    return list(found.values())


def _says(cell: Cell) -> bool:
    return bool(outcome(cell.text) or remedy(cell.text) not in ("", "suit"))


def _read_across(row: Row, heads: Sequence[Head], form_id: FormId, harvest: Harvest) -> None:
    by_slot = {head.col: head for head in heads}
    first = min(by_slot, default=0)
    cells = [c for c in row.cells if c.col >= first or read_value(c).state != "text"]
    if len(cells) == len(heads):
        pairs = list(zip(cells, heads, strict=True))
    else:
        pairs = [(cell, by_slot[cell.col]) for cell in cells if cell.col in by_slot]
        for cell, _ in pairs:
            fields = {"label": "", "cells": len(cells), "heads": len(heads)}
            harvest.warn("short-row", cell.at, **fields)
    for cell, head in pairs:
        row_of = _indicator(head.name, form_id)
        harvest.fact(row_of, "", cell, head.label, unit_of(row_of))


Crossing = tuple[Cell, str, str]  # a value, the indicator it stands for, its words as printed


def _crossings(band: Band) -> list[Crossing]:
    """Values of a matrix: remedies down the side, outcomes across the top, or the other way."""
    found: list[Crossing] = []
    above: list[Row] = []
    for row in band.rows:
        side = [cell for cell in distinct(row.cover) if _says(cell)]
        if side and not _worded(row):
            found += _crossed(row, side, above)
        else:
            above.append(row)
    return found


def _crossed(row: Row, side: Sequence[Cell], above: Sequence[Row]) -> list[Crossing]:
    stop = max(cell.col + cell.colspan for cell in side)
    out: list[Crossing] = []
    for cell in row.cells:
        stack = distinct(head.cover[cell.col] for head in above if cell.col < head.width)
        words = [head for head in stack if _says(head)]
        name = _name([word.text for word in (*side, *words)])
        if cell.col >= stop and words and name:
            out.append((cell, name, "·".join(word.text for word in (*side, *words))))
    return out


def _read_crossings(
    band: Band, crossings: Sequence[Crossing], form_id: FormId, harvest: Harvest
) -> None:
    for row in band.rows:
        harvest.use(*(cell for cell in row.cells if _says(cell) or remedy(cell.text)))
    usual = usual_extent(band.rows)
    uneven = {row.index: row.extent for row in band.rows if row.extent != usual}
    moved = any(row.index in uneven and len(row.cells) > 2 and _worded(row) for row in band.rows)
    for cell, name, label in crossings:
        if moved or cell.row in uneven:
            fields = {"cells": uneven.get(cell.row, usual), "heads": usual}
            harvest.warn("short-row", cell.at, label=label, **fields)
        row_of = _indicator(name, form_id)
        harvest.fact(row_of, "", cell, label, unit_of(row_of))


def _indicator(name: str, form_id: FormId) -> Indicator:
    return indicator(form_id, "C", name)


def _down(band: Band) -> bool:
    """Outcomes down the side: each row names its own indicator."""
    named = [row for row in band.rows if _name(_path(row, row.width))]
    return len(named) >= 3 and not any(is_header(row, "C") for row in named)


def _read_down(band: Band, form_id: FormId, harvest: Harvest) -> None:
    for row in band.rows:
        path = _path(row, row.width)
        name = _name(path)
        last = max((c.col for c in row.cells if outcome(c.text)), default=row.width)
        cells = [c for c in row.cells if c.col > last and read_value(c).state != "text"]
        if not name or len(cells) != 1:
            continue
        row_of = _indicator(name, form_id)
        words = [cell for cell in row.cover if cell is not None and cell is not cells[0]]
        harvest.use(*words)
        label = "·".join(text for text in path if text != cells[0].text)
        harvest.fact(row_of, "", cells[0], label, unit_of(row_of))
