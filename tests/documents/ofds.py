"""OFD files made in the tests: a report's grids set in ruled tables over several pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from parsers.model import Block, Cell, Document, Grid

from .office import zipped

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 20.0  # millimetres
SIZE, LINE = 3.2, 4.2


@dataclass(frozen=True, slots=True)
class Line:
    """Text from a point of the page to the right; `y` is its baseline."""

    text: str
    x: float
    y: float


def package(pages: Sequence[str], *, templates: str = "", **parts: str) -> bytes:
    """The container of those pages."""
    listed = "".join(
        f'<ofd:Page ID="{n + 9}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
    )
    area = f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:PageArea>"
    files: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {OFD}><ofd:CommonData>{area}{templates}"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, content in enumerate(pages):
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = page(content)
    return zipped(files | {name.replace("__", "/") + ".xml": part for name, part in parts.items()})


def page(content: str, before: str = "") -> str:
    """A page of one layer."""
    inner = f"<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content>"
    return f"<ofd:Page {OFD}>{before}{inner}</ofd:Page>"


def text(line: Line, more: str = "", inner: str = "", delta: str | None = None) -> str:
    """A text object whose Boundary is its line."""
    if delta is None:
        delta = " ".join(f"{_width(sign):g}" for sign in line.text[:-1])
    step = f' DeltaX="{delta}"' if delta else ""
    return (
        f'<ofd:TextObject Boundary="{line.x:g} {line.y - SIZE:g} 100 {LINE:g}" Size="{SIZE:g}" '
        f'{more}>{inner}<ofd:TextCode X="0" Y="{SIZE:g}"{step}>{escape(line.text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def frame(x: float, y: float, width: float, height: float, more: str = "") -> str:
    """A box drawn as one path."""
    data = f"M 0 0 L {width:g} 0 L {width:g} {height:g} L 0 {height:g} C"
    return (
        f'<ofd:PathObject Boundary="{x:g} {y:g} {width:g} {height:g}" {more}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _width(sign: str) -> float:
    return SIZE if east_asian_width(sign) in "WFA" else SIZE * 0.55


def report(document: Document) -> bytes:
    """Blocks and grids of a document, set anew."""
    press = _Press()
    for number in range(len(document.grids) + 1):
        for block in document.blocks:
            if block.before == number:
                press.paragraph(block)
        if number < len(document.grids):
            press.table(document.grids[number])
    return package(press.pages)


class _Press:
    """Sets paragraphs and rows from the top of a page to its foot."""

    def __init__(self) -> None:
        self.pages = [""]
        self._y = MARGIN

    def paragraph(self, block: Block) -> None:
        for line in _wrapped(block.text, WIDTH - 2 * MARGIN):
            if self._y + LINE > HEIGHT - MARGIN:
                self._turn()
            self._y += LINE
            self.pages[-1] += text(Line(line, MARGIN, self._y))

    def table(self, grid: Grid) -> None:
        edges = _edges(grid)
        heights = _heights(grid, edges)
        self._y += LINE
        tops: list[tuple[int, float]] = []  # page and top of each row
        for height in heights:
            if self._y + height > HEIGHT - MARGIN:
                self._turn()
            tops.append((len(self.pages) - 1, self._y))
            self._y += height
        for cell in grid.cells:
            self._cell(cell, edges, heights, tops)

    def _cell(
        self, cell: Cell, edges: list[float], heights: list[float], tops: list[tuple[int, float]]
    ) -> None:
        """A box a page: a cell over a page end is closed at the foot and opened again."""
        x, right = edges[cell.col], edges[cell.col + cell.colspan]
        rows = range(cell.row, cell.row + cell.rowspan)
        said = list(_wrapped(cell.text, right - x - 2))
        for place in sorted({tops[row][0] for row in rows}):
            own = [row for row in rows if tops[row][0] == place]
            top = tops[own[0]][1]
            self.pages[place] += frame(x, top, right - x, sum(heights[row] for row in own))
            for number, line in enumerate(said):
                self.pages[place] += text(Line(line, x + 1, top + SIZE + 0.6 + number * LINE))
            said = []

    def _turn(self) -> None:
        self.pages.append("")
        self._y = MARGIN


def _wrapped(whole: str, room: float) -> Iterator[str]:
    for part in whole.split("\n"):
        line, used = "", 0.0
        for sign in part:
            if line and used + _width(sign) > room:
                yield line
                line, used = "", 0.0
            line, used = line + sign, used + _width(sign)
        if line:
            yield line


def _edges(grid: Grid) -> list[float]:
    """Columns as wide as their longest word needs, within the page."""
    needs = [1.0] * grid.n_cols
    for cell in grid.cells:
        if cell.colspan == 1:
            needs[cell.col] = max(needs[cell.col], min(len(cell.text), 12))
    room = (WIDTH - 2 * MARGIN) / sum(needs)
    edges = [MARGIN]
    for need in needs:
        edges.append(edges[-1] + need * room)
    return edges


def _heights(grid: Grid, edges: list[float]) -> list[float]:
    heights = [LINE + 1.4] * grid.n_rows
    for cell in sorted(grid.cells, key=lambda cell: cell.rowspan):
        room = edges[cell.col + cell.colspan] - edges[cell.col] - 2
        need = len(list(_wrapped(cell.text, room))) * LINE + 1.4
        rows = range(cell.row, min(cell.row + cell.rowspan, grid.n_rows))
        short = need - sum(heights[row] for row in rows)
        if short > 0:
            heights[rows[-1]] += short
    return heights
