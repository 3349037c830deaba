"""A page taken apart: displayed text, data tables, metadata, links to documents."""

from __future__ import annotations

from bisect import bisect_right

from selectolax.lexbor import LexborHTMLParser

from .celltext import TABLE, runs, squeezed
from .flow import Walker
from .grid import grid, is_data
from .links import links
from .model import Block, Document, Grid
from .tree import plant


def parse(text: str) -> Document:
    """Everything a reader needs of a page; TooLarge where the page would cost too much."""
    tree = plant(text)
    blocks, grids = take_apart(tree)
    return Document(
        title=_title(tree),
        metas=_metas(tree),
        blocks=blocks,
        grids=grids,
        links=links(tree),
    )


def take_apart(tree: LexborHTMLParser) -> tuple[tuple[Block, ...], tuple[Grid, ...]]:
    """The displayed text outside data tables, and the data tables, both in document order."""
    walker = Walker(tree, is_data)
    if tree.root is not None:
        walker.walk(tree.root)
    ranked = sorted(walker.listed, key=lambda table: table.ordinal)
    ordinals = [table.ordinal for table in ranked]
    blocks: list[Block] = []
    before = 0
    for tag, line in runs(walker.flow.pieces):
        if tag.startswith(TABLE):
            before = bisect_right(ordinals, walker.listed[int(tag[1:])].last)
        else:
            blocks.append(Block(text=line, before=before, tag=tag))
    return tuple(blocks), tuple(grid(table, index) for index, table in enumerate(ranked))


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return squeezed(node.text()) if node is not None else ""


def _metas(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    found = []
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv")
        if name:
            found.append((name.strip(), squeezed(attributes.get("content") or "")))
    return tuple(found)
