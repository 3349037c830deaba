"""TRS: a directory of static files, old layout tables, links relative to the column."""

from __future__ import annotations

from posixpath import relpath

from spiders.simulator.column import Column
from spiders.simulator.knowledge import load
from spiders.simulator.model import Plan
from spiders.simulator.reports import Article
from spiders.simulator.site import VISIT, Page, Site, morning, no_answer, no_headers

from . import base

COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
PAGE_SIZE = 15
DOMAIN = "www.haitan.example"
ENTRIES = {"/": "home", "/zwgk/": "open", "/zwgk/zfxxgk/": "platform"}


def build(column: Column) -> Site:
    shown = base.listed(column)
    parts = [shown[i : i + PAGE_SIZE] for i in range(0, len(shown), PAGE_SIZE)]
    pages = {_path(one.plan): _detail(column, one) for one in column.articles}
    pages |= {
        _list_path(number): _list(column, part, number, len(parts))
        for number, part in enumerate(parts)
    }
    pages[COLUMN] = pages[_list_path(0)]
    pages |= {path: _entry(column, path, name) for path, name in ENTRIES.items()}
    pages["/robots.txt"] = Page(body=_robots(column), content_type="text/plain")
    return Site(
        host=column.host,
        pages=pages,
        respond=no_answer,
        missing=load("trs")["missing"].encode(),
        headers=no_headers,
        columns=(COLUMN,),
        truth=base.truths(column, _path),
        rows=base.rows(column, _path),
    )


def _path(plan: Plan) -> str:
    date = plan.published.replace("-", "")
    return f"{plan.folder or COLUMN}{date[:6]}/t{date}_{plan.id}.html"


def _list_path(number: int) -> str:
    return f"{COLUMN}index{f'_{number}' if number else ''}.html"


def _robots(column: Column) -> bytes:
    lines = ["User-agent: *", f"Crawl-delay: {column.host.crawl_delay:g}"]
    lines += [f"Disallow: {prefix}" for prefix in column.host.disallow]
    return "\n".join([*lines, ""]).encode()


def _link(path: str) -> str:
    """As TRS writes it: from the column's own directory."""
    link = relpath(path, COLUMN)
    return link if link.startswith("../") else f"./{link}"


def _row(article: Article) -> str:
    plan = article.plan
    template: str = load("trs")["row"]
    return template.format(link=_link(_path(plan)), title=plan.title, date=plan.published)


def _list(column: Column, part: list[Article], number: int, total: int) -> Page:
    words = load("trs")
    head = words["list_head"].format(agency=column.host.agency, domain=DOMAIN, **_site(column))
    body = words["list"].format(
        rows="\n".join(_row(article) for article in part), total=total, number=number
    )
    newest = max(article.plan.published for article in column.articles)
    text = words["page"].format(charset="utf-8", head=head, up="../../../", main=body)
    return Page(body=text.encode(), modified=morning(newest))


def _detail(column: Column, article: Article) -> Page:
    plan, words = article.plan, load("trs")
    source = article.body.name if article.body else column.host.agency
    facts = {"title": plan.title, "date": plan.published, "source": source}
    head = words["detail_head"].format(domain=DOMAIN, **_site(column), **facts)
    main = words["detail"].format(article=article.html, visits=_visits(plan), **facts)
    text = words["page"].format(charset=plan.charset, head=head, up="../../../../", main=main)
    date = column.touched.get(plan.id, plan.published)
    return Page(body=_encoded(text, plan.charset), modified=morning(date), volatile=plan.volatile)


def _visits(plan: Plan) -> str:
    return VISIT.decode() if plan.volatile else "365"


def _site(column: Column) -> dict[str, str]:
    return {"site": f"{column.host.agency}（样例）", "code": f"{column.host.region}0001"}


def _encoded(text: str, charset: str) -> bytes:
    """Pages that declare gb2312 are full of characters that only gb18030 has."""
    return text.encode("gb18030" if charset == "gb2312" else charset)


def _entry(column: Column, path: str, name: str) -> Page:
    words = load("trs")
    main = words[name].format(agency=column.host.agency)
    up = f"{relpath('/', path)}/"
    text = words["page"].format(charset="utf-8", head="", up=up, main=main)
    return Page(body=text.encode())
