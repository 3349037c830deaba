"""A report that is split over several pages: what stands on the others is not in this one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PAGER = re.compile(
    r"createPageHTML\s*\(\s*(?:'[^']*'\s*,)?\s*([2-9]|[1-9]\d)\s*,\s*\d+\s*,\s*['\"]([\w.-]+)['\"]"
)
_NUMBER = re.compile(r"_\d{1,2}$")
_COMMON = frozenset(("index", "default", "content", "list", "main", "detail", "show", "article"))
_HREF = r"href\s*=\s*[\"']?(?:[^\"'\s>]{{0,300}}/)?({}(?:_\d{{1,2}})?\.s?html?)[\"'\s>]"


def other_page(text: str, url: str) -> str:
    """What says that the report of this address has further pages; "" when nothing does."""
    name = _name(url)
    own = _NUMBER.sub("", name.rpartition(".")[0])
    if not own:
        return ""
    pager = _PAGER.search(text)
    if pager and pager[2] == own:
        return f"its pager counts {pager[1]} pages"
    if own.lower() in _COMMON:
        return ""
    links = re.findall(_HREF.format(re.escape(own)), text)
    return next((link for link in links if link != name), "")


def _name(url: str) -> str:
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""
