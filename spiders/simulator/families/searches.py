"""Lists that a search interface answers: the front ends of TRS, and Hanweb's lists by year."""

from __future__ import annotations

import json
from html import escape

from spiders.simulator.reports import Article
from spiders.simulator.site import Answer, Asked

from .answers import JSON
from .country import PAGE_SIZE, Shop, html, number, posted, query

AREAS = ("001008003014021", "113325000026455663")
WAS5 = "/was5/web/search"
JSONP = "/govsearch/jsonp/zf_jd_list.jsp"
IGS = "/igs/front/search/list.html"


def was5(shop: Shop, asked: Asked) -> Answer | None:
    """福建: ten rows stand in the page beside nodes of a template; raw line breaks in the JSON."""
    if asked.path == WAS5:
        right = query(asked, "channelid") == "229105" and query(asked, "classsql") == "chnlid=1813"
        part = (
            shop.part(number(query(asked, "page")), number(query(asked, "prepage")))
            if right
            else ()
        )
        docs = ",\r\n".join(
            f'{{"doctitle":"{one.plan.title}\r\n","chnldocurl":"{shop.path_of(one.plan)}",'
            f'"docreltime":"{one.plan.published} 00:00:00"}}'
            for one in part
        )
        return html(f'{{"docs":[{docs}]}}', JSON)
    if asked.path != shop.path:
        return None
    rows = "".join(
        f'<dl><dd><a href="{shop.path_of(one.plan)}">{one.plan.title}</a></dd>'
        f"<dd>{one.plan.published}</dd></dl>"
        for one in shop.part(1)
    )
    template = '<dl ms-repeat="list"><dd><a ms-attr-href="el.url" ms-text="el.title"></a></dd></dl>'
    model = (
        "require(['list2.trsapi','tools'],function(listModel){listModel({quickMode:'动静结合',"
        "listArgs:{channelid:SiteInfo.searchId,classsql:\"\" || 'chnlid=1813',"
        "sortfield:'-docreltime'},"
        f"pagebar:{{prepage:{PAGE_SIZE},recordCount:'{len(shop.shown)}'}}}})}})"
    )
    site = "var SiteInfo={searchId:229105}"
    return shop.column(f"{rows}{template}<script>{site}</script><script>{model}</script>")


def govsearch(shop: Shop, asked: Asked) -> Answer | None:
    """吉林: JSONP with a byte order mark in mid-stream, and no word of how many rows there are."""
    if asked.path == JSONP:
        right = query(asked, "lb") == "134657"
        part = shop.part(number(query(asked, "page"))) if right else ()
        data = [
            {"puburl": shop.path_of(one.plan), "MetaDataId": one.plan.id,
             "tip": {"title": one.plan.title, "dates": one.plan.published, "filenum": ""}}
            for one in part
        ]  # fmt: skip
        told = json.dumps({"data": data}, ensure_ascii=False)
        return html("\r\n" * 6 + f"\ufeff\r\n{query(asked, 'callback')}({told});\r\n", "text/plain")
    if asked.path != shop.path:
        return None
    call = f"{JSONP}?page=1&lb=134657&callback=result&searchColumn=all&SType=1"
    script = f"$.ajax({{url:'{call}',dataType:'jsonp',success:function(r){{draw(r)}}}})"
    return shop.column(f"<div id=list></div><script>{script}</script>")


def igs(shop: Shop, asked: Asked) -> Answer | None:
    """A piece of markup by POST, with the fields that the page's script names."""
    if asked.path == IGS:
        right = asked.method == "POST" and posted(asked, "type") == "zfxxgknb"
        here = number(posted(asked, "pageNumber"))
        part = shop.part(here, number(posted(asked, "pageSize"))) if right else ()
        return html(f"<ul>{''.join(shop.items(part))}</ul>")
    if asked.path != shop.path:
        return None
    fields = f"data:{{index:'hb_1',type:'zfxxgknb',pageNumber:1,pageSize:{PAGE_SIZE}}}"
    script = f"$.ajax({{type:'POST',url:'{IGS}',{fields},success:draw}})"
    return shop.column(f"<div id=list></div><script>{script}</script>")


def annual(shop: Shop, asked: Asked) -> Answer | None:
    """Hanweb's xxgkAnnualReport: a page a year and area; no page but these lists anything."""
    if asked.path != shop.path:
        return None
    year, area = query(asked, "fbtime"), query(asked, "area")
    here = [one for one in shop.shown if one.plan.published[:4] == year and _area(one) == area]
    years = sorted({one.plan.published[:4] for one in shop.shown}, reverse=True)
    options = "".join(f'<option value="{one}">{one}年</option>' for one in years)
    areas = "".join(f'<option value="{one}">{one[:6]}</option>' for one in AREAS)
    form = f"<select name=fbtime>{options}</select><select name=area>{areas}</select>"
    return shop.column(f"<form>{form}</form><ul>{''.join(shop.items(tuple(here)))}</ul>")


def _area(article: Article) -> str:
    """The county's own and those of its bodies."""
    return AREAS[article.body is not None and article.body.id != "haitan"]


def subjects(shop: Shop, asked: Asked) -> Answer | None:
    """江西 2020: the catalogue by GET; the whole title, the number and the date are attributes."""
    if asked.path != shop.path:
        return None
    here = number(query(asked, "currpage"))
    rows = "".join(
        f'<tr class="tr_main_value_{"odd" if i % 2 else "even"}"><td>{i + 1}</td><td><a '
        f'href="{shop.path_of(one.plan)}" syh="{one.plan.id}" mc="{escape(one.plan.title)}" '
        f'rq="{one.plan.published}">{escape(one.plan.title[:16])}...</a></td></tr>'
        for i, one in enumerate(shop.part(here))
    )
    return shop.column(f"<table>{rows}</table><p>共&nbsp;{shop.pages}&nbsp;页 下一页 尾 页</p>")
