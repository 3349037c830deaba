"""Every carrier gives the same facts as the page: three reports in seven kinds of file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import parsers

HERE = Path(__file__).parent
MADE = sorted(path for path in (HERE / "made").iterdir() if path.suffix != ".csv")


def truth(path: Path) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Section, indicator, column -> value, state."""
    name = path.name.split(".")[0]
    with (HERE / "truth" / f"{name}.csv").open(encoding="utf-8") as file:
        return {
            (row["section"], row["indicator"], row["column"]): (row["value"], row["state"])
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_the_facts_are_those_of_the_report(path: Path) -> None:
    report = parsers.read(path.read_bytes())
    found = {
        (f.section, f.indicator, f.column): ("" if f.value is None else str(f.value), f.state)
        for f in report.facts
    }
    assert found == truth(path)
    assert report.facts[0].at.as_dict()
