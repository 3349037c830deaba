"""Systems whose rows come as an answer: UCAP, gkmlpt, Lonsun, TrueCMS, Epoint, ASP.NET."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

from spiders.simulator.site import Answer, Asked

from .country import PAGE_SIZE, Shop, html, number, posted, query

JSON = "application/json"
COLUMN_ID = "754f6db5-d294-46d5-b25c-da3a86d102cd"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
STATE = "dDwtMTI3OTMzNDM4NDs7Pg=="


def query_list(shop: Shop, asked: Asked) -> Answer | None:
    """UCAP /queryList: addresses are JSON in a string of the JSON."""
    if asked.path == "/queryList":
        right = posted(asked, "channelCode[]") == "c104659" and posted(asked, "webSiteCode[]")
        size = number(posted(asked, "pageSize"), 15)
        rows = shop.part(number(posted(asked, "current")), size) if right else ()
        results = [
            {
                "source": {
                    "title": one.plan.title,
                    "pubDate": f"{one.plan.published} 09:00:00",
                    "urls": json.dumps({"common": shop.path_of(one.plan)}),
                }
            }
            for one in rows
        ]
        return html(json.dumps({"data": {"total": len(shop.shown), "results": results}}), JSON)
    if asked.path != shop.path:
        return None
    call = (
        "$.post('/queryList',{current:1,pageSize:10,webSiteCode:['hxs'],channelCode:['c104659']})"
    )
    return shop.column(f'<div id="list"></div><script>{call}</script>')


def gkmlpt(shop: Shop, asked: Asked) -> Answer | None:
    """Page 0 is page 1; page 2 is not there although more posts are counted."""
    if asked.path == "/gkmlpt/api/all/2629":
        if number(query(asked, "page")) > 1 or query(asked, "sid") != "755001":
            return Answer(status=404, body=b"{}", headers=(("Content-Type", JSON),))
        articles = [
            {"id": one.plan.id, "title": one.plan.title, "date": 1700000000, "type": "normal",
             "url": shop.path_of(one.plan), "publisher": "县府办"}
            for one in shop.shown
        ]  # fmt: skip
        told = {"id": 2629, "name": "政府信息公开年报", "post_count": len(shop.shown)}
        return html(json.dumps({"classify": told, "articles": articles}), JSON)
    if asked.path != shop.path:
        return None
    tree = [{"id": 2600, "name": "法定主动公开内容", "children": []},
            {"id": 2629, "name": "政府信息公开年报", "jump_url": "", "post_count": 29}]  # fmt: skip
    config = f"window._CONFIG = {{LOGIN:'', SID: '755001', TREE: {json.dumps(tree)}}};"
    return shop.column("<div id=app></div>", f"<script>{config}</script>")


def label_below(shop: Shop, asked: Asked) -> Answer | None:
    """Lonsun, a site below another: the call is built by script, only its parts stand there."""
    service = "/hxzwgk/zwgk/site/label/8888"
    if asked.path == service:
        inner = replace(asked, path="/site/label/8888")
        return label(shop, inner) if query(asked, "siteId") == "6788721" else html("<p>暂无</p>")
    if asked.path != shop.path:
        return None
    parts = "Ls.load({labelName:'publicInfoList',pageSize:10,organId:'7011',type:3})"
    head = '<meta name="SiteId" content="6788721">'
    return shop.column(f"<div id=listbox></div><script>{parts}</script>", head)


def label(shop: Shop, asked: Asked) -> Answer | None:
    """Lonsun: a fragment with dates padded by tabs, its pages counted in a script."""
    call = (
        "/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=6788721"
        "&pageSize=10&pageIndex=1&action=list&organId=7011&type=3"
    )
    if asked.path == "/site/label/8888":
        right = query(asked, "labelName") == "publicInfoList" and query(asked, "type") == "3"
        rows = shop.part(number(query(asked, "pageIndex"))) if right else ()
        items = "".join(shop.items(rows)).replace("<span>", '<span class="date">\t\t\r\n')
        pages = f"<script>Ls.pagination({{pageCount:{shop.pages},pageIndex:1}})</script>"
        return html(f'<div class="xxgk_navli"><ul>{items}</ul></div>{pages}')
    if asked.path != shop.path:
        return None
    script = f"<script>$('#listbox').load('{call}')</script>"
    return shop.column(f"<div id=listbox></div>{script}", '<meta name="SiteId" content="6788721">')


def messages(shop: Shop, asked: Asked) -> Answer | None:
    """TrueCMS: a window over 50 or a missing Referer is a 404."""
    proxy = "/truecms/messageController/getMessage.do"
    if asked.path == proxy:
        start, end = number(query(asked, "startrecord")), number(query(asked, "endrecord"))
        right = "referer" in asked.headers and query(asked, "columnId") == COLUMN_ID
        if not right or end - start >= 50:
            return Answer(status=404)
        records = "".join(
            f"<record><![CDATA[{item}]]></record>"
            for item in shop.items(shop.shown[start - 1 : end])
        )
        store = f"<datastore><totalrecord>{len(shop.shown)}</totalrecord><recordset>{records}"
        answer = json.dumps({"result": f"{store}</recordset></datastore>"}, ensure_ascii=False)
        return html(f"{query(asked, 'callback')}({answer})", "text/javascript")
    if asked.path != shop.path:
        return None
    script = (
        f"<script>$('#list').jpage({{proxyUrl:'{proxy}',perPage:10,groupSize:3,"
        f"ajaxParam:{{columnId:'{COLUMN_ID}'}}}})</script>"
    )
    return shop.column(f"<div id=list></div>{script}")


def epoint(shop: Shop, asked: Asked) -> Answer | None:
    """The site's id stands in a script; `pageIndex` counts from 0; JSON comes as plain text."""
    return _epoint(shop, asked, wrapped=False)


def epoint_token(shop: Shop, asked: Asked) -> Answer | None:
    """The same in an envelope; a call without it is told that its token is wrong."""
    return _epoint(shop, asked, wrapped=True)


def _epoint(shop: Shop, asked: Asked, *, wrapped: bool) -> Answer | None:
    if asked.path == "/js/webBuilderCommon.js":
        told = f'var siteInfo = {{"projectName":"/EWB-FRONT","siteGuid":"{GUID}"}}'
        return html(told, "application/javascript")
    if asked.path == "/EWB-FRONT/rest/lightfrontaction/getgovinfolist":
        sent = (
            json.loads(asked.body) if asked.headers.get("content-type", "").startswith(JSON) else {}
        )
        if wrapped and "token" not in sent:
            return html('{"status":{"code":501,"text":"token"}}', "text/plain")
        sent = sent["params"] if wrapped else sent
        right = sent.get("siteGuid") == GUID and sent.get("categorynum") == "003006"
        rows = shop.part(sent["pageIndex"] + 1, sent["pageSize"]) if right else ()
        data = [
            {"realtitle": one.plan.title, "title": one.plan.title[:12],
             "infourl": shop.path_of(one.plan), "infodate": one.plan.published}
            for one in rows
        ]  # fmt: skip
        custom = {"total": len(shop.shown) if right else 0, "data": data}
        return html(json.dumps({"custom": custom}), "text/plain")
    if asked.path != shop.path:
        return None
    return shop.column("<div id=l></div>", '<script src="/js/webBuilderCommon.js"></script>')


def post_back(shop: Shop, asked: Asked) -> Answer | None:
    """A wrong view state brings page 1."""
    if asked.path != shop.path:
        return None
    right = asked.method == "POST" and posted(asked, "__VIEWSTATE") == STATE
    right = right and posted(asked, "__EVENTTARGET") == "AspNetPager1"
    here = number(posted(asked, "__EVENTARGUMENT")) if right else 1
    links = "".join(
        f"<a href=\"javascript:__doPostBack('AspNetPager1','{page}')\">{page}</a>"
        for page in range(1, shop.pages + 1)
        if page != here
    )
    hidden = f'<input type="hidden" name="__VIEWSTATE" value="{STATE}">'
    action = escape(shop.target.rpartition("/")[2])
    form = f'<form method="post" action="{action}">{hidden}{shop.listed(here)}{links}</form>'
    return shop.column(f"{form}<p>共{len(shop.shown)}条 每页{PAGE_SIZE}条</p>")
