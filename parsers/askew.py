"""Section B whose values stand a row off: each number is as printed, and beside the wrong label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .dictionary import Indicator
from .harvest import Harvest
from .model import At, Cell
from .values import read_value

Printed = tuple[Indicator, Mapping[str, Cell]]  # a row of the form, and its cells by column
Column = dict[str, Decimal]
FEWEST = 2  # columns that must prove by their sums that the values belong a row higher or lower
STOCKS = ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")


def doubt_askew(printed: Sequence[Printed], harvest: Harvest) -> None:
    """Numbers beside headings that sum up nothing, or sums that hold only a row higher or lower."""
    odd = [
        cell
        for row, cells in printed
        if row.kind == "heading"
        for cell in _odd(row, cells, printed)
    ]
    rows = [(row, cells) for row, cells in printed if row.kind != "heading"]
    if len(odd) > 1:
        for at in {At(table=cell.at.table) for cell in odd}:
            harvest.warn("heading-numbers", at, count=len(odd))
    elif not _adds_up(rows, 0) and (_adds_up(rows, 1) or _adds_up(rows, -1)):
        for at in {At(table=c.at.table) for _, cells in rows for c in cells.values()}:
            harvest.warn("rows-off", at)


def _odd(row: Indicator, cells: Mapping[str, Cell], printed: Sequence[Printed]) -> list[Cell]:
    """Cells of a heading with a number that is not the sum of the rows under it."""
    under = [each for other, each in printed if other.parent == row.id and other.kind != "heading"]
    sums = {c: sum(_number(each.get(c)) for each in under) for c in cells}
    numbers = {c: cell for c, cell in cells.items() if read_value(cell).state == "number"}
    return [cell for c, cell in numbers.items() if sums[c] != _number(cell)]


def _number(cell: Cell | None) -> Decimal:
    return (read_value(cell).value if cell is not None else None) or Decimal(0)


def _adds_up(rows: Sequence[Printed], off: int) -> bool:
    """Whether the outcomes of every column add up when its values are taken from `off` rows on."""
    columns: dict[str, Column] = {}
    for place, (row, _) in enumerate(rows):
        if 0 <= place + off < len(rows):
            for name, cell in rows[place + off][1].items():
                columns.setdefault(name, {})[row.id] = _number(cell)
    proofs = [_outcomes_add_up(column) for column in columns.values() if any(column.values())]
    return len(proofs) >= FEWEST and all(proofs)


def _outcomes_add_up(column: Column) -> bool:
    parts = (value for name, value in column.items() if name not in STOCKS)
    return column.get("outcomes_total") == sum(parts)
