"""Three reports in every carrier, made by docs/make/documents.py: every fact, no other."""

from __future__ import annotations

import pytest

import parsers
from parsers.model import At

from .scans import HOME, truth

# A table saved as CSV has lost its merged cells: only the form without any survives that.
CASES = sorted(
    path.name
    for path in (HOME / "made").iterdir()
    if path.suffix != ".csv" or path.name.startswith("jian")
)


@pytest.mark.parametrize("name", CASES)
def test_facts_are_exact_and_tell_their_place(name: str) -> None:
    report = parsers.read((HOME / "made" / name).read_bytes())
    facts = {(f.section, f.indicator, f.column): (f.state, f.value) for f in report.facts}
    assert facts == truth(name.split(".")[0])
    assert len(report.facts) == len(facts)
    assert report.leftovers == ()
    doubts = {each.code for each in report.problems if each.severity != "info"}
    assert doubts <= {"unit-missing"}  # the forged page prints none for two sums of money
    assert report.title.endswith("年政府信息公开工作年度报告")
    places = [fact.at for fact in report.facts]
    assert len({(at.table, at.row, at.cell) for at in places}) == len(places)
    assert all(_tells(at, name) for at in places)


def _tells(at: At, name: str) -> bool:
    """Page and box, or sheet and cell, where the carrier has them."""
    if name.endswith(".pdf"):
        return at.page is not None and at.box is not None
    return (".xls" not in name and ".ods" not in name) or bool(at.sheet and at.ref)
