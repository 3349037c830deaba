"""OpenDocument texts (.odt): the final text, tables with their spans."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from parsers.errors import TooLarge
from parsers.model import Document, Problem
from parsers.problems import problem

from .elements import attribute, child, name
from .odf_text import Office, Paragraph, opened, repeated
from .package import Package
from .tree import Assembly, Box, Node, Para, Table

_ROWS = frozenset(["table-header-rows", "table-rows", "table-row-group"])
_WRAPPERS = frozenset(["section", "list", "list-item", "list-header", "text-box", "index-body"])
_DRAWN = {"image": "a picture", "object": "an object", "object-ole": "an object"}
_CELL_LIMIT = 60_000


def read_odt(body: bytes) -> Document:
    """The document as displayed, changes accepted; raises a ReadError."""
    office = opened(Package(body), "text")
    reader = _Reader(office)
    assembly = Assembly("odt", tolerance=0)
    assembly.flow(reader.nodes(office.body))
    return assembly.document(reader.problems())


class _Reader:
    """Turns body elements into nodes."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._hidden: list[str] = []
        self._embedded = 0
        self._cells = 0

    def problems(self) -> list[Problem]:
        """What concerns the whole document."""
        found = []
        if hidden := " | ".join(text for text in self._hidden if text.strip()):
            found.append(problem("hidden-content", what=f"hidden text {hidden[:200]!r}"))
        if self._embedded:
            found.append(problem("embedded-unread", what=f"{self._embedded} embedded objects"))
        return found

    def nodes(self, element: etree._Element) -> Iterator[Node]:
        """Paragraphs and tables in order; what stands in a frame comes after its paragraph."""
        for inner in element:
            kind = name(inner)
            if kind in ("p", "h"):
                yield from self._paragraph(inner)
            elif kind == "table":
                yield Table(tuple(self._rows(inner, {})))
            elif kind == "frame":
                yield from self._framed(inner)
            elif kind in _WRAPPERS and attribute(inner, "display") == "none":
                self._hidden.append("".join(inner.itertext()))
            elif kind in _WRAPPERS:
                yield from self.nodes(inner)

    def _paragraph(self, element: etree._Element) -> Iterator[Node]:
        found = Paragraph(self._office)
        found.take(element, attribute(element, "style-name"))
        self._hidden += found.hidden
        tag = "h1" if name(element) == "h" else "p"
        frames = [each for each in element.iter() if name(each) == "frame"]
        drawn = [_DRAWN[kind] for each in frames for kind in map(name, each) if kind in _DRAWN]
        yield Para(tuple(found.runs), tuple(found.changed), tag, tuple(drawn))
        for frame in frames:
            yield from self._framed(frame)

    def _framed(self, frame: etree._Element) -> Iterator[Node]:
        box = child(frame, "text-box")
        if box is not None:
            yield from self.nodes(box)
        elif child(frame, "object") is not None or child(frame, "object-ole") is not None:
            self._embedded += 1

    def _rows(
        self, element: etree._Element, going: dict[int, tuple[int, int]]
    ) -> Iterator[tuple[Box, ...]]:
        """`going`: column -> where a cell that reaches further down ends, and for how many rows."""
        for inner in element:
            if name(inner) in _ROWS:
                yield from self._rows(inner, going)
            elif name(inner) == "table-row":
                for _ in range(repeated(inner, "number-rows-repeated")):
                    yield tuple(self._boxes(inner, going))

    def _boxes(self, row: etree._Element, going: dict[int, tuple[int, int]]) -> Iterator[Box]:
        column = 0
        for cell in row:
            if name(cell) not in ("table-cell", "covered-table-cell"):
                continue
            for _ in range(repeated(cell, "number-columns-repeated")):
                self._cells += 1
                if self._cells > _CELL_LIMIT:
                    raise TooLarge(f"more than {_CELL_LIMIT} cells in tables")
                if name(cell) == "table-cell":
                    yield self._box(cell, column, going)
                elif column in going:
                    yield _continued(column, going)
                column += 1

    def _box(self, cell: etree._Element, column: int, going: dict[int, tuple[int, int]]) -> Box:
        right = column + repeated(cell, "number-columns-spanned")
        down = repeated(cell, "number-rows-spanned")
        going.pop(column, None)
        if down > 1:
            going[column] = (right, down - 1)
        body = tuple(self.nodes(cell))
        return Box(column, right, body, "start" if down > 1 else "")


def _continued(column: int, going: dict[int, tuple[int, int]]) -> Box:
    right, left = going.pop(column)
    if left > 1:
        going[column] = (right, left - 1)
    return Box(column, right, (), "continue")
