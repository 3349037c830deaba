"""The documents that a report page links, frames, opens or carries in its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.document import parse
from parsers.jstext import strings
from parsers.pictures import pictures, shows_tables
from parsers.suffixes import NAMED, is_document

from .links import Link, absolute, anchors, base_of, frames, opened
from .pagers import PAGERS, Page

PICTURE = "picture"  # note of a task whose answer is a page of the report that shows it
MOST = 20  # of one page; a report has one, a page of furniture has hundreds
_SCRIPTS = 1_000_000  # characters of scripts that are looked through
_SOURCE = re.compile(r"<script\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_CARRIES = re.compile(r"href|src\s*=|\\u003c|\.(?:pdf|docx?|wps)\b", re.IGNORECASE)
_HANDS_OUT = re.compile(r"down|attach|getfile", re.IGNORECASE)
_PLAIN = re.compile(r"[^\s<>\"']{1,300}")

_TURNS = ("createPageHTML", "countPage", "numbered", "next")  # of a report on several pages
# Films, sound and pictures in a frame are no part of a report's text.
_MEDIA = re.compile(r"\.(swf|flv|mp[34]|avi|wmv|m4a|wav|gif|svg|ico|css|js)$", re.IGNORECASE)
_FURNITURE = re.compile(r"head|foot|top|nav|menu|search|share|left|right|banner|count|login", re.I)


def attachments(text: str, url: str) -> list[Link]:
    """In the order of the page, each once."""
    found: dict[str, Link] = {}
    carried = list(_carried(text))
    for part in (text, *(one for one in carried if "<" in one)):
        for link in (*anchors(part, url), *frames(part, url), *opened(part, url)):
            target = _document(link.url)
            if target and target != url:
                found.setdefault(target, Link(url=target, text=link.text))
    for target in (absolute(one, url) for one in carried if _PLAIN.fullmatch(one)):
        if NAMED.search(urlsplit(target).path):
            found.setdefault(target, Link(url=target, text=""))
    return list(found.values())[:MOST]


def _carried(text: str) -> Iterator[str]:
    """Strings of the page's scripts: the article of some systems, or an address to show."""
    if not any(_CARRIES.search(source) for source in _SOURCE.findall(text)):
        return
    left = _SCRIPTS
    for node in LexborHTMLParser(text).css("script:not([src])"):
        source = (node.text() or "")[:left]
        left -= len(source)
        if _CARRIES.search(source):
            yield from (one for _, one in strings(source))


def shown(text: str, url: str) -> list[Link]:
    """Pictures that are pages of the report; none where the page prints its tables itself."""
    hrefs = pictures(text)
    for one in [] if hrefs else _carried(text):
        hrefs += pictures(one) if "<img" in one.lower() else []
    if not hrefs or shows_tables(parse(text)):
        return []
    base = base_of(LexborHTMLParser(text), url)
    targets = (absolute(href, base) for href in hrefs)
    return [Link(url=target, text="") for target in dict.fromkeys(targets) if target]


def parts(text: str, url: str) -> list[Link]:
    """The other pages of a report that is split over several, and pages framed inside it."""
    here = urlsplit(url)
    stem = here.path.rpartition("/")[2].rpartition(".")[0]
    turned = here.query or (stem and re.search(rf"{re.escape(stem)}(?:_\d|['\"]\s*,)", text))
    page = Page(url=url, text=text)
    turns = (PAGERS[name].turn(page) for name in (_TURNS if turned else ()))
    asks = (ask.url for turn in turns if turn for ask in turn.asks if _continues(ask.url, url))
    framed = (link.url for link in frames(text, url) if _is_page(link.url, url))
    return [Link(url=one, text="") for one in dict.fromkeys([*asks, *framed])][:MOST]


def _continues(target: str, url: str) -> bool:
    """`2024_2.html` goes on with `2024.html`, `a.jsp?id=7&page=2` with `a.jsp?id=7`."""
    there, here = urlsplit(target), urlsplit(url)
    if there.netloc != here.netloc or target == url:
        return False
    stem = here.path.rpartition(".")[0] or here.path
    if here.query:
        return there.path == here.path and set(parse_qsl(here.query)) <= set(parse_qsl(there.query))
    return bool(stem.strip("/")) and there.path.startswith(f"{stem}_")


def _is_page(target: str, url: str) -> bool:
    """A framed page of the same site that is no document, no player and no search form."""
    there, here = urlsplit(target), urlsplit(url)
    if there.netloc != here.netloc or target == url or _document(target):
        return False
    return not (_FURNITURE.search(there.path) or _MEDIA.search(there.path))


def _document(url: str) -> str:
    """The address of the document behind a link; a viewer names it in its query."""
    parts = urlsplit(url)
    if is_document(parts.path):
        return url
    named = (absolute(value, url) for _, value in parse_qsl(parts.query))
    target = next((one for one in named if NAMED.search(urlsplit(one).path)), "")
    return url if target and _HANDS_OUT.search(parts.path) else target
