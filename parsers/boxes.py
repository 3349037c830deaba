"""Tables laid out without <table>: boxes written as one and the page read again.

Boxes that style itself calls tables, rows and cells are what it says. Rows of equal elements are
taken for a table only where every row has the same number of cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .markup import BLOCKS, RAW, Element, Elements
from .page import Page

BY_DISPLAY = {
    "table": "table",
    "inline-table": "table",
    "table-row-group": "tbody",
    "table-header-group": "thead",
    "table-footer-group": "tfoot",
    "table-row": "tr",
    "table-cell": "td",
    "table-caption": "caption",
}
NEVER = frozenset(("html", "body", "head", "table", "thead", "tbody", "tfoot", "tr", "td", "th"))
FEWEST_ROWS = 3
WIDEST = 12
MOST_NODES = 100_000


@dataclass(slots=True, eq=False)
class Node:
    """An element of the tree: where it starts and ends among the pieces."""

    element: Element
    start: int
    end: int = 0
    children: list[Node] = field(default_factory=list)
    loose: bool = False  # text of its own, beside its children
    classed: bool = False
    gaps: int = 0  # children with white space behind them


def rewritten(page: Page) -> str:
    """The markup with its boxes as tables; empty where nothing looks like a table."""
    pieces = page.markup.split("<")
    root = _tree(pieces, page.elements)
    names = _by_style(root) or _by_shape(root)
    if not names:
        return ""
    return "<".join([_renamed(piece, names.get(at)) for at, piece in enumerate(pieces)])


def _renamed(piece: str, tag: str | None) -> str:
    if tag is None:
        return piece
    head, close, text = piece.partition(">")
    if head.startswith("/"):
        return f"/{tag}{close}{text}"
    return f"{tag}{head[len(head.split(' ', 1)[0]) :]}{close}{text}"


def _tree(pieces: Sequence[str], elements: Elements) -> Node:
    root = Node(Element("", elements.resolve("div").role, {}), 0, len(pieces))
    stack = [root]
    raw = ""  # the end tag that text which is no markup runs to
    for at, piece in enumerate(pieces[1 : MOST_NODES + 1], 1):
        head, _, text = piece.partition(">")
        if raw and head != raw:
            continue
        raw = ""
        if head.startswith("/"):
            if len(stack) > 1:
                stack.pop().end = at
            stack[-1].gaps += bool(text)
        elif not head.startswith(("!", "?")):
            raw = _open(head, at, stack, elements)
        stack[-1].loose |= not raw and bool(text.strip())
    return root


def _open(head: str, at: int, stack: list[Node], elements: Elements) -> str:
    element = elements.known.get(head) or elements.resolve(head)
    if element.context:
        element = elements.in_context(element, [node.element for node in stack[1:]])
    if element.void:
        return ""
    node = Node(element, at, classed=" class=" in head)
    stack[-1].children.append(node)
    stack.append(node)
    return f"/{element.tag}" if element.tag in RAW else ""


def _walk(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _by_style(root: Node) -> dict[int, str]:
    """Places of tags -> the table tag that their display stands for."""
    names: dict[int, str] = {}
    for node in _walk(root):
        tag = BY_DISPLAY.get(node.element.display, "")
        if tag and node.element.tag not in NEVER:
            names[node.start] = names[node.end] = tag
    return names if {"tr", "td"} & set(names.values()) else {}


def _by_shape(root: Node) -> dict[int, str]:
    names: dict[int, str] = {}
    for node in _walk(root):
        if node.start in names or node.element.tag in NEVER:
            continue
        if rows := _rows(node):
            names[node.start] = names[node.end] = "table"
            for row in rows:
                names[row.start] = names[row.end] = "tr"
                for cell in row.children:
                    names[cell.start] = names[cell.end] = "td"
        elif node.element.tag == "dl":
            names |= _pairs(node)
    return names


def _rows(node: Node) -> list[Node]:
    """The children that are rows; none where they disagree on how many cells a row has."""
    rows = [child for child in node.children if len(child.children) > 1]
    if len(rows) < FEWEST_ROWS or node.loose:
        return []
    width, tag = len(rows[0].children), rows[0].element.tag
    if width > WIDEST or any(len(r.children) != width or r.element.tag != tag for r in rows):
        return []
    return rows if all(map(_is_row, rows)) else []


def _is_row(row: Node) -> bool:
    """Cells and nothing between them; runs of one line are no cells unless they are set apart."""
    if row.loose or row.element.tag in NEVER:
        return False
    apart = row.gaps >= len(row.children) - 1 or all(cell.classed for cell in row.children)
    return apart or all(cell.element.tag in BLOCKS for cell in row.children)


def _pairs(node: Node) -> dict[int, str]:
    """A definition list: each term with the details behind it, as many for every term."""
    tags = [child.element.tag for child in node.children]
    terms = tags.count("dt")
    if terms < FEWEST_ROWS or node.loose or len(tags) % terms:
        return {}
    width = len(tags) // terms
    if width < 2 or tags != ["dt", *["dd"] * (width - 1)] * terms:
        return {}
    names = {node.start: "table", node.end: "table"}
    for child in node.children:
        names[child.start] = "tr><td" if child.element.tag == "dt" else "td"
        names[child.end] = "td"
    return names
