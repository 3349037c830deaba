"""Pagers whose pages are plain addresses: numbered links, or a script's count."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from spiders.links import Link, anchors

from .base import MAX_PAGES, Ask, Page, Turn, others

_SETPAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d{1,4})\s*,\s*(\d{1,4})")
_NUMBER = re.compile(r"[\[(【]?(\d{1,3})[\])】]?")
_DIGITS = re.compile(r"\d+")


class SetPage:
    """上海: `.pagination("setPage", c, T)`, pages `index_N.html` counted from 1."""

    name = "set_page"

    def turn(self, page: Page) -> Turn | None:
        found = _SETPAGE.search(page.text)
        if found is None:
            return None
        total = int(found[2])
        asks = tuple(
            Ask(url=urljoin(page.url, f"index_{number}.html"), number=number)
            for number in others(total, page.number)
        )
        return Turn(asks=asks, pages=total, echo=int(found[1]))


class Numbered:
    """Links whose text is a number and whose addresses differ in that number only."""

    name = "numbered"

    def turn(self, page: Page) -> Turn | None:
        links = [link for link in anchors(page.text, page.url) if _NUMBER.fullmatch(link.text)]
        return _turn(page, links)


def _turn(page: Page, links: list[Link]) -> Turn | None:
    asks = {
        link.url: Ask(url=link.url, number=number)
        for link in links
        if (number := _page_number(link, page)) and number <= MAX_PAGES
    }
    return Turn(asks=tuple(asks.values())) if asks else None


def _page_number(link: Link, page: Page) -> int | None:
    """The number a link shows, when its address says the same beside the column's own."""
    found = _NUMBER.fullmatch(link.text)
    number = int(found[1]) if found else 0
    there, here = urlsplit(link.url), urlsplit(page.url)
    if number < 1 or number == page.number or there.netloc != here.netloc or link.url == page.url:
        return None
    told = {int(digits) for digits in _DIGITS.findall(there.path)[-3:]}
    told |= {int(value) for _, value in parse_qsl(there.query) if value.isdecimal()}
    folder = here.path.rpartition("/")[0]
    near = there.path.startswith((folder, here.path.partition(".")[0]))
    return number if near and told & {number, number - 1} else None
