"""A page taken apart: grids of its data tables, the text round them, its metadata and documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .carriers import embedded
from .celltext import BLOCKS, SILENT, is_hidden, trimmed
from .errors import TooLarge
from .grid import form_grid, groups_of
from .model import At, Block, Cell, Document, Grid, Problem
from .problems import problem
from .rows import sections_in

MOST_TEXT = 6_000_000  # characters; pages are 30 to 200 thousand
MOST_TAGS = 60_000  # of cells or rows
MOST_UNCLOSED = 15_000  # also the bound of depth; 5,000 is read
INLINE_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{200,}")
HIDING = re.compile(r"hidden|display\s{0,3}:\s{0,3}none|DISPLAY|HIDDEN")
FILES = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|rtf|zip|rar|ofd|csv|png|jpe?g|gif|tiff?|bmp)(?:$|[?#])"
    r"|downfile|download\.jsp|viewer\.html\?",
    re.I,
)
FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "img": "src"}


def parse(text: str) -> Document:
    """Grids, blocks, metadata, links; also of tables that hide in scripts and attributes."""
    text = bounded(text)
    document = parse_html(text)
    if any(sections_in(grid) for grid in document.grids):
        return document
    for carrier, path, html in embedded(text):
        inner = parse_html(html)
        if any(sections_in(grid) for grid in inner.grids):
            document = _joined(document, inner, carrier, path)
    return document


def bounded(text: str) -> str:
    """Inline images go; what is still huge is refused before any tree is built."""
    if len(text) > 500_000:
        text = INLINE_DATA.sub("", text)
    if len(text) > MOST_TEXT:
        raise TooLarge(f"{len(text)} characters of markup, limit {MOST_TEXT}")
    unclosed = text.count("<") - 2 * text.count("</")
    if unclosed > MOST_UNCLOSED:  # trees of such depth take quadratic time to search
        raise TooLarge(f"{unclosed} elements that are never closed, limit {MOST_UNCLOSED}")
    tags = text.count("<td") + text.count("<TD") + text.count("<tr") + text.count("<TR")
    if tags > MOST_TAGS:
        raise TooLarge(f"{tags} rows and cells, limit {MOST_TAGS}")
    return text


def _joined(outer: Document, inner: Document, carrier: str, path: str) -> Document:
    shift = len(outer.grids)
    grids = tuple(_moved(grid, shift, carrier, path) for grid in inner.grids)
    blocks = tuple(replace(block, before=block.before + shift) for block in inner.blocks)
    return replace(
        outer,
        grids=(*outer.grids, *grids),
        blocks=(*outer.blocks, *blocks),
        links=(*outer.links, *inner.links),
        problems=(*outer.problems, *inner.problems),
    )


def _moved(grid: Grid, shift: int, carrier: str, path: str) -> Grid:
    index = grid.index + shift
    cells = tuple(_readdressed(cell, index) for cell in grid.cells)
    source = f"{path} > {grid.source}"
    return replace(grid, index=index, cells=cells, carrier=carrier, source=source)


def _readdressed(cell: Cell, index: int) -> Cell:
    return replace(cell, at=At(table=index, row=cell.at.row, cell=cell.at.cell))


def parse_html(text: str) -> Document:
    """One HTML document, without the tables it may carry in scripts."""
    tree = LexborHTMLParser(text)
    hiding = bool(HIDING.search(text))
    listed, problems = data_tables(tree, hiding=hiding)
    apart = frozenset(node.mem_id for _, node in listed)
    grids: list[Grid] = []
    for number, node in listed:
        try:
            grids.append(form_grid(node, len(grids), apart, f"table[{number}]", hiding=hiding))
        except TooLarge as error:
            problems.append(problem("too-large", reason=error))
            apart -= {node.mem_id}
    walk = Walk(hiding=hiding, apart=apart)
    if tree.body is not None:
        walk.run(tree.body)
    if grids and cut_short(text):
        last = grids[-1].cells[-1].at
        problems.append(problem("truncated", last, reason="the page ends inside this cell"))
    title = tree.css_first("title")
    return Document(
        title=trimmed([title.text()]) if title is not None else "",
        metas=tuple(_metas(tree)),
        blocks=tuple(walk.blocks),
        grids=tuple(grids),
        links=tuple(dict.fromkeys(walk.links)),
        problems=tuple(problems),
    )


def cut_short(text: str) -> bool:
    """Whether the markup ends inside a table cell: what was cut off may have been digits."""
    lower = text[-20_000:].rstrip().lower()
    opened = max(lower.rfind("<td"), lower.rfind("<th"))
    closed = max(lower.rfind(tag) for tag in ("</td", "</th", "</tr", "</tbody", "</table"))
    if opened <= closed:
        return False
    unfinished = lower.rfind("<") > lower.rfind(">") or not lower.endswith(">")
    return unfinished or "</td" in text or "</TD" in text


def _metas(tree: LexborHTMLParser) -> list[tuple[str, str]]:
    found = []
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        if name:
            found.append((name.strip(), (attributes.get("content") or "").strip()))
    return found


def data_tables(
    tree: LexborHTMLParser, *, hiding: bool
) -> tuple[list[tuple[int, LexborNode]], list[Problem]]:
    """Data tables with their ordinal among all tables: not layout, not empty, not hidden."""
    nodes = tree.css("table")
    inner = _inner_tables(nodes)
    filled = {node.mem_id: _own_cells(node) for node in nodes}
    listed = []
    for number, node in enumerate(nodes):
        own = filled[node.mem_id]
        below = sum(filled[key] for key in inner[node.mem_id])
        if own > 1 and below <= own and not (hiding and _under_hidden(node)):
            listed.append((number, node))
    return listed, []


def _inner_tables(nodes: Sequence[LexborNode]) -> dict[int, list[int]]:
    """mem_id of a table -> those of all tables inside it."""
    inner: dict[int, list[int]] = {node.mem_id: [] for node in nodes}
    if len(nodes) < 2:
        return inner
    for node in nodes:
        parent = node.parent
        while parent is not None:
            if parent.mem_id in inner:
                inner[parent.mem_id].append(node.mem_id)
            parent = parent.parent
    return inner


def _own_cells(table: LexborNode) -> int:
    """How many cells print something themselves, tables inside them aside."""
    count = 0
    for group in groups_of(table):
        for row in group:
            cell = row.child
            while cell is not None:
                if cell.tag in ("td", "th") and _prints(cell):
                    count += 1
                cell = cell.next
    return count


def _prints(cell: LexborNode) -> bool:
    """Text outside inner tables; a cell that holds tables besides prints little of its own."""
    if cell.css_first("table") is None:
        return bool(cell.child is not None and (cell.text().strip() or cell.css_first("input")))
    return False


def _under_hidden(node: LexborNode | None) -> bool:
    while node is not None and node.tag != "body":
        if is_hidden(node):
            return True
        node = node.parent
    return False


@dataclass(slots=True)
class Walk:
    """Collects the text blocks outside data tables and the documents a page links to."""

    hiding: bool
    apart: frozenset[int]
    blocks: list[Block] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    before: int = 0
    _line: list[str] = field(default_factory=list)
    _tags: list[str] = field(default_factory=lambda: ["body"])

    def run(self, root: LexborNode) -> None:
        """Walk the tree in document order, without recursion."""
        stack: list[LexborNode] = []
        node = root.child
        while node is not None:
            child = self._enter(node)
            if child is not None:
                stack.append(node)
                node = child
                continue
            while (following := node.next) is None and stack:
                node = stack.pop()
                if node.tag in BLOCKS:
                    self._end()
                    self._tags.pop()
            node = following
        self._end()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        tag = node.tag or ""
        if tag == "-text":
            self._line.append(node.text_content or "")
            return None
        if tag == "br":
            self._end()
        if tag == "table" and node.mem_id in self.apart:
            self._end()
            self.before += sum(t.mem_id in self.apart for t in node.css("table"))
            return None
        if tag in SILENT or tag == "-comment" or (self.hiding and is_hidden(node)):
            return None
        self._link(node, tag)
        child = node.child
        if tag in BLOCKS and child is not None:
            self._end()
            self._tags.append(tag)
        return child

    def _link(self, node: LexborNode, tag: str) -> None:
        name = "href" if tag == "a" else FRAMES.get(tag)
        target = (node.attributes.get(name) or "").strip() if name else ""
        if target and (tag not in ("a", "img") or FILES.search(target)):
            text = trimmed([node.text()]) if tag == "a" else tag
            self.links.append((re.sub(r"\s+", "", target), text))

    def _end(self) -> None:
        if self._line:
            if text := trimmed(self._line):
                self.blocks.append(Block(text=text, before=self.before, tag=self._tags[-1]))
            self._line = []
