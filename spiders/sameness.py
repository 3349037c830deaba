"""Whether two bodies of one address say the same: compared by what they show of a report."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.decode import decode, looks_binary
from parsers.errors import ReadError

# Article containers by frequency in public crawlers (portals.md 6.4); a hint, never a wall.
_REGIONS = (
    "#zoom, #Zoom, .TRS_Editor, #UCAP-CONTENT, .pages_content, .j-fontContent, #NewsContent, "
    "#mainText, .article-content, #ivs_content, #webeditorview, .Custom_UnionStyle, "
    ".xxgk_content, .xxgk-content, .detail-content, .pub-det-content"
)
_ENOUGH = 200  # characters under which a container is not the article


def same_text(before: bytes, now: bytes) -> bool:
    """False where one of them is a file or cannot be read: then bytes decide."""
    if looks_binary(before) or looks_binary(now):
        return False
    try:
        return _region(decode(before, "").text) == _region(decode(now, "").text)
    except ReadError:
        return False


def _region(text: str) -> str:
    """The text of the article container, of the whole page where none is large enough; cells are
    kept apart, so that a digit that moves from one to the next is a change."""
    tree = LexborHTMLParser(text)
    tree.strip_tags(["script", "style", "noscript", "template"])
    shown = max((_shown(node) for node in tree.css(_REGIONS)), key=len, default="")
    if len(shown) >= _ENOUGH or tree.body is None:
        return shown
    return _shown(tree.body)


def _shown(node: LexborNode) -> str:
    return re.sub(r"\s+", " ", node.text(separator="\n")).strip()
