"""FineCMS 迅睿, as 吉安 and its counties run it."""

from __future__ import annotations

from types import MappingProxyType

from parsers.model import Candidate
from parsers.titles import judge
from spiders.links import absolute
from spiders.pagers import PAGERS, Page
from spiders.pagers.ajaxlist import decode

from .base import Family


class FineCms(Family):
    """List pages `/xxgk-list-<dir>.html`, their rows by POST, details `/xxgk-show-<id>.html`."""

    name = "finecms"
    pagers = (PAGERS["ajax_list"],)
    headers = MappingProxyType({"X-Requested-With": "XMLHttpRequest"})

    def rows(self, page: Page, column: str) -> tuple[Candidate, ...]:
        if page.method != "POST":
            return super().rows(page, column)
        data = decode(page.text)["data"]
        items = data if isinstance(data, list) else []
        return tuple(_candidate(item, page.url, column) for item in items)


def _candidate(item: object, url: str, column: str) -> Candidate:
    if not isinstance(item, dict) or not isinstance(item.get("title"), str):
        raise ValueError("a row of the answer has no title")
    target = absolute(str(item.get("url") or ""), url)
    if not target:
        raise ValueError("a row of the answer has no address")
    title = judge(item["title"], column=column)
    return Candidate(
        url=target,
        title=item["title"],
        year=title.year,
        agency=title.agency,
        kind=title.kind,
        published=str(item.get("inputtime") or ""),
    )
