"""Real list pages: every row found, none invented, each classed as a person would."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

import pytest

from parsers.listing import column_name, rows

LISTS = Path(__file__).parents[2].parent / "shared" / "real" / "lists"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="real material is not here")
BASE = "http://www.example.gov.cn/xxgk/xxgknb/"

# file -> rows, rows with a date, column, kinds
LOOKS = [
    ("sasac.html", 30, 30, "", {"other": 30}),
    ("trs-fujian-pingtan.partial.html", 0, 0, "政府信息公开年报", {}),
    ("trs-most.html", 17, 17, "法规政策", {"other": 17}),
    ("trs-ndrc.html", 54, 25, "发展改革委令", {"other": 54}),
    ("trs-ordos-engebei.html", 10, 10, "信息公开年报", {"report": 4, "other": 6}),
    ("trs-yichun.partial.html", 3, 0, "", {"other": 3}),
    ("ucap-csrc.html", 20, 0, "规章", {"other": 20}),
]
# The rows of the one annual column: fragment of the title, kind, year, body, date.
ORDOS = [
    ("2019年政府信息公开", "report", 2019, "鄂尔多斯市", "2020-09-03"),
    ("2020年度工作会", "other", 2020, "", "2020-05-06"),
    ("办公室2019年", "report", 2019, "鄂尔多斯市人民政府办公室", "2020-03-11"),
    ("表彰大会", "other", None, "", "2019-06-14"),
    ("2018年政府信息公开年度", "report", 2018, "鄂尔多斯市", "2019-05-30"),
    ("2018年政府信息公开工作", "report", 2018, "内蒙古自治区", "2019-05-30"),
    ("2018年度工作会议", "other", 2018, "", "2018-03-26"),
    ("引凤来", "other", None, "", "2018-01-05"),
    ("一图读懂", "other", 2017, "", "2017-03-22"),
    ("精彩继续", "other", 2016, "", "2017-01-07"),
]


@pytest.mark.parametrize(("name", "count", "dated", "column", "kinds"), LOOKS)
def test_rows(name, count, dated, column, kinds):
    text = (LISTS / name).read_text("utf-8")
    found = rows(text, BASE)
    assert len(found) == count
    assert sum(bool(row.published) for row in found) == dated
    assert column_name(text) == column
    assert Counter(row.kind for row in found) == kinds


def test_the_column_of_a_zone_with_the_reports_of_others():
    found = rows((LISTS / "trs-ordos-engebei.html").read_text("utf-8"), BASE)
    assert len(found) == len(ORDOS)
    for row, (fragment, *expected) in zip(found, ORDOS, strict=True):
        assert fragment in row.title
        assert [row.kind, row.year, row.agency, row.published] == expected


# file -> an address and a date as they stand beside each other in its rows; nothing else is a row
ROWS = {
    "sasac.html": r'<li>\s*<a href="(?P<url>[^"]+)"[^>]*>[^<]*</a><span>\[(?P<date>[\d-]+)',
    "trs-most.html": r'<span class="mhide">(?P<date>[\d-]+)</span>\s*<a [^>]*?href="(?P<url>[^"]+)',
    "ucap-csrc.html": r'<a class="list clear"[^>]*href="(?P<url>[^"]+)">(?P<date>)',
    "trs-ordos-engebei.html": r'<a href="(?P<url>\./20[^"]+)".*?(?P<date>\d{4}-\d\d-\d\d)',
}


@pytest.mark.parametrize("name", ROWS)
def test_row_by_row(name: str) -> None:
    """Address and date of every row in order, found without the reader."""
    text = (LISTS / name).read_text("utf-8")
    wanted = {
        urljoin(BASE, hit["url"]): hit["date"] for hit in re.finditer(ROWS[name], text, re.DOTALL)
    }
    assert {row.url: row.published for row in rows(text, BASE)} == wanted


def test_each_order_of_a_ministry_and_what_stands_below_it() -> None:
    """A row has a date; the links of its pop-up, which explain it, have none and are no reports."""
    text = (LISTS / "trs-ndrc.html").read_text("utf-8")
    dates = re.findall(r"<span>(\d{4})/(\d\d)/(\d\d)</span>", text)
    found = rows(text, BASE)
    dated = [row for row in found if row.published]
    assert [row.published for row in dated] == ["-".join(date) for date in dates]
    assert all("/jd/" in row.url for row in found if not row.published)
    assert all("/jd/" not in row.url for row in dated)
