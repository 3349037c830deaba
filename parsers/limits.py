"""Bounds that a page must keep before a tree is built of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .errors import TooLarge

MOST_TEXT = 6_000_000  # characters; pages are 30 to 200 thousand
MOST_CELLS = 60_000  # tags of cells and rows
MOST_TAGS = 200_000  # of any kind; the largest Word page has some forty thousand
MOST_ATTRIBUTES = 3_000  # of one tag; each is compared with all before it
MOST_UNCLOSED = 15_000  # also the bound of depth; 5,000 is read
MOST_REOPENED = 1_000_000  # elements that unclosed formatting makes a browser open again
INLINE_DATA = re.compile(r"data:[\w.+-]{1,60}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=\s]{200,}+")
FORMATTING = re.compile(
    r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u|p|div|td|th|tr|li)"
    r"(?=[\s/>])([^>]{0,200})",
    re.I,
)
HOLDERS = frozenset(("p", "div", "td", "th", "tr", "li"))
MOST_ALIKE = 3  # of equal formatting elements a browser opens three again


def bounded(text: str) -> str:
    """Inline images go; what is still huge is refused before any tree is built."""
    if len(text) > 500_000:
        text = INLINE_DATA.sub("", text)
    if len(text) > MOST_TEXT:
        raise TooLarge(f"{len(text)} characters of markup, limit {MOST_TEXT}")
    tags = text.count("<")
    unclosed = tags - 2 * text.count("</")
    if unclosed > MOST_UNCLOSED:  # trees of such depth take quadratic time to build
        raise TooLarge(f"{unclosed} elements that are never closed, limit {MOST_UNCLOSED}")
    if tags >= MOST_TAGS:
        raise TooLarge(f"{tags + 1} tags, limit {MOST_TAGS}")
    if tags >= MOST_CELLS:  # the six counts take half as long as building the tree
        _bound_cells(text)
    stretch = MOST_ATTRIBUTES
    if any(text.find("<", at, at + stretch) < 0 for at in range(0, len(text), stretch)):
        _bound_attributes(text.split("<"))  # a longer tag holds one such stretch at least
    if unclosed > 300:
        _bound_reopening(text)
    return text


def _bound_cells(text: str) -> None:
    tags = sum(map(text.count, ("<td", "<TD", "<tr", "<TR", "<th", "<TH")))
    if tags > MOST_CELLS:
        raise TooLarge(f"{tags} rows and cells, limit {MOST_CELLS}")


def _bound_attributes(pieces: Sequence[str]) -> None:
    for piece in pieces:
        if len(piece) > 2 * MOST_ATTRIBUTES and piece[:1].isalpha():
            words = len(piece.partition(">")[0].split(None, MOST_ATTRIBUTES + 1))
            if max(words, piece.count("=")) > MOST_ATTRIBUTES and not piece.startswith("script"):
                raise TooLarge(f"a tag of more than {MOST_ATTRIBUTES} attributes")


def _bound_reopening(text: str) -> None:
    """Formatting that is left open is opened again in every block that follows."""
    left_open: dict[tuple[str, str], int] = {}
    reopened = 0
    for close, name, attributes in FORMATTING.findall(text):
        tag = name.lower()
        if tag in HOLDERS:
            reopened += sum(left_open.values()) if not close and left_open else 0
        elif not close:
            alike = left_open.get((tag, attributes), 0)
            left_open[tag, attributes] = min(MOST_ALIKE, alike + 1)
        elif last := next((key for key in reversed(left_open) if key[0] == tag), None):
            del left_open[last]
        if reopened > MOST_REOPENED:
            raise TooLarge("unclosed formatting, opened again in every block")
