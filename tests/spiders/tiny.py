"""Portals of three reports each, so that many of them fit into one crawl of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from html import escape

from spiders.registry import Portal
from spiders.simulator.column import Column, column
from spiders.simulator.families.base import truths
from spiders.simulator.model import Truth
from spiders.simulator.reports import Article
from spiders.simulator.server import HostServer
from spiders.simulator.site import Page, Respond, Site, no_answer, no_headers

YEARS = (2023, 2022, 2021)  # as the column lists them
UTF8 = "text/html; charset=utf-8"


@cache
def _column() -> Column:
    full = column("haitan", 2024, 1)
    host = replace(full.host, family="auto", disallow=(), crawl_delay=0.0, delay=0.0)
    return replace(full, host=host)


@cache
def articles() -> tuple[Article, ...]:
    """The county's own reports of three years."""
    own = [one for one in _column().articles if one.body and one.body.id == "haitan"]
    plain = [one for one in own if not one.plan.edition]
    return tuple(next(a for a in plain if a.plan.year == year) for year in YEARS)


def path(year: int) -> str:
    return f"/nb/{year}.html"


@cache
def truth() -> Mapping[int, Truth]:
    only = replace(_column(), articles=articles())
    return {one.year: one for one in truths(only, lambda plan: path(plan.year))}


def detail(article: Article, body: str = "") -> str:
    title = escape(article.plan.title)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"></head><body><h1>{title}</h1>'
        f'<div id="zoom">{body or article.html}</div></body></html>'
    )


def listing(rows: str, more: str = "") -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报</title>'
        '<meta name="ColumnName" content="政府信息公开年报"></head>'
        f"<body><p>首页 政务公开</p><ul>{rows}</ul>{more}</body></html>"
    )


def row(article: Article) -> str:
    plan = article.plan
    return f'<li><a href="{path(plan.year)}">{plan.title}</a><span>{plan.published}</span></li>'


def pages(more: str = "") -> dict[str, Page]:
    made = {path(one.plan.year): page(detail(one)) for one in articles()}
    return {
        **made,
        "/nb/": page(listing("".join(map(row, articles())), more)),
        "/": page('<html><body><a href="/nb/">政府信息公开年报</a></body></html>'),
    }


def page(text: str) -> Page:
    return Page(body=text.encode(), content_type=UTF8)


def site(name: str, number: int, own: Mapping[str, Page], respond: Respond = no_answer) -> Site:
    return Site(
        host=replace(_column().host, id=name, address=f"127.0.3.{number}"),
        pages=own,
        respond=respond,
        missing="<title>404</title>页面不存在".encode(),
        headers=no_headers,
        columns=("/nb/",),
        truth=(),
        rows=(),
    )


@contextmanager
def served(*sites: Site) -> Iterator[dict[str, HostServer]]:
    servers = {one.host.id: HostServer(one, 0) for one in sites}
    for server in servers.values():
        server.open()
    try:
        yield servers
    finally:
        for server in servers.values():
            server.close()


def portal(server: HostServer, **more: object) -> Portal:
    host = server.site.host
    values: dict[str, object] = {"columns": (f"{server.base}/nb/",), "delay": 0.0} | more
    fixed = {"id": host.id, "name": host.name, "region": host.region, "level": "county"}
    return Portal(**fixed, agency=host.agency, home=f"{server.base}/", **values)  # type: ignore[arg-type]
