"""Pages of one report, and pages that only look like it."""

from __future__ import annotations

import pytest

from parsers.split import other_page

URL = "http://x.gov.cn/nb/202403/t20240301_2748784.html"


@pytest.mark.parametrize(
    ("url", "text", "split"),
    [
        (URL, 'createPageHTML(2, 0, "t20240301_2748784", "html")', True),
        (URL, "createPageHTML('p', 3, 1, 't20240301_2748784', 'shtml', 3)", True),
        (URL, 'createPageHTML(1, 0, "t20240301_2748784", "html")', False),
        (URL, 'createPageHTML(9, 0, "index", "html")', False),
        (URL, '<a href="./t20240301_2748784_2.html">下一页</a>', True),
        (URL, "<a href=t20240301_2748784_1.html>2</a>", True),
        (URL.replace(".html", "_2.html"), "<a href='t20240301_2748784.html'>上一页</a>", True),
        (URL, '<a href="t20240301_2748785.html">下一篇</a>', False),
        (URL, '<a href="t20240301_2748784.docx">附件</a>', False),
        (URL, f'<a href="{URL}">本页</a>', False),
        ("", "createPageHTML(2, 0, '', 'html')", False),
        ("http://[", "", False),
        ("http://x.gov.cn/nb/2024/index.html", '<a href="/zwgk/index.shtml">公开</a>', False),
    ],
)
def test_pages_of_one_report(url: str, text: str, split: bool) -> None:
    assert bool(other_page(text, url)) is split
