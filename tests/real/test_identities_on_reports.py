"""The identities on hand-checked reports, and against the published list of identities."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from parsers.identities import check
from parsers.model import WHOLE, Fact, FormId, Section, State
from parsers.relations import identities

SHARED = Path(__file__).parents[2].parent / "shared"
REPORTS = SHARED / "real" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="real reports are not here")
GOOD = {"holds", "holds_if_blank_is_zero"}


def read(name: str, form: FormId, **sections: FormId) -> tuple[Fact, ...]:
    with (REPORTS / f"{name}.facts.csv").open(encoding="utf-8") as file:
        return tuple(
            Fact(
                form=sections.get(row["section"], form),
                section=cast("Section", row["section"]),
                indicator=row["indicator"],
                column=row["column"],
                value=Decimal(row["value"]) if row["value"] else None,
                state=cast("State", row["state"]),
                raw=row["value"],
                label=row["indicator"],
                at=WHOLE,
            )
            for row in csv.DictReader(file)
        )


@pytest.mark.parametrize(
    ("name", "form", "checks"),
    [
        ("jian-2017", "2014", 11),
        ("pingtan-2024", "2021", 25 + 14 + 3),
        ("numbers-only/suqian-2023", "2021", 25 + 14 + 3),
        ("numbers-only/suqian-2024", "2021", 25 + 14 + 3),
    ],
)
def test_good_reports_satisfy_everything(name: str, form: FormId, checks: int) -> None:
    found = check(read(name, form))
    assert [one for one in found if one.status not in GOOD] == []
    assert len(found) == checks


@pytest.mark.parametrize(
    "name", ["pingtan-2015", "numbers-only/pingtan-2014", "numbers-only/pingtan-2018"]
)
def test_provincial_tables_satisfy_their_sums(name: str) -> None:
    found = check(read(name, "2008"))
    assert {one.per for one in found} == {"annual", "cumulative"}
    assert {one.status for one in found} <= GOOD


def test_shanghai_2019_is_honest_about_its_blanks() -> None:
    found = {(one.id, one.per): one for one in check(read("shanghai-gb-2019", "2019"))}
    undecided = {key for key, one in found.items() if one.status == "undecided"}
    rows = {per for id, per in undecided if id == "B-row"}
    printed = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    assert len(rows) == 19
    assert rows.isdisjoint(printed)
    assert {per for id, per in undecided if id == "B-outcomes-2019"} == {
        *("total", "research", "charity"),
    }
    assert {per for id, per in undecided if id == "B-balance"} == {"research", "charity"}
    assert {id for id, per in undecided if not per} == {"C-suit-after"}
    outcomes = found["B-outcomes-2019", "natural_person"]
    assert (outcomes.lhs, outcomes.rhs) == (Decimal(767), Decimal(767))
    balance = found["B-balance", "total"]
    assert (balance.lhs, balance.rhs, balance.status) == (Decimal(877), Decimal(877), "holds")
    broken = {key for key, one in found.items() if one.status == "broken"}
    assert broken == set()


def test_hongze_2023_breaks_two_identities() -> None:
    found = check(read("huaian-hongze-2023", "2021", B="2019"))
    assert {one.id for one in found if one.status == "broken"} == {
        *("C-reconsideration", "C-suit-after"),
    }
    assert Counter(one.status for one in found)["undecided"] == 0
    assert "B-outcomes-2019" in {one.id for one in found}


def test_pingtan_police_2021_breaks_its_balance() -> None:
    found = check(read("numbers-only/pingtan-gaj-2021", "2021"))
    assert [(one.id, one.per) for one in found if one.status not in GOOD] == [
        ("B-balance", "natural_person"),
        ("B-balance", "total"),
    ]


def test_the_data_file_is_the_published_list() -> None:
    with (SHARED / "contract" / "identities.csv").open(encoding="utf-8-sig") as file:
        published = {
            row["id"]: (row["form"].split("+"), row["table"], row["kind"], row["per"])
            for row in csv.DictReader(file)
        }
    assert published == {
        one.id: (list(one.forms), one.section, one.kind, one.per) for one in identities()
    }


def test_terms_are_rows_of_the_dictionary() -> None:
    with (SHARED / "contract" / "indicators.csv").open(encoding="utf-8-sig") as file:
        known = {(row["form"], row["table"], row["indicator"]) for row in csv.DictReader(file)}
    terms = {
        (form, one.section, term.indicator)
        for one in identities()
        for form in one.forms
        for term in one.left + one.right
        if term.indicator != "*"
    }
    assert terms <= known
