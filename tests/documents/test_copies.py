"""A report as a page and as a PDF is one report with two captures; both readings are kept."""

from __future__ import annotations

from pathlib import Path

import parsers
from archive.facts import FactsStore
from archive.reparse import reparse
from tests.archive.samples import captured, crawl
from tests.parsers import forge

from .scans import HOME, truth

PAGE, FILE = "http://www.jian.gov.cn/2017.html", "http://www.jian.gov.cn/files/2017.pdf"
PRINTED = {"slash": "/", "dash": "——", "blank": "", "none": "无"}


def page(**other: str) -> bytes:
    """The page of the report, with other values where they are given."""
    values = {
        (name, column): PRINTED.get(state, str(value))
        for (_, name, column), (state, value) in truth("jian-2017").items()
    }
    values |= {(name, ""): value for name, value in other.items()}
    table = forge.table(forge.cells(forge.s_plain("2014", values)))
    return forge.page(table, title="吉安市2017年政府信息公开工作年度报告").encode()


def test_page_and_pdf_are_one_report_and_their_difference_is_kept(tmp_path: Path) -> None:
    pdf = (HOME / "made" / "jian-2017.office.pdf").read_bytes()
    crawl(
        tmp_path,
        captured(page(trainings="84"), url=PAGE),
        captured(pdf, url=FILE, kind="attachment"),
    )
    assert reparse(tmp_path).read == 2
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT count(*), max(rivals) FROM reports") == [(1, 1)]
        said = dict(
            facts.rows(
                "SELECT r.url, f.value FROM facts f JOIN readings r ON r.id = f.reading "
                "WHERE f.indicator = 'trainings'"
            )
        )
        spoken = facts.rows("SELECT r.url FROM reports p JOIN readings r ON r.id = p.reading")
    printed = next(f.value for f in parsers.read(pdf).facts if f.indicator == "trainings")
    assert said == {PAGE: 84, FILE: printed}
    assert printed == 48
    assert spoken == [(PAGE,)]
