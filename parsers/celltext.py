"""What an element displays, line by line, walked without recursion.

Inline tags never separate, block tags and <br> always do. Hidden content, scripts and templates are
not text; values of form fields are.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol option
    p pre section summary table tbody td tfoot th thead tr ul""".split()  # noqa: SIM905 - a list of 44 is no clearer
)
SILENT = frozenset(("script", "style", "template", "noscript", "head", "title", "datalist"))
RAISED = frozenset(("sup", "sub"))
UNSHOWN = frozenset(("hidden", "button", "submit", "reset", "image", "checkbox", "radio", "file"))
SPACES = re.compile("[ \t\r\n\f]+")
EDGES = (
    " \t\r\n\f\v\xa0\xad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


@dataclass(slots=True)
class Lines:
    """Displayed lines: whole, and without raised runs; the raised runs by themselves."""

    whole: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _bare: list[str] = field(default_factory=list)

    def add(self, text: str, *, raised: bool) -> None:
        """Text of the current line."""
        self._line.append(text)
        (self.marks if raised else self._bare).append(text)

    def end(self) -> None:
        """The line is over."""
        if not self._line:
            return
        text, bare = trimmed(self._line), trimmed(self._bare)
        if text:
            self.whole.append(text)
        if bare:
            self.plain.append(bare)
        self._line, self._bare = [], []


def trimmed(parts: Collection[str]) -> str:
    """Source white space collapsed as a browser does, outer blanks of every kind off."""
    return SPACES.sub(" ", "".join(parts)).strip(EDGES)


def is_hidden(node: LexborNode) -> bool:
    """Whether the element itself is taken off the page."""
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style) and bool(NOT_SHOWN.search(style or ""))


def lines_of(root: LexborNode, apart: Collection[int], *, hiding: bool) -> Lines:
    """The lines of an element; tables whose mem_id is in `apart` are left out.

    `hiding`: the page uses ways to hide content at all, so that every element must be asked.
    """
    lines = Lines()
    stack: list[LexborNode] = []
    raised = 0
    node = root.child
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            lines.add(node.text_content or "", raised=raised > 0)
        elif tag == "br":
            lines.end()
        elif (child := _enter(node, tag, apart, lines, hiding=hiding)) is not None:
            stack.append(node)
            raised += tag in RAISED
            node = child
            continue
        while (following := node.next) is None and stack:
            node = stack.pop()
            raised -= node.tag in RAISED
            if node.tag in BLOCKS:
                lines.end()
        node = following
    lines.end()
    return lines


def _enter(
    node: LexborNode, tag: str, apart: Collection[int], lines: Lines, *, hiding: bool
) -> LexborNode | None:
    """The first child to walk; None when the element shows nothing or has been dealt with."""
    if tag in SILENT or tag == "-comment" or (tag == "table" and node.mem_id in apart):
        return None
    if tag == "input":
        _add_value(node, lines)
        return None
    if hiding and is_hidden(node):
        return None
    if tag in BLOCKS:
        lines.end()
    if tag == "select":
        lines.add(_selected(node), raised=False)
        return None
    return node.child


def _add_value(node: LexborNode, lines: Lines) -> None:
    attributes = node.attributes
    if (attributes.get("type") or "text").lower() not in UNSHOWN:
        lines.add(attributes.get("value") or "", raised=False)


def _selected(node: LexborNode) -> str:
    options = node.css("option")
    chosen = [option for option in options if "selected" in option.attributes] or options[:1]
    return chosen[-1].text() if chosen else ""
