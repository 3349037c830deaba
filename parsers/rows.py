"""Grids as a stream of rows, turned the right way round, packed rows taken apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from .dictionary import FORMS, spellings
from .model import At, Cell, Grid
from .text import key
from .words import (
    A_HEADS,
    A_STEMS,
    REMEDIES,
    SURE_APPLICANTS,
    SURE_OUTCOMES,
    applicant,
    head,
    is_a_word,
    is_unit,
)


@dataclass(slots=True)
class Row:
    """One printed row. `cover`: the cell in each slot, also one that hangs in from above."""

    grid: int
    index: int
    width: int
    cover: list[Cell | None]
    cells: list[Cell]

    @property
    def at(self) -> At:
        """Its address: the table and the row."""
        first = self.cells[0].at
        return At(table=first.table, row=first.row)

    @property
    def extent(self) -> int:
        """The slot after the last that a cell covers: a row that lost a cell ends early."""
        return max((i + 1 for i, cell in enumerate(self.cover) if cell is not None), default=0)

    def starts(self, col: int) -> Cell | None:
        """The cell in slot `col`, if it starts in this row."""
        cell = self.cover[col] if col < len(self.cover) else None
        return cell if cell is not None and cell.row == self.index else None


def distinct(cells: Iterable[Cell | None]) -> list[Cell]:
    """Each cell once, in order; a spanning cell stands in many slots."""
    return list({id(cell): cell for cell in cells if cell is not None}.values())


def _label_index() -> dict[str, frozenset[str]]:
    """Comparable core -> the forms of section S that print it as a row label, and "B"."""
    index: dict[str, set[str]] = {}
    for form in FORMS:
        for core in spellings(form, "S"):
            index.setdefault(core, set()).add(form)
        for core in spellings(form, "B"):
            index.setdefault(core, set()).add("B")
    return {core: frozenset(sections) for core, sections in index.items()}


LABELS = _label_index()


def _row_index() -> dict[str, str]:
    """Comparable core -> the one row of section S, whatever its form, that prints it."""
    index: dict[str, set[str]] = {}
    for form in FORMS:
        for core, rows in spellings(form, "S").items():
            index.setdefault(core, set()).update(row.id for row in rows)
    return {core: found.pop() for core, found in index.items() if len(found) == 1}


ROWS = _row_index()


NEAR = 80  # likeness (of 100) from which a text is laid out as a row label
NEAR_LENGTH = range(5, 60)


@lru_cache(maxsize=65536)
def label_sections(text: str) -> frozenset[str]:
    """The S forms ("2008", "2014") and "B" that print this text, or nearly it, as a row label.

    Serves layout only: whether it *is* that row is decided by `align`.
    """
    core = key(text)
    if core in LABELS or len(core) not in NEAR_LENGTH:
        return LABELS.get(core, frozenset())
    found = process.extractOne(core, LABELS.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return LABELS[found[0]] if found else frozenset()


def rows_of(grid: Grid) -> list[Row]:
    """The rows of a grid with the cell that covers each slot."""
    slots = grid.slots()
    starting = grid.rows()
    return [Row(grid.index, i, grid.n_cols, slots[i], starting[i]) for i in range(grid.n_rows)]


def usual_extent(rows: Iterable[Row]) -> int:
    """Where most rows end, the widest of those that are equally many."""
    counts = Counter(row.extent for row in rows if len(row.cells) > 1)
    return max(counts, key=lambda extent: (counts[extent], extent), default=0)


def uneven(grid: Grid) -> list[int]:
    """Rows that end before or behind the others: a cell is lost or too many."""
    rows = rows_of(grid)
    usual = usual_extent(rows)
    return [row.index for row in rows if row.extent != usual]


def transposed(grid: Grid) -> Grid:
    """Rows and columns exchanged; every cell keeps its printed address."""
    turned = (
        replace(c, row=c.col, col=c.row, rowspan=c.colspan, colspan=c.rowspan) for c in grid.cells
    )
    cells = tuple(sorted(turned, key=lambda c: (c.row, c.col)))
    return replace(grid, cells=cells, n_rows=grid.n_cols, n_cols=grid.n_rows)


def upright(grid: Grid) -> Grid:
    """The grid with its row labels down the side: turned when they run across the top."""
    return transposed(grid) if _lies(grid) else grid


def _most(grid: Grid, axis: Callable[[Cell], int], test: Callable[[Cell], bool]) -> int:
    counts: dict[int, int] = {}
    for cell in grid.cells:
        if test(cell):
            counts[axis(cell)] = counts.get(axis(cell), 0) + 1
    return max(counts.values(), default=0)


def _row(cell: Cell) -> int:
    return cell.row


def _col(cell: Cell) -> int:
    return cell.col


def _is_label(cell: Cell) -> bool:
    return bool(label_sections(cell.text)) and not applicant(cell.text)


def _is_applicant(cell: Cell) -> bool:
    return key(cell.text) in SURE_APPLICANTS


def _lies(grid: Grid) -> bool:
    across, down = _most(grid, _row, _is_label), _most(grid, _col, _is_label)
    if max(across, down) >= 4:
        return across > down
    across, down = _most(grid, _row, _is_applicant), _most(grid, _col, _is_applicant)
    return (down >= 3 and down > across) or _crossings_lie(grid)


def _crossings_lie(grid: Grid) -> bool:
    """Section A turned: row words stand in one row, heads below each other at its left."""
    stems = [cell for cell in grid.cells if key(cell.text) in A_STEMS]
    heads = [cell for cell in grid.cells if key(cell.text) in A_HEADS]
    if not stems or not heads:
        return False
    down, across = _distinct_most(stems, _col), _distinct_most(stems, _row)
    if down != across:
        return across > down
    if _distinct_most(heads, _row) > _distinct_most(heads, _col):
        return False
    return min(cell.col for cell in heads) < min(cell.col for cell in stems)


def _distinct_most(cells: Sequence[Cell], axis: Callable[[Cell], int]) -> int:
    """The most different words in one row or column."""
    words: dict[int, set[str]] = {}
    for cell in cells:
        words.setdefault(axis(cell), set()).add(key(cell.text))
    return max(map(len, words.values()))


def sections_in(grid: Grid) -> bool:
    """Cheap guard: whether any cell speaks the language of a statistics table."""
    return any(_speaks(text) for cell in grid.cells for text in (cell.text, *cell.lines[:2]))


def _speaks(text: str) -> bool:
    core = key(text)
    if label_sections(text) or core in SURE_APPLICANTS or core in SURE_OUTCOMES:
        return len(core) > 2  # 其他 and 总计 are everybody's words
    return is_a_word(core) or core in REMEDIES


def heads_only(grid: Grid) -> bool:
    """A head row that was made a table of its own."""
    words = sum(bool(head(cell.text)) for cell in grid.cells)
    return grid.n_rows <= 2 and words >= 2


def unpacked(rows: Iterable[Row]) -> list[Row]:
    """Rows packed into one by line breaks, taken apart where all their cells agree on how many."""
    out: list[Row] = []
    for row in rows:
        out.extend(_unpack(row))
    return out


def _unpack(row: Row) -> Sequence[Row]:
    filled = [cell for cell in row.cells if cell.lines]
    count = max((len(cell.lines) for cell in filled), default=0)
    if count < 2 or len(filled) < 2:
        return (row,)
    packed = [cell for cell in filled if len(cell.lines) == count]
    if not _really_packed(packed, filled, count):
        return (row,)
    return [_slice(row, packed, i) for i in range(count)]


def _really_packed(packed: list[Cell], filled: list[Cell], count: int) -> bool:
    """Each line of one cell is a known label, and every other filled cell has as many lines."""
    known = max(sum(map(_names_a_row, cell.lines)) for cell in packed)
    rest = [cell for cell in filled if len(cell.lines) != count and cell.rowspan == 1]
    units = any(all(map(is_unit, cell.lines)) for cell in packed)  # rows of no form among them
    return (known * 2 > count or units) and known >= 2 and not rest and len(packed) >= 2


def _names_a_row(line: str) -> bool:
    core = key(line)
    if label_sections(line) or core in A_STEMS:
        return True
    near = process.extractOne(core, A_STEMS, scorer=fuzz.ratio, score_cutoff=NEAR)
    return len(core) in NEAR_LENGTH and near is not None


def _slice(row: Row, packed: list[Cell], number: int) -> Row:
    """Line `number` of a packed row as a row of its own, addresses unchanged."""
    lines = {id(cell): cell.lines[number] for cell in packed}
    cut: dict[int, Cell] = {}
    for cell in row.cells:
        line = lines.get(id(cell), "")
        cut[id(cell)] = replace(
            cell, text=line, plain=line, lines=(line,) if line else (), marks=()
        )
    cover = [cut.get(id(cell), cell) if cell is not None else None for cell in row.cover]
    return Row(row.grid, row.index, row.width, cover, [cut[id(cell)] for cell in row.cells])
