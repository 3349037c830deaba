"""What a cell or a page displays, before it is cut into lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .furniture import FENCE
from .markup import Element
from .unseen import KINDS


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line of text ends here; what follows stands in the block element `tag`."""

    tag: str


@lru_cache(maxsize=1024)
def boundary_of(tag: str) -> Boundary:
    """The one boundary of that tag."""
    return Boundary(tag)


@dataclass(frozen=True, slots=True)
class Raise:
    """Superscript or subscript begins or ends; or a text that is not seen as it is written."""

    on: bool
    veil: str = "beside"


RAISE, LOWER = Raise(True), Raise(False)
VEILS = {kind: (Raise(True, kind), Raise(False, kind)) for kind in KINDS}
BREAK = Boundary("")  # <br>: the block stays what it was


@dataclass(slots=True, eq=False)
class CellPart:
    """A cell and what it displays."""

    element: Element
    start: int = 0  # place of its start tag among the pieces of the page
    flow: Flow = field(default_factory=list)
    prints: bool = False  # something of its own, tables inside aside


@dataclass(slots=True, eq=False)
class Table:
    """A table as it stands in the tree. `ordinal`: among all tables of the page."""

    ordinal: int
    groups: list[tuple[str, list[list[CellPart]]]] = field(default_factory=list)
    caption: Flow = field(default_factory=list)
    own: int = 0  # cells that print something themselves
    inner: int = 0  # the same, of the tables inside
    last: int = 0  # ordinal of the last table inside, or its own
    is_data: bool = False

    @property
    def is_text(self) -> bool:
        """One cell or none that prints: a frame round text."""
        return self.own <= 1 and not self.inner

    def settle(self) -> None:
        """Decide what the table is for, once everything in it was read.

        A layout table prints less than the tables inside. Rows of a text and a figure are data all
        the same, whatever a cell of theirs holds.
        """
        rows = [row for _, rows in self.groups for row in rows]
        for row in rows:
            for cell in row:
                self._count(cell)
        lines = (sum(cell.prints for cell in row) for row in rows)
        self.own = sum(lines)
        ruled = self.own > 1 and (self.inner <= self.own or sum(map(_is_record, rows)) > 1)
        self.is_data = ruled or (self.is_text and _is_left_blank(rows))

    def _count(self, cell: CellPart) -> None:
        prints = divided = False
        for item in cell.flow:
            if item.__class__ is str:
                prints = prints or not item.isspace()
            elif item.__class__ is Table:
                self.last = max(self.last, item.last)
                if item.is_text:
                    prints = prints or item.own > 0
                else:
                    divided = True
                    self.inner += item.own + item.inner
        cell.prints = prints and not divided


Flow = list[str | Boundary | Raise | Table]
FEWEST_BLANK = 10  # the kinds of suit alone have ten outcomes
FIGURE = frozenset("0123456789.,/-—０１２３４５６７８９")


def _is_left_blank(rows: list[list[CellPart]]) -> bool:
    """A row of many empty cells: the values of section C below a page break, none to report.

    A line of signatures may stand below it.
    """
    wide = len(rows) in (1, 2) and len(rows[0]) >= FEWEST_BLANK
    return wide and not any(cell.prints for cell in rows[0])


def _is_record(row: list[CellPart]) -> bool:
    """Text and a figure beside it."""
    printing = [cell for cell in row if cell.prints]
    return len(printing) > 1 and any(_is_figure(cell) for cell in printing[1:])


def _is_figure(cell: CellPart) -> bool:
    text = "".join([item for item in cell.flow if isinstance(item, str)]).replace(FENCE, "").strip()
    return 0 < len(text) < 20 and FIGURE.issuperset(text)


def unfolded(flow: Flow) -> Iterator[str | Boundary | Raise | Table]:
    """The items of a flow; a table that is no data gives its cells as blocks."""
    waiting: list[Iterator[str | Boundary | Raise | Table]] = [iter(flow)]
    while waiting:
        for item in waiting[-1]:
            if item.__class__ is Table and not item.is_data:
                waiting.append(_as_blocks(item))
                break
            yield item
        else:
            waiting.pop()


def _as_blocks(table: Table) -> Iterator[str | Boundary | Raise | Table]:
    yield Boundary("caption")
    yield from table.caption
    for _, rows in table.groups:
        for row in rows:
            for cell in row:
                yield Boundary(cell.element.tag)
                yield from cell.flow
    yield Boundary("table")
