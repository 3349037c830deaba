"""Static columns whose script names the pages: index_1.html is the second or the first."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from .base import Ask, Page, Turn, others

# Group 1 (a name for the pager) stands only in the spellings that count from 1.
_CALL = re.compile(
    r"createPageHTML\s*\(\s*(?:('[^']*'|\"[^\"]*\")\s*,)?\s*(\d+)\s*,\s*(\d+)\s*,"
    r"\s*['\"]([\w.-]+)['\"]\s*,\s*['\"](s?html?)['\"]"
    r"(?:\s*,\s*['\"][^'\"]*['\"])?(?:\s*,\s*(\d+))?"
)
_COUNT = re.compile(r"\bvar\s+countPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bvar\s+currentPage\s*=\s*(\d+)")
_SUFFIX = re.compile(r"['\"]\.['\"]\s*\+\s*['\"](s?html?)['\"]")
_STEM = re.compile(r"['\"]([\w-]+)['\"]\s*\+\s*['\"]_['\"]")


class CreatePageHtml:
    """`createPageHTML(T, c, "index", "html")` of TRS, UCAP and their relatives."""

    name = "createPageHTML"

    def turn(self, page: Page) -> Turn | None:
        call = _CALL.search(page.text)
        if call is None:
            return None
        named, total, current, stem, suffix, rows = call.groups()
        first = 1 if named else 0
        return Turn(
            asks=_asks(page, int(total), stem, suffix, first),
            promised=int(rows) if rows else None,
            pages=int(total),
            echo=int(current) + 1 - first,
        )


class CountPage:
    """The same pages, the script written out in the page: `var countPage = T`, counted from 0."""

    name = "countPage"

    def turn(self, page: Page) -> Turn | None:
        count, current = _COUNT.search(page.text), _CURRENT.search(page.text)
        if count is None or current is None:
            return None
        total = int(count[1])
        stem, suffix = _STEM.search(page.text), _SUFFIX.search(page.text)
        return Turn(
            asks=_asks(
                page,
                total,
                stem[1] if stem else "index",
                suffix[1] if suffix else _suffix(page.url),
                0,
            ),
            pages=total,
            echo=int(current[1]) + 1,
        )


def _asks(page: Page, total: int, stem: str, suffix: str, first: int) -> tuple[Ask, ...]:
    return tuple(
        Ask(
            url=urljoin(page.url, f"{stem}_{number - 1 + first}.{suffix}"),
            number=number,
        )
        for number in others(total, page.number)
    )


def _suffix(url: str) -> str:
    last = urlsplit(url).path.rpartition("/")[2]
    return last.rpartition(".")[2] if "." in last else "html"
