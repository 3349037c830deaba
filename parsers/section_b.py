"""Section B of forms 2019 and 2021: what became of requests, by type of applicant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .align import Label, align
from .askew import doubt_askew
from .bands import Band, full_width, is_header
from .copies import Copy
from .dictionary import FORMS, Indicator, form, spellings
from .halves import doubt_halves
from .harvest import Harvest, unit_of
from .model import At, Cell, FormId
from .rows import Row, distinct, label_sections
from .section_s import say_misprinted, say_similar
from .text import full_key, key, squeeze
from .values import read_value
from .words import applicant, head, is_foreign, is_group, is_unit

ORDER = (
    "natural_person",
    "business",
    "research",
    "charity",
    "legal_service",
    "other_organisation",
    "total",
)
ROWS_OF_B = frozenset(core for name in FORMS for core in spellings(name, "B"))
ONLY_2021 = frozenset(("other_not_corrected", "other_fee_unpaid", "other_misc"))


@dataclass(slots=True)
class Heads:
    """The applicant columns as printed: slot and column id, left to right."""

    slots: list[tuple[int, str]]
    width: int
    gap: bool = False  # an empty column stands between labels and values

    @property
    def first(self) -> int:
        """The first value slot."""
        return self.slots[0][0]


@dataclass(slots=True)
class Item:
    """One printed row with its value cells, already given to columns."""

    label: Label
    cells: tuple[Cell, ...]  # the label's own; two when it was wrapped into two rows
    row: Row
    values: dict[str, Cell]

    @property
    def cell(self) -> Cell:
        """Where its label begins."""
        return self.cells[0]

    @property
    def empty(self) -> bool:
        """Nothing stands beside the label."""
        return not any(squeeze(cell.text) for cell in self.values.values())

    @property
    def given(self) -> tuple[Cell, ...]:
        """The value cells."""
        return tuple(self.values.values())


def ids(band: Band) -> set[str]:
    """The row labels a piece prints exactly."""
    return {
        key(cell.text)
        for row in band.rows
        for cell in row.cells
        if "B" in label_sections(cell.text) and len(key(cell.text)) > 2
    }


def form_of(items: Sequence[Item], sister: FormId | None, harvest: Harvest) -> FormId:
    """2021 has three rows under （六）其他处理, 2019 prints numbers on that row itself.

    Labels are left matched with the rows of 2021.
    """
    align([item.label for item in items], form("2021").section("B"), spellings("2021", "B"))
    matched = {item.label.match.id: item for item in items if item.label.match}
    if matched.keys() & (ONLY_2021 - {"other_misc"}):
        return "2021"
    lone = matched.get("other_outcomes")
    if lone is not None and any(squeeze(cell.text) for cell in lone.values.values()):
        return "2019"
    if "other_misc" in matched:
        return "2021"
    return _by_rows(items, sister, harvest)


def _by_rows(items: Sequence[Item], sister: FormId | None, harvest: Harvest) -> FormId:
    """（六）is unreadable: the form whose rows are printed more completely."""
    missing: dict[FormId, int] = {name: _missing(items, name) for name in ("2021", "2019")}
    if missing["2019"] < missing["2021"] - 1:
        return "2019"
    if sister is None and items:
        at = At(table=items[0].cell.at.table)
        harvest.warn("form-ambiguous", at, candidates="2019, 2021")
    return sister or "2021"


def _missing(items: Sequence[Item], form_id: FormId) -> int:
    labels = [Label(item.label.text, item.label.path) for item in items]
    rows = form(form_id).section("B")
    align(labels, rows, spellings(form_id, "B"))
    printed = {label.match.id for label in labels if label.match}
    return sum(row.kind != "heading" and row.id not in printed for row in rows)


def read_b(copy: Copy, sister: FormId | None, harvest: Harvest) -> FormId:
    """Facts of one table of section B; the form its rows belong to."""
    heads: Heads | None = None
    items: list[Item] = []
    for band in copy.bands:
        for row in band.rows:
            if is_header(row, "B") or _above_heads(row, heads):
                heads = _heads(row, heads)
                harvest.use(*row.cells)
                say_misprinted(row.cells, harvest)
                _say_strangers(row, heads, harvest)
            elif item := _item(row, heads, harvest):
                items.append(item)
    items = _unwrapped(items)
    if heads is None:
        _doubt_headless(items, harvest)
    form_id = form_of(items, sister, harvest)
    rows = form(form_id).section("B")
    if form_id != "2021":
        _match_again(items, rows, form_id)
    doubt_halves(items, harvest)
    doubt_askew([(i.label.match, i.values) for i in items if i.label.match], harvest)
    for item in items:
        _land(item, harvest)
    _report_missing(items, rows, harvest)
    return form_id


def _unwrapped(items: Sequence[Item]) -> list[Item]:
    """Join a label wrapped into two rows, the values beside one half of it."""
    out: list[Item] = []
    for item in items:
        joined = f"{out[-1].label.text}\n{item.label.text}" if out else ""
        if out and _is_one_label(out[-1], item, joined):
            filled = out[-1] if item.empty else item
            label = Label(joined, out[-1].label.path)
            cells = (*out[-1].cells, *item.cells)
            out[-1] = Item(label, cells, filled.row, filled.values)
        else:
            out.append(item)
    return out


def _is_one_label(first: Item, second: Item, joined: str) -> bool:
    """Only together known, and values beside one of them alone."""
    known = [key(half) in ROWS_OF_B for half in (first.label.text, second.label.text)]
    whole = {key(joined), full_key(joined)} - {key(first.label.text)}
    torn = not any(known) if first.empty and second.empty else not all(known)
    return torn and (first.empty or second.empty) and bool(whole & ROWS_OF_B)


def _match_again(items: Sequence[Item], rows: Sequence[Indicator], form_id: FormId) -> None:
    for item in items:
        item.label.match = None
    align([item.label for item in items], rows, spellings(form_id, "B"))


def _above_heads(row: Row, heads: Heads | None) -> bool:
    """Upper head rows, titles and the 勾稽 corner: words only, and no known row label."""
    filled = [cell for cell in row.cells if squeeze(cell.text)]
    if any(is_group(key(cell.text)) for cell in filled):
        return True
    worded = all(read_value(cell).state == "text" for cell in filled)
    known = any("B" in label_sections(cell.text) for cell in filled)
    return heads is None and worded and not known


def _heads(row: Row, earlier: Heads | None) -> Heads | None:
    """Applicant heads in this row, with those that hang in from the head row above."""
    slots: dict[int, str] = {}
    for cell in distinct(row.cover):
        if name := applicant(cell.text):
            slots[cell.col] = name
    if earlier and earlier.width == row.width:
        slots = _from_above(row, earlier) | slots
    _by_elimination(row, slots)
    slots = _with_strangers(row, slots) if len(slots) > 2 else slots
    names = list(slots.values())
    if len(names) < 2:
        return earlier
    for name in set(names) - {"", "other_organisation", "total"}:
        if names.count(name) > 1:  # neither is sure to be that column
            slots = {col: "" if own == name else own for col, own in slots.items()}
    if names.count("other_organisation") > 1 or names.count("total") > 1:
        return earlier
    left = row.cover[min(slots) - 1] if min(slots) else None
    gap = left is None or (left.col == min(slots) - 1 and not squeeze(left.text))
    return Heads(sorted(slots.items()), row.width, gap)


def _from_above(row: Row, earlier: Heads) -> dict[int, str]:
    """Tall heads whose cell was taken apart: named in the row above, empty in this one."""
    above = {col: row.cover[col] for col, name in earlier.slots if name}
    empty = {col for col, cell in above.items() if cell is not None and not squeeze(cell.text)}
    return {col: name for col, name in earlier.slots if col in empty}


def _by_elimination(row: Row, slots: dict[int, str]) -> None:
    """One unknown head in the place of the one column that is missing."""
    rest = [name for name in ORDER if name not in slots.values()]
    strange = [c for c in distinct(row.cover) if c.col not in slots and c.col + 1 in slots]
    if len(rest) == 1 and len(strange) == 1 and strange[0].text and not head(strange[0].text):
        place = ORDER.index(rest[0]) + 1
        if place < len(ORDER) and slots[strange[0].col + 1] == ORDER[place]:
            slots[strange[0].col] = rest[0]


def _with_strangers(row: Row, slots: dict[int, str]) -> dict[int, str]:
    """Heads among the known ones that name no column: their values are left over."""
    beside = (c for c in distinct(row.cover) if c.col > min(slots) or is_foreign(c.text))
    strange = {c.col: "" for c in beside if c.col not in slots and not is_group(key(c.text))}
    return slots | strange


def _item(row: Row, heads: Heads | None, harvest: Harvest) -> Item | None:
    covering = distinct(row.cover)
    cut = _cut(row, covering, heads)
    left = [cell for cell in covering if cell.col < cut and squeeze(cell.text)]
    named = [cell for cell in left if not _stands_beside(cell)] or left
    if not named or not row.cells or full_width(row):
        return None
    leaf = _leaf(row, named)
    outer = [cell for cell in named if cell is not leaf]
    harvest.use(*outer)
    label = Label(leaf.text, tuple(cell.text for cell in outer))
    cells = [cell for cell in row.cells if cell.col >= cut]
    return Item(label, (leaf,), row, _paired(label, cells, heads, harvest))


def _leaf(row: Row, named: Sequence[Cell]) -> Cell:
    """The label of the row itself: where a row was taken out under a tall cell that kept its
    height, the next group's cell stands right of its own rows.
    """
    own = [cell for cell in named if cell.row == row.index]
    return own[-1] if own else named[-1]


def _cut(row: Row, covering: Sequence[Cell], heads: Heads | None) -> int:
    """The first value slot; beside a tall cell that ends early or late a row has moved."""
    if heads is None or heads.width != row.width:
        return _first_value(covering)
    words = [cell for cell in row.cells if _is_row_word(cell)]
    after = [c for c in row.cells if words and c.col > words[-1].col and not is_unit(c.text)]
    early = bool(after) and after[0].col < heads.first and len(after) == len(heads.slots)
    late = bool(words) and words[-1].col >= heads.first
    if early or late:
        return words[-1].col + words[-1].colspan
    if any(c.col < heads.first and read_value(c).state == "number" for c in row.cells):
        return _first_value(covering)
    return heads.first


def _is_row_word(cell: Cell) -> bool:
    return read_value(cell).state == "text" and "B" in label_sections(cell.text)


def _stands_beside(cell: Cell) -> bool:
    """A unit, a sign for nothing, a number of the row: no label."""
    return is_unit(cell.text) or read_value(cell).state != "text"


def _first_value(covering: Sequence[Cell]) -> int:
    """Without heads: the first slot right of the last worded cell."""
    worded = [
        cell.col + cell.colspan
        for cell in covering
        if squeeze(cell.text) and read_value(cell).state == "text"
    ]
    return max(worded, default=1)


def _say_strangers(row: Row, heads: Heads | None, harvest: Harvest) -> None:
    unknown = {slot for slot, name in heads.slots if not name} if heads else set()
    for cell in row.cells:
        if cell.col in unknown and head(cell.text) != "remark":
            harvest.warn("unknown-column", cell.at, label=cell.text)


def _columns(heads: Heads) -> dict[int, str]:
    """Slot -> column; an unknown head keeps its slot as a name."""
    return {slot: name or f"{slot}" for slot, name in heads.slots}


def _paired(
    label: Label, cells: list[Cell], heads: Heads | None, harvest: Harvest
) -> dict[str, Cell]:
    """Value cells by start slot; by ordinal where the width was cut differently."""
    if heads is None:
        return _headless(cells)
    slots = _columns(heads)
    if len(cells) == len(slots):
        if any(cell.col not in slots for cell in cells):
            values = dict(zip(slots.values(), cells, strict=True))
            blank = not squeeze(cells[0].text) and cells[0].col < heads.first
            if blank and (heads.gap or not _adds_up(values)):
                _say_short(label, cells, heads, harvest)  # or an empty slot of the labels
            return values
    elif any(squeeze(cell.text) for cell in cells):
        _say_short(label, cells, heads, harvest)
    return {slots[cell.col]: cell for cell in cells if cell.col in slots and _narrow(cell, slots)}


def _say_short(label: Label, cells: Sequence[Cell], heads: Heads, harvest: Harvest) -> None:
    fields = {"label": label.text, "cells": len(cells), "heads": len(heads.slots)}
    for cell in cells:
        harvest.warn("short-row", cell.at, **fields)


def _narrow(cell: Cell, slots: dict[int, str]) -> bool:
    if cell.colspan == 1:
        return True
    return sum(cell.col <= col < cell.col + cell.colspan for col in slots) <= 1


def _headless(cells: list[Cell]) -> dict[str, Cell]:
    """Seven values without heads stand in the form's order."""
    return dict(zip(ORDER, cells, strict=True)) if len(cells) == len(ORDER) else {}


def _doubt_headless(items: Sequence[Item], harvest: Harvest) -> None:
    """Without heads the sums across must prove the order; else every cell is in doubt."""
    rows = [item.values for item in items if item.values]
    proofs = [_adds_up(values) for values in rows]
    if proofs.count(True) >= 3 and False not in proofs:
        return
    for values in rows:
        for cell in values.values():
            fields = {"section": "B", "reason": "read in the form's order"}
            harvest.warn("headless-table", cell.at, **fields)


def _adds_up(values: dict[str, Cell]) -> bool | None:
    """Whether the last of seven is the sum of six; None when nothing is counted."""
    numbers = [read_value(cell).value or 0 for cell in values.values()]
    return None if not any(numbers) else sum(numbers[:-1]) == numbers[-1]


def _land(item: Item, harvest: Harvest) -> None:
    match = item.label.match
    given = list(item.values.values())
    taken = {id(cell) for cell in (*item.cells, *given)}
    spare = [c for c in item.row.cells if id(c) not in taken and c.at not in harvest.used]
    if match is None:
        if any(squeeze(cell.text) for cell in given):
            harvest.warn("unknown-row", item.cell.at, label=item.label.text)
        harvest.leave(item.label.text, *item.cells, *given, *spare)
        return
    harvest.use(*item.cells)
    say_similar(item.label, item.cell, given, harvest)
    harvest.leave(item.label.text, *spare)
    if match.kind == "heading":
        harvest.leave(item.label.text, *given)
        return
    for column, cell in item.values.items():
        if column in ORDER:
            _land_value(match, column, cell, item, harvest)
        else:
            harvest.leave(item.label.text, cell)


def _land_value(match: Indicator, column: str, cell: Cell, item: Item, harvest: Harvest) -> None:
    if cell.rowspan > 1 and squeeze(cell.text):
        harvest.warn("wide-value", cell.at, raw=cell.text)
    harvest.fact(match, column, cell, item.label.text, unit_of(match))


def _report_missing(items: Sequence[Item], rows: Sequence[Indicator], harvest: Harvest) -> None:
    printed = {item.label.match.id for item in items if item.label.match}
    for row in rows:
        if row.id not in printed and row.kind != "heading" and items:
            harvest.warn("missing-row", At(table=items[0].cell.at.table), indicator=row.id)
