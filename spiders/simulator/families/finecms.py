"""FineCMS (迅睿): rows by POST, details by number, two cookies that mean nothing."""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from urllib.parse import parse_qsl

from spiders.simulator.column import Column
from spiders.simulator.knowledge import load
from spiders.simulator.model import Plan
from spiders.simulator.reports import Article
from spiders.simulator.site import VISIT, Answer, Asked, Page, Site, morning

from . import base

LIST = "/xxgk-list-gknb.html"
CATEGORY = "166000"
SITE = "21"
FORM = [  # exactly what the list page's own script posts, in this order
    ("ajax_type[]", f"{SITE}_xxgk"),
    ("ajax_type[]", CATEGORY),
    ("ajax_type[]", SITE),
    ("ajax_type[]", "xxgk"),
    ("ajax_type[]", "Y-m-d"),
    ("ajax_type[]", "50"),
    ("ajax_type[]", "20"),
    ("ajax_type[7][]", "is_top DESC"),
    ("ajax_type[7][]", "displayorder DESC"),
    ("ajax_type[7][]", "inputtime DESC"),
    ("ajax_type[8]", ""),
    ("is_ds", "1"),
]
TITLE_LENGTH, PAGE_SIZE = 50, 20
UTF8 = "text/html; charset=utf-8"


def build(column: Column) -> Site:
    shown = base.listed(column)
    pages = {"/": _home(column), "/xxgk.html": _menu(column)}
    pages |= {path: _list(column) for path in _list_paths(len(shown))}
    pages |= {_path(one.plan): _detail(column, one) for one in column.articles}
    pages |= {path: _document(one) for one in shown for path in _files(one.plan)}
    return Site(
        host=column.host,
        pages=pages,
        respond=partial(_respond, column),
        missing=_page("404", "<div class='msg'>您访问的页面不存在</div>", "").encode(),
        headers=partial(_cookies, column.seed),
        columns=(LIST,),
        truth=base.truths(column, _path, _files),
        rows=base.rows(column, _path),
    )


def _path(plan: Plan) -> str:
    return f"/xxgk-show-{plan.id}.html"


def _attachment(plan: Plan) -> str:
    name = sha256(str(plan.id).encode()).hexdigest()[:32]
    return f"/uploadfile/{plan.published[:4]}/{plan.published[5:7]}/{name}.doc"


def _files(plan: Plan) -> tuple[str, ...]:
    return (_attachment(plan),) if plan.attachment else ()


def _list_paths(count: int) -> list[str]:
    more = range(2, -(-count // PAGE_SIZE) + 1)
    return [LIST, *(LIST.replace(".html", f"-{page}.html") for page in more)]


def _respond(column: Column, asked: Asked) -> Answer | None:
    """The list API; anything but the expected form draws an empty list, not an error."""
    if not asked.path.startswith("/api-ajax_list-"):
        return None
    number = asked.path.removeprefix("/api-ajax_list-").removesuffix(".html")
    posted = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    ajax = asked.headers.get("x-requested-with") == "XMLHttpRequest"
    good = asked.method == "POST" and ajax and posted == FORM and number.isdecimal()
    rows = [_row(column, one) for one in base.listed(column)] if good else []
    start = (int(number) - 1) * PAGE_SIZE if good else 0
    told = {"total": str(len(rows)), "data": rows[max(start, 0) :][:PAGE_SIZE]}
    body = json.dumps(told, separators=(",", ":")).replace("/", "\\/").encode()
    return Answer(body=body, headers=(("Content-Type", UTF8),))


def _row(column: Column, article: Article) -> dict[str, str]:
    plan = article.plan
    title = plan.title if len(plan.title) <= TITLE_LENGTH else plan.title[:TITLE_LENGTH] + "..."
    return {
        "id": str(plan.id),
        "title": title,
        "url": _path(plan),
        "inputtime": plan.published,
        "updatetime": column.touched.get(plan.id, plan.published),
    }


def _cookies(seed: int, asked: Asked) -> tuple[tuple[str, str], ...]:
    """The firewall's and the framework's session, given to whoever has none."""
    if "HWWAFSESID" in asked.headers.get("cookie", ""):
        return ()
    token = sha256(f"{seed}/session".encode()).hexdigest()
    return (
        ("Set-Cookie", f"HWWAFSESID={token[:18]}; path=/"),
        ("Set-Cookie", "HWWAFSESTIME=1522300000000; path=/"),
        ("Set-Cookie", f"CI_ci_session={token[18:50]}; path=/; HttpOnly"),
    )


def _page(title: str, main: str, crumbs: str) -> str:
    template: str = load("finecms")["page"]
    return template.format(title=title, main=main, crumbs=crumbs)


def _home(column: Column) -> Page:
    main = load("finecms")["home"].format(agency=column.host.agency)
    return Page(body=_page(column.host.agency, main, "").encode(), content_type=UTF8)


def _menu(column: Column) -> Page:
    main = load("finecms")["menu"].format(list=LIST)
    return Page(body=_page("政务公开", main, "").encode(), content_type=UTF8)


def _list(column: Column) -> Page:
    calls = json.dumps([value for name, value in FORM if name == "ajax_type[]"])
    orders = json.dumps([value for name, value in FORM if name == "ajax_type[7][]"])
    script = load("finecms")["list"]
    main = script.replace("@calls@", calls).replace("@orders@", orders)
    crumbs = load("finecms")["crumbs"].format(list=LIST)
    return Page(body=_page("政府信息公开工作年度报告", main, crumbs).encode(), content_type=UTF8)


def _detail(column: Column, article: Article) -> Page:
    plan = article.plan
    words = load("finecms")
    file = words["file"].format(path=_attachment(plan), title=plan.title)
    main = words["detail"].format(
        title=plan.title,
        published=plan.published,
        source=article.body.office if article.body else column.host.agency,
        index=f"JA{plan.id}-{plan.published[:4]}",
        visits=VISIT.decode() if plan.volatile else "1024",
        article=article.html,
        file=file if plan.attachment else "",
    )
    crumbs = words["crumbs"].format(list=LIST)
    date = column.touched.get(plan.id, plan.published)
    body = _page(plan.title, main, crumbs).encode()
    return Page(body=body, content_type=UTF8, modified=morning(date), volatile=plan.volatile)


def _document(article: Article) -> Page:
    """A web page saved under a word processor's name."""
    text = load("finecms")["document"].format(title=article.plan.title, tables=article.tables)
    date = morning(article.plan.published)
    return Page(body=text.encode(), content_type="application/msword", modified=date)
