"""Real reports: every fact exact, pages and PDF alike; the blank form gives blanks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import parsers

REPORTS = Path(__file__).parents[2].parent / "shared" / "real" / "reports"
PAGES = {
    "shanghai-gb-2019": "shanghai-gb-2019.fragment.html",
    "pingtan-2015": "pingtan-2015.table.html",
    "pingtan-2024": "pingtan-2024.tables.html",
    "huaian-hongze-2023": "huaian-hongze-2023.pdf",
    "huaian-hongze-2024": "huaian-hongze-2024.pdf",
}
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="real reports are not here")


@pytest.mark.parametrize("name", PAGES)
def test_every_fact_is_exact_and_nothing_is_invented(name: str) -> None:
    report = parsers.read((REPORTS / PAGES[name]).read_bytes())
    with (REPORTS / f"{name}.facts.csv").open(encoding="utf-8") as file:
        truth = {
            (r["section"], r["indicator"], r["column"]): (r["value"], r["state"])
            for r in csv.DictReader(file)
        }
    found = {
        (f.section, f.indicator, f.column): ("" if f.value is None else str(f.value), f.state)
        for f in report.facts
    }
    assert found == truth


def test_a_source_that_breaks_its_own_sums_is_reported() -> None:
    report = parsers.read((REPORTS / "huaian-hongze-2023.pdf").read_bytes())
    broken = {check.id for check in report.checks if check.status == "broken"}
    assert broken == {"C-reconsideration", "C-suit-after"}


def test_the_blank_form_prints_no_number() -> None:
    report = parsers.read((REPORTS / "template-2021.docx").read_bytes())
    assert len(report.facts) == 200
    assert {fact.state for fact in report.facts} == {"blank"}
