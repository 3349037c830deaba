"""From a home page towards the column of annual reports, by what the links say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

from .links import Link, anchors

DEPTH = 3  # clicks from the home page to the column
COLUMNS = 5  # candidates kept of one page
STEPS = 3  # pages between home and column tried from one page

_Score = Callable[[Link], int]
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
# What links to the column are called, the surest first.
_NAMES = (
    re.compile(r"(政府|政务)?信息公开(工作)?(年报|年度报告)"),
    re.compile(r"公开(工作)?(年报|年度报告)"),
    re.compile(r"(工作)?(年度报告|年报)"),
)
_SLUG = re.compile(
    r"(?:^|[/_-])(zfxxgk|xxgk|gk)?(gz)?(nb|ndbg|niandubaogao)(\d{4})?(_list|\.\w+|/)?$", re.I
)
_STEPS = (
    re.compile(r"政府信息公开(专栏|平台|目录)?"),
    re.compile(r"(政务|信息)公开"),
    re.compile(r"(法定主动)?公开(平台|专栏)?"),
)


def columns(text: str, url: str) -> list[Link]:
    """Links that look like the column itself, the surest first."""
    return _best(text, url, _column_score)[:COLUMNS]


def steps(text: str, url: str) -> list[Link]:
    """Links that may lead to a page which links the column."""
    return _best(text, url, _step_score)[:STEPS]


def is_annual(name: str) -> bool:
    """Whether a column of this name holds annual reports, so that a bare 年报 is one."""
    plain = _plain(name)
    return "年报" in plain or "年度报告" in plain


def _best(text: str, url: str, score: _Score) -> list[Link]:
    scored: dict[str, tuple[int, Link]] = {}
    for link in anchors(text, url):
        points = score(link)
        if points and link.url != url and points > scored.get(link.url, (0, link))[0]:
            scored[link.url] = points, link
    return [link for _, link in sorted(scored.values(), key=lambda found: -found[0])]


def _column_score(link: Link) -> int:
    name = _plain(link.text)
    places = (len(_NAMES) - place for place, known in enumerate(_NAMES) if known.fullmatch(name))
    return 2 * next(places, 0) + int(bool(_SLUG.search(urlsplit(link.url).path)) and bool(name))


def _step_score(link: Link) -> int:
    name = _plain(link.text)
    places = (len(_STEPS) - place for place, known in enumerate(_STEPS) if known.fullmatch(name))
    return next(places, 0)


def _plain(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
