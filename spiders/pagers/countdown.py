"""Pages whose addresses count down: page 2 of T is T-1, the last is 1."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from .base import Ask, Page, Turn, others

_GOTO = re.compile(r"_simple_list_gotopage_fun\((\d+),|class=\"p_t\">共(\d+)页")
# An older skin: 共N条&nbsp;&nbsp;1/97&nbsp; beside a191370_gopage_fun.
_OLD = re.compile(r"共\d+条(?:&nbsp;|\s|<[^>]*>)*\d+/(\d+)(?=.*_gopage_fun)", re.DOTALL)
_MOST = re.compile(r"\bmaxPageNum\s*=\s*['\"]?(\d+)")
_PURL = re.compile(r"\bpurl\s*=\s*['\"]([^'\"]+)")


class CountDown:
    """VSB: `<col>/{T-N+1}.htm` under a column `<col>.htm`."""

    name = "countdown"

    def turn(self, page: Page) -> Turn | None:
        found = _GOTO.search(page.text) or _OLD.search(page.text)
        if found is None:
            return None
        total = int(next(filter(None, found.groups())))
        if page.number > 1:
            return Turn(pages=total)
        stem = re.sub(r"\.html?$", "", page.url.partition("?")[0])
        numbers = others(total, 1)
        asks = tuple(Ask(url=f"{stem}/{total - n + 1}.htm", number=n) for n in numbers)
        return Turn(asks=asks, pages=total)


class MaxPage:
    """SASAC's maker: `index_<component>_{T-N+1}.html`, a piece of markup."""

    name = "maxpage"

    def turn(self, page: Page) -> Turn | None:
        counts, stem = map(int, _MOST.findall(page.text)), _PURL.search(page.text)
        total = max(counts, default=0)  # declared as 0 first, on some pages
        if not total or stem is None:
            return None
        base = re.sub(r"\.html?$", "", urljoin(page.url, stem[1]))
        numbers = others(total, page.number)
        asks = tuple(Ask(url=f"{base}_{total - n + 1}.html", number=n) for n in numbers)
        return Turn(asks=asks, pages=total)
