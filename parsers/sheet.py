"""A grid with what was made of each cell, for whoever fixes a parser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .model import At, Cell, Fact, Grid, Problem, Report
from .output import decimal
from .text import squeeze

ABSENT, AGAIN = "∅", "〃"
LEGEND = f"= fact, ! under a warning, ? left over, {AGAIN} the cell goes on, {ABSENT} no cell"
LOUDNESS = {"error": 0, "warning": 1, "info": 2}
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Notes:
    """What became of the cells of a document."""

    facts: Mapping[At, Sequence[Fact]]
    left: frozenset[At]
    doubted: frozenset[At]


def notes(report: Report) -> Notes:
    """Facts, leftovers and warnings by their address."""
    facts: dict[At, list[Fact]] = {}
    for fact in report.facts:
        facts.setdefault(fact.at, []).append(fact)
    loud = {each.at for each in report.problems if each.severity != "info"}
    return Notes(facts, frozenset(left.at for left in report.leftovers), frozenset(loud))


def marked(grid: Grid, said: Notes) -> list[list[str]]:
    """Texts slot by slot, a spanning cell once; behind each row the indicators read in it."""
    rows = grid.rows()
    return [
        [
            *(_slot(cell, row, col, said) for col, cell in enumerate(slots)),
            _read_as(rows[row], said),
        ]
        for row, slots in enumerate(grid.slots())
    ]


def columns_of(grid: Grid, said: Notes) -> list[str]:
    """Slot by slot the column that most of its facts belong to, "" where they have none."""
    names: list[Counter[str]] = [Counter() for _ in range(grid.n_cols)]
    for cell in grid.cells:
        names[cell.col].update(fact.column for fact in said.facts.get(cell.at, ()))
    return [(count.most_common(1) or [("", 0)])[0][0] for count in names]


def _slot(cell: Cell | None, row: int, col: int, said: Notes) -> str:
    if cell is None:
        return ABSENT
    if (cell.row, cell.col) != (row, col):
        return AGAIN
    facts = said.facts.get(cell.at, ())
    marks = "".join(("=" * bool(facts), "!" * (cell.at in said.doubted)))
    marks += "?" if cell.at in said.left and not facts else ""
    return " ".join(filter(None, (cell.text, marks, *(_otherwise(cell, each) for each in facts))))


def _otherwise(cell: Cell, fact: Fact) -> str:
    """The value where it is not simply what is printed."""
    value = decimal(fact.value)
    if value is None:
        return fact.state
    return "" if squeeze(cell.text) == value else f"{value} {fact.unit}".strip()


def _read_as(row: Sequence[Cell], said: Notes) -> str:
    """Each indicator once, in printed order."""
    facts = [fact for cell in row for fact in said.facts.get(cell.at, ())]
    return "\n".join(dict.fromkeys(fact.indicator for fact in facts))


def place(at: At) -> str:
    """An address in words: table 1, row 8, cell 0 (counted from 0)."""
    parts = ((name, getattr(at, name)) for name in ("table", "row", "cell", "page", "sheet", "ref"))
    return ", ".join(f"{name} {value}" for name, value in parts if value is not None)


def problems_of(report: Report, table: int | None) -> list[str]:
    """The problems of one table, or with None of the whole document; many alike on one line."""
    return told([each for each in report.problems if each.at.table == table])


def told(problems: Sequence[Problem]) -> list[str]:
    """The loudest first, many of one code on one line."""
    alike: dict[tuple[int, str], list[Problem]] = {}
    for each in problems:
        alike.setdefault((LOUDNESS[each.severity], each.code), []).append(each)
    lines: list[str] = []
    for (_, code), found in sorted(alike.items(), key=lambda item: item[0][0]):
        lines += map(_line, found[:MOST_ALIKE])
        if len(found) > MOST_ALIKE:
            lines.append(f"{found[0].severity}: {code}: {len(found) - MOST_ALIKE} more")
    return lines


def _line(each: Problem) -> str:
    where = f" ({place(each.at)})" if place(each.at) else ""
    return f"{each.severity}: {each.code}{where}: {each.detail}"
