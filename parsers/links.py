"""Documents that a page points at: attachments, viewer frames, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .celltext import squeezed

_DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|csv|zip|rar|7z|ofd|rtf|txt|pptx?|jpe?g|png|gif|bmp|tiff?)"
    r"(?:$|[?#&;])",
    re.I,
)
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_FURNITURE = re.compile(
    r"logo|icon|\bico\b|banner|qrcode|ewm|erweima|weixin|weibo|red\.png|dzjg", re.I
)


def links(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    """(address as written, text); what is no anchor says so: `frame:`, `viewer:`, `img:`."""
    nodes = tree.css("a[href],iframe[src],frame[src],embed[src],object[data],img[src]")
    return tuple(link for node in nodes for link in _links(node))


def _links(node: LexborNode) -> Iterator[tuple[str, str]]:
    attributes = node.attributes
    tag = node.tag or ""
    if tag == "a":
        href = (attributes.get("href") or "").strip()
        if _DOCUMENT.search(href):
            yield href, squeezed(node.text()) or squeezed(attributes.get("title") or "")
    elif tag == "img":
        source = (attributes.get("src") or "").strip()
        if source and not _FURNITURE.search(source):
            yield source, "img:" + squeezed(attributes.get("alt") or "")
    else:
        source = (attributes.get(_FRAMES[tag]) or "").strip()
        yield from _framed(source, squeezed(attributes.get("title") or ""))


def _framed(source: str, title: str) -> Iterator[tuple[str, str]]:
    if not source or source.lower().startswith(("about:", "javascript:")):
        return
    files = parse_qs(urlsplit(source).query).get("file")
    if files:
        yield files[0], "viewer:" + title
    else:
        yield source, "frame:" + title
