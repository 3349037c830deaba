"""Which pieces make one table, and which only look alike.

A page break, a repeated header or a table a row tears one table apart; last year's table or that
of another body only looks alike. Pieces that print different rows continue each other, pieces
that print the same rows again are rival copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .bands import Band, claims
from .rows import ROWS, Row, label_sections
from .text import fold, squeeze
from .values import read_value
from .words import head, unit_of_all, year

TINY = 2  # rows of a piece in which one printed again is no chance
OVERLAP = 0.2  # share of rows printed again above which a piece is a rival, not a continuation


@dataclass(slots=True)
class Copy:
    """The pieces of one table."""

    bands: list[Band]
    ids: set[str]

    @property
    def context(self) -> str:
        """Everything printed above its pieces."""
        return "\n".join(text for band in self.bands for text in band.context)

    @property
    def unit(self) -> str:
        """The unit that a line above its pieces gives all its numbers."""
        lines = (text for band in self.bands for text in band.context)
        return next((unit for unit in map(unit_of_all, lines) if unit), "")

    @property
    def year(self) -> int | None:
        """The one year its pieces are dated with."""
        years = {band.year for band in self.bands} - {None}
        return years.pop() if len(years) == 1 else None

    @property
    def body(self) -> str:
        """The one body that stands over its pieces."""
        bodies = {band.body for band in self.bands} - {""}
        return bodies.pop() if len(bodies) == 1 else ""


def copies(pieces: Sequence[Band], ids: Callable[[Band], set[str]]) -> list[Copy]:
    """Pieces of one section gathered into tables; heads alone belong to what follows them."""
    out: list[Copy] = []
    waiting: list[Band] = []
    for band in pieces:
        printed = ids(band)
        if not printed and band.section != "S" and not any(map(claims, band.rows)):
            waiting.append(band)
            continue
        home = next((copy for copy in reversed(out) if _continues(copy, printed, band)), None)
        if home is None:
            out.append(home := Copy([], set()))
        home.bands += [head for head in waiting if band.grid - head.grid in (0, 1)]
        home.bands.append(band)
        home.ids |= printed
        waiting = []
    return [copy for copy in out if copy.ids]


def _continues(copy: Copy, printed: set[str], band: Band) -> bool:
    if (copy.year and band.year and copy.year != band.year) or (
        copy.body and band.body and copy.body != band.body
    ):
        return False
    if not (printed and copy.ids):
        return _is_torn(copy.bands[-1], band, lone=band if copy.ids else copy.bands[-1])
    again, fewer = len(_rows(copy.ids) & _rows(printed)), min(len(copy.ids), len(printed))
    if _otherwise_headed(copy, band, again=again > 0):
        return False
    return again <= OVERLAP * fewer or (again == 1 and fewer > TINY)


def _rows(cores: Iterable[str]) -> set[str]:
    """The same row in other words is the same row."""
    return {ROWS.get(core, core) for core in cores}


def _otherwise_headed(copy: Copy, band: Band, *, again: bool) -> bool:
    """Pieces of one table print its heads again, or none; one of several years is no piece."""
    own = _head_words(band)
    above = [_head_words(each) for each in copy.bands]
    others = [words for words in above if words and words != own]
    if _several_years(own) and own not in above:
        return True
    return bool(own and others) and (again or any(map(_several_years, others)))


def _several_years(words: Iterable[str]) -> bool:
    return len({year(word) for word in words} - {None}) > 1


def _head_words(band: Band) -> set[str]:
    """What stands beside the word for the labels in a head row of section S."""
    words = (row for row in band.rows if band.section == "S" and _is_head_row(row))
    return {fold(cell.text) for row in words for cell in row.cells if squeeze(cell.text)}


def _is_head_row(row: Row) -> bool:
    """项目 | 2015年 | 2016年 heads a table as 统计指标 | 单位 | 统计数 does."""
    named = any(head(cell.text) == "label" for cell in row.cells)
    rows = any(label_sections(cell.text) - {"B"} for cell in row.cells)  # 合计 may be a head
    return named and not rows and not claims(row)


def _is_torn(above: Band, band: Band, lone: Band) -> bool:
    """Whether a piece that names no row of the form (`lone`) stands next to the rest of its table.

    In section C words with values under them that end nothing are a table of another kind.
    """
    if band.grid == above.grid or band.section != "C":
        return band.grid - above.grid in (0, 1)
    worded = any(read_value(c).state == "text" for row in lone.rows for c in row.cells)
    return band.grid - above.grid == 1 and not (worded and any(map(claims, lone.rows)))
