"""A report whose pages are pictures: which pictures those are, and what is printed in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .document import appended
from .limits import bounded
from .model import At, Cell, Document, Grid, Problem
from .problems import problem
from .readers import bundled, reads_scans
from .rows import sections_in
from .sandbox import SANDBOX
from .sniff import IMAGES, sniff

MOST = 30  # of one page


@dataclass(frozen=True, slots=True)
class _Rules:
    sources: tuple[str, ...]
    least_width: int
    least_height: int
    articles: tuple[str, ...]
    outside: frozenset[str]
    furniture: re.Pattern[str]
    names: re.Pattern[str]
    endings: re.Pattern[str]


def pictures(text: str) -> list[str]:
    """Addresses, as written, of the pictures that may be pages of the report; icons are not."""
    rules = _rules()
    tree = LexborHTMLParser(bounded(text))
    found = (_address(node, rules) for node in _article(tree, rules).css("img"))
    return list(dict.fromkeys(filter(None, found)))[:MOST]


def shows_tables(document: Document) -> bool:
    """Whether a page prints the statistics itself: its pictures then only illustrate."""
    return any(map(sections_in, document.grids))


def with_pictures(document: Document, bodies: Sequence[bytes]) -> Document:
    """A page and its pictures, which are the pages of one document, as one document."""
    drawn = [body for body in bodies if sniff(body) in IMAGES]
    if not drawn:
        return document
    if not reads_scans():
        unread = problem("image-only", reason=f"{len(drawn)} pictures in the page")
        return replace(document, problems=(*document.problems, unread))
    found = SANDBOX.read("pictures", bundled(drawn))
    return appended(document, _told_apart(found, [sha256(body).hexdigest() for body in drawn]))


def _told_apart(found: Document, files: Sequence[str]) -> Document:
    """Page numbers of the whole become the files that the pages are."""
    return replace(
        found,
        grids=tuple(_grid(grid, files) for grid in found.grids),
        problems=tuple(_problem(each, files) for each in found.problems),
    )


def _grid(grid: Grid, files: Sequence[str]) -> Grid:
    return replace(grid, cells=tuple(_cell(cell, files) for cell in grid.cells))


def _cell(cell: Cell, files: Sequence[str]) -> Cell:
    return replace(cell, at=_at(cell.at, files))


def _problem(each: Problem, files: Sequence[str]) -> Problem:
    return replace(each, at=_at(each.at, files))


def _at(at: At, files: Sequence[str]) -> At:
    return at if at.page is None else replace(at, file=files[at.page])


def _article(tree: LexborHTMLParser, rules: _Rules) -> LexborHTMLParser | LexborNode:
    """The one container of the article, where the page has one that we know."""
    known = (tree.css(selector) for selector in rules.articles)
    return next((nodes[0] for nodes in known if len(nodes) == 1), tree)


def _address(node: LexborNode, rules: _Rules) -> str:
    """Where the picture lies; of a small one that opens a large one, the large one."""
    own = next((node.attributes[name] for name in rules.sources if node.attributes.get(name)), "")
    if _is_small(node, rules) or any(_is_furniture(each, rules) for each in _ancestors(node)):
        return ""
    opened = node.parent.attributes.get("href") if node.parent and node.parent.tag == "a" else ""
    for href in (opened or "", own or ""):
        path = urlsplit(href.strip()).path if not href.startswith("data:") else ""
        if rules.endings.search(path) and not rules.names.search(path):
            return href.strip()
    return ""


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent: LexborNode | None = node
    while parent is not None and parent.tag not in ("body", "html"):
        yield parent
        parent = parent.parent


def _is_furniture(node: LexborNode, rules: _Rules) -> bool:
    named = (node.attributes.get("id") or "", node.attributes.get("class") or "")
    return node.tag in rules.outside or any(map(rules.furniture.search, named))


def _is_small(node: LexborNode, rules: _Rules) -> bool:
    width, height = _said(node, "width"), _said(node, "height")
    return 0 < width < rules.least_width or 0 < height < rules.least_height


def _said(node: LexborNode, side: str) -> float:
    """Pixels of a side, by attribute or style; 0 where the page leaves it open."""
    style = re.search(rf"(?:^|[;\s]){side}\s*:\s*([\d.]+)px", node.attributes.get("style") or "")
    given = re.fullmatch(r"\s*([\d.]+)(?:px)?\s*", node.attributes.get(side) or "")
    said = style or given
    return float(said[1]) if said and said[1].count(".") < 2 and said[1] != "." else 0.0


@cache
def _rules() -> _Rules:
    data = tomllib.loads(Path(__file__).with_name("pictures.toml").read_text("utf-8"))
    return _Rules(
        sources=tuple(data["sources"]),
        least_width=data["least_width"],
        least_height=data["least_height"],
        articles=tuple(data["articles"]),
        outside=frozenset(data["outside"]),
        furniture=re.compile(data["furniture"]),
        names=re.compile(data["names"]),
        endings=re.compile(data["endings"]),
    )
