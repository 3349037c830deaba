"""Hanweb: three contracts of the data proxy, the catalogue, and jpaas."""

from __future__ import annotations

import json
from html import escape

from spiders.simulator.reports import Article
from spiders.simulator.site import Answer, Asked

from .country import Shop, html, number, posted, query

PROXY = "/module/web/jpage/dataproxy.jsp"
OLD_PROXY = "/module/jslib/jquery/jpage/dataproxy.jsp"
OTHER = "别县2019年政府信息公开工作年度报告"  # of another column of the area
FIRST = 12  # rows that the page itself carries
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def by_page(shop: Shop, asked: Asked) -> Answer | None:
    """Contract A: `page` counts, whatever window is asked for; `perpage` is honoured."""
    if asked.path == PROXY and asked.method == "GET":
        size = min(number(query(asked, "perpage"), 15), 300)
        part = shop.part(number(query(asked, "page")), size)
        return html(_store(shop, part, f"<totalpage>{-(-len(shop.shown) // size)}</totalpage>"))
    if asked.path != shop.path:
        return None
    link = f"{PROXY}?page=1&webid=73&columnid=46355&unitid=764752&appid=1&appid=1"
    group = f'<nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup>'
    return shop.column(_island(shop, group))


def by_window(shop: Shop, asked: Asked) -> Answer | None:
    """Contract B: a POST with the window in the address and the column in the body."""
    if asked.path == PROXY:
        right = asked.method == "POST" and posted(asked, "columnid") == "76841"
        return html(_store(shop, _windowed(shop, asked) if right else (), ""))
    return (
        shop.column(_island(shop, "") + _plugin(shop, PROXY)) if asked.path == shop.path else None
    )


def by_script(shop: Shop, asked: Asked) -> Answer | None:
    """Contract C: a GET whose answer is JavaScript; without a Referer nothing comes."""
    if asked.path == OLD_PROXY:
        rows = _windowed(shop, asked) if "referer" in asked.headers else ()
        items = ",".join(f"'{item}'" for item in shop.items(rows))
        total = f"totalRecord={len(shop.shown)}.0;totalPage = 3;"
        return html("\r\n" * 12 + f"{total}dataStore = [{items}]")
    if asked.path != shop.path:
        return None
    return shop.column(_island(shop, "") + _plugin(shop, OLD_PROXY))


def catalogue(shop: Shop, asked: Asked) -> Answer | None:
    """The list of a whole area; foreign columns stand between the own rows."""
    if asked.path == "/module/xxgk/search.jsp":
        if posted(asked, "divid") != "div1256283" or posted(asked, "area") != "001008003014021":
            return html("<p>没有信息</p>")
        here = number(posted(asked, "currpage"))
        own = "".join(
            f'<tr class="tr_main_value_{"odd" if i % 2 else "even"}"><td><a href="'
            f'{shop.path_of(one.plan)}" title="{escape(one.plan.title)}" mc="{one.plan.title}" '
            f'gkfs="主动公开">{escape(one.plan.title[:18])}…</a></td><td>县政府办</td>'
            f"<td>{one.plan.published}</td></tr>"
            for i, one in enumerate(shop.part(here))
        )
        foreign = f'<tr><td><a href="/art/2020/1/2/art_99_77.html">{OTHER}</a></td></tr>'
        pager = f"<tr><td align=right>共&nbsp;{shop.pages}&nbsp;页 下一页 尾 页</td></tr>"
        return html(f"<table>{own}{foreign}{pager}</table>")
    if asked.path != shop.path:
        return None
    form = "{jdid:'149',divid:'div1256283',infotypeId:'',texttype:'0'}"
    script = f"$.post('/module/xxgk/search.jsp',{form})"
    frame = '<iframe src="/module/xxgk/tree.jsp?area=001008003014021"></iframe>'
    return shop.column(f"{frame}<div id=div1256283></div><script>{script}</script>")


def unit(shop: Shop, asked: Asked) -> Answer | None:
    """jpaas: only `paramJson` turns the page; a bare pageNo gives page 1 for ever."""
    if asked.path == UNIT:
        told = query(asked, "paramJson") or "{}"
        right = query(asked, "tagId") == "当前栏目_list" and query(asked, "webId") == "3185"
        here = json.loads(told).get("pageNo", 1) if right else 1
        answer = {"code": "200", "success": True, "data": {"html": _unit(shop, here)}}
        return html(json.dumps(answer, ensure_ascii=False), "application/json")
    return shop.column(_unit(shop, 1)) if asked.path == shop.path else None


def _unit(shop: Shop, here: int) -> str:
    asked = {"parseType": "bulidstatic", "webId": "3185", "tplSetId": "OTrL", "pageType": "column"}
    data = json.dumps({**asked, "tagId": "当前栏目_list", "pageId": "12"}, ensure_ascii=False)
    return (
        f"{shop.listed(here)}<table class='pagination' queryData=\"{escape(data)}\" "
        f'uniturl="{UNIT}" count="{len(shop.shown)}" rows="10" pageno="{here}"></table>'
    )


def _windowed(shop: Shop, asked: Asked) -> tuple[Article, ...]:
    start = number(query(asked, "startrecord"))
    return shop.shown[start - 1 : number(query(asked, "endrecord"))]


def _store(shop: Shop, rows: tuple[Article, ...], more: str) -> str:
    records = "".join(f"<record><![CDATA[{item}]]></record>" for item in shop.items(rows))
    total = f"<totalrecord>{len(shop.shown)}</totalrecord>"
    return f"<datastore>{total}{more}<recordset>{records}</recordset></datastore>"


def _island(shop: Shop, group: str) -> str:
    records = "".join(
        f"<record><![CDATA[{item}]]></record>" for item in shop.items(shop.shown[:FIRST])
    )
    return (
        f'<div id="764752"><script type="text/xml"><datastore>{group}<recordset>{records}'
        "</recordset></datastore></script></div>"
    )


def _plugin(shop: Shop, proxy: str) -> str:
    column = "76841" if proxy == PROXY else "4729"
    return (
        f"<script>$('#297589').jpage({{totalRecord:{len(shop.shown)},perPage:4,groupSize:3,"
        f"proxyUrl:'{proxy}',ajaxParam:{{col:1,appid:1,webid:1,path:'/',columnid:{column},"
        "sourceContentType:1,unitid:'297589',webname:'%E6%B5%B7%E5%9D%9B',permissiontype:0}})"
        "</script>"
    )
