"""Columns inside a column: one a year, one a department, one a group of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from parsers import regions
from parsers.titles import body_in, year_in

from . import discover
from .links import Link, anchors

DEEPEST = 2  # columns below the entry column
_SURE = 6  # points of a link that names a column of annual reports
MOST = 300  # of one page; a province has some sixty departments
_YEAR = re.compile(
    r"(?:关于)?.{0,8}?20\d\d(?:年度?|n)?(?:政府|政务)?(?:信息公开)?(?:工作)?(?:年报|年度报告|报告|专栏)?"
)
_LIST = re.compile(
    r"(?:|(?:index|list|default|col|column|node|more)[\w-]*(?:\.\w+)?|[\w-]*(?:list|nb|ndbg|nianbao)[\w-]*"
    r"(?:\.\w+)?|a?\d{4}n?(?:\.\w+)?|[\w-]+\.(?:jsp|aspx|do|thtml|php))",
    re.IGNORECASE,
)
_RELATIVE = "省市州县区旗盟"


def subcolumns(text: str, url: str, rows: frozenset[str], place: str) -> list[tuple[Link, str]]:
    """Each with the body whose column it is, "" for the same as above. `place` is the name of
    the portal's region; `rows` are documents of the page, which are no columns."""
    found: dict[str, tuple[Link, str]] = {}
    for link in anchors(text, url):
        if link.url not in rows and link.url != url and _is_list(link.url):
            for body in _body(link, url, place):
                found.setdefault(link.url, (link, body))
    return list(found.values())[:MOST]


def _body(link: Link, url: str, place: str) -> Iterator[str]:
    """Whose column the link leads to; nothing when it leads to none."""
    name = discover.plain(link.text)
    if _is_year(_squeezed(link.text)) or _is_group(link, name):
        yield ""
    elif _below(link.url, url) and (body := _named(name, place)):
        yield body


def _is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text) and year_in(f"{text}年"))


def _is_group(link: Link, name: str) -> bool:
    return bool(name) and sum(clue.points for clue in discover.clues(link)) >= _SURE


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _named(name: str, place: str) -> str:
    """市教育局 of 吉安市 is 吉安市教育局; a body of another region keeps its own name."""
    full = f"{place}{name[1:]}" if name[:1] in _RELATIVE and len(name) > 2 else name
    if not body_in(full):
        return ""
    own = full.startswith(place) or regions.find(full) or regions.in_text(full, None)
    return full if own else f"{place}{full}"


def _is_list(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LIST.fullmatch(parts.path.rpartition("/")[2]) or parts.query)


def _below(url: str, column: str) -> bool:
    """In the folder of the column, or the same page with another query."""
    here, there = urlsplit(column), urlsplit(url)
    if here.netloc != there.netloc:
        return False
    folder = here.path.rpartition("/")[0] + "/"
    same = here.path == there.path and here.query != there.query
    return same or (len(folder) > 1 and there.path.startswith(folder))
