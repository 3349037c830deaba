"""Columns as some systems lay them out, each a portal of three reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spiders import shells
from spiders.pagers import PAGERS, Page
from spiders.simulator.site import Page as Stored
from spiders.tally import PortalTally

from . import crawls, tiny

REPORTS = {tiny.path(year) for year in tiny.YEARS}
ROWS = [tiny.row(one) for one in tiny.articles()]


def crawled(data: Path, pages: dict[str, Stored], column: str) -> tuple[PortalTally, set[str]]:
    """The tally, and the addresses of the reports that came."""
    with tiny.served(tiny.site("one", 141, tiny.pages() | pages)) as servers:
        base = servers["one"].base
        done = crawls.crawl(data, [tiny.portal(servers["one"], columns=(f"{base}{column}",))])
    kept = crawls.captures(data, "kind = 'report' AND outcome = 'ok'")
    return done.portals["one"], {one.url.removeprefix(base) for one in kept}


def test_ucap_whose_second_page_has_the_other_number(tmp_path: Path) -> None:
    call = "<script>createPageHTML('page_div',2,1,'list','shtml',3)</script>"
    pages = {
        "/c1/list.shtml": tiny.page(tiny.listing("".join(ROWS[:2]), call)),
        "/c1/list_1.shtml": tiny.page(tiny.listing(ROWS[2])),
    }
    tally, found = crawled(tmp_path, pages, "/c1/list.shtml")
    assert (found, tally.partial, tally.listed) == (REPORTS, False, 3), tally.notes


def test_rows_of_a_side_bar_do_not_make_up_for_a_page_that_is_lost(tmp_path: Path) -> None:
    """Three rows are promised and three are listed, one of them beside the list."""
    call = "<script>createPageHTML('page_div',2,1,'list','shtml',3)</script>"
    aside = '<p><a href="/news/c123456.html">样例县召开全县经济工作会议</a> 2023-01-02</p>'
    pages = {"/c1/list.shtml": tiny.page(tiny.listing("".join(ROWS[:2]), aside + call))}
    tally, found = crawled(tmp_path, pages, "/c1/list.shtml")
    assert len(found) == 2
    assert (tally.listed, tally.promised) == (3, 3)
    assert any("page 2 was not read" in note for note in tally.notes)


def test_a_list_that_never_ends_is_left(tmp_path: Path) -> None:
    """A search that gives its first page for every number: the checks say so, the crawl ends."""
    call = "<script>$.ajax({url:'/igs/front/search/list.html?type=nb&pageNumber=1'})</script>"
    pages = {
        "/nb/": tiny.page(tiny.listing("", call)),
        "/igs/front/search/list.html": tiny.page(f"<ul>{''.join(ROWS)}</ul>"),
    }
    tally, found = crawled(tmp_path, pages, "/nb/")
    assert (found, tally.partial) == (REPORTS, True)
    assert tally.asked < 40
    assert any("repeats page 1" in note for note in tally.notes)


def test_vsb_with_a_page_a_year(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="zfxxgknb/a{y}.htm">{y}年</a></li>' for y in tiny.YEARS)
    pages = {"/zfxxgk/zfxxgknb.htm": tiny.page(tiny.listing(links))}
    for year, row in zip(tiny.YEARS, ROWS, strict=True):
        pages[f"/zfxxgk/zfxxgknb/a{year}.htm"] = tiny.page(tiny.listing(row))
    tally, found = crawled(tmp_path, pages, "/zfxxgk/zfxxgknb.htm")
    assert (found, tally.partial) == (REPORTS, False), tally.notes


def test_a_column_of_gkmlpt_that_lives_on_the_other_site(tmp_path: Path) -> None:
    there = "/zwgk/xxgknb/index.html"
    tree = json.dumps([{"id": 9, "name": "政府信息公开年报", "jump_url": there}])
    config = f"<script>window._CONFIG = {{SID: '755001', TREE: {tree}}};</script>"
    pages = {
        "/gkmlpt/annualreport": tiny.page(tiny.listing("", config)),
        there: tiny.page(tiny.listing("".join(ROWS))),
    }
    tally, found = crawled(tmp_path, pages, "/gkmlpt/annualreport")
    assert (found, tally.partial) == (REPORTS, False), tally.notes


def test_lonsun_turns_a_plain_column_by_its_index() -> None:
    url = "http://x.gov.cn/content/column/6791573"
    turn = PAGERS["label"].turn(Page(url=url, text="<script>p({pageCount:3})</script>"))
    assert turn is not None
    assert [ask.url.rpartition("?")[2] for ask in turn.asks] == ["pageIndex=2", "pageIndex=3"]


def test_a_captcha_shuts_the_file_and_not_the_host(tmp_path: Path) -> None:
    captcha = "<!DOCTYPE html><title>下载验证</title><form>请输入验证码<input name=code></form>"
    link = "/system/_content/download.jsp?wbfileid=1"
    newest = tiny.articles()[0]
    pages = {
        tiny.path(2023): tiny.page(tiny.detail(newest, f'<a href="{link}">附件下载</a>')),
        "/system/_content/download.jsp": tiny.page(captcha),
    }
    tally, found = crawled(tmp_path, pages, "/nb/")
    assert (found, tally.blocked, tally.fetched) == (REPORTS, 1, 3)
    [file] = crawls.captures(tmp_path, "kind = 'attachment'")
    assert (file.outcome, "captcha for a file" in file.error) == ("blocked", True)


SHELLS = {
    '<div id="app"></div><script src="/app.js"></script>': True,
    '<ul><li ms-repeat="list">{{el.title}}</li></ul>': True,
    "<ul id=l></ul><script>$.ajax({url:'/api/list'})</script>": True,
    "<ul id=l></ul>": False,
    "<p>暂无相关信息</p><script>$.get('/count')</script>": False,
}


@pytest.mark.parametrize("body", SHELLS)
def test_lists_that_wait_for_a_script(body: str) -> None:
    assert shells.is_scripted(tiny.listing("", body)) is SHELLS[body]


def test_a_list_whose_other_rows_a_script_brings_says_what_would_help(tmp_path: Path) -> None:
    """A list model of TRS whose channel stands in another script."""
    model = "require(['list2.trsapi'], m); m({channelid: SiteInfo.searchId, recordCount: '23'})"
    drawn = tiny.page(tiny.listing("".join(ROWS), f"<script>{model}</script>"))
    tally, found = crawled(tmp_path, {"/app/": drawn}, "/app/")
    assert found == REPORTS
    told = " ".join(tally.notes)
    assert shells.MORE in told
    assert "3 rows listed, 23 promised" in told


def test_a_list_that_only_a_script_draws_is_told_from_an_empty_one(tmp_path: Path) -> None:
    drawn = tiny.page(tiny.listing("", '<div id="app"></div>'))
    tally, _ = crawled(tmp_path, {"/app/": drawn}, "/app/")
    assert any(shells.NOTE in note for note in tally.notes)
    assert tally.partial
