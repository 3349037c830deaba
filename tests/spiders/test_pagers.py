"""Pagers by themselves: what a page says, and the request that follows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.pagers import PAGERS, Page
from spiders.pagers.params import number_in, with_number

URL = "http://x.gov.cn/zwgk/nb/"
MODEL = """<script>listModel({{listArgs:{{channelid:{channel},classsql:"" || "chnlid=7"}},
pagebar:{{prepage: 10, recordCount: '23'}}}}); // list2.trsapi</script>{site}"""


def turn(name: str, text: str, url: str = URL, number: int = 1):  # type: ignore[no-untyped-def]
    return PAGERS[name].turn(Page(url=url, text=text, number=number))


@pytest.mark.parametrize(
    ("channel", "site"),
    [("229105", ""), ("SiteInfo.searchId", "<script>var SiteInfo = {searchId: '229105'}</script>")],
)
def test_a_list_model_of_trs_is_called_by_its_settings(channel: str, site: str) -> None:
    found = turn("search", MODEL.format(channel=channel, site=site))
    [ask] = found.asks
    given = {name: value for name, [value] in parse_qs(urlsplit(ask.url).query).items()}
    wanted = {"channelid": "229105", "classsql": "chnlid=7", "prepage": "10", "page": "1"}
    assert (ask.url.partition("?")[0], found.promised) == ("http://x.gov.cn/was5/web/search", 23)
    assert given == wanted | {"templet": "docs.jsp"}


def test_without_the_number_of_its_channel_a_browser_must_draw_it() -> None:
    found = turn("search", MODEL.format(channel="SiteInfo.searchId", site=""))
    assert (found.asks, found.promised, found.drawn) == ((), 23, True)


def test_a_call_goes_out_as_the_script_says() -> None:
    by_post = "$.ajax({type:'POST', url:'/irs/front/search', data:{code:'a b', pageNo:1}})"
    by_get = "$.get('/igs/front/search/list.html?index=hb&amp;pageNumber=3&pageSize=10', draw)"
    [post], [get] = turn("search", by_post).asks, turn("search", by_get).asks
    assert (post.method, post.body) == ("POST", b"code=a+b&pageNo=1")
    assert get.method == "GET"
    assert get.url.endswith("?index=hb&pageNumber=1&pageSize=10")


@pytest.mark.parametrize(
    "script",
    [
        "location.href = '/igs/front/search/list.html?code=1&pageNumber=1&searchWord=' + w",
        "$('#go').click(function(){ $.get('/irs/front/search?page=1&q=' + word) })",
        '<form action="/govsearch/search.jsp"><input name="page" value="1"></form>',
        "$.ajax({url: '/irs/front/search', data: {keyword: $('#w').val(), page: 1}})",
        "$.get('/igs/front/search/hot.html')",
    ],
)
def test_the_search_box_of_a_site_is_no_list(script: str) -> None:
    assert turn("search", f"<script>{script}</script>") is None


def test_a_list_that_stands_in_the_page_is_not_asked_for() -> None:
    call = "<script>$.ajax({url:'/irs/front/search?page=1&type=hot'})</script>"
    row = '<li><a href="/nb/t20200102_1.html">样例市2019年政府信息公开年度报告</a></li>'
    assert turn("search", call) is not None
    assert turn("search", call + row) is None


def test_an_answer_without_a_promise_leads_on_until_a_page_is_short() -> None:
    rows = [
        {"title": f"{y}年政府信息公开工作年度报告", "url": f"/{y}.html"} for y in range(2010, 2020)
    ]
    url = "http://x.gov.cn/was5/web/search?channelid=1&prepage=10&page=2"
    full, short = (json.dumps({"docs": rows[:count]}) for count in (10, 9))
    [ask] = turn("search", full, url, 2).asks
    assert ask.url.endswith("page=3")
    assert not turn("search", short, url, 2).asks
    assert not turn("search", full, url, 30).asks


def test_a_query_keeps_what_it_says_beside_the_page() -> None:
    query = "s=-pubdate&classsql=chnlid%3E1*chnlid%3C9&curPage=4&n=4"
    assert number_in(query) == 4
    assert with_number(query, 5) == query.replace("curPage=4", "curPage=5")
    assert with_number("a=1", 2) == "a=1&page=2"


def test_every_year_of_every_area_is_asked_for_once() -> None:
    url = "http://x.gov.cn/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=001008003014021"
    options = "".join(f"<option value='{year}'>{year}</option>" for year in (2015, 2016, 2017))
    areas = '<option value="113325000026455663">教育局</option>'
    asks = turn("annual", f"<select>{options}</select><select>{areas}</select>", url).asks
    asked = [tuple(v for [v] in parse_qs(urlsplit(ask.url).query).values()) for ask in asks]
    every = {(y, a) for y in ("2015", "2016", "2017") for a in (url[-15:], "113325000026455663")}
    assert len(asked) == len(set(asked)) == 5
    assert set(asked) == every - {("2017", url[-15:])}
    assert not turn("annual", options, url, 2).asks
    bare = turn("annual", "<ul></ul>", url).asks  # no year is named: all there can be
    assert len(bare) == datetime.now(UTC).year - 2008 - 1


@pytest.mark.parametrize(
    ("query", "ask"),
    [
        ("ainfolist1501t=24&ainfolist1501p=1&ainfolist1501c=15&wbtreeid=1012&sccode=", "p=2"),
        ("totalpage=9&PAGENUM=1&urltype=tree.TreeTempUrl&wbtreeid=1012", "PAGENUM=2"),
        ("node_id=GKxx&cat_id=10&cur_page=1", "cur_page=2"),
    ],
)
def test_numbered_links_of_a_query(query: str, ask: str) -> None:
    url = f"{URL}list.jsp?{query}"
    other = url.replace(f"{ask[:-1]}1", ask)
    found = turn("numbered", f'<a href="{url}">1</a> <a href="{other}">2</a>', url)
    assert [one.url for one in found.asks] == [other]
