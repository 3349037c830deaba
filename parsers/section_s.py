"""Section S, the one table of forms 2008 and 2014: label, unit, value, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .align import Label, align
from .bands import Band, is_header
from .copies import Copy
from .dictionary import Indicator, form, spellings
from .halves import doubt_halves
from .harvest import Harvest, Unit, unit_of
from .model import At, Cell, FormId
from .rows import Row, distinct, label_sections, usual_extent
from .strips import Strip, header_rows, split_header, strips_of
from .text import fold, full_key, key, ordinal, squeeze
from .value_columns import choose_columns
from .values import read_value
from .words import UNIT_WORDS, applicant, is_exact, is_unit, outcome, remedy, unit_in

RULE = re.compile(r"^\([^()]{6,}\)?$")


TWINS = frozenset(core for core, rows in spellings("2014", "S").items() if len(rows) > 1)


@dataclass(slots=True)
class Item:
    """One printed row of one strip."""

    label: Label
    cells: list[Cell]  # the label's own cells; two when it was wrapped into two rows
    row: Row
    strip: Strip
    unit: Cell | None
    values: dict[int, Cell] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Neither unit nor value: a heading, or half of a wrapped label."""
        filled = (self.unit, *self.values.values())
        return not any(cell is not None and squeeze(cell.text) for cell in filled)

    @property
    def given(self) -> tuple[Cell, ...]:
        """The value cells."""
        return tuple(self.values.values())


def ids(band: Band) -> set[str]:
    """The row labels a piece prints, whatever the form; twins stand twice in one table."""
    texts = (cell.text for row in band.rows for cell in row.cells if label_sections(cell.text))
    return {key(text) for text in texts} - TWINS


def form_of(copy: Copy) -> tuple[FormId, bool]:
    """The S form whose labels are printed most, and whether the other one fits as well."""
    new = sum("2014" in label_sections(core) for core in copy.ids)
    old = sum("2008" in label_sections(core) for core in copy.ids)
    return ("2014" if new > old else "2008"), new == old


def read_s(copy: Copy, year: int | None, harvest: Harvest) -> FormId:
    """Facts of one table of section S; the form it was read as."""
    form_id, tied = form_of(copy)
    if tied:
        at = copy.bands[0].rows[0].cells[0].at
        harvest.warn("form-ambiguous", At(table=at.table), candidates="2008, 2014")
    rows = form(form_id).section("S")
    known = spellings(form_id, "S")
    items = [item for piece in _pieces(copy.bands, harvest) for item in _items(piece, harvest)]
    items = _unwrapped(items, frozenset(known))
    align([item.label for item in items], rows, known)
    _doubt_displaced(items, harvest)
    doubt_halves(items, harvest)
    speaking = [item.strip for item in items if _speaks(item)]
    columns = choose_columns(form_id, speaking, year, harvest)
    for item in items:
        _land(item, columns.get(id(item.strip), {}), harvest)
    _doubt_headings(items, harvest)
    _report_missing(items, rows, form_id, harvest)
    return form_id


def _speaks(item: Item) -> bool:
    """A row whose value would be lost if no column were chosen."""
    return item.label.match is not None and item.label.match.kind != "heading"


@dataclass(slots=True)
class Piece:
    """Rows laid out alike: bands of one width under one head."""

    heads: list[Row]
    body: list[Row]
    width: int


def _pieces(bands: Sequence[Band], harvest: Harvest) -> list[Piece]:
    """A band without heads continues, or inherits the heads of, the one above it."""
    pieces: list[Piece] = []
    for band in bands:
        above, rest = split_header(band.rows)
        heads = header_rows(above)
        body = [row for row in rest if not is_header(row, "S")]
        for row in (*above, *(row for row in rest if is_header(row, "S"))):
            harvest.use(*row.cells)
        width = max((row.width for row in (*body, *heads)), default=0)
        last = pieces[-1] if pieces else None
        if last and not heads and last.width == width:
            last.body.extend(body)
        else:
            pieces.append(Piece(heads, body, width))
    return pieces


def _items(piece: Piece, harvest: Harvest) -> list[Item]:
    strips, serial = strips_of(piece.heads, piece.body)
    for row in piece.body:
        harvest.use(*(row.starts(col) for col in serial))
    return [item for strip in strips for row in piece.body if (item := _item(row, strip))]


def _item(row: Row, strip: Strip) -> Item | None:
    covering = [cell for col in strip.labels if col < row.width and (cell := row.cover[col])]
    named = [cell for cell in covering if squeeze(cell.text)]
    if not named:
        return None
    leaf = named[-1]
    if leaf.row != row.index and leaf.rowspan > 1 and len(named) == 1 and not _own(row, strip):
        return None
    path = tuple(cell.text for cell in distinct(named[:-1]) if cell is not leaf)
    taken = {id(cell) for cell in covering}
    unit = row.starts(strip.unit) if strip.unit is not None else None
    if unit is not None and (id(unit) in taken or not _unit_like(unit)):
        unit = None
    item = Item(Label(leaf.text, path), [leaf], row, strip, unit)
    for col in strip.values:
        cell = row.starts(col)
        if cell is not None and id(cell) not in taken and cell is not unit:
            item.values.setdefault(col, cell)
    if not item.values:
        _shifted(item, taken)
    return item


def _own(row: Row, strip: Strip) -> bool:
    return any(row.starts(col) for col in strip.values if col < row.width)


def _unit_like(cell: Cell) -> bool:
    return is_unit(cell.text) or read_value(cell).state in ("dash", "blank")


def _shifted(item: Item, taken: set[int]) -> None:
    """A row without its unit cell: its only value-like cell stands one column to the left."""
    if len(item.strip.values) != 1:
        return
    low, high = item.strip.labels[-1], item.strip.values[0]
    spare = [c for c in item.row.cells if low < c.col <= high and id(c) not in taken]
    spare = [c for c in spare if c is not item.unit and not is_unit(c.text)]
    if len(spare) == 1 and read_value(spare[0]).state in ("number", "slash"):
        item.values[high] = spare[0]
        item.unit = None


def _unwrapped(items: Sequence[Item], known: frozenset[str]) -> list[Item]:
    """Join a label wrapped into two rows, only where the joined text is a known label."""
    out: list[Item] = []
    for item in items:
        if out and out[-1].strip is item.strip and _one_label(out[-1], item, known):
            out[-1] = _joined(out[-1], item)
        else:
            out.append(item)
    return out


def _one_label(first: Item, second: Item, known: frozenset[str]) -> bool:
    if not (first.empty or second.empty) or first.cells[-1] is second.cells[0]:
        return False
    joined = fold(first.label.text + second.label.text)
    whole = {full_key(joined), key(joined)} - {key(first.label.text)}  # a note may stand behind
    if not whole & known and not _completes(first, second):
        return False
    half = not first.label.text or key(first.label.text) not in known
    return half or key(second.label.text) not in known or bool(RULE.match(fold(second.label.text)))


def _completes(first: Item, second: Item) -> bool:
    """The second row is nothing but the bracketed rule of the first."""
    rule = fold(second.label.text)
    return first.empty and bool(RULE.match(rule)) and not ordinal(second.label.text)


def _joined(first: Item, second: Item) -> Item:
    label = Label(f"{first.label.text}\n{second.label.text}", first.label.path)
    value = second if first.empty else first
    cells = [*first.cells, *second.cells]
    return Item(label, cells, value.row, value.strip, value.unit, value.values)


def _land(item: Item, columns: dict[int, str], harvest: Harvest) -> None:
    """Turn one row into facts, or into leftovers with its label."""
    match = item.label.match
    cells = list(item.values.values())
    if match is None:
        if any(squeeze(cell.text) for cell in cells):
            code = "label-ambiguous" if item.label.rivals else "unknown-row"
            rivals = ", ".join(row.id for row in item.label.rivals)
            harvest.warn(code, item.cells[0].at, label=item.label.text, candidates=rivals)
            harvest.leave(item.label.text, item.unit, *cells)
        harvest.leave(item.label.text, *item.cells)
        return
    harvest.use(*item.cells, item.unit)
    say_similar(item.label, item.cells[0], cells, harvest)
    if match.kind == "heading":
        harvest.use(*(cell for cell in cells if read_value(cell).state in ("dash", "slash")))
        harvest.leave(item.label.text, *(cell for cell in cells if cell.at not in harvest.used))
        return
    for col, cell in item.values.items():
        if col in columns:
            _doubt_wide(item, cell, harvest)
            unit = unit_of(match, *_units(item, col))
            harvest.fact(match, columns[col], cell, item.label.text, unit)
        else:
            harvest.leave(item.label.text, cell)


def _doubt_displaced(items: Sequence[Item], harvest: Harvest) -> None:
    """Rows with a cell less or more than the others: which value is which is not certain."""
    by_grid: dict[int, dict[int, Row]] = {}
    for item in items:
        by_grid.setdefault(item.row.grid, {})[item.row.index] = item.row
    usual = {grid: usual_extent(rows.values()) for grid, rows in by_grid.items()}
    last = {item.row.grid: item.strip for item in items}
    for item in items:
        norm = usual[item.row.grid]
        if _displaced(item, norm, is_last=item.strip is last[item.row.grid]):
            for cell in item.values.values():
                fields = {"cells": item.row.extent, "heads": norm}
                harvest.warn("short-row", cell.at, label=item.label.text, **fields)


def _displaced(item: Item, norm: int, *, is_last: bool) -> bool:
    extent, strip = item.row.extent, item.strip
    if any(_no_value(cell) for cell in item.values.values()) or _stands_as_unit(item):
        return True
    if extent == norm or not item.values:
        return False
    if extent > norm or (is_last and norm - 1 > max(*strip.labels, *strip.values, strip.unit or 0)):
        return True
    if len(strip.values) == 1 and item.unit is None and extent == norm - 1:
        return False  # the unit alone is missing: one value, and it cannot be another
    units = strip.unit is None or item.unit is not None
    return not units or any(item.row.cover[col] is None for col in strip.values)


def _stands_as_unit(item: Item) -> bool:
    """A number stands where the unit should, and nothing where the value should."""
    cell = item.row.starts(item.strip.unit) if item.strip.unit is not None else None
    blank = not any(squeeze(value.text) for value in item.values.values())
    return cell is not None and cell is not item.unit and blank and bool(squeeze(cell.text))


def _no_value(cell: Cell) -> bool:
    """A label or a unit stands where a value should."""
    return bool(cell.text) and (bool(label_sections(cell.text)) or is_unit(cell.text))


def _doubt_wide(item: Item, cell: Cell, harvest: Harvest) -> None:
    """One number printed for several rows or several columns."""
    covered = sum(cell.col <= col < cell.col + cell.colspan for col in item.strip.values)
    tall = cell.rowspan > max(label.rowspan for label in item.cells)
    if squeeze(cell.text) and (covered > 1 or (tall and len(item.cells) == 1)):
        harvest.warn("wide-value", cell.at, raw=cell.text)


def _doubt_headings(items: Sequence[Item], harvest: Harvest) -> None:
    """Numbers beside headings: the values stand a row off, or the rows are not what they seem."""
    headings = [item for item in items if item.label.match and item.label.match.kind == "heading"]
    cells = [cell for item in headings for cell in item.values.values()]
    numbers = [cell for cell in cells if read_value(cell).state == "number"]
    if len(numbers) > 1:
        for at in {At(table=cell.at.table) for cell in numbers}:
            harvest.warn("heading-numbers", at, count=len(numbers))


def say_similar(label: Label, at: Cell, cells: Sequence[Cell], harvest: Harvest) -> None:
    """An inexact match is always said: on the label, and on the values when it was loose."""
    if label.match is None or label.likeness >= 1:
        return
    fields = {"label": label.text, "expected": label.match.label}
    harvest.warn("label-similar", at.at, **fields)
    if label.doubtful:
        for cell in cells:
            harvest.warn("label-doubtful", cell.at, **fields)


def say_misprinted(cells: Sequence[Cell], harvest: Harvest) -> None:
    """A head word that was recognised though misprinted."""
    for cell in cells:
        name = applicant(cell.text) or outcome(cell.text) or remedy(cell.text)
        if name and not is_exact(cell.text):
            harvest.warn("label-similar", cell.at, label=cell.text, expected=name)


def _units(item: Item, col: int) -> list[Unit]:
    column = fold(item.unit.text).strip("()") if item.unit is not None else ""
    return [
        (unit_in(item.label.text), "label"),
        (unit_in(item.strip.head(col)), "header"),
        (column if column in UNIT_WORDS else "", "column"),
    ]


def _report_missing(
    items: Sequence[Item], rows: Sequence[Indicator], form_id: FormId, harvest: Harvest
) -> None:
    """Only the national form is fixed; provincial tables print a choice of rows."""
    if form_id != "2014" or not items:
        return
    printed = {item.label.match.id for item in items if item.label.match}
    at = items[0].cells[0].at
    for row in rows:
        if row.id not in printed and row.kind != "heading":
            harvest.warn("missing-row", At(table=at.table), indicator=row.id)
