"""Columns that link their next page."""

from __future__ import annotations

from spiders.links import anchors

from .base import MAX_PAGES, Ask, Page, Turn

_NEXT = frozenset({"下一页", "下页", "后一页", "下一页>", "下一页>>", "下一页»", ">", "›"})


class NextLink:
    """`下一页`: one page at a time; a page that was seen before ends the walk."""

    name = "next"

    def turn(self, page: Page) -> Turn | None:
        if "下" not in page.text and ">" not in page.text:
            return None
        found = (link.url for link in anchors(page.text, page.url) if link.text in _NEXT)
        url = next((url for url in found if url != page.url), None)
        if url is None or page.number >= MAX_PAGES:
            return None
        return Turn(asks=(Ask(url=url, number=page.number + 1),))
