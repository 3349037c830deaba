"""The sample portals speak the contract's ids, and the report on 2017 has its real numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from spiders.simulator import World

SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="no real material beside the project")


def table(path: str) -> list[dict[str, str]]:
    with (SHARED / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_ids_are_those_of_the_contract() -> None:
    known = {(r["form"], r["table"], r["indicator"]) for r in table("contract/indicators.csv")}
    columns = {row["column"] for row in table("contract/axes.csv")} | {""}
    for truth in World().truth():
        for fact in truth.facts:
            assert (fact.form, fact.section, fact.indicator) in known
            assert fact.column in columns


def test_jian_2017_has_the_real_numbers() -> None:
    found = [t for t in World().truth() if (t.agency, t.year) == ("吉安市", 2017)]
    ours = [(f.section, f.indicator, f.column, f.value or "", f.state) for f in found[0].facts]
    real = table("real/reports/jian-2017.facts.csv")
    assert ours == [tuple(row.values()) for row in real]
