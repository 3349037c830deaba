"""A grid with what was made of each cell, for whoever fixes a parser."""

from __future__ import annotations

from collections.abc import Mapping

from .model import At, Cell, Grid, Problem, Report
from .output import decimal

ABSENT, AGAIN = "∅", "〃"
MOST_ALIKE = 5


def notes(report: Report) -> dict[At, str]:
    """Address -> what the cell there became: a fact with its value, or a leftover."""
    found = {left.at: "? left over" for left in report.leftovers}
    for fact in report.facts:
        name = f"{fact.indicator}.{fact.column}" if fact.column else fact.indicator
        value = decimal(fact.value) if fact.value is not None else fact.state
        found[fact.at] = f"= {name}: {value}"
    return found


def marked(grid: Grid, said: Mapping[At, str]) -> list[list[str]]:
    """Texts slot by slot; a spanning cell stands once, its other slots repeat it by a mark."""
    return [
        [_slot(cell, row, col, said) for col, cell in enumerate(slots)]
        for row, slots in enumerate(grid.slots())
    ]


def _slot(cell: Cell | None, row: int, col: int, said: Mapping[At, str]) -> str:
    if cell is None:
        return ABSENT
    if (cell.row, cell.col) != (row, col):
        return AGAIN
    return "\n".join(filter(None, (cell.text, said.get(cell.at, ""))))


def problems_of(report: Report, table: int | None) -> list[str]:
    """The problems of one table, or with None of the whole document; many alike on one line."""
    alike: dict[str, list[Problem]] = {}
    for each in report.problems:
        if each.at.table == table:
            alike.setdefault(each.code, []).append(each)
    lines: list[str] = []
    for code, found in alike.items():
        lines += map(_line, found[:MOST_ALIKE])
        if len(found) > MOST_ALIKE:
            lines.append(f"{found[0].severity}: {code}: {len(found) - MOST_ALIKE} more")
    return lines


def _line(each: Problem) -> str:
    place = "".join(f" {name} {value}" for name, value in each.at.as_dict().items())
    return f"{each.severity}: {each.code}{place}: {each.detail}"
