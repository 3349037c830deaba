"""One list of documents: what the crawler fetches, the reader names and the lists recognise."""

from __future__ import annotations

import pytest

import parsers
from parsers.classify import page_class
from parsers.suffixes import LINKED, is_document
from spiders.attachments import attachments

ENDINGS = [
    "pdf",
    "doc",
    "docx",
    "wps",
    "xls",
    "xlsx",
    "et",
    "rtf",
    "ofd",
    "ceb",
    "zip",
    "rar",
    "csv",
]
TITLE = "示例市2017年政府信息公开工作年度报告"
HERE = "http://www.example.gov.cn/xxgk/t20180320_1.html"


@pytest.mark.parametrize("ending", [*ENDINGS, "PDF", "Docx"])
def test_crawler_and_reader_agree_on_what_a_document_is(ending: str) -> None:
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><p><a href=report.{ending}>{TITLE}</a></p>"
    assert [link.url.rpartition(".")[2] for link in attachments(page, HERE)] == [ending]
    (found,) = [p for p in parsers.read(page.encode()).problems if p.code == "attachment-only"]
    assert f"report.{ending}" in found.detail
    captcha = "<title>验证码</title><p>请输入验证码</p>".encode()
    assert page_class(captcha, 200, "text/html", f"{HERE}.{ending}", HERE).kind == "challenge"


@pytest.mark.parametrize("path", ["/a/pdf", "/a.pdf.html", "/pdfs/a.htm", "/a.doc/", "/a.epdf"])
def test_a_page_is_no_document(path: str) -> None:
    assert not is_document(path)
    assert not LINKED.search(path)


@pytest.mark.parametrize(
    "path", ["/module/download/downfile.jsp", "/a/download.jsp", "/x/downfile"]
)
def test_a_script_that_gives_a_file_is_one(path: str) -> None:
    assert is_document(path)
