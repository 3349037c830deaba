"""Section A of forms 2019 and 2021: a row word crossed with the nearest head above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from .bands import Band
from .copies import Copy
from .dictionary import Indicator
from .harvest import Harvest, unit_of
from .model import At, Cell, FormId
from .rows import Row, distinct
from .text import key, squeeze
from .values import read_value
from .words import (
    A_HEADS,
    A_STEMS,
    CROSSINGS,
    head,
    is_block,
    is_unit,
    is_widened,
    qualifiers,
    unit_in,
)

FLOOR = 0.72
MARGIN = 0.1
THIS_YEAR = "本年"  # 本年项目数量 is no misprint of 上一年项目数量
DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Crossing:
    """A value cell with its row word and head as printed and as understood."""

    cell: Cell
    stem: str
    name: str
    label: str
    head: Cell


@dataclass(slots=True)
class Reader:
    """Reads downwards, remembering the last row of heads."""

    harvest: Harvest
    heads: list[Cell] = field(default_factory=list)
    found: list[Crossing] = field(default_factory=list)


def ids(band: Band) -> set[str]:
    """The row words a piece prints."""
    return {core for row in band.rows for c in row.cells if (core := key(c.text)) in A_STEMS}


def read_a(copy: Copy, harvest: Harvest) -> FormId | None:
    """Facts of one table of section A; the form most of its heads belong to."""
    reader = Reader(harvest)
    for band in copy.bands:
        for row in band.rows:
            _read_row(row, reader)
    form_id = _form_of(reader.found)
    for crossing in reader.found:
        _land(crossing, form_id, harvest)
    _doubt_twins(reader.found, form_id, harvest)
    return form_id


def _doubt_twins(found: Sequence[Crossing], form_id: FormId | None, harvest: Harvest) -> None:
    """处理决定数量 beside 本年处理决定数量: two heads that mean one indicator, each in its form."""
    cells: dict[str, list[Crossing]] = {}
    for crossing in found:
        if (row := _row_of(crossing, form_id)) is not None:
            cells.setdefault(row.id, []).append(crossing)
    for name, twins in cells.items():
        if len({key(twin.head.text) for twin in twins}) > 1:
            values = ", ".join(repr(twin.cell.text) for twin in twins)
            for twin in twins:
                harvest.warn("duplicate-row", twin.cell.at, indicator=name, values=values)


def _read_row(row: Row, reader: Reader) -> None:
    filled = [cell for cell in row.cells if squeeze(cell.text)]
    if not filled:
        return
    if any(is_block(cell.text) for cell in filled):
        reader.harvest.use(*(cell for cell in filled if is_block(cell.text)))
        filled = [cell for cell in filled if not is_block(cell.text)]
    names = [cell for cell in filled if _head_of(cell.text)]
    if len(names) == 1 and (stem := _stem_beside(row, names[0])):
        _read_beside(row, stem, names[0], reader)
    elif names:
        worded = [cell for cell in filled if read_value(cell).state == "text"]
        corner = worded[0] if len(worded) > 1 and not _head_of(worded[0].text) else None
        reader.heads = [c for c in worded if c is not corner and head(c.text) != "label"]
        reader.harvest.use(*worded)
    elif filled:
        _read_values(row, filled, reader)


def _stem_beside(row: Row, name: Cell) -> Cell | None:
    """The row word left of a head word: a row that prints one value and both its words."""
    left = (cell for cell in distinct(row.cover) if cell.col < name.col)
    return next((cell for cell in left if _stem_of(cell.text)), None)


def _read_beside(row: Row, stem: Cell, name: Cell, reader: Reader) -> None:
    """The one readable cell right of both words."""
    reader.harvest.use(stem, name)
    _say_similar(stem, reader.harvest)
    right = [cell for cell in row.cells if cell.col > name.col and not is_unit(cell.text)]
    if right:
        found = Crossing(right[0], _stem_of(stem.text), _head_of(name.text), stem.text, name)
        reader.found.append(found)


def _say_similar(stem: Cell, harvest: Harvest) -> None:
    """A row word that was recognised though misprinted."""
    if key(stem.text) not in A_STEMS:
        fields = {"label": stem.text, "expected": _stem_of(stem.text)}
        harvest.warn("label-similar", stem.at, **fields)


@lru_cache(maxsize=4096)
def _stem_of(text: str) -> str:
    core = key(text)
    return core if core in A_STEMS else _similar(core, A_STEMS)


@lru_cache(maxsize=4096)
def _head_of(text: str) -> str:
    core = key(text)
    return core if core in A_HEADS else _similar(core, A_HEADS) if len(core) > 2 else ""


def _similar(core: str, known: frozenset[str]) -> str:
    """The word that this is a misprint of; 上年制发件数 is none of 本年制发件数."""
    scored = sorted(((fuzz.ratio(core, word) / 100, word) for word in known), reverse=True)
    (best, word), (second, other) = scored[0], scored[1]
    clear = best - second >= MARGIN or word in other or other in word
    says_more = _is_qualified(core, word) or is_widened(core, word)
    return word if best >= FLOOR and clear and not says_more else ""


def _is_qualified(core: str, word: str) -> bool:
    said = qualifiers(core) | set(DIGITS.findall(core))
    return not said <= qualifiers(word) or (THIS_YEAR in core and THIS_YEAR not in word)


def _read_values(row: Row, filled: Sequence[Cell], reader: Reader) -> None:
    stem_cell = next((cell for cell in filled if key(cell.text) in A_STEMS), None)
    if stem_cell is None:
        stem_cell = next((cell for cell in filled if _stem_of(cell.text)), None)
    if stem_cell is None or not reader.heads:
        if any(read_value(cell).state == "number" for cell in filled):
            reader.harvest.warn("unknown-row", filled[0].at, label=filled[0].text)
        return
    stem = _stem_of(stem_cell.text)
    cells = [cell for cell in row.cells if cell.col > stem_cell.col]
    reader.harvest.use(stem_cell)
    _say_similar(stem_cell, reader.harvest)
    for cell, above in _paired(cells, reader):
        if cell.rowspan > stem_cell.rowspan and squeeze(cell.text):
            reader.harvest.warn("wide-value", cell.at, raw=cell.text)
        name = _head_of(above.text)
        reader.found.append(Crossing(cell, stem, name, stem_cell.text, above))


def _paired(cells: list[Cell], reader: Reader) -> list[tuple[Cell, Cell]]:
    """By ordinal when there are as many values as heads, else by start slot."""
    heads = reader.heads
    if len(cells) > len(heads):  # an empty column of the designer's stands under no head
        cells = [cell for cell in cells if squeeze(cell.text) or _under(cell, heads)]
    if len(cells) == len(heads):
        return list(zip(cells, heads, strict=True))
    by_slot = {cell.col: cell for cell in heads}
    if any(squeeze(cell.text) for cell in cells):
        for cell in cells:
            fields = {"label": cell.text, "cells": len(cells), "heads": len(heads)}
            reader.harvest.warn("short-row", cell.at, **fields)
    return [(cell, by_slot[cell.col]) for cell in cells if cell.col in by_slot]


def _under(cell: Cell, heads: Sequence[Cell]) -> bool:
    return any(head.col <= cell.col < head.col + head.colspan for head in heads)


def _form_of(found: Sequence[Crossing]) -> FormId | None:
    votes: dict[FormId, int] = {}
    for crossing in found:
        rows = CROSSINGS.get((crossing.stem, crossing.name), ())
        if len(rows) == 1:
            votes[rows[0].form] = votes.get(rows[0].form, 0) + 1
    return max(votes, key=votes.__getitem__, default=None)


def _row_of(crossing: Crossing, form_id: FormId | None) -> Indicator | None:
    rows = CROSSINGS.get((crossing.stem, crossing.name), ())
    own = [row for row in rows if row.form == form_id]
    if own or len(rows) < 2:
        return next(iter(own or rows), None)
    named = [row for row in rows if key(row.label.split("·")[1]) == crossing.name]
    return named[0] if len(named) == 1 else None


def _land(crossing: Crossing, form_id: FormId | None, harvest: Harvest) -> None:
    row = _row_of(crossing, form_id)
    label = f"{crossing.label}·{crossing.head.text}"
    if row is None:
        if squeeze(crossing.cell.text):
            harvest.warn("unknown-row", crossing.cell.at, label=label)
            harvest.leave(label, crossing.cell)
        return
    if crossing.name != key(crossing.head.text):
        fields = {"label": crossing.head.text, "expected": crossing.name}
        harvest.warn("label-similar", crossing.head.at, **fields)
    unit = unit_of(row, (unit_in(crossing.head.text), "header"), (unit_in(label), "label"))
    harvest.fact(row, "", crossing.cell, label, unit)


def report_missing(form_id: FormId, rows: Sequence[Indicator], harvest: Harvest) -> None:
    """Values of the form that the table does not print."""
    printed = {fact.indicator: fact.at for fact in harvest.facts if fact.section == "A"}
    if not printed:
        return
    at = At(table=next(iter(printed.values())).table)
    for row in rows:
        if row.id not in printed and row.form == form_id:
            harvest.warn("missing-row", at, indicator=row.id)
