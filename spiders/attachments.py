"""The documents that a report page links, frames, opens or carries in its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.jstext import strings
from parsers.suffixes import NAMED, is_document

from .links import Link, absolute, anchors, frames, opened, pictures
from .pagers import PAGERS, Page

MOST = 20  # of one page; a report has one, a page of furniture has hundreds
_SCRIPTS = 1_000_000  # characters of scripts that are looked through
_SOURCE = re.compile(r"<script\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_CARRIES = re.compile(r"href|src\s*=|\\u003c|\.(?:pdf|docx?|wps)\b", re.IGNORECASE)
_HANDS_OUT = re.compile(r"down|attach|getfile", re.IGNORECASE)
_PLAIN = re.compile(r"[^\s<>\"']{1,300}")

_TURNS = ("createPageHTML", "countPage", "numbered", "next")
# Films, sound and pictures in a frame are no part of a report's text.
_MEDIA = re.compile(r"\.(swf|flv|mp[34]|avi|wmv|m4a|wav|gif|svg|ico|css|js)$", re.IGNORECASE)
_FURNITURE = re.compile(r"head|foot|top|nav|menu|search|share|left|right|banner|count|login", re.I)
_SCAN = re.compile(r"\.(jpe?g|png|bmp|tiff?)$", re.IGNORECASE)
_DECORATION = re.compile(
    r"logo|icon|ico\d|banner|qr|ewm|erweima|weixin|wechat|weibo|share|btn|button|bg|arrow|/css/"
    r"|template|/images?/(?:[a-z_-]+\d{0,2}\.\w+)$",
    re.IGNORECASE,
)
# W020190119606990532110.png, /uploadfile/2018/03/5d3c0e.jpg: what an editor put there is named so.
_UPLOADED = re.compile(
    r"[WP]0\d{12,}|/\d{12,}|[0-9a-f]{16,}|upload|/pictures?/|/files?/|attach", re.I
)
_NUMBER = re.compile(r">\s*\d[\d.,]*\s*<")
_FEW_NUMBERS = 12  # cells of numbers; a page with more of them has its tables
_FEW_WORDS = 800  # visible characters of a page where any picture may be the report


def attachments(text: str, url: str) -> list[Link]:
    """In the order of the page, each once; the pictures of a page that shows nothing else."""
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
    return list(found.values())[:MOST] or _scans([text, *carried], url)


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


def _scans(parts: list[str], url: str) -> list[Link]:
    """Pictures that may be the report, or its tables: those that an editor put there."""
    shown = [part for part in parts if "<img" in part.lower()]
    if not shown or sum(len(_NUMBER.findall(part)) for part in parts) > _FEW_NUMBERS:
        return []
    words = sum(len(_shown(part)) for part in parts if "<" in part)
    links = (link for part in shown for link in pictures(part, url))
    found = {link.url: link for link in links if _is_scan(link.url, few=words < _FEW_WORDS)}
    return list(found.values())[:MOST]


def _is_scan(url: str, *, few: bool) -> bool:
    path = urlsplit(url).path
    told = few or _UPLOADED.search(path)
    return bool(told and _SCAN.search(path) and not _DECORATION.search(path))


def _shown(text: str) -> str:
    tree = LexborHTMLParser(text)
    tree.strip_tags(["script", "style", "noscript", "template"])
    return "".join(tree.body.text().split()) if tree.body else ""


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
