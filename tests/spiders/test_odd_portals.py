"""Columns of no system we know, each a portal of three reports: found whole, or said not to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from parsers.answers import item_rows, script_rows
from parsers.hrefs import clicked, joined
from parsers.listing import rows
from spiders import shells
from spiders.families import FAMILIES
from spiders.identity import identity
from spiders.pagers import PAGERS, Page
from spiders.simulator.site import Answer, Asked
from spiders.simulator.site import Page as Stored
from spiders.tally import PortalTally

from . import crawls, tiny

TITLES = {one.plan.year: one.plan.title for one in tiny.articles()}
REPORTS = {tiny.path(year) for year in tiny.YEARS}
ROWS = [tiny.row(one) for one in tiny.articles()]
PAGES = {"/nb/": tiny.listing(ROWS[0], "{}"), "/nb/list_2.html": tiny.listing(ROWS[1]),
         "/nb/list_3.html": tiny.listing(ROWS[2])}  # fmt: skip


Respond = Callable[[Asked], Answer | None]


def crawled(
    data: Path,
    portals: Mapping[str, dict[str, Stored]],
    respond: Respond = lambda _: None,
    *,
    home: bool = False,
) -> dict[str, tuple[PortalTally, set[str]]]:
    """Of each portal the tally, and the addresses of the reports that came."""
    sites = [
        tiny.site(name, 147 + at, tiny.pages() | pages, respond)
        for at, (name, pages) in enumerate(portals.items())
    ]
    with tiny.served(*sites) as servers:
        columns = {} if not home else {"columns": ()}
        entries = [tiny.portal(server, **columns) for server in servers.values()]
        done = crawls.crawl(data, entries)
        bases = {name: server.base for name, server in servers.items()}
    kept = crawls.captures(data, "kind = 'report' AND outcome IN ('ok', 'not-modified')")
    return {
        name: (done.portals[name], {k.url.removeprefix(base) for k in kept if k.portal == name})
        for name, base in bases.items()
    }


def assert_whole(found: Mapping[str, tuple[PortalTally, set[str]]]) -> None:
    """All three reports of each, and nothing to say."""
    told = {name: (urls, tally.reports, tally.notes) for name, (tally, urls) in found.items()}
    assert told == {name: (REPORTS, 3, []) for name in told}


def answer(text: str, kind: str = tiny.UTF8) -> Answer:
    return Answer(body=text.encode(), headers=(("Content-Type", kind),))


def listed(body: str) -> dict[str, Stored]:
    return {"/nb/": tiny.page(tiny.listing("", body))}


def turned(control: str) -> dict[str, Stored]:
    """A column of three pages whose first has only that control."""
    return {path: tiny.page(text.replace("{}", control)) for path, text in PAGES.items()}


CONTROLS = {
    "choice": "<select onchange='location.href=this.value'><option value='/nb/'>第1页</option>"
    "<option value='/nb/list_2.html'>第2页</option><option value='list_3.html'>第3页</option>"
    "</select>",
    "function": "<a href='javascript:go(2)'>2</a><a href='javascript:go(3)'>3</a>"
    "<script>function go(n){ if (n < 1) return; location = 'list_' + n + '.html'; }</script>",
    "next": "共3页<a onclick='go(2)'>下一页</a>"
    "<script>function go(p){ location.href = \"list_\" + (p) + \".html?x=\" + p; }</script>",
    "click": "<a href='#' onclick=\"location.href='list_2.html'\">2</a>"
    "<a href='#' onclick=\"location.href='list_3.html'\">3</a>",
}  # fmt: skip


def test_pages_that_a_control_turns(tmp_path: Path) -> None:
    assert_whole(crawled(tmp_path, {name: turned(text) for name, text in CONTROLS.items()}))


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_that_a_form_asks_for(method: str, tmp_path: Path) -> None:
    """The field is known to the script by its id, its name goes over the wire."""
    form = (
        f"<form name='f' id='f' method='{method}' action='/rows'>"
        "<input type='hidden' name='c' value='7'>"
        "<input type='hidden' id='pn' name='pageNo' value='1'>"
        "共3页 <a href='javascript:go(2)'>下一页</a></form>"
        "<script>function go(n){ $('#pn').val(n); document.f.submit(); }</script>"
    )  # fmt: skip

    def respond(asked: Asked) -> Answer | None:
        if asked.path != "/rows" or asked.method != method.upper():
            return None
        told = asked.body.decode() if method == "post" else asked.query
        given = parse_qs(told)
        assert given["c"] == ["7"]
        row = ROWS[int(given["pageNo"][0]) - 1]
        return answer(tiny.listing(row))

    pages = {"/nb/": tiny.page(tiny.listing(ROWS[0], form))}
    assert_whole(crawled(tmp_path, {"one": pages}, respond))


UNTURNED = {
    "a pager nobody can follow": "共3页 <a href='javascript:void(0)' class='next'>下一页</a>",
    "a number nobody can follow": "<a onclick='app.go(2)'>2</a>",
    "more": "<a href='javascript:;' data-url='/more'>加载更多</a>",
    "more in a box": "<div><button><span>加载</span><span>更多</span></button></div>",
}


def test_no_column_ends_silently_at_page_1(tmp_path: Path) -> None:
    pages = {
        name: {"/nb/": tiny.page(tiny.listing(ROWS[0], control))}
        for name, control in UNTURNED.items()
    }
    for name, (tally, _) in crawled(tmp_path, pages).items():
        assert tally.partial, name
        assert any(shells.MORE in note for note in tally.notes), name


WHOLE = {
    "one page": "共1页 <a href='javascript:void(0)'>下一页</a>",
    "more of another column": "<a href='/news/'>查看更多</a>",
    "the same in a box": "<div class='more'><a href='/news/'>查看更多</a></div>",
    "the same with a box in it": "<a href='/news/'><span>查看更多</span></a>",
    "a hidden button": "<a href='#' style='display:none'>加载更多</a>",
}


@pytest.mark.parametrize("control", WHOLE)
def test_a_column_of_one_page_is_whole(control: str) -> None:
    page = Page(url="http://a.gov.cn/nb/", text=tiny.listing(ROWS[0], WHOLE[control]))
    assert PAGERS["controls"].turn(page) is None


def links(shape: str) -> str:
    return "".join(shape.format(url=tiny.path(year), title=TITLES[year]) for year in tiny.YEARS)


def carried() -> str:
    told = [{"title": title, "linkurl": tiny.path(year)} for year, title in TITLES.items()]
    return json.dumps(told)


ROWLESS = {
    "click": links("<li onclick=\"window.open('{url}')\"><b>{title}</b></li>"),
    "click on an anchor": links("<a href='#' onclick=\"openUrl('{url}')\">{title}</a>"),
    "choice": f"<select>{links('<option value={url}>{title}</option>')}</select>",
    "array": f"<script>var list = {carried()}; draw(list)</script>",
    "objects": f"<script>draw([{links('{{url: `{url}`, title: `{title}`}},')}])</script>"
    .replace("`", "'"),
    "backslashes": links("<li><a href='\n ..{url} '>{title}</a></li>").replace("/nb/", "\\nb\\.\\"),
}  # fmt: skip


def test_rows_that_are_no_plain_links(tmp_path: Path) -> None:
    assert_whole(crawled(tmp_path, {name: listed(body) for name, body in ROWLESS.items()}))


CALLS = {
    "get": "$.get('/api/list?cid=3&page=1&size=2', draw)",
    "ajax": "$.ajax({type: 'get', url: '/api/list?cid=3&page=1&size=2', success: draw})",
    "fetch": "fetch(\"/api/list?cid=3&page=1&size=2\").then(draw)",
    "request": "x.open('GET', '/api/list?cid=3&page=1&size=2')",
}  # fmt: skip


def test_rows_that_the_script_of_an_unknown_system_asks_for(tmp_path: Path) -> None:
    def respond(asked: Asked) -> Answer | None:
        if asked.path != "/api/list":
            return None
        at = (int(parse_qs(asked.query)["page"][0]) - 1) * 2
        years = tiny.YEARS[at : at + 2]
        items = [{"title": TITLES[year], "url": tiny.path(year)} for year in years]
        return answer(json.dumps({"data": {"total": 3, "list": items}}), "application/json")

    pages = {name: listed(f"<script>{call}</script>") for name, call in CALLS.items()}
    assert_whole(crawled(tmp_path, pages, respond))


def test_rows_that_are_an_xml_file(tmp_path: Path) -> None:
    items = links("<item><title><![CDATA[{title}]]></title><link>{url}</link></item>")
    pages = listed("<script>$.ajax({url: 'list.xml', dataType: 'xml'})</script>")
    pages["/nb/list.xml"] = tiny.page(f'<?xml version="1.0"?><rss>{items}</rss>')
    assert_whole(crawled(tmp_path, {"one": pages}))


OTHER_CALLS = (
    "$.get('/count?page=1')",
    "$.get('/api/list?page=1&keyword=' + w)",
    "$.get('http://stat.example.org/list?page=1')",
    "load('/a.js')",
)


@pytest.mark.parametrize("call", OTHER_CALLS)
def test_other_calls_of_a_page_are_left_alone(call: str) -> None:
    text = tiny.listing("", f"<script>{call}</script>")
    assert PAGERS["called"].turn(Page(url="http://a.gov.cn/nb/", text=text)) is None


BARE_YEARS = "".join(f"<a href='{tiny.path(year)}'>{year}年</a>" for year in tiny.YEARS)


def years_beside() -> dict[str, Stored]:
    """The column is the newest report, and every report has the years beside it."""
    pages = {
        tiny.path(one.plan.year): tiny.page(tiny.detail(one, f"{BARE_YEARS}{one.html}"))
        for one in tiny.articles()
    }
    return pages | {"/": tiny.page(f'<a href="{tiny.path(tiny.YEARS[0])}">政府信息公开年报</a>')}


def test_years_of_a_column_that_are_the_reports_themselves(tmp_path: Path) -> None:
    with tiny.served(tiny.site("one", 147, tiny.pages() | listed(BARE_YEARS))) as servers:
        portals = [tiny.portal(servers["one"])]
        first, again = (crawls.crawl(tmp_path, portals).portals["one"] for _ in range(2))
    assert (first.reports, first.new, first.changed, first.notes) == (3, 3, 3, [])
    assert (again.reports, again.new, again.changed, again.notes) == (3, 0, 0, [])


def test_a_column_that_is_the_newest_report_with_the_years_beside_it(tmp_path: Path) -> None:
    assert_whole(crawled(tmp_path, {"one": years_beside()}, home=True))


@pytest.mark.parametrize("how", ["status", "refresh"])
def test_links_are_relative_to_where_a_redirect_led(how: str, tmp_path: Path) -> None:
    def moved(asked: Asked) -> Answer | None:
        to = {"/": "/web/index.htm", "/web/col": "/web/col/index.htm"}.get(asked.path)
        if to is None:
            return None
        if how == "status":
            return Answer(status=302, headers=(("Location", to),))
        return answer(f'<meta http-equiv="refresh" content="0;url={to}">')

    pages = {
        "/web/index.htm": tiny.page('<a href="col">政府信息公开年报</a>'),
        "/web/col/index.htm": tiny.page(tiny.listing("".join(ROWS).replace('"/nb/', '"../../nb/'))),
    }
    assert_whole(crawled(tmp_path, {"one": pages}, moved, home=True))


def test_a_random_number_is_no_part_of_an_address() -> None:
    assert identity("http://a/show?id=3&rnd=0.8378219123") == "http://a/show?id=3"
    assert identity("http://a/show?id=3&rate=0.83") == "http://a/show?id=3&rate=0.83"


def test_addresses_are_resolved_as_browsers_do() -> None:
    assert joined("http://a/b/c.html", "..\\d\\.\\e.htm?q=\\x#f") == "http://a/d/e.htm?q=\\x"
    assert joined("http://a/b/", " x\n.html\t") == "http://a/b/x.html"
    assert joined("http://a/b/", "http://[") == ""
    assert clicked("javascript:window.location.href = '/x.html'") == "/x.html"
    assert clicked("toggle('menu')") == ""


def test_objects_of_a_script_are_rows_only_with_a_title_of_a_report() -> None:
    menu = "<script>var m = [{name: '首页', url: '/'}, {title: '要闻', url: '/n/'}]</script>"
    assert script_rows(menu, "http://a/") == ()
    told = r'{"title":"\u5409\u5b89\u5e022020年政府信息公开工作年度报告","url":"\/1.html"}'
    assert [row.url for row in script_rows(f"<script>{told}</script>", "http://a/")] == [
        "http://a/1.html"
    ]
    assert item_rows("<html><item><title>x</title></item></html>", "http://a/") == ()


def test_a_choice_of_something_else_is_no_row() -> None:
    text = "<select><option value='/a/1234567.html'>友情链接一二三</option></select>"
    assert rows(text, "http://a/") == ()


def test_a_probe_tells_of_columns_that_are_reports(tmp_path: Path) -> None:
    with tiny.served(tiny.site("one", 147, tiny.pages() | years_beside())) as servers:
        told = crawls.probe(tmp_path, f"{servers['one'].base}/")
    [column] = told["columns"]
    assert (column["reports"], column["inside"]) == (1, 2)
    assert column["url"] in told["entry"]


HOSTILE = {
    "clicks inside clicks": "<div onclick=\"window.open('/x.html')\">更多" * 4000,
    "items": '<?xml version="1.0"?>' + "<item><title>" * 20_000,
    "scripts": "<script " * 50_000,
    "functions": "<a href='javascript:go(2)'>2</a><script>" + "function go(n){location=n" * 9000,
}


@pytest.mark.parametrize("page", HOSTILE)
def test_a_hostile_list_has_no_rows_and_does_not_hang(page: str) -> None:
    """The first took over ten minutes when every click was measured against every other."""
    found = FAMILIES["generic"].read(Page(url="http://a.gov.cn/nb/", text=HOSTILE[page]), "年报")
    assert len(found.rows) <= 1
