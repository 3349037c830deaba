"""The links of a page, absolute and without fragments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.url import safe_url_string

from parsers.answers import scripts
from parsers.hrefs import clicked, joined

from .addresses import split

MAX_URL = 2000
_SCRIPT = 200_000  # characters of one script that are looked at
_NAMED = re.compile(
    r"[\"'](?:name|title|text|label|channelName|columnName)[\"']\s*:\s*[\"']([^\"'<>]{2,40})[\"']"
    r"[^{}<>]{0,200}?[\"'](?:url|href|link|linkUrl|path)[\"']\s*:\s*[\"']([^\"'<>\s]{2,300})[\"']"
)
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)
_LOCS = 20_000
_WITHIN = 200  # elements and texts of a control that are its label
# A page is parsed only for what it may have: there are many pages.
_SCRIPTED = re.compile(r"\bonclick\b|javascript:", re.IGNORECASE)
_FRAMED = re.compile(r"<(?:i?frame|embed|object)\b", re.IGNORECASE)
_FRAMES = "iframe[src], frame[src], embed[src], object[data]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where it leads and what it says; `text` is the title attribute when the label is cut."""

    url: str
    text: str


def anchors(text: str, url: str) -> Iterator[Link]:
    """Every `<a href>` that leads to an http page."""
    tree = LexborHTMLParser(text)
    base = base_of(tree, url)
    for node in tree.css("a[href], area[href]"):
        if target := absolute(node.attributes.get("href") or "", base):
            yield Link(url=target, text=_label(node))


def opened(text: str, url: str) -> Iterator[Link]:
    """What a click opens by script: the address of a window, or any that ends like a file's."""
    if not _SCRIPTED.search(text):
        return
    tree = LexborHTMLParser(text)
    base = base_of(tree, url)
    for node in tree.css("[onclick], a[href^='javascript:' i]"):
        told = f"{node.attributes.get('onclick') or ''};{node.attributes.get('href') or ''}"
        for href in re.findall(r"[\"']([^\"'\s<>]{2,300})[\"']", told):
            if target := absolute(href, base):
                yield Link(url=target, text=_label(node))


def hidden(text: str, url: str) -> Iterator[Link]:
    """Links of menus that a script draws: a name and an address in one object."""
    tree = LexborHTMLParser(text)
    base = base_of(tree, url)
    for source in scripts(tree):
        for name, href in _NAMED.findall(source[:_SCRIPT]):
            if target := absolute(href.replace("\\/", "/"), base):
                yield Link(url=target, text=name)
    for node in tree.css("[onclick]"):
        if target := absolute(clicked(node.attributes.get("onclick") or ""), base):
            yield Link(url=target, text=_label(node))


def sitemap(text: str, url: str) -> Iterator[Link]:
    """The addresses of a sitemap.xml, which gives them no names."""
    if "<urlset" not in text[:5000] and "<sitemapindex" not in text[:5000]:
        return
    for href in islice(_LOC.findall(text), _LOCS):
        if target := absolute(unescape(href), url):
            yield Link(url=target, text="sitemap.xml")


def frames(text: str, url: str) -> Iterator[Link]:
    """Documents shown inside the page: frames, embeds, objects."""
    if not _FRAMED.search(text):
        return
    tree = LexborHTMLParser(text)
    base = base_of(tree, url)
    for node in tree.css(_FRAMES):
        href = node.attributes.get("src") or node.attributes.get("data") or ""
        if target := absolute(href, base):
            yield Link(url=target, text=_label(node))


def absolute(href: str, base: str) -> str:
    """The URL to ask for, encoded as a browser would; "" for what is no page address."""
    target = joined(base, href)
    parts = split(target)
    if parts is None or parts.username is not None or len(target) > MAX_URL:
        return ""
    return safe_url_string(target)


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What the addresses of a page are relative to."""
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "").strip() if node else ""
    try:
        return urljoin(url, href)
    except ValueError:
        return url


def _label(node: LexborNode) -> str:
    shown = "".join(_text(node).split())
    title = "".join((node.attributes.get("title") or "").split())
    if not shown and not title and (picture := node.css_first("img")):  # an entry is often an icon
        told = picture.attributes.get("alt") or picture.attributes.get("title") or ""
        title = "".join(told.split())
    return title if not shown or (shown.endswith(("...", "…")) and title) else shown


def _text(node: LexborNode) -> str:
    """Of what opens something by script only the first words: thousands may lie in each other."""
    if node.tag in ("a", "area"):
        return node.text(deep=True)
    within = islice(node.traverse(include_text=True), _WITHIN)
    return "".join(each.text_content or "" for each in within if each.tag == "-text")
