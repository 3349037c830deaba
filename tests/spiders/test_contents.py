"""The forms in which portals give a report, crawled and read: its numbers land."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path

import pytest

from archive.facts import FactsStore
from archive.reparse import reparse
from spiders.simulator.site import Answer, Asked, Page, Respond

from . import crawls, tiny

FILES = Path(__file__).parents[1] / "documents"
TITLE = "平潭综合实验区2024年政府信息公开工作年度报告"
HERE = "/nb/2024.html"
HEAD = f'<meta charset="utf-8"><title>{TITLE}</title><meta name="ArticleTitle" content="{TITLE}">'
Pages = Mapping[str, Page]
PDF, DOC, DOCX = (f"pingtan-2024.{kind}" for kind in ("office.pdf", "doc", "docx"))


@cache
def made(name: str) -> bytes:
    return (FILES / "made" / name).read_bytes()


def file(name: str, kind: str = "application/octet-stream") -> Page:
    return Page(body=made(name), content_type=kind)


def page(body: str, head: str = HEAD) -> Page:
    return tiny.page(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")


def detail(body: str) -> Page:
    return page(f'<h1>{TITLE}</h1><div id="zoom">{body}</div>')


def shell(content: str, more: str = "") -> Page:
    """gkmlpt: the body of the article is a string of the page's configuration."""
    told = json.dumps({"id": 7, "title": TITLE, "content": content}, ensure_ascii=False)
    config = f"window._CONFIG = {{SID:'755001',DETAIL:{told}}};".replace("<", "\\u003C")
    return page(f"<div id=app></div><script>{config}</script>{more}")


def article() -> str:
    """The tables of a county's report of 2023."""
    return tiny.articles()[0].html


def halves() -> tuple[str, str]:
    """The same, cut before the last of its tables."""
    head, mark, tail = article().rpartition("<table")
    return head, mark + tail


DOWNFILE = "/module/download/downfile.jsp?classid=0&filename=5d3c0e{}.{}&showname=2024.{}"
# form -> what stands at the report's address, and the files behind it
FORMS: dict[str, Pages] = {
    "gkmlpt, body in the configuration": {HERE: shell(article().replace(TITLE, ""))},
    "gkmlpt, file in the configuration": {
        HERE: shell('<p><a class="nfw-cms-attachment" href="/attachment/0/3/7.pdf">附件</a></p>'),
        "/attachment/0/3/7.pdf": file(PDF),
    },
    "hanweb, file as text/html": {
        HERE: detail(f'<a href="{escape(DOWNFILE.format("a", "doc", "doc"))}">附件下载</a>'),
        DOWNFILE.format("a", "doc", "doc"): file(DOC, "text/html"),
    },
    "jpaas, file by name": {
        HERE: detail('<a href="/document/download?fileName=2024.docx&fileUrl=x1">附件</a>'),
        "/document/download?fileName=2024.docx&fileUrl=x1": file(DOCX),
    },
    "vsb, file by number": {
        HERE: detail(
            '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;'
            'owner=1&amp;wbfileid=77">2024年报.docx</a>'
        ),
        "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=77": file(
            DOCX
        ),
    },
    "trs, file beside the page": {
        HERE: detail('<p appendix="true"><a href="./P020250301.pdf" oldsrc="W0.pdf">报告</a></p>'),
        "/nb/P020250301.pdf": file(PDF),
    },
    "file in a frame": {
        HERE: detail('<iframe src="/uploadfile/2024/03/x.pdf"></iframe>'),
        "/uploadfile/2024/03/x.pdf": file(PDF, "application/pdf"),
    },
    "file in a viewer": {
        HERE: detail('<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2F2024.pdf"></iframe>'),
        "/files/2024.pdf": file(PDF, "application/pdf"),
    },
    "file in a viewer of office documents": {
        HERE: detail('<iframe src="/op/view.aspx?src=%2Ffiles%2F2024.docx"></iframe>'),
        "/files/2024.docx": file(DOCX),
    },
    "file opened by a script": {
        HERE: detail('<a href="javascript:void(0)" onclick="window.open(\'/f/a.docx\')">看</a>'),
        "/f/a.docx": file(DOCX),
    },
    "file drawn by a script": {
        HERE: detail('<div id="pdf"></div><script>showPdf("/f/b.pdf", "pdf")</script>'),
        "/f/b.pdf": file(PDF, "application/pdf"),
    },
    "page in a frame": {
        HERE: detail('<iframe src="/nb/body/1.html"></iframe>'),
        "/nb/body/1.html": page(article(), '<meta charset="utf-8">'),
    },
    "the row is the file": {HERE: file(PDF, "text/html")},
}
PAGED: dict[str, tuple[str, str]] = {  # form -> what the first page says, address of the second
    "split, by createPageHTML": ('<script>createPageHTML(2,0,"2024","html")</script>', "2024_1"),
    "split, by a next link": ('<a href="2024_2.html">下一页</a>', "2024_2"),
}


ALL = [*FORMS, *PAGED]


def pages(form: str) -> Pages:
    row = f'<li><a href="{HERE}">{TITLE}</a><span>2025-01-20</span></li>'
    own = {"/nb/": tiny.page(tiny.listing(row))}
    if form in PAGED:
        call, second = PAGED[form]
        first, rest = halves()
        return {
            **own,
            HERE: detail(first + call),
            f"/nb/{second}.html": detail(f'{rest}<a href="2024.html">上一页</a>'),
        }
    return {**own, **FORMS[form]}


def served(form: str) -> Respond:
    """Addresses with a query are looked up with it."""
    own = pages(form)

    def respond(asked: Asked) -> Answer | None:
        found = own.get(f"{asked.path}?{asked.query}") if asked.query else None
        kind = (("Content-Type", found.content_type),) if found else ()
        return Answer(body=found.body, headers=kind) if found else None

    return respond


Facts = set[tuple[str, str, str | None]]


def of_a_file() -> Facts:
    with (FILES / "truth" / "pingtan-2024.csv").open(encoding="utf-8") as told:
        return {(r["indicator"], r["column"], r["value"] or None) for r in csv.DictReader(told)}


def of_the_article() -> Facts:
    return {(fact.indicator, fact.column, fact.value) for fact in tiny.truth()[2023].facts}


def crawled(data: Path) -> dict[str, list[str]]:
    """Form -> why its portal counts as partial."""
    hosts = [tiny.site(f"p{n}", n + 150, pages(form), served(form)) for n, form in enumerate(ALL)]
    with tiny.served(*hosts) as servers:
        chosen = [
            replace(tiny.portal(one), agency=f"样例县{n}局")
            for n, one in enumerate(servers.values())
        ]
        done = crawls.crawl(data, chosen)
    told = {form: done.portals[f"p{n}"] for n, form in enumerate(ALL)}
    return {form: [*tally.notes, *(["failed"] * tally.failed)] for form, tally in told.items()}


def landed(data: Path) -> dict[str, Facts]:
    """Form -> the numbers of its portal."""
    with FactsStore.reader(data) as facts:
        rows = facts.rows(
            'SELECT r.portal, f.indicator, f."column", f.exact, f.value FROM readings r '
            "JOIN facts f ON f.reading = r.id WHERE r.to_run IS NULL"
        )
    found: dict[str, Facts] = {form: set() for form in ALL}
    for portal, indicator, column, exact, value in rows:
        told = exact if exact is not None else value
        found[ALL[int(portal[1:])]].add((indicator, column, None if told is None else str(told)))
    return found


def warned(data: Path) -> set[str]:
    """Forms of which every copy with numbers says that it is only a part."""
    part = "EXISTS (SELECT 1 FROM problems q WHERE q.reading = r.id AND q.code = 'split-report')"
    with FactsStore.reader(data) as facts:
        rows = facts.rows(
            f"SELECT r.portal FROM readings r WHERE r.facts GROUP BY 1 HAVING min({part})"
        )
    return {ALL[int(portal[1:])] for (portal,) in rows}


def test_numbers_land(tmp_path: Path, subtests: pytest.Subtests) -> None:
    notes = crawled(tmp_path)
    reparse(tmp_path)
    numbers, split = landed(tmp_path), warned(tmp_path)
    own = ("gkmlpt, body", "split", "page in")
    for form in ALL:
        with subtests.test(form):
            assert notes[form] == []
            assert form.startswith("split") is (form in split)
            assert numbers[form] == (of_the_article() if form.startswith(own) else of_a_file())


def test_the_pictures_of_a_report_are_kept(tmp_path: Path) -> None:
    """Scanned tables between the words of a page, and none of its furniture."""
    scans = ["/nb/W020250301606990532110.png", "/uploadfile/2025/03/2.jpg"]
    furniture = ["/images/logo.png", "/images/top_bg.jpg", "/template/ewm.png", "/images/line.gif"]
    words = "<p>" + "本年度主动公开政府信息若干条。" * 90 + "</p>"
    body = words + "".join(f'<img src="{one}">' for one in [*furniture, *scans])
    own = {"/nb/": pages("the row is the file")["/nb/"], HERE: detail(f"<table><tr><td>{body}")}
    picture = Page(body=b"\x89PNG\r\n\x1a\n" + bytes(60), content_type="image/png")
    with tiny.served(tiny.site("one", 149, {**own, **dict.fromkeys(scans, picture)})) as servers:
        done = crawls.crawl(tmp_path, [tiny.portal(servers["one"])])
        base = servers["one"].base
    kept = crawls.captures(tmp_path, "kind = 'other' AND outcome = 'ok'")
    drawn = [one.url.removeprefix(base) for one in kept if not one.url.endswith((".html", "/"))]
    assert sorted(drawn) == sorted(scans)
    assert not done.portals["one"].partial
