"""A portal whose pages are empty shells: one script draws the menu, the list and its pager."""

from __future__ import annotations

import json

from spiders.simulator.knowledge import load
from spiders.simulator.site import Answer, Asked

from .answers import JSON
from .country import Shop, html, number

API = "/api/govinfo/page"
SCRIPT = "/static/js/app.js"


def app(shop: Shop, asked: Asked) -> Answer | None:
    """The list comes by POST with JSON, and the pager is buttons: no address names a page."""
    if asked.path == SCRIPT:
        return html(load("country")["app_script"], "application/javascript")
    if asked.path == API:
        return _rows(shop, asked)
    shell = load("country")["app_page"]
    return html(shell) if asked.path in ("/", "/open", shop.path) else None


def _rows(shop: Shop, asked: Asked) -> Answer:
    """Without the header that the script adds nothing comes."""
    told = json.loads(asked.body or b"{}") if asked.method == "POST" else {}
    right = asked.headers.get("x-channel") == "xxgknb"
    here = number(str(told.get("pageNo", 1))) if right else 0
    rows = [
        {"name": one.plan.title, "to": shop.path_of(one.plan), "day": one.plan.published}
        for one in (shop.part(here) if right else ())
    ]
    answer = {"rows": rows, "pages": shop.pages, "count": len(shop.shown) if right else 0}
    return html(json.dumps(answer, ensure_ascii=False), JSON)
