"""Systems whose pages are plain addresses: UCAP, VSB, Openness, JEECMS, year folders and others."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

from spiders.simulator.site import Answer, Asked

from .country import Shop, html, query


def page_div(shop: Shop, asked: Asked) -> Answer | None:
    """UCAP: the call names the pager, so pages count from 1; there are no links."""
    stem = shop.path.removesuffix(".shtml")
    here = _numbered(asked.path, rf"{re.escape(stem)}(?:_(\d+))?\.shtml", shop)
    if here is None:
        return None
    name = stem.rpartition("/")[2]
    call = f"createPageHTML('page_div',{shop.pages}, {here},'{name}','shtml',{len(shop.shown)});"
    return shop.column(f"{shop.listed(here)}<script>{call}</script>")


def low_numbers(shop: Shop, asked: Asked) -> Answer | None:
    """UCAP where page 2 is `list_1`, and where the page behind the last is the first again."""
    stem = shop.path.removesuffix(".shtml")
    found = re.fullmatch(rf"{re.escape(stem)}(?:_(\d+))?\.shtml", asked.path)
    if found is None:
        return None
    here = int(found[1] or 0) + 1
    here = here if here <= shop.pages else 1
    name = stem.rpartition("/")[2]
    call = f"createPageHTML('page_div',{shop.pages}, {here},'{name}','shtml',{len(shop.shown)});"
    return shop.column(f"{shop.listed(here)}<script>{call}</script>")


def count_down_old(shop: Shop, asked: Asked) -> Answer | None:
    """VSB in its older skin: no total but `共29条  1/3`."""
    plain = count_down(shop, asked)
    if plain is None:
        return None
    text = plain.body.decode().partition("共")[0]
    told = f"共{len(shop.shown)}条&nbsp;&nbsp;1/{shop.pages}&nbsp;"
    script = "<script>function a191370_gopage_fun(){}</script>"
    return html(f"{text}{told}{script}</body></html>")


def count_down(shop: Shop, asked: Asked) -> Answer | None:
    """VSB: page 2 of T is `<column>/<T-1>.htm`."""
    stem = shop.path.removesuffix(".htm")
    if asked.path == shop.path:
        here = 1
    else:
        found = re.fullmatch(rf"{re.escape(stem)}/(\d+)\.htm", asked.path)
        here = shop.pages - int(found[1]) + 1 if found else 0
    if not 1 <= here <= shop.pages:
        return None
    folder = stem.rpartition("/")[2] + "/" if here == 1 else ""
    links = "".join(
        f'<span class="p_no"><a href="{folder}{shop.pages - page + 1}.htm">{page}</a></span>'
        for page in range(2, shop.pages + 1)
    )
    script = f"function u13_gopage_fun(){{_simple_list_gotopage_fun({shop.pages},'u13_goto',2)}}"
    return shop.column(f"{shop.listed(here)}{links}共{shop.pages}页<script>{script}</script>")


def page_n(shop: Shop, asked: Asked) -> Answer | None:
    """Openness: `page_1.html` with numbers only."""
    stem = shop.path.removesuffix("1.html")
    here = _numbered(asked.path, rf"{re.escape(stem)}(\d+)\.html", shop)
    if here is None:
        return None
    links = "".join(f'<a href="{stem}{page}.html">{page}</a> ' for page in range(1, shop.pages + 1))
    return shop.column(shop.listed(here) + f"<div class=fy>{links}</div>")


def jhtml(shop: Shop, asked: Asked) -> Answer | None:
    """JEECMS: `index_2.jhtml` behind 下一页."""
    here = _numbered(asked.path, r"/zfxxgknb/index(?:_(\d+))?\.jhtml", shop)
    if here is None:
        return None
    more = f'<a href="index_{here + 1}.jhtml">下一页</a>' if here < shop.pages else ""
    return shop.column(f"{shop.listed(here)}共{len(shop.shown)}条记录 {here}/{shop.pages}页 {more}")


def encoded(shop: Shop, asked: Asked) -> Answer | None:
    """云南: the pager is base64 of percent-encoded HTML."""
    here = _numbered(asked.path, r"/zwgk/gknb/(?:index_(\d+)\.html)?", shop)
    if here is None:
        return None
    links = (
        f'<a href="/zwgk/gknb/index_{here + 1}.html">下一页</a>' if here < shop.pages else "末页"
    )
    packed = base64.b64encode(quote(f"<b>{here}</b>{links}").encode()).decode()
    script = (
        "<script>$('#pages').html(decodeURIComponent(window.atob($('#pages').text())))</script>"
    )
    return shop.column(f'{shop.listed(here)}<div id="pages">{packed}</div>{script}')


def years(shop: Shop, asked: Asked) -> Answer | None:
    """A list of lists: one folder a year of publication."""
    found = sorted({one.plan.published[:4] for one in shop.shown}, reverse=True)
    if asked.path == shop.path:
        links = "".join(f'<li><a href="/xxgknb/{year}n/">{year}年</a></li>' for year in found)
        return shop.column(f"<ul>{links}</ul>")
    year = re.fullmatch(r"/xxgknb/(\d{4})n/", asked.path)
    if year is None:
        return None
    rows = tuple(one for one in shop.shown if one.plan.published.startswith(year[1]))
    return shop.column(f"<ul>{''.join(shop.items(rows))}</ul>")


def following(shop: Shop, asked: Asked) -> Answer | None:
    """No system that anybody names: a next link with a query."""
    if asked.path != shop.path:
        return None
    here = int(query(asked, "page", "1"))
    more = f'<a href="{shop.path}?page={here + 1}">下一页&gt;</a>' if here < shop.pages else ""
    return shop.column(f"{shop.listed(here)}<div>{more}</div>") if shop.part(here) else html("")


def _numbered(path: str, pattern: str, shop: Shop) -> int | None:
    found = re.fullmatch(pattern, path)
    here = int(found[1] or 1) if found else 0
    return here if 1 <= here <= shop.pages else None
