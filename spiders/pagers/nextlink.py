"""Columns that link their next page."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from spiders.links import anchors

from .base import MAX_PAGES, NEXT, Ask, Page, Turn

_NEXT = frozenset({*NEXT, "下一页>", "下一页>>", "下一页»", ">", "›"})
_PACKED = re.compile(r"id=[\"']pages[\"'][^>]*>\s*([A-Za-z0-9+/=\s]{16,})<")


class NextLink:
    """`下一页`: one page at a time; a page that was seen before ends the walk."""

    name = "next"

    def turn(self, page: Page) -> Turn | None:
        text = _unpacked(page.text)
        if "下" not in text and ">" not in text:
            return None
        found = (link.url for link in anchors(text, page.url) if link.text in _NEXT)
        url = next((url for url in found if url != page.url), None)
        if url is None or page.number >= MAX_PAGES:
            return None
        return Turn(asks=(Ask(url=url, number=page.number + 1),))


def _unpacked(text: str) -> str:
    """Yunnan packs its pager: base64 of URL-encoded markup, opened by `window.atob`."""
    packed = _PACKED.search(text) if "atob" in text else None
    if packed is None:
        return text
    try:
        opened = base64.b64decode("".join(packed[1].split()), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return text
    return text + unquote(opened)
