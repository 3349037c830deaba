"""Lists of no system we know: what the page's own script asks for, as far as it is written out."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.answers import item_rows, json_rows, script_rows, scripts
from parsers.listing import rows

from .base import Ask, Page, Turn
from .search import NUMBERED, WORD, answer, first

_LONGEST = 500_000  # characters of one script
MOST = 3  # calls of one page that are tried
_CALL = re.compile(
    r"(?:\$\.(?:get|post|getJSON|ajax)|\bfetch|\baxios(?:\.(?:get|post))?|\burl\s*:|\.load|\.open)"
    r"\s*\(?\s*(?:['\"](?:GET|POST)['\"]\s*,\s*)?"
    r"(?:\{\s*(?:[\w'\"]+\s*:\s*[\w'\"]+\s*,\s*)*['\"]?url['\"]?\s*:\s*)?"
    r"[\"'`]([^\"'`\s<>]{2,600})[\"'`]"
)
_LISTS = re.compile(r"list|\.xml|\.json|article|news|info|content|page|query|column|channel", re.I)
_ELSE = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|ico|html?)(?:$|\?)|login|count|hits?\b|visit|click|stat|captcha|weather"
    r"|user|upload|comment|\$\{|\+",
    re.IGNORECASE,
)


class Called:
    """Only for a page that shows no row: at most three calls to its own host, as it makes them."""

    name = "called"

    def turn(self, page: Page) -> Turn | None:
        if json_rows(page.text, page.url) or item_rows(page.text, page.url):
            return answer(page) if NUMBERED.search(f"{page.url}&{page.body!r}") else None
        if page.number > 1 or page.method != "GET" or "<script" not in page.text.lower():
            return None
        sources = (script[:_LONGEST] for script in scripts(LexborHTMLParser(page.text)))
        calls = (call for source in sources for call in _CALL.finditer(source))
        lists = islice((call for call in calls if _is_list(page, call)), MOST * MOST)
        asks = dict.fromkeys(_ask(page, call) for call in lists)
        if not asks or _has_rows(page):
            return None
        return Turn(asks=tuple(asks)[:MOST], guess=True)


def _ask(page: Page, call: re.Match[str]) -> Ask:
    """As the script makes it; from an address without a number no page is counted."""
    if NUMBERED.search(_told(call)):
        return first(page, call)
    return Ask(url=urljoin(page.url, unescape(call[1])), number=1)


def _told(call: re.Match[str]) -> str:
    """The address and what goes with it."""
    return call[1] + call.string[call.end() : call.end() + 300].partition("})")[0]


def _has_rows(page: Page) -> bool:
    return bool(rows(page.text, page.url) or script_rows(page.text, page.url))


def _is_list(page: Page, call: re.Match[str]) -> bool:
    there, here = urlsplit(urljoin(page.url, call[1])), urlsplit(page.url)
    if there.netloc != here.netloc or there.scheme not in ("http", "https"):
        return False
    named = _LISTS.search(call[1]) and not _ELSE.search(call[1])
    return bool(named) and not WORD.search(_told(call))
