"""Real pages: the one report is recognised with all its fields, the others are no reports."""

from pathlib import Path

import pytest

from parsers.decode import decode
from parsers.document import parse
from parsers.identity import identify, is_report
from parsers.model import Block, Document, Hints

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="real material is not here")


def test_the_text_of_a_city_report():
    lines = (REAL / "reports" / "jian-2017.txt").read_text("utf-8").splitlines()
    document = Document(blocks=tuple(Block(text=line, before=0) for line in lines if line.strip()))
    found = identify(document, (), Hints(), "http://www.jian.gov.cn/xxgk-show-1.html")
    assert (found.agency, found.region_code, found.year) == ("吉安市", "360800", 2017)
    assert (found.scope, found.published, found.problems) == ("consolidated", "", ())
    assert found.title.endswith("年度报告")


@pytest.mark.parametrize(
    ("name", "agency", "published"),
    [
        ("trs-most-detail.html", "科学技术部", "2024-12-25"),
        ("trs-ndrc-detail.html", "国家能源局", "2026-04-09"),
        ("ucap-csrc-detail.html", "中国证监会", "2025-10-25"),
    ],
)
def test_laws_are_no_reports(name, agency, published):
    document = parse(decode((REAL / "pages" / name).read_bytes()).text)
    found = identify(document, (), Hints(), "")
    assert not is_report(document, found.title)[0]
    assert (found.agency, found.published, found.year) == (agency, published, None)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("pingtan-2015.table.html", 2015),
        ("pingtan-2024.tables.html", None),
        ("shanghai-gb-2019.fragment.html", None),
    ],
)
def test_bare_tables_are_reports(name, year):
    document = parse(decode((REAL / "reports" / name).read_bytes()).text)
    assert is_report(document, "")[0]
    assert identify(document, (), Hints(), "").year == year
