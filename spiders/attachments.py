"""The documents that a report page links or frames."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from parsers.suffixes import NAMED, is_document

from .links import Link, absolute, anchors, frames
from .pagers import PAGERS, Page

MOST = 20  # of one page; a report has one, a page of furniture has hundreds

# Films, sound and pictures in a frame are no part of a report's text.
_MEDIA = re.compile(r"\.(swf|flv|mp[34]|avi|wmv|m4a|wav|gif|svg|ico|css|js)$", re.IGNORECASE)
_FURNITURE = re.compile(r"head|foot|top|nav|menu|search|share|left|right|banner|count|login", re.I)


def attachments(text: str, url: str) -> list[Link]:
    """In the order of the page, each once."""
    found: dict[str, Link] = {}
    for link in (*anchors(text, url), *frames(text, url)):
        target = _document(link.url)
        if target and target != url:
            found.setdefault(target, Link(url=target, text=link.text))
    return list(found.values())[:MOST]


def parts(text: str, url: str) -> list[Link]:
    """The other pages of a report that is split over several, and pages framed inside it."""
    page = Page(url=url, text=text)
    turn = PAGERS["createPageHTML"].turn(page)
    stem = urlsplit(url).path.rpartition("/")[2].rpartition(".")[0]
    split = [Link(url=ask.url, text="") for ask in (turn.asks if turn else ()) if stem in ask.url]
    framed = [Link(url=link.url, text="") for link in frames(text, url) if _is_page(link.url, url)]
    return [*(split if stem else []), *framed][:MOST]


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
    named = parse_qs(parts.query).get("file", [""])[0]
    target = absolute(named, url) if named else ""
    return target if NAMED.search(urlsplit(target).path) else ""
