"""Three reports in every carrier, made by docs/make/documents.py: every fact, no other."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from parsers.carrier import document
from parsers.recognise import recognise

HOME = Path(__file__).parent
# A table saved as CSV has lost its merged cells: only the form without any survives that.
CASES = sorted(
    path.name
    for path in (HOME / "made").iterdir()
    if path.suffix != ".csv" or path.name.startswith("jian")
)
Facts = dict[tuple[str, str, str], tuple[str, Decimal | None]]


def truth(path: Path) -> Facts:
    """State and value by section, indicator and column."""
    with path.open(encoding="utf-8") as file:
        return {
            (row["section"], row["indicator"], row["column"]): (
                row["state"],
                Decimal(row["value"]) if row["state"] == "number" else None,
            )
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("name", CASES)
def test_facts_are_exact(name: str) -> None:
    found = document((HOME / "made" / name).read_bytes())
    harvest = recognise(found, None)
    facts = {
        (fact.section, fact.indicator, fact.column): (fact.state, fact.value)
        for fact in harvest.facts
    }
    expected = truth(HOME / "truth" / f"{name.split('.')[0]}.csv")
    assert facts == expected
    assert len(harvest.facts) == len(expected)
    assert harvest.leftovers == []
    assert {problem.code for problem in found.problems} <= {"row-stitched"}
    assert found.title.endswith("年政府信息公开工作年度报告")


@pytest.mark.parametrize("name", CASES)
def test_addresses_are_unique_and_tell_the_place(name: str) -> None:
    found = document((HOME / "made" / name).read_bytes())
    cells = [cell for grid in found.grids for cell in grid.cells]
    places = [(cell.at.table, cell.at.row, cell.at.cell) for cell in cells]
    assert len(set(places)) == len(places)
    if name.endswith(".pdf"):
        assert all(cell.at.page is not None and cell.at.box for cell in cells)
    if ".xls" in name:
        assert all(cell.at.sheet and cell.at.ref for cell in cells)
