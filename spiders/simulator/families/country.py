"""Every other family: one report column, put on the wire as each system does it.

Addresses, parameters, envelopes and traps are those that public crawlers of the systems agree on;
the markup is no one's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs, urlsplit

from spiders.simulator.column import Column, column
from spiders.simulator.knowledge import load
from spiders.simulator.model import Plan
from spiders.simulator.reports import Article
from spiders.simulator.site import Answer, Asked, Page, Site, etag, morning, no_headers

from . import base

PAGE_SIZE = 10
UTF8 = "text/html; charset=utf-8"
Sheet = Callable[["Shop", Asked], Answer | None]  # answers for the column and what its script asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a dialect needs: the rows it shows and where things stand."""

    name: str
    path: str  # of the column, without the query
    target: str  # with it
    shown: tuple[Article, ...]
    path_of: Callable[[Plan], str]

    @property
    def pages(self) -> int:
        return -(-len(self.shown) // PAGE_SIZE)

    def part(self, number: int, size: int = PAGE_SIZE) -> tuple[Article, ...]:
        """Rows of a page counted from 1."""
        return self.shown[max(number - 1, 0) * size :][:size]

    def items(self, articles: tuple[Article, ...]) -> list[str]:
        """Rows as list items."""
        return [
            f'<li><a href="{self.path_of(one.plan)}" title="{escape(one.plan.title)}">'
            f"{escape(_cut(one.plan.title))}</a><span>{one.plan.published}</span></li>"
            for one in articles
        ]

    def listed(self, number: int) -> str:
        return f"<ul>{''.join(self.items(self.part(number)))}</ul>"

    def column(self, main: str, head: str = "") -> Answer:
        answer = html(load("country")["column_page"].format(main=main, head=head))
        static = not self.path.endswith(".aspx") and "?" not in self.target  # a file of the server
        return replace(answer, etag=etag(answer.body)) if static else answer


def html(text: str, kind: str = UTF8) -> Answer:
    return Answer(body=text.encode(), headers=(("Content-Type", kind),))


def names() -> tuple[str, ...]:
    """The portals of the country, one a dialect."""
    return tuple(name for name, entry in load("country").items() if isinstance(entry, dict))


def site(name: str, seed: int, edition: int, dialect: Sheet) -> Site:
    """One portal: home, menu, column and articles."""
    entry = load("country")[name]
    full = column("haitan", seed, edition)
    host = replace(
        full.host,
        id=name.replace("_", "-"),
        family="auto",
        address=entry["address"],
        disallow=(),
        crawl_delay=0.0,
        delay=0.0,
        since=2008,
    )
    own = replace(full, host=host)
    path_of = partial(_path, entry["detail"])
    shop = Shop(
        name=name,
        path=urlsplit(entry["column"]).path,
        target=entry["column"],
        shown=tuple(base.listed(own)),
        path_of=path_of,
    )
    return Site(
        host=host,
        pages=_pages(own, shop),
        respond=partial(_respond, shop, _details(own, path_of), dialect),
        missing="<title>404</title>您访问的页面不存在".encode(),
        headers=no_headers,
        columns=(entry["column"],),
        truth=base.truths(own, path_of),
        rows=base.rows(own, path_of),
    )


def _pages(own: Column, shop: Shop) -> Mapping[str, Page]:
    words = load("country")
    home = words["home_page"].format(agency=own.host.agency)
    menu = words["menu_page"].format(column=escape(shop.target))
    return {
        "/": Page(body=home.encode(), content_type=UTF8),
        "/zwgk/": Page(body=menu.encode(), content_type=UTF8),
    }


def _details(own: Column, path_of: Callable[[Plan], str]) -> Mapping[str, Answer]:
    """Articles by path and query."""
    template: str = load("country")["detail_page"]
    return {
        path_of(one.plan): replace(
            html(
                template.format(
                    title=escape(one.plan.title), date=one.plan.published, article=one.html
                )
            ),
            modified=morning(own.touched.get(one.plan.id, one.plan.published)),
        )
        for one in own.articles
    }


def _respond(
    shop: Shop, details: Mapping[str, Answer], dialect: Sheet, asked: Asked
) -> Answer | None:
    target = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return details.get(target) or dialect(shop, asked)


def _path(template: str, plan: Plan) -> str:
    year, month, day = plan.published.split("-")
    digest = sha256(str(plan.id).encode()).hexdigest()[:32]
    date = f"{year}{month}{day}"
    return template.format(id=plan.id, year=year, month=month, day=day, date=date, hex=digest)


def _cut(title: str) -> str:
    return title if len(title) <= 24 else f"{title[:24]}..."


def query(asked: Asked, name: str, other: str = "") -> str:
    """A parameter of the address."""
    return parse_qs(asked.query, keep_blank_values=True).get(name, [other])[0]


def posted(asked: Asked, name: str, other: str = "") -> str:
    """A field of a posted form."""
    fields = parse_qs(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    return fields.get(name, [other])[0]


def number(text: str, other: int = 1) -> int:
    return int(text) if text.isdecimal() else other
