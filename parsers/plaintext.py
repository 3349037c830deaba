"""Tables printed as lines of text: label, unit, value, by blanks or a line each.

The weakest source: a row counts only when its label is a known one to the letter and exactly one
value stands behind it. Whatever else the lines say is kept in a cell of its own and left over.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import At, Block, Cell, Grid
from .rows import LABELS
from .text import key
from .values import parse_value
from .words import head, is_unit

FEWEST = 5  # rows; fewer may be prose
MOST_LINES = 5_000
LONGEST = 120  # characters of a row
Words = tuple[str, ...]


def grid_of(blocks: Sequence[Block], index: int) -> Grid | None:
    """The rows of the form that lines of text print, as a grid; None when they are too few."""
    if len(blocks) > MOST_LINES:
        return None
    rows = _rows([block.text for block in blocks])
    if sum(len(row) > 1 and _is_value(row[-1]) for row in rows) < FEWEST:
        return None
    cells = tuple([_cell(row, r, c, index) for r, row in enumerate(rows) for c in range(len(row))])
    return Grid(
        index=index,
        cells=cells,
        n_rows=len(rows),
        n_cols=max(map(len, rows)),
        source="text",
        carrier="text",
    )


def _cell(row: Words, number: int, col: int, index: int) -> Cell:
    text = row[col]
    at = At(table=index, row=number, cell=col)
    return Cell(text=text, lines=(text,), plain=text, row=number, col=_slot(row, col), at=at)


def _slot(row: Words, col: int) -> int:
    """A row without a unit leaves the middle column free."""
    return 2 if len(row) == 2 and col == 1 else col


def _rows(lines: Sequence[str]) -> list[Words]:
    rows: list[Words] = []
    at = 0
    while at < len(lines):
        row = _row(lines[at]) or _stacked(lines[at : at + 3])
        at += 1
        if row:
            at += len(row) - 1 if row[0] == lines[at - 1] and len(row) > 1 else 0
            rows.append(row)
    return rows


def _row(line: str) -> Words:
    """A line of label, unit and value; what does not come apart stays whole beside its label."""
    words = line.split()
    if not len(words) >= 2 or len(line) > LONGEST:
        return ()
    if sum(bool(head(word)) for word in words) >= 2:
        return tuple(words) if len(words) == 3 else ()
    for size in range(len(words) - 1, 0, -1):
        label = "".join(words[:size])
        if key(label) in LABELS:
            return _behind(label, words[size:])
    return ()


def _behind(label: str, rest: Sequence[str]) -> Words:
    if len(rest) == 1 and _is_value(rest[0]):
        return (label, rest[0])
    if len(rest) == 2 and is_unit(rest[0]) and _is_value(rest[1]):
        return (label, rest[0], rest[1])
    if len(rest) == 2 and is_unit(rest[1]) and _is_value(rest[0]):
        return (label, rest[1], rest[0])
    return (label, " ".join(rest))


def _stacked(lines: Sequence[str]) -> Words:
    """A label, its unit and its value in a line each."""
    label = lines[0]
    if len(label) > LONGEST or key(label) not in LABELS:
        return ()
    if len(lines) > 2 and is_unit(lines[1]) and _is_value(lines[2]):
        return tuple(lines)
    return (label, lines[1]) if len(lines) > 1 and _is_value(lines[1]) else (label,)


def _is_value(text: str) -> bool:
    return len(text) < 30 and parse_value(text).state not in ("text", "blank")
