"""Every family by its wire contract: all reports of a column of several pages, and no noise."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest

from spiders.families import sniff

from . import crawls, sites
from .sites import Asked, Reply, Site

YEARS = tuple(range(2024, 2007, -1))
NOISE = ("关于做好2020年政府信息公开年度报告编制工作的通知", "样例市召开政务公开工作会议")
TITLES = [f"样例市{year}年政府信息公开工作年度报告" for year in YEARS]
TITLES[3:3] = NOISE
Rows = list[tuple[str, str]]  # path, title
META = '<meta name="ColumnName" content="政府信息公开年报">'


def text(body: str, kind: str = "text/html; charset=utf-8") -> Reply:
    return Reply(body=body.encode(), headers=(("Content-Type", kind),))


def query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(asked.path).query, keep_blank_values=True))


def form(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(asked.body.decode(), keep_blank_values=True))


def items(rows: Rows) -> list[str]:
    return [
        f'<li><a href="{path}" title="{title}">{title[:12]}...</a><b>2021-01-02</b></li>'
        for path, title in rows
    ]


def records(rows: Rows) -> str:
    return "".join(f"<record><![CDATA[\n{item}]]></record>\n" for item in items(rows))


def shell(body: str) -> Reply:
    return text(f"<html><head>{META}</head><body>{body}</body></html>")


def parts(rows: Rows, size: int) -> list[Rows]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def numbered(rows: Rows, number: str, size: int) -> Rows:
    """The page of that number; page 1 for what is no number."""
    start = (int(number) - 1) * size if number.isdecimal() and int(number) else 0
    return rows[start : start + size]


def hanweb_page(site: Site, rows: Rows) -> str:
    proxy = "/module/web/jpage/dataproxy.jsp"

    def answer(asked: Asked) -> Reply:
        number = query(asked)["page"]
        pages = parts(rows, 8)
        body = f"<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{len(pages)}"
        body += f"</totalpage><recordset>{records(numbered(rows, number, 8))}</recordset>"
        return text(f"{body}</datastore>")

    link = f"{proxy}?page=1&appid=1&appid=1&webid=1&path=/&columnid=5&unitid=7&webname=%25E5"
    store = f'<datastore><nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup><recordset>'
    store += f'<ul id="list"></ul>{records(rows[:6])}</recordset></datastore>'
    site.routes[proxy] = answer
    site.routes["/col/col5/index.html"] = shell(f'<script type="text/xml">{store}</script>')
    return "/col/col5/index.html"


def hanweb_post(site: Site, rows: Rows) -> str:
    proxy = "/module/web/jpage/dataproxy.jsp"

    def answer(asked: Asked) -> Reply:
        asks, body = query(asked), form(asked)
        if asked.method != "POST" or body["columnid"] != "5" or body["path"] != "/":
            return sites.MISSING
        found = rows[int(asks["startrecord"]) - 1 : int(asks["endrecord"])]
        total = f"<totalrecord>{len(rows)}</totalrecord>"
        return text(f"<datastore>{total}<recordset>{records(found)}</recordset></datastore>")

    script = f"$('#7').jpage({{totalRecord:{len(rows)},proxyUrl:'{proxy}',perPage:2,ajaxParam:"
    script += "{col:1,appid:1,webid:1,path:'/',columnid:5,unitid:'7',webname:'样例'}})"
    store = f"<datastore><recordset>{records(rows[:6])}</recordset></datastore>"
    page = f'<script type="text/xml">{store}</script><script>{script}</script>'
    site.routes[proxy], site.routes["/col/col5/index.html"] = answer, shell(page)
    return "/col/col5/index.html"


def hanweb_script(site: Site, rows: Rows) -> str:
    proxy = "/module/jslib/jquery/jpage/dataproxy.jsp"

    def answer(asked: Asked) -> Reply:
        asks = query(asked)
        found = items(rows[int(asks["startrecord"]) - 1 :][: min(int(asks["perpage"]) * 3, 9)])
        quoted = ",".join(f"'{item}'" for item in found)
        head = f"totalRecord={len(rows)}.0;totalPage = 3;dataStore = [{quoted}]"
        return text("\r\n" * 12 + head)

    link = f"{proxy}?page=1&appid=1&webid=1&path='/'&columnid=5&unitid=7&perpage=3"
    store = f'<datastore><nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup><recordset>'
    store += f"{records(rows[:9])}</recordset></datastore>"
    jpage = f"<script>jpage({{proxyUrl:'{proxy}',perPage:3}})</script>"
    page = f'<script type="text/xml">{store}</script>{jpage}'
    site.routes[proxy], site.routes["/col/col5/index.html"] = answer, shell(page)
    return "/col/col5/index.html"


def hanweb_catalogue(site: Site, rows: Rows) -> str:
    foreign = "<tr class='tr_main_value_odd'><td><a href='/art/2020/1/2/art_9_1.html' "
    foreign += (
        "mc='样例市教育局2020年政府信息公开工作年度报告'>样例市教育局2020年政府…</a></td></tr>"
    )

    def answer(asked: Asked) -> Reply:
        asks = form(asked)
        if (asks["area"], asks["divid"], asks["jdid"]) != ("001008", "div5", "3"):
            return sites.MISSING
        found = numbered(rows, asks["currpage"], 7)
        lines = (
            f"<tr class='tr_main_value_{'odd' if place % 2 else 'even'}'><td><a href='{path}' "
            f"title='{title}' mc='{title}' gkfs='主动公开'>{title[:9]}...</a></td><td>样例市</td>"
            "<td>2020-01-02</td></tr>"
            for place, (path, title) in enumerate(found)
        )
        return text(f"<table>{''.join(lines)}{foreign}</table>共3页 <a>下一页</a> <a>尾 页</a>")

    frame = '<iframe src="/module/xxgk/tree.jsp?area=001008&jdid=3"></iframe>'
    site.routes["/module/xxgk/search.jsp"] = answer
    site.routes["/col/col5/index.html"] = shell(frame)
    return "/col/col5/index.html"


def hanweb_unit(site: Site, rows: Rows) -> str:
    path = "/api-gateway/jpaas-publish-server/front/page/build/unit"

    def listed(number: int) -> str:
        data = "{'webId':'31','pageId':'12','parseType':'bulidstatic','tagId':'当前栏目_list'}"
        tail = f'<div class="pagination" queryData="{data}" uniturl="{path}" count="{len(rows)}"'
        tail += f' rows="6" pageno="{number}"></div>'
        return "".join(items(numbered(rows, str(number), 6))) + tail

    def answer(asked: Asked) -> Reply:
        asks = query(asked)
        number = json.loads(asks.get("paramJson", '{"pageNo":1}'))["pageNo"]
        if asks.get("parseType") != "bulidstatic" or asks.get("tagId") != "当前栏目_list":
            return sites.MISSING
        told = {"code": "200", "success": True, "data": {"html": listed(number)}}
        return text(json.dumps(told, ensure_ascii=False), "application/json")

    site.routes[path], site.routes["/col/col5/index.html"] = answer, shell(listed(1))
    return "/col/col5/index.html"


def ucap_static(site: Site, rows: Rows) -> str:
    for number, part in enumerate(parts(rows, 7), 1):
        call = f"createPageHTML('page_div',3, {number},'list','shtml',{len(rows)})"
        name = f"/c1/list{f'_{number}' if number > 1 else ''}.shtml"
        lines = "".join(items(part)).replace('href="', 'href="\n')
        site.routes[name] = shell(f"<ul>{lines}</ul><script>{call}</script>")
    return "/c1/list.shtml"


def ucap_query(site: Site, rows: Rows) -> str:
    def answer(asked: Asked) -> Reply:
        asks = form(asked)
        if (asks["webSiteCode[]"], asks["channelCode[]"]) != ("sample", "c1"):
            return sites.MISSING
        found = numbered(rows, asks["current"], int(asks["pageSize"]))
        urls = [json.dumps({"common": path, "pc": path}) for path, _ in found]
        results = [
            {"source": {"title": title, "urls": url, "pubDate": "2020-01-02 08:00:00"}}
            for (_, title), url in zip(found, urls, strict=True)
        ]
        told = {"code": 200, "data": {"total": len(rows), "results": results}}
        return text(json.dumps(told), "application/json")

    script = "var p={webSiteCode:['sample'],channelCode:['c1']};$.post('/queryList',p)"
    site.routes["/queryList"] = answer
    site.routes["/c1/list.shtml"] = shell(f"<script>{script}</script>")
    return "/c1/list.shtml"


def gkmlpt(site: Site, rows: Rows) -> str:
    def answer(asked: Asked) -> Reply:
        asks = query(asked)
        if asks["sid"] != "758001":
            return sites.MISSING
        found = numbered(rows, asks["page"], 10)
        articles = [{"id": 1, "title": t, "date": 1583353600, "url": p} for p, t in found]
        if not articles:
            return sites.MISSING
        told = {"classify": {"post_count": len(rows)}, "articles": articles}
        return text(json.dumps(told), "application/json")

    tree = [{"id": 9, "name": "年报", "jump_url": "", "post_count": len(rows), "children": []}]
    whole = [{"id": 1, "name": "信息公开", "post_count": 0, "children": tree}]
    config = json.dumps(whole).replace("<", "\\u003C")
    site.routes["/gkmlpt/api/all/9"] = answer
    site.routes["/gkmlpt/index"] = shell(
        f"<script>window._CONFIG = {{SID:'758001',TREE:{config},DETAIL:null}}</script>"
    )
    return "/gkmlpt/index"


def vsb(site: Site, rows: Rows) -> str:
    pages = parts(rows, 7)
    for number, part in enumerate(pages, 1):
        name = "/gk/nb.htm" if number == 1 else f"/gk/nb/{len(pages) - number + 1}.htm"
        goto = f"_simple_list_gotopage_fun({len(pages)},&quot;u13_goto&quot;,2)"
        body = f'<ul>{"".join(items(part))}</ul><input onkeydown="{goto}">'
        site.routes[name] = shell(body)
    return "/gk/nb.htm"


def vsb_years(site: Site, rows: Rows) -> str:
    """One page a year, as 天水 has it."""
    links = []
    for path, title in rows:
        year = next((y for y in YEARS if f"市{y}年" in title), 0)
        name = f"zfxxgknb/a{year}.htm" if year else "zfxxgknb/else.htm"
        if year:
            links.append(f'<li><a href="{name}">{year}年</a></li>')
        goto = "_simple_list_gotopage_fun(1,&quot;u13_goto&quot;,2)"
        body = f'<ul>{"".join(items([(path, title)]))}</ul><input onkeydown="{goto}">'
        site.routes[f"/gk/{name}"] = shell(body)
    script = '<script src="/system/resource/js/gotopage.js"></script>'
    site.routes["/gk/zfxxgknb.htm"] = shell(f"<ul>{''.join(links)}</ul>{script}")
    return "/gk/zfxxgknb.htm"


def lonsun(site: Site, rows: Rows) -> str:
    def answer(asked: Asked) -> Reply:
        asks = query(asked)
        if (asks["siteId"], asks["organId"], asks["type"]) != ("67", "7011", "3"):
            return sites.MISSING
        found = numbered(rows, asks["pageIndex"], 7)
        lines = "".join(items(found)).replace("<b>", "<span class='date'>\t\r\n ")
        lines = lines.replace("</b>", "\t\r\n</span>")
        return text(f"<div class='xxgk_navli'><ul>{lines}</ul></div><script>pageCount:3</script>")

    head = '<meta name="SiteId" content="67"><script>var labelName="publicInfoList"</script>'
    site.routes["/site/label/8888"] = answer
    site.routes["/public/column/7011"] = shell(head)
    return "/public/column/7011?type=3&action=list"


def aspnet(site: Site, rows: Rows) -> str:
    def answer(asked: Asked) -> Reply:
        asks = form(asked)
        good = asks.get("__VIEWSTATE") == "a/b+c=" and asks.get("__EVENTVALIDATION") == "ok"
        number = asks["__EVENTARGUMENT"] if good else "1"
        pages = "".join(
            f"<a href=\"javascript:__doPostBack('AspNetPager1','{place}')\">{place}</a>"
            for place in (1, 2, 3)
        )
        state = '<input type="hidden" name="__VIEWSTATE" value="a/b+c=">'
        state += '<input type="hidden" name="__EVENTVALIDATION" value="ok">'
        lines = "".join(items(numbered(rows, number, 7)))
        return shell(f"<form method=post>{state}<ul>{lines}</ul>{pages}</form>")

    site.routes["/InfoPublic.aspx"] = answer
    return "/InfoPublic.aspx?cid=1019&pid=971"


def truecms(site: Site, rows: Rows) -> str:
    path = "/TrueCMS/messageController/getMessage.do"

    def answer(asked: Asked) -> Reply:
        asks = query(asked)
        start, end = int(asks["startrecord"]), int(asks["endrecord"])
        if "referer" not in asked.headers or end - start >= 50 or asks["columnId"] != "75-f6":
            return sites.MISSING
        store = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>"
        store += f"{records(rows[start - 1 : end])}</recordset></datastore>"
        return text(f"{asks['callback']}({json.dumps({'result': store})})")

    script = f"var o={{proxyUrl:'{path}',ajaxParam:{{columnId:'75-f6'}},perPage:10}}"
    site.routes[path], site.routes["/nb/"] = answer, shell(f"<script>{script}</script>")
    return "/nb/"


def epoint(site: Site, rows: Rows, base: int = 0) -> str:
    def answer(asked: Asked) -> Reply:
        asks = json.loads(asked.body)
        kind = asked.headers["content-type"]
        if "json" not in kind or (asks["siteGuid"], asks["categorynum"]) != ("7eb5-f7", "003006"):
            return sites.MISSING
        number = max(asks["pageIndex"] - base, 0) + 1
        found = numbered(rows, str(number), min(asks["pageSize"], 20))
        data = [
            {"realtitle": t, "title": t, "infourl": p, "infodate": "2020-1-2"} for p, t in found
        ]
        return text(json.dumps({"custom": {"total": len(rows), "data": data}}), "text/plain")

    site.routes["/EWB-FRONT/rest/lightfrontaction/getgovinfolist"] = answer
    site.routes["/js/webBuilderCommon.js"] = text(
        'var siteInfo = {"projectName":"/EWB-FRONT","siteGuid":"7eb5-f7"}', "text/javascript"
    )
    script = '<script src="/js/webBuilderCommon.js"></script>'
    site.routes["/zwgk/govInfoPub.html"] = shell(script)
    return "/zwgk/govInfoPub.html?categorynum=003006"


def epoint_from_one(site: Site, rows: Rows) -> str:
    return epoint(site, rows, 1)


def packed_pager(site: Site, rows: Rows) -> str:
    for number, part in enumerate(parts(rows, 7), 1):
        link = f'<a href="/nb/{number + 1}.html">下一页</a>' if number < 3 else ""
        packed = base64.b64encode(quote(link).encode()).decode()
        script = "<script>document.write(decodeURIComponent(window.atob(x)))</script>"
        body = f'<ul>{"".join(items(part))}</ul><div id="pages">{packed}</div>{script}'
        site.routes[f"/nb/{number}.html"] = shell(body)
    return "/nb/1.html"


def countdown_fragment(site: Site, rows: Rows) -> str:
    pages = parts(rows, 7)
    for number, part in enumerate(pages, 1):
        lines = f"<ul>{''.join(items(part))}</ul>"
        if number == 1:
            script = 'var maxPageNum = 3; var purl="/nb/index_2603";'
            site.routes["/nb/index.html"] = shell(f"{lines}<script>{script}</script>")
        else:
            site.routes[f"/nb/index_2603_{len(pages) - number + 1}.html"] = text(lines)
    return "/nb/index.html"


def next_links(site: Site, rows: Rows) -> str:
    for number, part in enumerate(parts(rows, 7), 1):
        link = f'<a href="index_{number + 1}.jhtml">下一页</a>' if number < 3 else ""
        name = f"/nb/index{f'_{number}' if number > 1 else ''}.jhtml"
        site.routes[name] = shell(f"<ul>{''.join(items(part))}</ul>{link}")
    return "/nb/index.jhtml"


def openness(site: Site, rows: Rows) -> str:
    for number, part in enumerate(parts(rows, 7), 1):
        link = f'<a href="page_{number + 1}.html">下一页</a>' if number < 3 else ""
        name = f"/OpennessContent/showList/12/3/page_{number}.html"
        site.routes[name] = shell(f"<ul>{''.join(items(part))}</ul>{link}")
    return "/OpennessContent/showList/12/3/page_1.html"


Build = Callable[[Site, Rows], str]
FAMILIES: dict[Build, tuple[str, str]] = {  # family, address of an article
    hanweb_page: ("hanweb", "/art/2020/1/2/art_5_{}.html"),
    hanweb_post: ("hanweb", "/art/2020/1/2/art_5_{}.html"),
    hanweb_script: ("hanweb", "/art/2020/1/2/art_5_{}.html"),
    hanweb_catalogue: ("hanweb", "/art/2020/1/2/art_5_{}.html"),
    hanweb_unit: ("hanweb", "/col/col5/art/2020/art_{:032x}.html"),
    ucap_static: ("ucap", "/c1/202001/{:032x}.shtml"),
    ucap_query: ("ucap", "/c1/202001/{:032x}.shtml"),
    gkmlpt: ("gkmlpt", "/gkmlpt/content/3/3255/post_{}.html"),
    vsb: ("vsb", "/info/1012/{}.htm"),
    vsb_years: ("vsb", "/info/1012/{}.htm"),
    lonsun: ("lonsun", "/public/7011/{}.html"),
    aspnet: ("aspnet", "/GovOpenShow.aspx?id={}"),
    truecms: ("truecms", "/nb/content/{:032x}.html"),
    epoint: ("epoint", "/zwgk/{:032x}.html"),
    epoint_from_one: ("epoint", "/zwgk/{:032x}.html"),
    packed_pager: ("generic", "/nb/content_{}.html"),
    countdown_fragment: ("generic", "/nb/c{}/content.html"),
    next_links: ("jeecms", "/nb/{}.jhtml"),
    openness: ("openness", "/OpennessContent/show/{}.html"),
}


@pytest.mark.parametrize("build", FAMILIES, ids=lambda one: one.__name__)
def test_all_reports_of_a_column_and_nothing_else(tmp_path: Path, build: Build) -> None:
    _, address = FAMILIES[build]
    rows = [(address.format(361000 + place), title) for place, title in enumerate(TITLES)]
    with sites.serve("127.0.0.2") as site:
        for year, (path, _) in zip(YEARS, [r for r in rows if r[1] not in NOISE], strict=True):
            site.routes[path] = sites.page(sites.report(year))
        column = build(site, rows)
        done = crawls.crawl(tmp_path, [crawls.portal(site, columns=(site.url + column,))])
        kept = crawls.captures(tmp_path, "kind = 'report' AND outcome = 'ok'")
        found = sorted(one.url.removeprefix(site.url) for one in kept)
        asked = [(one.method, one.path, one.body) for one in site.asked]
    assert found == sorted(path for path, title in rows if title not in NOISE)
    assert len(asked) == len(set(asked))
    tally = done.portals["sample"]
    years = build is vsb_years  # its column lists the years and no noise
    assert tally.reports == len(YEARS)
    if not years:
        assert (done.exit_code, tally.notes, tally.listed) == (0, [], len(rows))


@pytest.mark.parametrize("build", FAMILIES, ids=lambda one: one.__name__)
def test_from_the_home_page_alone(tmp_path: Path, build: Build) -> None:
    rows = [(FAMILIES[build][1].format(361000 + n), title) for n, title in enumerate(TITLES)]
    with sites.serve("127.0.0.2") as site:
        column = build(site, rows).replace("&", "&amp;")
        site.routes["/"] = text(f'<h1>样例市</h1><p><a href="{column}">政府信息公开年报</a></p>')
        done = crawls.crawl(tmp_path, [crawls.portal(site, columns=())])
        asked = {one.path for one in site.asked}
    wanted = {path for path, title in rows if title not in NOISE}
    assert wanted <= asked
    assert not {path for path, title in rows if title in NOISE} & asked
    assert done.portals["sample"].reports == len(YEARS)


@pytest.mark.parametrize("build", FAMILIES, ids=lambda one: one.__name__)
def test_a_first_page_tells_its_family(build: Build) -> None:
    family, address = FAMILIES[build]
    site = Site(host="127.0.0.2", port=80)
    column = build(site, [(address.format(9), TITLES[0])])
    asked = Asked(at=0.0, method="GET", path=column, headers={}, body=b"")
    assert sniff(site.answer(asked).body.decode(), site.url + column).name == family


def test_a_column_that_gives_less_than_it_promises_says_so(tmp_path: Path) -> None:
    """gkmlpt: the second page is a 404 though more rows are promised."""
    rows = [(f"/gkmlpt/content/3/3255/post_{n}.html", t) for n, t in enumerate(TITLES)]
    with sites.serve("127.0.0.2") as site:
        column = gkmlpt(site, rows)
        first = site.routes["/gkmlpt/api/all/9"]
        assert callable(first)
        site.routes["/gkmlpt/api/all/9"] = lambda asked: (
            first(asked) if parse_qs(urlsplit(asked.path).query)["page"] == ["1"] else sites.MISSING
        )
        done = crawls.crawl(tmp_path, [crawls.portal(site, columns=(site.url + column,))])
    assert any("10 rows listed, 19 promised" in note for note in done.portals["sample"].notes)
    assert done.exit_code == 5
