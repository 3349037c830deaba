"""The browser-grade tree of a page, and what stays out of sight in it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .errors import TooLarge

MAX_TEXT = 24_000_000  # characters
MAX_TAGS = 400_000  # the tree and our walk cost about 3 microseconds and 400 bytes a tag
MAX_CELLS = 100_000
MAX_DEPTH = 20_000  # the tree builder looks through the open elements for every tag
MAX_COPIES = 1_000_000  # elements made again because a formatting tag was never closed

_CELL = re.compile(r"<t[dh][\s>/]", re.I)
_NESTING = re.compile(
    r"<(/?)(div|span|section|article|center|blockquote|ul|ol|dl|table|form|main|[a-z]+-[a-z-]*"
    r"|svg|g|ins|del|label|sub|sup|bdo|abbr|q|o:p|header|footer|nav|aside|fieldset)\b",
    re.I,
)
_FORMATTING = re.compile(
    r"<(/?)((?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b[^>]*)", re.I
)
_DISPLAY = re.compile(r"(?:^|[;\s])display\s*:\s*([a-z-]+)", re.I)
_SUSPECT = 20_000  # tags; smaller pages cannot hurt


def plant(text: str) -> LexborHTMLParser:
    """The tree as a browser builds it; raises TooLarge for what would cost too much."""
    _refuse_huge(text)
    return LexborHTMLParser(text)


def _refuse_huge(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise TooLarge(f"over the limit of {MAX_TEXT} characters: {len(text)}")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise TooLarge(f"over the limit of {MAX_TAGS} tags: {tags}")
    if tags <= 2000:
        return
    cells = sum(1 for _ in _CELL.finditer(text))
    if cells > MAX_CELLS:
        raise TooLarge(f"over the limit of {MAX_CELLS} cells: {cells}")
    copies = _copies(text, tags)
    if copies > MAX_COPIES:
        raise TooLarge(f"over the limit of {MAX_COPIES} elements: unclosed formatting tags")
    if tags > _SUSPECT and (depth := _depth(text)) > MAX_DEPTH:
        raise TooLarge(f"over the limit of {MAX_DEPTH} levels: {depth}")


def _depth(text: str) -> int:
    """No less than the deepest nesting."""
    depth = deepest = 0
    for closing, _ in _NESTING.findall(text):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def _copies(text: str, tags: int) -> int:
    """About the number of elements that the adoption agency may make for unclosed formatting.

    Three equal ones are kept at most: https://html.spec.whatwg.org/#push-onto-the-list-of-active-formatting-elements
    """
    starts = ends = 0
    kinds: set[str] = set()
    for closing, tag in _FORMATTING.findall(text):
        if closing:
            ends += 1
        else:
            starts += 1
            kinds.add(tag)
    return min(max(0, starts - ends), 3 * len(kinds)) * (tags - starts - ends)


def displays(tree: LexborHTMLParser) -> dict[int, str]:
    """Element -> display property it was given by attribute; `hidden` counts as none."""
    found: dict[int, str] = {}
    for node in tree.css("[hidden]"):
        if (node.attributes.get("hidden") or "").strip().lower() != "until-found":
            found[node.mem_id] = "none"
    for node in tree.css('[style*="display" i]'):
        given = _DISPLAY.findall(node.attributes.get("style") or "")
        if given:
            found[node.mem_id] = _winner(node, given)
    return found


def _winner(node: LexborNode, given: list[str]) -> str:
    """The last declaration, unless one before it is marked important."""
    important = re.findall(
        r"(?:^|[;\s])display\s*:\s*([a-z-]+)\s*!\s*important",
        node.attributes.get("style") or "",
        re.I,
    )
    return (important or given)[-1].lower()


def table_ordinals(tree: LexborHTMLParser) -> dict[int, int]:
    """Element -> its place in querySelectorAll("table")."""
    return {node.mem_id: number for number, node in enumerate(tree.css("table"))}
