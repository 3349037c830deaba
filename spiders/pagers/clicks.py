"""Lists that a browser has drawn: the next page is a click away, and a visit of its own."""

from __future__ import annotations

import re

from parsers.model import RENDER

from .base import NEXT, Ask, Page, Turn

MARK = "data-gongkai-next"  # of the control that turns the page; the browser sets it
WORDS = (
    *NEXT, "下一页>",
    "加载更多", "点击加载更多", "查看更多", "点击查看更多", "显示更多",
)  # fmt: skip
SIGNS = (">", "›", "»", ">>")  # these stand in breadcrumbs too: only inside a pager
NAMES = ("btn-next", "next-page", "page-next", "layui-laypage-next", "ant-pagination-next")
MOST = 20  # pages: to come to the last one the browser turns all those before it
_TOTAL = re.compile(r"[共总]\s*(?:<[^>]*>\s*)*(\d{1,6})\s*(?:<[^>]*>\s*)*(?:条|篇|项)")


class Clicks:
    """Only for pages that a browser has drawn: links in them may lead to undrawn ones."""

    name = "clicks"

    def turn(self, page: Page) -> Turn | None:
        if page.method != RENDER:
            return None
        total = _TOTAL.search(page.text)
        more = f"{MARK}=" in page.text and page.number < MOST
        body = f"page={page.number + 1}".encode()
        ask = Ask(url=page.url, number=page.number + 1, method=RENDER, body=body)
        return Turn(asks=(ask,) if more else (), promised=int(total[1]) if total else None)


def number(body: bytes) -> int:
    """The page that a task for the browser wants."""
    told = body.removeprefix(b"page=")
    return int(told) if told.isdigit() else 1
