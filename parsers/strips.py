"""Section S laid out: where labels, units and values stand, also two or three records abreast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .model import WHOLE, At, Cell
from .rows import Row, label_sections
from .text import key, squeeze
from .values import read_value
from .words import head, is_unit, period

YEARS = (2000, 2040)


@dataclass(slots=True)
class Strip:
    """One record abreast: label columns, the unit column, and value columns with their heads."""

    labels: list[int]
    unit: int | None = None
    values: list[int] = field(default_factory=list)
    heads: dict[int, list[Cell]] = field(default_factory=dict)
    table: At = WHOLE

    def head(self, col: int) -> str:
        """The head of a value column, top to bottom."""
        return " ".join(cell.text for cell in self.heads.get(col, []))


def split_header(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows above the first row label, and the rest."""
    for number, row in enumerate(rows):
        labelled = any(
            label_sections(cell.text) - {"B"} for cell in row.cells
        )  # 合计 may be a head
        if labelled or any(map(_is_figure, row.cells)):
            return list(rows[:number]), list(rows[number:])
    return list(rows), []


def _is_figure(cell: Cell) -> bool:
    """A number that is no year: the upper half of a wrapped first label has its value beside it."""
    value = read_value(cell).value
    return value is not None and not YEARS[0] <= value <= YEARS[1]


def header_rows(rows: Iterable[Row]) -> list[Row]:
    """Of the rows above the first label those that are heads, not titles."""
    kept: list[Row] = []
    for row in rows:
        filled = [cell for cell in row.cells if squeeze(cell.text)]
        named = len(filled) >= 2 and any(head(c.text) or period(c.text) for c in filled)
        if named or (kept and filled):  # the lower half of a head of two rows names no word
            kept.append(row)
    return kept


def strips_of(heads: Sequence[Row], rows: Sequence[Row]) -> tuple[list[Strip], list[int]]:
    """The records abreast, by heads first and by content where they are silent; serial slots."""
    width = max((row.width for row in rows), default=0)
    columns = {col: _role(col, heads, rows) for col in range(width)}
    serial = [col for col, role in columns.items() if role == "serial"]
    if _mirrored(columns):
        columns = dict(reversed(columns.items()))
    strips: list[Strip] = []
    loose: int | None = None  # a unit column left of its labels
    for col, role in columns.items():
        if role == "label":
            _place_label(strips, columns, col)
            strips[-1].unit, loose = (loose, None) if loose is not None else (strips[-1].unit, None)
        elif role == "unit" and strips and strips[-1].unit is None:
            strips[-1].unit = col
        elif role == "unit":
            loose = col
        elif strips and role == "value":
            strips[-1].values.append(col)
            strips[-1].heads[col] = _heads_above(heads, col)
    for strip in strips:
        strip.values = _telling(strip, rows)
        strip.table = next((At(table=c.at.table) for row in rows for c in row.cells), WHOLE)
    return [strip for strip in strips if strip.values], serial


def _telling(strip: Strip, rows: Sequence[Row]) -> list[int]:
    """Value columns, left to right; one without a head of its own must print as much as others."""
    printed = {col: _printed(rows, col) for col in strip.values}
    most = max(printed.values(), default=0)
    own = {col: any(head(c.text) != "label" for c in strip.heads[col]) for col in strip.values}
    return sorted(col for col in strip.values if own[col] or printed[col] * 4 >= most)


def _printed(rows: Sequence[Row], col: int) -> int:
    cells = (row.starts(col) for row in rows)
    return sum(cell is not None and bool(squeeze(cell.text)) for cell in cells)


def _mirrored(columns: dict[int, str]) -> bool:
    """Values stand left of their labels: nothing stands right of the last label."""
    told = [role for role in columns.values() if role in ("label", "value")]
    return bool(told) and told[0] == "value" and told[-1] == "label"


def _place_label(strips: list[Strip], columns: dict[int, str], col: int) -> None:
    if strips and strips[-1].labels and _adjoins(strips[-1], columns, col):
        strips[-1].labels = sorted((*strips[-1].labels, col))
    else:
        strips.append(Strip([col]))


def _adjoins(strip: Strip, columns: dict[int, str], col: int) -> bool:
    """Label columns side by side are one label, read from left to right."""
    return not strip.values and any(abs(col - other) == 1 for other in strip.labels)


def _heads_above(heads: Sequence[Row], col: int) -> list[Cell]:
    found: list[Cell] = []
    for row in heads:
        cell = row.cover[col] if col < len(row.cover) else None
        if cell is not None and squeeze(cell.text) and cell not in found:
            found.append(cell)
    return found


def _role(col: int, heads: Sequence[Row], rows: Sequence[Row]) -> str:
    """label, unit, value, serial, remark, or empty for a column that says nothing."""
    announced = [head(cell.text) for cell in _heads_above(heads, col)]
    body = [cell for row in rows if (cell := row.starts(col)) is not None and cell.col == col]
    by_content = _content_role(body)
    for role in ("remark", "serial", "unit"):
        if role in announced and (by_content != "label" or role != "unit"):
            return role
    sparse = len(body) * 2 < len(rows)  # the label's own slots, that notes and dates stand in
    if "label" in announced and (by_content in ("label", "") or sparse):
        return "label"
    return by_content


def _content_role(body: Sequence[Cell]) -> str:
    filled = [cell for cell in body if squeeze(cell.text)]
    if not filled:
        return "value" if body else ""
    labels = sum(bool(label_sections(cell.text) - {"B"}) for cell in filled)
    if labels * 4 >= len(filled) or labels >= 3:
        return "label"
    units = sum(is_unit(cell.text) for cell in filled)
    if units * 2 > len(filled):
        return "unit"
    return _value_or_serial(filled)


def _value_or_serial(filled: Sequence[Cell]) -> str:
    states = [read_value(cell) for cell in filled]
    readable = sum(value.state != "text" or bool(value.problem) for value in states)
    if readable * 2 <= len(filled):
        return "label" if _wordy(filled) else ""
    numbers = [value.value for value in states if value.value is not None]
    steps = [b - a for a, b in pairwise(numbers)]
    if len(numbers) >= 4 and numbers[0] in (0, 1) and all(step == 1 for step in steps):
        return "serial"
    return "value"


def _wordy(filled: Sequence[Cell]) -> bool:
    return sum(len(key(cell.text)) > 3 for cell in filled) * 2 > len(filled)
