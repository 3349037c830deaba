"""Real responses, each read by the family that owns it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spiders.families import FAMILIES, sniff
from spiders.pagers import PAGERS, Page

WIRE = Path(__file__).parents[2].parent / "shared" / "real" / "wire"
LISTS = WIRE.with_name("lists")
pytestmark = pytest.mark.skipif(not WIRE.is_dir(), reason="real material is not here")
URL = "http://www.example.gov.cn/col/col1/index.html"


def read(name: str) -> str:
    return (WIRE / name).read_text("utf-8")


# file -> its family, rows, first of the next request
PAGES = [
    ("hanweb_datastore_2017_nantong.html", "hanweb", 1, "/module/jslib/jquery/jpage/dataproxy.jsp"),
    ("hanweb_datastore_2022_dingxi.xml", "hanweb", 2, "/module/web/jpage/dataproxy.jsp"),
    ("hanweb_datastore_2026_shandong.html", "hanweb", 1, "/module/web/jpage/dataproxy.jsp"),
    ("vsb_list_2025.html", "vsb", 1, "/col/col1/index/30.htm"),
]


@pytest.mark.parametrize(("name", "family", "count", "following"), PAGES)
def test_pages(name: str, family: str, count: int, following: str) -> None:
    text = read(name)
    assert sniff(text, URL).name == family
    listing = FAMILIES[family].read(Page(url=URL, text=text), "")
    assert len(listing.rows) == count
    assert all(row.published for row in listing.rows)
    assert following in listing.turn.asks[0].url


def test_vsb_counts_down_to_one() -> None:
    turn = PAGERS["countdown"].turn(Page(url="http://a.gov.cn/zcyzc.htm", text=read(PAGES[3][0])))
    assert turn is not None
    assert [(ask.number, ask.url) for ask in (turn.asks[0], turn.asks[-1])] == [
        (2, "http://a.gov.cn/zcyzc/30.htm"),
        (31, "http://a.gov.cn/zcyzc/1.htm"),
    ]


def test_the_answer_of_gkmlpt() -> None:
    answer = re.search(r"\{\"classify.*?\]\}", read("gkmlpt_zhaoqing_2026.txt"), re.DOTALL)
    assert answer
    url = "http://a.gov.cn/gkmlpt/api/all/21023?page=1&sid=758019"
    listing = FAMILIES["gkmlpt"].read(Page(url=url, text=answer[0]), "")
    [row] = listing.rows
    assert (row.url.endswith("post_3255421.html"), row.published) == (True, "2026-07-07")
    assert listing.turn.promised == 203


def test_the_answer_of_jpaas() -> None:
    answer = re.search(r"\{\"code\".*\}\}", read("hanweb_jpaas_unit.txt"), re.DOTALL)
    assert answer
    url = "http://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=1"
    listing = FAMILIES["hanweb"].read(Page(url=url, text=answer[0]), "")
    assert (listing.turn.promised, listing.turn.pages, listing.turn.echo) == (21, 3, 1)
    assert [ask.number for ask in listing.turn.asks] == [2, 3]
    assert all("paramJson" in ask.url and "webId=2758" in ask.url for ask in listing.turn.asks)


LOOKS = [
    ("sasac.html", "generic"),
    ("trs-most.html", "trs"),
    ("trs-ndrc.html", "trs"),
    ("trs-ordos-engebei.html", "trs"),
    ("trs-yichun.partial.html", "trs"),
    ("trs-fujian-pingtan.partial.html", "trs"),
    ("ucap-csrc.html", "ucap"),
]


@pytest.mark.parametrize(("name", "family"), LOOKS)
def test_whole_lists_tell_their_family(name: str, family: str) -> None:
    assert sniff((LISTS / name).read_text("utf-8"), "http://a.gov.cn/xxgk/nb/").name == family


def test_sasac_counts_down() -> None:
    text = (LISTS / "sasac.html").read_text("utf-8")
    turn = PAGERS["maxpage"].turn(Page(url="http://a.gov.cn/n1/n2/index.html", text=text))
    assert turn is not None
    assert turn.pages
    assert re.search(rf"/index_\d+_{turn.pages - 1}\.html", turn.asks[0].url)
