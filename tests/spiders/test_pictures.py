"""A report that is pictures: they are fetched with its page, kept, and read as one document."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from archive.build import build
from archive.facts import FactsStore
from archive.reading import Engine
from archive.reparse import reparse
from archive.sqlite import sqlite3
from parsers.model import At, Hints, Report
from parsers.pictures import pictures
from parsers.readers import reads_scans
from spiders.attachments import attachments, shown
from spiders.simulator.site import Page
from tests.archive import samples
from tests.documents.scans import pages, saved, truth
from tests.parsers import forge

from . import crawls, tiny

URL = "http://x.gov.cn/nb/2023.html"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<img src="./W02024.jpg">', ["./W02024.jpg"]),
        ('<img src="a.png"><p>x</p><img src=b.PNG><img src="a.png">', ["a.png", "b.PNG"]),
        ('<img src="/lazy.gif" data-original="p1.jpg">', ["p1.jpg"]),
        ('<a href="big/p1.jpg"><img src="p1_s.jpg"></a>', ["big/p1.jpg"]),
        ('<a href="/list.html"><img src="p1.jpg"></a>', ["p1.jpg"]),
        ('<img width=16 height=16 src="W1.jpg">', []),
        ('<img style="width: 120px" src="W1.jpg"><img width="800" src="W2.jpg">', ["W2.jpg"]),
        ('<div class="footer"><img src="W1.jpg"></div><img src="W2.jpg">', ["W2.jpg"]),
        ('<div id="top-banner"><img src="W1.jpg"></div>', []),
        ('<img src="/images/logo.png"><img src="/images/icon_doc.gif">', []),
        ('<img src="/images/weixin2.jpg"><img src="/res/qrcode.png">', []),
        ('<img src="data:image/png;base64,AAAA"><img src="/count.jsp?id=4"><img>', []),
        ('<img src="out.jpg"><div class="TRS_Editor"><img src="in.jpg"></div>', ["in.jpg"]),
        ('<img src="/redian/topic1.jpg">', ["/redian/topic1.jpg"]),
    ],
)  # fmt: skip
def test_pages_of_a_report_are_told_from_furniture(markup: str, found: list[str]) -> None:
    assert pictures(f"<html><body>{markup}</body></html>") == found


def test_a_page_with_its_own_tables_asks_for_no_picture() -> None:
    table = forge.table(forge.cells(forge.s_plain("2014", {("requests_received", ""): "4"})))
    text = forge.page('<img src="chart.jpg">', table, title="吉安市2017年政府信息公开工作年度报告")
    assert shown(text, URL) == []
    only = forge.page('<img src="p/1.jpg">', title="吉安市2017年政府信息公开工作年度报告")
    assert [link.url for link in shown(only, URL)] == ["http://x.gov.cn/nb/p/1.jpg"]


def test_separated_text_and_open_documents_are_attachments() -> None:
    text = '<a href="f/1.csv">x</a><a href="2.ods">x</a><a href="3.odt">x</a><a href="4.html">x</a>'
    assert [link.url.rpartition("/")[2] for link in attachments(text, URL)] == [
        "1.csv", "2.ods", "3.odt"
    ]  # fmt: skip


def halves() -> list[bytes]:
    """The foot of a page and the head of the next: a table that the page end cuts."""
    first, second = pages("jian-2017.office.pdf")[:2]
    width, height = first.size
    foot = first.crop((0, height * 7 // 10, width, height))
    head = second.crop((0, 0, width, height * 3 // 10))
    return [saved([each], "PNG") for each in (foot, head)]


def portal_with(bodies: list[bytes]) -> dict[str, Page]:
    """The county's report of 2023 as pictures, in a page with a logo and a search icon."""
    article = tiny.articles()[0]
    tags = "".join(f'<p><img src="./W2023/p{n}.png"></p>' for n, _ in enumerate(bodies))
    body = f'<img src="/images/logo.png">{tags}<img width=20 src="/W2023/go.png">'
    own = tiny.pages() | {tiny.path(2023): tiny.page(tiny.detail(article, body))}
    for number, picture in enumerate(bodies):
        own[f"/nb/W2023/p{number}.png"] = Page(body=picture, content_type="image/png")
    return own


def test_pictures_are_fetched_kept_and_read_as_pages_of_one_document(tmp_path: Path) -> None:
    own = portal_with(halves())
    with tiny.served(tiny.site("county", 7, own)) as servers:
        server = servers["county"]
        crawls.crawl(tmp_path, [tiny.portal(server)])
        kept = crawls.captures(tmp_path, "url LIKE '%.png'")
        assert [(one.url.rpartition("/nb/")[2], one.kind, one.outcome) for one in kept] == [
            ("W2023/p0.png", "other", "ok"), ("W2023/p1.png", "other", "ok")
        ]  # fmt: skip
        page = f"{server.base}{tiny.path(2023)}"
        assert {one.found_on for one in kept} == {page}
    reparse(tmp_path)
    with FactsStore.reader(tmp_path) as facts:
        problems = facts.rows(
            "SELECT q.code, q.at FROM problems q JOIN readings r ON r.id = q.reading "
            "WHERE r.url = ? AND q.severity <> 'info'", (page,)
        )  # fmt: skip
        found = facts.rows(
            "SELECT f.indicator, f.value, f.state, f.at FROM facts f JOIN readings r "
            "ON r.id = f.reading WHERE r.url = ?", (page,)
        )  # fmt: skip
    if not reads_scans():
        assert "image-only" in {code for code, _ in problems}
        assert found == []
        return
    printed = {name: each for (_, name, _), each in truth("jian-2017").items()}
    assert {name: (state, value) for name, value, state, _ in found} == {
        name: (printed[name][0], _plain(printed[name][1])) for name, *_ in found
    }
    assert {json.loads(at)["page"] for *_, at in found} == {0, 1}
    files = {json.loads(at)["file"] for *_, at in found}
    assert files == {one.body_sha256 for one in kept}
    assert sum(code.startswith("ocr-") for code, _ in problems) == 2
    build(tmp_path)
    published = sqlite3.connect(tmp_path / "gongkai.db")
    sql = "SELECT count(*), sum(doubt <> '') FROM numbers WHERE url = ?"
    ((count, doubtful),) = published.execute(sql, (page,))
    published.close()
    assert count == doubtful == len(found)


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def read_drawn(body: bytes, url: str, content_type: str, hints: Hints) -> Report:
    """A parser that reads one number a picture, and nothing of the page."""
    drawn = {f"row{number}": text.decode() for number, text in enumerate(hints.pictures)}
    return samples.read_sample(samples.body(drawn), url, content_type, hints)


def read_drawn_more(body: bytes, url: str, content_type: str, hints: Hints) -> Report:
    """A later parser: every number ends in a digit more."""
    longer = tuple(picture + b"0" for picture in hints.pictures)
    return read_drawn(body, url, content_type, replace(hints, pictures=longer))


def test_another_picture_is_a_change_of_the_source_another_parser_one_of_ours(
    tmp_path: Path,
) -> None:
    page = b"<html><img src=2.png><img src=%E5%9B%BE1.png>"
    places = ("http://www.jian.gov.cn/2.png", "http://www.jian.gov.cn/%E5%9B%BE1.png")
    drawn = [
        samples.captured(text, url=url, kind="other", found_on=samples.JIAN)
        for text, url in zip((b"154", b"32"), places, strict=True)
    ]
    samples.crawl(tmp_path, *reversed(drawn), samples.captured(page))
    first, better = Engine("1" * 64, read_drawn), Engine("2" * 64, read_drawn_more)
    assert reparse(tmp_path, engine=first).facts == 2
    assert reparse(tmp_path, engine=first).read == 0
    other = samples.captured(b"33", url=places[1], kind="other", found_on=samples.JIAN, day=2)
    samples.crawl(tmp_path, other)
    assert reparse(tmp_path, engine=better).changes == {"source": 1, "parser": 2, "patch": 0}
    with FactsStore.reader(tmp_path) as facts:
        told = facts.rows("SELECT cause, indicator, old, new FROM changes ORDER BY id")
    assert told == [
        ("parser", "row0", "154", "1540"),
        ("parser", "row1", "32", "320"),
        ("source", "row1", "320", "330"),
    ]


def test_a_page_s_address_covers_the_cells_of_its_picture() -> None:
    assert At(table=0, page=1).covers(At(table=0, row=2, cell=1, page=1, file="x"))
    assert not At(table=0, page=0, file="y").covers(At(table=0, row=2, page=0, file="x"))
