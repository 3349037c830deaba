"""The links of a page, absolute and without fragments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.url import safe_url_string

from .addresses import split

MAX_URL = 2000
_FRAMES = "iframe[src], frame[src], embed[src], object[data]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where it leads and what it says; `text` is the title attribute when the label is cut."""

    url: str
    text: str


def anchors(text: str, url: str) -> Iterator[Link]:
    """Every `<a href>` that leads to an http page."""
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    for node in tree.css("a[href]"):
        if target := absolute(node.attributes.get("href") or "", base):
            yield Link(url=target, text=_label(node))


def frames(text: str, url: str) -> Iterator[Link]:
    """Documents shown inside the page: frames, embeds, objects."""
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    for node in tree.css(_FRAMES):
        href = node.attributes.get("src") or node.attributes.get("data") or ""
        if target := absolute(href, base):
            yield Link(url=target, text=_label(node))


def absolute(href: str, base: str) -> str:
    """The URL to ask for, encoded as a browser would; "" for what is no page address."""
    try:
        target = urldefrag(urljoin(base, "".join(href.split("\n")).strip())).url
    except ValueError:
        return ""
    parts = split(target)
    if parts is None or parts.username is not None or len(target) > MAX_URL:
        return ""
    return safe_url_string(target)


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "").strip() if node else ""
    try:
        return urljoin(url, href)
    except ValueError:
        return url


def _label(node: LexborNode) -> str:
    shown = "".join(node.text(deep=True).split())
    title = "".join((node.attributes.get("title") or "").split())
    return title if not shown or (shown.endswith(("...", "…")) and title) else shown
