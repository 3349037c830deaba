"""Hanweb's own list of annual reports: one page a year and area."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urljoin

from .base import Ask, Page, Turn

PATH = "/module/xxgk/xxgkAnnualReport.jsp"
_PATH = re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp", re.IGNORECASE)
_YEAR = re.compile(
    r"\bfbtime['\"]?\s*[=:]\s*['\"]?(20[0-3]\d)|<option[^>]*\bvalue=['\"]?(20[0-3]\d)\b"
)
_AREA = re.compile(r"\barea['\"]?\s*[=:]\s*['\"]?([0-9A-Za-z-]{4,40})")
_OPTION = re.compile(r"<option[^>]*\bvalue=['\"]?([0-9A-Z-]{9,40})['\"\s>]")
MOST = 400  # years x areas of one page
FIRST = 2008


class Annual:
    """Every year with every area that the entry names; the answers turn no further."""

    name = "annual"

    def turn(self, page: Page) -> Turn | None:
        if not _PATH.search(page.url):
            return None
        text = f"{page.url}\n{page.text}"
        named = {one or other for one, other in _YEAR.findall(text)}
        years = sorted(named if len(named) > 1 else _every_year(), reverse=True)
        areas = list(dict.fromkeys([*_AREA.findall(text), *_OPTION.findall(text)]))
        target = urljoin(page.url, PATH)
        urls = [f"{target}?fbtime={year}&area={area}" for year, area in product(years, areas)]
        others = [url for url in urls if url != page.url][:MOST] if page.number == 1 else []
        return Turn(asks=tuple(Ask(url=url, number=n) for n, url in enumerate(others, 2)))


def _every_year() -> set[str]:
    """Since there are reports; of the year that runs there is none yet."""
    return {str(year) for year in range(FIRST, datetime.now(UTC).year)}
