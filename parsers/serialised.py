"""A page as one string in which every element is closed: the tree that a browser makes of it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .errors import TooLarge
from .markup import RAW

UNCERTAIN = re.compile(r"<(?:plaintext|xmp|svg|math)")
FOREIGN_RAW = ", ".join(f"{root} {tag}" for root in ("svg", "math") for tag in sorted(RAW))
MOST_MARKUP = 40_000_000  # characters: unclosed formatting multiplies


def serialised(text: str) -> str:
    """TooLarge beyond 40 million characters. Without the constructs whose serialisation does not
    say what is markup in them."""
    markup = _plain(LexborHTMLParser(text))
    if len(markup) > MOST_MARKUP:
        raise TooLarge(f"{len(markup)} characters once every element is closed")
    return markup


def _plain(tree: LexborHTMLParser) -> str:
    markup = tree.html or ""
    if not UNCERTAIN.search(markup):
        return markup
    for node in tree.css("xmp"):
        shown = tree.create_node("pre")
        shown.insert_child(node.text())
        node.replace_with(shown)
    for node in tree.css("plaintext"):
        node.replace_with(node.text())
    for node in tree.css(FOREIGN_RAW):  # scripts and styles there are elements, not raw text
        node.decompose()
    return tree.html or ""
