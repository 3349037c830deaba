"""Recognising what is no document: challenges, soft 404s, log-ins, home pages, files."""

import pytest

from parsers.classify import page_class

ASKED = "http://www.x.gov.cn/art/2018/2/28/art_1_2.html"
PROSE = "政府信息公开工作情况说明。" * 100


def classify(body, status=200, url=ASKED, final="", content_type="text/html"):
    raw = body.encode() if isinstance(body, str) else body
    return page_class(raw, status, content_type, url, final or url)


def page(body="", head=""):
    return f"<html><head>{head}</head><body>{body}</body></html>"


# Shapes of stubs, written anew; the tokens are not those of any site.
RUISHU = page(
    head="""<meta id="aB1" content="0123456789abcdefghijklmnop" r='m'>
<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=11;</script><script>_$aa();</script>"""
)
JIASULE = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+'x';"
    "location.href=location.pathname+location.search</script>"
)
JIASULE_2 = '<script>go({"bts":["1"],"chars":"a","tn":"__jsl_clearance_s"})</script>'
ALIYUN = "<script>var arg1='0123456789ABCDEF01234567';document.cookie='acw_sc__v2='+x</script>"
STUB = "<script>document.cookie='a='+b();location.reload()</script>"


@pytest.mark.parametrize(
    ("body", "status", "signal"),
    [
        (RUISHU, 412, "status 412"),
        (RUISHU, 200, "ruishu"),
        (RUISHU, 202, "ruishu"),
        (b"", 412, "status 412"),
        (JIASULE, 521, "status 521"),
        (JIASULE, 200, "jiasule"),
        (JIASULE_2, 200, "jiasule"),
        (ALIYUN, 200, "aliyun"),
        (page("<script>var a='yunsuo_session_verify'</script>"), 200, "yunsuo"),
        (page("您的请求被云堤网站安全防护拦截"), 403, "yundi"),
        (page("您的请求存在潜在安全风险，访问被拦截"), 405, "waf"),
        (page("安全验证：请滑动验证"), 200, "waf"),
        (STUB, 403, "status 403"),
        (STUB, 200, "stub that sets a cookie"),
        (page("拦截"), 493, "status 493"),
    ],
)
def test_challenges(body, status, signal):
    found = classify(body, status)
    assert found.kind == "challenge"
    assert signal in found.signals


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (page(PROSE + "<script src='/_bot_sbu/x.js'></script>"), 200),
        (page(PROSE + "<script>document.cookie='HWWAFSESID=1'</script>"), 200),
        (page(PROSE + "<script>var $_ts=window['$_ts']</script>"), 200),  # content is there
        (page(PROSE, "<title>访问被拦截怎么办</title>"), 200),
        (page("禁止访问本目录"), 403),  # a statement of the site, not of a protection
        (page(PROSE + "404 找不到 系统维护"), 200),
        (
            page("附件：年度报告.pdf 已删除线", "<title>吉安市2017年政府信息公开年度报告</title>"),
            200,
        ),
        (page("<p>招聘启事：404室。</p>" + "文" * 300), 200),
    ],
)
def test_pages_that_are_what_they_are(body, status):
    assert classify(body, status).kind == "ok"


def test_harmless_cookie_scripts_are_named():
    body = page(PROSE[:200] + "<script src='/_bot_sbu/x.js'></script>")
    assert classify(body).signals == ("benign _bot_sbu",)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (page("您访问的页面不存在或已被删除"), 200, "soft-404"),
        (page(PROSE, "<title>404 - 找不到页面</title>"), 200, "soft-404"),
        (page("404"), 200, "soft-404"),
        (page("not found"), 404, "soft-404"),
        (b"", 404, "soft-404"),
        (page("网站升级维护，暂停服务"), 200, "maintenance"),
        (page("栏目建设中"), 200, "maintenance"),
        (page("busy"), 503, "maintenance"),
        (page("用户登录<input type='password'>"), 200, "login"),
        (page("用户登录<input TYPE=PASSWORD>"), 200, "login"),
        (page(PROSE, "<title>统一身份认证平台</title>"), 200, "login"),
        (b"", 200, "empty"),
        (b"\xef\xbb\xbf \r\n", 200, "empty"),
        (page(), 200, "empty"),
    ],
)
def test_pages_that_are_no_documents(body, status, kind):
    assert classify(body, status).kind == kind


@pytest.mark.parametrize(
    ("url", "final", "body", "kind"),
    [
        (ASKED, "http://www.x.gov.cn/", page(PROSE), "home"),
        (ASKED, "http://www.x.gov.cn/index.html", page(PROSE), "home"),
        (ASKED, "http://www.x.gov.cn", page(PROSE), "home"),
        (ASKED, ASKED, "<script>window.location.href='/';</script>", "home"),
        (ASKED, ASKED, "<meta http-equiv='refresh' content='0;url=/'>", "home"),
        ("http://www.x.gov.cn/", "http://www.x.gov.cn/index.html", page(PROSE), "ok"),
        (ASKED, "http://www.x.gov.cn/art/2018/3/1/art_9.html", page(PROSE), "ok"),
        (ASKED, "http://www.x.gov.cn/?id=12", page(PROSE), "ok"),
    ],
)
def test_home_instead_of_a_document(url, final, body, kind):
    assert classify(body, url=url, final=final).kind == kind


@pytest.mark.parametrize(
    ("body", "signal"),
    [
        (b"%PDF-1.4 x", "pdf"),
        (b"PK\x03\x04x", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"{\\rtf1", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
    ],
)
def test_files_by_their_first_bytes_whatever_the_header(body, signal):
    assert classify(body, content_type="text/html").signals == (signal,)
    assert classify(body).kind == "attachment"


def test_a_captcha_for_a_file_is_a_challenge():
    url = "http://www.x.gov.cn/system/_content/download.jsp?wbfileid=1"
    assert classify(page("请输入验证码"), url=url).kind == "challenge"
    assert classify(page("请输入验证码" + PROSE)).kind == "ok"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_words_are_read_in_any_encoding(encoding):
    body = page("您访问的页面不存在，可能已经被删除或者移动到了其他的地方").encode(encoding)
    assert classify(body).kind == "soft-404"


@pytest.mark.parametrize("body", [b"\x00" * 100, b"\xff\xfe\xfd" * 500, bytes(range(256)) * 40])
def test_noise_is_classified_without_an_error(body):
    assert classify(body).kind in ("ok", "empty")
