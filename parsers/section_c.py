"""Section C of forms 2019 and 2021: one row of fifteen values, told apart by their head paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .bands import Band, claims, full_width, is_header
from .copies import Copy
from .dictionary import Indicator, indicator
from .harvest import Harvest, unit_of
from .model import At, Cell, FormId
from .rows import Row, distinct, usual_extent
from .section_s import say_misprinted
from .text import squeeze
from .values import read_value
from .words import is_of_another_year, is_whole, outcome, period, remedy, year

FEWEST = 4  # values of a row of section C; the outcomes of one remedy are five
FEWEST_ENDINGS = 2  # outcomes that a piece of section C names


@dataclass(frozen=True, slots=True)
class Head:
    """A leaf of the head: its slot, the indicator it names, the path as printed."""

    col: int
    name: str
    label: str


def ids(band: Band) -> set[str]:
    """The indicators a piece names in its heads or down its side; 合计 alone ends nothing."""
    endings = {outcome(cell.text) for row in band.rows for cell in row.cells}
    if len(endings - {"", "total"}) < FEWEST_ENDINGS:
        return set()
    across = {head.name for heads, _ in _piles(band.rows) for head in _heads(heads)}
    down = {name for row in band.rows if (name := _name(_path(row, row.width)))}
    return across | down | {name for _, name, _ in _crossings(band)}


def read_c(copy: Copy, form_id: FormId, report_year: int | None, harvest: Harvest) -> None:
    """Facts of one table of section C; it takes the form of its sister tables."""
    before = len(harvest.facts)
    named = _remedies_above(copy)
    rest: list[Row] = []
    for band in copy.bands:
        say_misprinted([cell for row in band.rows for cell in row.cells], harvest)
        if _down(band):
            _read_down(band, form_id, harvest)
        elif crossings := _crossings(band):
            _read_crossings(band, crossings, form_id, harvest)
        else:
            rest += band.rows
    heads: list[Head] = []
    for top, body in _piles(rest):
        harvest.use(*(cell for row in top for cell in row.cells))
        heads = _heads(top, named) or heads
        rows = _value_rows(_of_the_year(body, heads, report_year, harvest), heads)
        for row in _speaking(rows, heads, harvest):
            _read_across(row, heads, form_id, harvest)
    _say_unread(copy, harvest)
    if len(harvest.facts) == before and copy.bands:
        reason = "heads and values do not meet"
        harvest.warn("headless-table", _at(copy.bands[0]), section="C", reason=reason)


def _say_unread(copy: Copy, harvest: Harvest) -> None:
    """Numbers of the table that stand under no head."""
    for row in (row for band in copy.bands for row in band.rows):
        unread = [c for c in row.cells if c.at not in harvest.used]
        if numbers := [c for c in unread if read_value(c).state == "number"]:
            harvest.warn("unknown-row", numbers[0].at, label=row.cells[0].text)


def _remedies_above(copy: Copy) -> set[str]:
    """The remedies that are named anywhere in the table or just above it."""
    cells = (cell.text for band in copy.bands for row in band.rows for cell in row.cells)
    return {remedy(text) for text in (*cells, *copy.context.split("\n"))} - {"", "suit"}


def _piles(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Heads piled up, and the rows below them until new heads follow."""
    top: list[Row] = []
    body: list[Row] = []
    for row in rows:
        if not _is_head(row):
            body.append(row)
            continue
        if body and (any(map(claims, body)) or _heads(top)):
            yield top, body
            top = []
        top, body = [*top, row], []
    yield top, body


def _is_head(row: Row) -> bool:
    """Words without values; one word before a row of empty cells is the label of that row."""
    blank = sum(not squeeze(cell.text) for cell in row.cells)
    says = sum(_says(cell) or bool(remedy(cell.text)) for cell in row.cells)
    return _worded(row) and (says > 1 or blank < FEWEST)


def _of_the_year(
    body: Sequence[Row], heads: Sequence[Head], report_year: int | None, harvest: Harvest
) -> Sequence[Row]:
    """Rows without those that a word in front dates otherwise: 2021年 | 3 | 7 above 2022年."""
    first = min((head.col for head in heads), default=0)
    front = {row.index: [c for c in distinct(row.cover[:first]) if c.lines] for row in body}
    dated = {i for i, cells in front.items() if any(_is_past(c.text, report_year) for c in cells)}
    own = [row for row in body if row.index not in dated]
    whole = any(len(row.cells) >= len(heads) for row in own)
    for row in (row for row in body if row.index in dated):
        word = front[row.index][0].text
        if whole:
            harvest.leave(word, *row.cells)
        else:
            fields = {"chosen": f"the report is of {report_year}", "others": word}
            harvest.warn("year-differs", row.at, **fields)
    return own if whole else body


def _is_past(text: str, report_year: int | None) -> bool:
    undated = year(text) is None
    return is_of_another_year(text, report_year) or (undated and period(text) == "another")


def _value_rows(body: Sequence[Row], heads: Sequence[Head]) -> Sequence[Row]:
    """Rows that print values; where none does, the first that has a cell for every head."""
    if claiming := [row for row in body if claims(row)]:
        return claiming
    return [row for row in body if len(row.cells) >= len(heads) > 0][:1]


def _speaking(rows: Sequence[Row], heads: Sequence[Head], harvest: Harvest) -> Sequence[Row]:
    """The row of the sums among those of districts; rows that differ and say not whose they are
    are all in doubt. A row that numbers the columns is none.
    """
    numbering = [row for row in rows if _numbers_columns(row)]
    rows = [row for row in rows if row not in numbering] or rows
    first = min((head.col for head in heads), default=0)
    whole = [row for row in rows if any(is_whole(c.text) for c in distinct(row.cover[:first]))]
    if len(whole) == 1:
        for row in (row for row in rows if row is not whole[0]):
            harvest.leave(row.cells[0].text, *row.cells)
        return whole
    if len({tuple(squeeze(cell.text) for cell in row.cells) for row in rows}) > 1:
        contexts = " / ".join(" ".join(row.cells[0].text.split()) for row in rows)
        for row in rows:
            harvest.warn("rival-tables", row.at, section="C", contexts=contexts)
    return rows


def _numbers_columns(row: Row) -> bool:
    values = [read_value(cell).value for cell in row.cells if cell.lines]
    return len(values) >= FEWEST and values == list(range(1, len(values) + 1))


def _at(band: Band) -> At:
    return At(table=band.rows[0].cells[0].at.table)


def _worded(row: Row) -> bool:
    """A row without any value: heads and titles."""
    filled = [cell for cell in row.cells if squeeze(cell.text)]
    return bool(filled) and all(read_value(cell).state == "text" for cell in filled)


@lru_cache(maxsize=4096)
def _name(path: tuple[str, ...]) -> str:
    """The indicator a path of head words means, or an empty string."""
    results = {outcome(text) for text in path} - {""}
    kinds = {remedy(text) for text in path} - {"", "suit"}
    if len(results) == 1 and len(kinds) == 1:
        return f"{kinds.pop()}_{results.pop()}"
    return ""


def _meant(words: Sequence[Cell]) -> str:
    return _name(tuple([word.text for word in words]))


def _path(row: Row, stop: int) -> tuple[str, ...]:
    return tuple([cell.text for cell in distinct(row.cover[:stop]) if squeeze(cell.text)])


def _heads(rows: Sequence[Row], named: Collection[str] = ()) -> list[Head]:
    """One head a column whose path names exactly one outcome of one remedy.

    Where one remedy's word stands in a piece of its own above, its outcomes are the unnamed ones.
    """
    narrow = [row for row in rows if not full_width(row)]
    if any(remedy(cell.text) for row in narrow for cell in row.cells):
        rows = narrow  # 四、行政复议情况 across the whole table is its title
    found: dict[int, Head] = {}
    alone: dict[int, list[Cell]] = {}
    rows = [row for row in rows if row.grid == rows[-1].grid]  # slots are those of one table
    for col in range(max((row.width for row in rows), default=0)):
        stack = _stack(rows, col)
        words = [cell for cell in stack if _says(cell)]
        name = _meant(words)
        if name and words[-1].col == col:
            named_by = [c for c in stack if _says(c) or remedy(c.text)]
            found[col] = Head(col, name, "·".join(cell.text for cell in named_by))
        elif words and words[-1].col == col and not any(remedy(c.text) for c in words):
            alone[col] = words
    rest = set(named) - {head.name.rpartition("_")[0] for head in found.values()}
    if len(rest) == 1 and alone:
        found |= _of_remedy(rest.pop(), alone)
    return [found[col] for col in sorted(found)]


def _stack(rows: Sequence[Row], col: int) -> list[Cell]:
    """The heads over a slot, top to bottom."""
    plain = distinct(row.cover[col] for row in rows if col < row.width)
    if any(remedy(cell.text) for cell in plain):
        return plain
    return distinct(_above(row, col) for row in rows if col < row.width)


def _above(row: Row, col: int) -> Cell | None:
    """A remedy whose wide cell was taken apart still heads the empty slots right of it."""
    cell = row.cover[col]
    if cell is None or squeeze(cell.text):
        return cell
    left = (c for c in reversed(row.cover[:col]) if c is not None and squeeze(c.text))
    wide = next(left, None)
    return wide if wide is not None and remedy(wide.text) else cell


def _of_remedy(kind: str, alone: Mapping[int, list[Cell]]) -> dict[int, Head]:
    """Outcomes that name no remedy, as those of the one that is left."""
    names = {col: _ending(words) for col, words in alone.items()}
    if len(set(names.values())) != len(names) or "" in names.values():
        return {}
    return {
        col: Head(col, f"{kind}_{names[col]}", "·".join(cell.text for cell in words))
        for col, words in alone.items()
    }


def _ending(words: Sequence[Cell]) -> str:
    """The one outcome that a pile of heads names, or an empty string."""
    results = {outcome(cell.text) for cell in words} - {""}
    return results.pop() if len(results) == 1 else ""


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
        if side and not _is_head(row):
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
        name = _meant((*side, *words)) or _meant(words)
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
