"""Families, pagers, links and the small rules, one table each."""

from __future__ import annotations

import ipaddress

import pytest

from parsers.model import Outcome
from spiders import discover, retry
from spiders.addresses import is_private, site_of
from spiders.attachments import attachments
from spiders.families import sniff
from spiders.heads import field
from spiders.links import absolute
from spiders.pagers import MAX_PAGES, PAGERS, Page

URL = "http://x.gov.cn/zwgk/nb/index.html"


@pytest.mark.parametrize(
    ("call", "second", "last", "pages", "promised"),
    [
        ('createPageHTML(3, 0, "index", "html");', "index_1.html", "index_2.html", 3, None),
        (
            'createPageHTML(3,0,"index","shtml","black2",55);',
            "index_1.shtml",
            "index_2.shtml",
            3,
            55,
        ),
        (
            "createPageHTML('paging', 3, 1, 'index', 'html', 41)",
            "index_2.html",
            "index_3.html",
            3,
            41,
        ),
        ("createPageHTML('page_div',5, 1,'fg','shtml',89);", "fg_2.shtml", "fg_5.shtml", 5, 89),
        ('createPageHTML( "p" , 2 , 1 , "list" , "htm" )', "list_2.htm", "list_2.htm", 2, None),
    ],
)
def test_create_page_html(
    call: str, second: str, last: str, pages: int, promised: int | None
) -> None:
    turn = PAGERS["createPageHTML"].turn(Page(url=URL, text=f"<script>{call}</script>"))
    assert turn is not None
    names = [ask.url.rpartition("/")[2] for ask in turn.asks]
    assert (names[0], names[-1]) == (second, last)
    assert [ask.number for ask in turn.asks] == list(range(2, pages + 1))
    assert (turn.pages, turn.promised, turn.echo) == (pages, promised, 1)


def test_the_definition_of_the_function_is_no_call() -> None:
    text = "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}"
    assert PAGERS["createPageHTML"].turn(Page(url=URL, text=text)) is None


def test_count_page_counts_from_0() -> None:
    text = 'var currentPage = 1;//所在页从0开始\nvar countPage = 3//共多少页\n"index"+"_"+"."+"htm"'
    turn = PAGERS["countPage"].turn(Page(url=URL, text=text, number=2))
    assert turn is not None
    assert [(ask.url.rpartition("/")[2], ask.number) for ask in turn.asks] == [("index_2.htm", 3)]
    assert turn.echo == 2


def test_a_pager_without_end_is_bounded() -> None:
    text = 'createPageHTML(999999999, 0, "index", "html");'
    turn = PAGERS["createPageHTML"].turn(Page(url=URL, text=text))
    assert turn is not None
    assert len(turn.asks) == MAX_PAGES - 1


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ('<a href="index_2.html">下一页</a>', "http://x.gov.cn/zwgk/nb/index_2.html"),
        ('<a href="?p=2"> 下 页 </a>', "http://x.gov.cn/zwgk/nb/index.html?p=2"),
        ('<base href="/b/"><a href="2.html">&gt;</a>', "http://x.gov.cn/b/2.html"),
        ('<a href="javascript:next()">下一页</a>', ""),
        ('<a href="#">下一页</a>', ""),
        ('<a href="/">上一页</a>', ""),
    ],
)
def test_next_link(anchor: str, expected: str) -> None:
    turn = PAGERS["next"].turn(Page(url=URL, text=anchor))
    assert (turn.asks[0].url if turn else "") == expected


@pytest.mark.parametrize(
    "script",
    [
        "url: '/api-ajax_list-'+p, data: {ajax_type: "
        "['7_xxgk', '12', '7', 'xxgk', 'Y-m-d', '50', '9',"
        " ['is_top DESC', 'displayorder DESC', 'inputtime DESC'], '']}",
        'load("/api-ajax_list-1.html", "ajax_type[]=7_xxgk&ajax_type[]=12&ajax_type[]=7'
        "&ajax_type[]=xxgk"
        '&ajax_type[]=Y-m-d&ajax_type[]=50&ajax_type[]=9")',
    ],
)
def test_ajax_list_spellings(script: str) -> None:
    url = "http://x.gov.cn/xxgk-list-nb.html"
    turn = PAGERS["ajax_list"].turn(Page(url=url, text=f"<script>{script}</script>"))
    assert turn is not None
    (ask,) = turn.asks
    assert (ask.url, ask.method) == ("http://x.gov.cn/api-ajax_list-1.html", "POST")
    assert ask.body.startswith(b"ajax_type%5B%5D=7_xxgk&ajax_type%5B%5D=12&")
    assert ask.body.endswith(b"inputtime+DESC&ajax_type%5B8%5D=&is_ds=1")
    answer = Page(url=ask.url, text='\ufeff{"total":"19","data":[]}', method="POST", body=ask.body)
    more = PAGERS["ajax_list"].turn(answer)
    assert more is not None
    assert [one.number for one in more.asks] == [2, 3]
    assert (more.promised, more.pages) == (19, 3)


@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", '{"total":null}', '{"total":"1","data":{}}', "[" * 9000]
)
def test_ajax_answers_that_are_no_list(text: str) -> None:
    page = Page(url="http://x.gov.cn/api-ajax_list-1.html", text=text, method="POST")
    with pytest.raises(ValueError, match=r"."):
        PAGERS["ajax_list"].turn(page)


@pytest.mark.parametrize(
    ("text", "url", "family"),
    [
        ("", "http://x.gov.cn/xxgk-list-nb.html", "finecms"),
        ('$.post("/api-ajax_list-1.html")', "http://x.gov.cn/", "finecms"),
        ("<div class=TRS_Editor>", "http://x.gov.cn/", "trs"),
        ('<a href="./202009/t20200903_2748784.html">', "http://x.gov.cn/", "trs"),
        ('createPageHTML(9, 0, "index", "html")', "http://x.gov.cn/", "trs"),
        ("createPageHTML('page_div',5, 1,'fg','shtml',89);", "http://x.gov.cn/", "ucap"),
        ("", "http://x.gov.cn/", "generic"),
    ],
)
def test_sniff(text: str, url: str, family: str) -> None:
    assert sniff(text, url).name == family


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("\n/a/b.pdf\n", "http://x.gov.cn/a/b.pdf"),
        ("../c.html#top", "http://x.gov.cn/zwgk/c.html"),
        ("年报.html", "http://x.gov.cn/zwgk/nb/%E5%B9%B4%E6%8A%A5.html"),
        ("//y.gov.cn/", "http://y.gov.cn/"),
        ("javascript:void(0)", ""),
        ("mailto:a@x.gov.cn", ""),
        ("http://[bad", ""),
        ("http://user:pass@x.gov.cn/", ""),
        ("http://x.gov.cn:0/", ""),
        ("/" + "a" * 3000, ""),
    ],
)
def test_absolute(href: str, expected: str) -> None:
    assert absolute(href, URL) == expected


def test_attachments_of_a_page() -> None:
    text = (
        '<a href="./P01.PDF">一</a><a href="/b.docx?x=1">二</a><a href="./P01.PDF">三</a>'
        '<iframe src="/v/viewer.html?file=%2Ff%2Fc.pdf"></iframe><a href="d.html">四</a>'
        '<a href="/module/download/downfile.jsp?classid=0&amp;filename=e.pdf">五</a>'
        '<a href="/v?file=http://[bad/x.pdf">六</a><script>f("//[y.pdf"); f("/z.pdf")</script>'
    )
    assert [link.url for link in attachments(text, URL)] == [
        "http://x.gov.cn/zwgk/nb/P01.PDF",
        "http://x.gov.cn/b.docx?x=1",
        "http://x.gov.cn/module/download/downfile.jsp?classid=0&filename=e.pdf",
        "http://x.gov.cn/f/c.pdf",
        "http://x.gov.cn/z.pdf",
    ]
    assert len(attachments("".join(f'<a href="{n}.pdf">x</a>' for n in range(99)), URL)) == 20


def test_discover() -> None:
    text = (
        '<a href="/a/">政务公开</a><a href="/b/">新闻</a>'
        '<a href="/c/gkndbg/">政府信息公开年度报告</a>'
        '<a href="/d/">企业年报公示</a><a href="/e/">信息 公开<b>年报</b></a><a href="/f/">年报</a>'
    )
    assert [one.link.url[15:] for one in discover.columns(text, URL)] == [
        "/c/gkndbg/",
        "/e/",
        "/f/",
    ]
    assert [one.link.url[15:] for one in discover.steps(text, URL)] == ["/a/"]


@pytest.mark.parametrize(
    ("outcome", "status", "attempts", "wait"),
    [
        ("timeout", None, 0, 30),
        ("timeout", None, 1, 120),
        ("timeout", None, 2, None),
        ("truncated", 200, 0, 30),
        ("truncated", 200, 1, None),
        ("http-error", 502, 0, 30),
        ("http-error", 429, 0, 30),
        ("http-error", 404, 0, None),
        ("http-error", 403, 0, None),
        ("blocked", 521, 0, None),
        ("failed", 200, 0, None),
        ("too-large", None, 0, None),
    ],
)
def test_again(outcome: Outcome, status: int | None, attempts: int, wait: float | None) -> None:
    assert retry.again(outcome, status, attempts, (30, 120)) == wait


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("999999999999999", retry.LONGEST_WAIT),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", retry.BUSY_WAIT),
        ("-5", retry.BUSY_WAIT),
        ("", retry.BUSY_WAIT),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    assert retry.retry_after(value, 100) == seconds


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("8.8.8.8", False),
        ("10.0.0.1", True),
        ("127.0.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("::1", True),
        ("fd00::1", True),
        ("::ffff:192.168.1.1", True),
        ("2002:0a00:0001::", True),
        ("64:ff9b::7f00:1", True),
        ("2400:3200::1", False),
    ],
)
def test_private_addresses(text: str, private: bool) -> None:
    assert is_private(ipaddress.ip_address(text)) == private


def test_sites_and_heads() -> None:
    assert site_of("http://X.gov.cn/a") == "x.gov.cn:80"
    assert site_of("https://x.gov.cn:8443/") == "x.gov.cn:8443"
    head = b'HTTP/1.1 200 OK\r\nETag: "a"\nContent-type:text/html\r\nX: ETag: no\r\n\r\n'
    assert field(head, "etag") == b'"a"'
    assert field(head, "Content-Type") == b"text/html"
    assert field(head, "Last-Modified") == b""
